"""A decrypted request becomes a value; the JSON ends here.

reference: whatsapp 1.3, 1.7. Key order and extra keys do not matter; `screen`, `data` and `flow_token` may
be missing.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from flows.errors import NotARequest


class ScreenId(StrEnum):
    """The booking Flow's screens, in the order in which they are walked."""

    SERVICE = "SERVICE"
    PLACE = "PLACE"
    DAY = "DAY"
    TIME = "TIME"
    DETAILS = "DETAILS"
    REVIEW = "REVIEW"


@dataclass(frozen=True, slots=True)
class Payload:
    """What a screen's button sent; asked by name, never taken on trust."""

    fields: tuple[tuple[str, str], ...]
    digest: str

    def text(self, name: str) -> str:
        """The field as stripped text; empty when it is missing or no text."""
        return dict(self.fields).get(name, "").strip()


@dataclass(frozen=True, slots=True)
class Ping:
    """Meta asks whether we are there."""


@dataclass(frozen=True, slots=True)
class ErrorNotification:
    """The client could not use our last answer; to be logged and acknowledged, nothing else."""

    token: str
    screen: str
    key: str
    message: str


@dataclass(frozen=True, slots=True)
class FormOpened:
    """The customer opened the form."""

    token: str


@dataclass(frozen=True, slots=True)
class FlowCompleted:
    """The customer sent a screen; `step` says which showing of it."""

    token: str
    screen: ScreenId
    step: str
    payload: Payload


@dataclass(frozen=True, slots=True)
class WentBack:
    """The customer left `screen` by the back button; Meta sends nothing else with it."""

    token: str
    screen: ScreenId


FormRequest = FormOpened | FlowCompleted | WentBack
Request = Ping | ErrorNotification | FormRequest


def parse_request(plaintext: bytes) -> Request:
    """Read a decrypted request; raises NotARequest for anything that is none, an unknown action included."""
    try:
        body = json.loads(plaintext)
    except (ValueError, RecursionError) as wrong:
        raise NotARequest from wrong
    if not isinstance(body, dict):
        raise NotARequest
    action, token, data = _text(body, "action"), _text(body, "flow_token"), body.get("data")
    fields = data if isinstance(data, dict) else {}
    if action == "ping":
        return Ping()
    if "error" in fields or "error_key" in fields:
        return ErrorNotification(
            token=_text(body, "flow_token"),
            screen=_text(body, "screen"),
            key=_text(fields, "error") or _text(fields, "error_key"),
            message=_text(fields, "error_message"),
        )
    if action == "INIT":
        return FormOpened(token)
    if action == "BACK":
        return WentBack(token, _screen(body))
    if action == "data_exchange":
        return FlowCompleted(token, _screen(body), _text(fields, "step"), parse_payload(fields))
    raise NotARequest("an unknown action")


def parse_payload(fields: Mapping[str, object]) -> Payload:
    """The fields that are text or whole numbers, and a digest of all that was sent."""
    kept = tuple(
        (_storable(name), _storable(str(value)))
        for name, value in fields.items()
        if isinstance(value, str | int) and not isinstance(value, bool)
    )
    canonical = json.dumps(fields, sort_keys=True, ensure_ascii=True, default=str)
    return Payload(kept, hashlib.sha256(canonical.encode()).hexdigest())


def _storable(text: str) -> str:
    """JSON can spell half a character, which no store and no answer can carry."""
    return text.encode("utf-8", "replace").decode()


def _screen(body: Mapping[str, object]) -> ScreenId:
    try:
        return ScreenId(_text(body, "screen"))
    except ValueError as unknown:
        raise NotARequest("a screen that this Flow does not have") from unknown


def _text(body: Mapping[str, object], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""
