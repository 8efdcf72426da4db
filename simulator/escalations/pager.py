"""Who hears of what is critical outside: every row in its newest state, and how each call was answered."""

import hmac
import json
from collections import deque
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

Json = dict[str, Any]


class PageRefused(Exception):
    """Why a message is not taken, with the status of the answer."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(slots=True)
class Pager:
    """Rows as they were told; a message that is no newer than what is known changes nothing."""

    secret: str
    rows: dict[str, Json] = field(default_factory=dict)
    calls: list[Json] = field(default_factory=list)
    answers: deque[int] = field(default_factory=deque)
    """Statuses of the next calls; a 5xx above 500 is given after the message was kept, as when an answer is lost."""

    def take(self, body: bytes, signature: str | None) -> int:
        """Keep a row; the status of the answer. PageRefused."""
        wanted = self.answers.popleft() if self.answers else 202
        signed = "sha256=" + hmac.new(self.secret.encode(), body, sha256).hexdigest()
        call: Json = {}
        try:
            if not hmac.compare_digest((signature or "").encode(), signed.encode()):
                raise PageRefused(401, "the signature is missing or wrong")
            if wanted in {400, 500}:
                raise PageRefused(wanted, "as it was ordered")
            message = _read(body)
        except PageRefused as refused:
            self.calls.append({"status": refused.status})
            raise
        call = {"id": message["message_id"], "row": message["id"], "state": message["state"], "status": wanted}
        self.calls.append(call)
        known = self.rows.get(message["id"])
        if known is None or known["revision"] < message["revision"]:
            self.rows[message["id"]] = message
        return wanted


def _read(body: bytes) -> Json:
    try:
        message: Json = json.loads(body)
        if message["message_type"] != "attention" or message["state"] not in {"open", "taken", "closed"}:
            raise PageRefused(422, "no message about something that waits")
        if not isinstance(message["revision"], int) or not message["sentence"]["en"]:
            raise PageRefused(422, "a row without a revision or a sentence")
    except (ValueError, KeyError, TypeError) as wrong:
        raise PageRefused(422, f"{type(wrong).__name__}: {wrong}") from None
    return message
