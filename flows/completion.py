"""What arrives in the chat when a form was sent: at best its token, at worst anything.

The answers are never read from here, for the phone could have changed them; the session has them. Some
clients send no token: then the form is found by the message it hung on (`context.id`; reference: whatsapp
4.3).
"""

import json
from dataclasses import dataclass

from flows.session import FlowToken


@dataclass(frozen=True, slots=True)
class Completion:
    """A form's end as the phone reports it."""

    token: FlowToken | None
    is_readable: bool


def parse_completion(response_json: object) -> Completion:
    """Read `nfm_reply.response_json`; never raises."""
    body = response_json
    if isinstance(response_json, str):
        try:
            body = json.loads(response_json)
        except (ValueError, RecursionError):
            return Completion(None, is_readable=False)
    if not isinstance(body, dict):
        return Completion(None, is_readable=False)
    token = body.get("flow_token")
    if not isinstance(token, str) or token in {"", "unused"}:
        return Completion(None, is_readable=True)
    return Completion(FlowToken(token), is_readable=True)
