"""The answers of the data channel, built only in shapes that the client accepts (reference: whatsapp 1.4)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flows.definition import EDITION, Field, FieldKind, FlowDefinition, Json, Screen

SUCCESS: Final = "SUCCESS"


class ReplyDiffers(ValueError):
    """A screen's values do not match its declared data: a mistake in our own code."""


class IllegalTransition(ValueError):
    """The client would refuse to go to that screen from this one: a mistake in our own code."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in clear: the JSON text to be sealed and sent with 200."""

    body: str

    @property
    def plaintext(self) -> bytes:
        """The bytes to seal."""
        return self.body.encode()


def ping_reply() -> Reply:
    """We are there."""
    return _reply({"data": {"status": "active"}})


def acknowledgement() -> Reply:
    """An error notification was received."""
    return _reply({"data": {"acknowledged": True}})


def screen_reply(screen: Screen, values: Mapping[str, Json], notice: str = "", edition: int = EDITION) -> Reply:
    """Show a screen of a form of that edition with its values, checked field by field; raises ReplyDiffers."""
    declared = {field.name for field in screen.fields}
    if declared != set(values):
        raise ReplyDiffers(f"{screen.id}: {sorted(declared ^ set(values))}")
    for field in screen.fields:
        if not fits(field, values[field.name]):
            raise ReplyDiffers(f"{screen.id}.{field.name} is no {field.kind}")
    known = {field.name: values[field.name] for field in screen.fields if field.edition <= edition}
    shown = {"error_message": notice} if notice else {}
    return _reply({"screen": screen.id, "data": {**known, **shown}})


def success_reply(token: str) -> Reply:
    """Close the form; the token comes back in the chat message that the client then sends."""
    return _reply({"screen": SUCCESS, "data": {"extension_message_response": {"params": {"flow_token": token}}}})


def closing_body(error_msg: str) -> str:
    """The body of a 427, which is sealed like any other (reference: whatsapp 1.6)."""
    return _reply({"error_msg": error_msg}).body


def fits(field: Field, value: Json) -> bool:
    """Whether a value is of the field's declared kind."""
    if field.kind is FieldKind.TEXT:
        return isinstance(value, str)
    if field.kind is FieldKind.FLAG:
        return isinstance(value, bool)
    if field.kind is FieldKind.START:
        return isinstance(value, Mapping) and all(isinstance(text, str) for text in value.values())
    if isinstance(value, str) or not isinstance(value, list | tuple):
        return False
    if field.kind is FieldKind.TEXTS:
        return all(isinstance(item, str) for item in value)
    return bool(value) and all(
        isinstance(item, Mapping)
        and {"id", "title"} <= set(item)
        and all(isinstance(text, str) for text in item.values())
        for item in value
    )


def check_transition(flow: FlowDefinition, current: str, target: str) -> None:
    """Same screen, forward edge, SUCCESS from a terminal one, or an ancestor with refresh_on_back; else
    IllegalTransition.

    reference: whatsapp 1.5.
    """
    here = flow.screen(current)
    if target == SUCCESS and here.terminal:
        return
    if target in {current, *here.leads_to}:
        return
    # The back button leads to an ancestor, which asks us only with refresh_on_back.
    if target in ancestors(flow, current) and flow.screen(target).refresh_on_back:
        return
    raise IllegalTransition(f"{current} to {target}")


def ancestors(flow: FlowDefinition, screen_id: str) -> set[str]:
    """The screens from which a way leads to this one."""
    found: set[str] = set()
    edge = {screen_id}
    while edge:
        edge = {screen.id for screen in flow.screens if edge & set(screen.leads_to)} - found
        found |= edge
    return found


def _reply(body: Mapping[str, Json]) -> Reply:
    return Reply(json.dumps(body, ensure_ascii=False, separators=(",", ":")))
