"""Personal data in answers, for who may not see it: declared at the field, masked on the way out.

wa_id: Annotated[str | None, Personal.NUMBER]
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import BaseModel

from bot.domain.masking import MASK, without_contacts

Answer = TypeVar("Answer", bound=BaseModel)
_SHOWN = 2
"""So many digits of a number tell two customers apart on the phone, and reach neither."""


class Personal(StrEnum):
    """What a field holds of a person."""

    NUMBER = "number"
    """A phone number, or another id they are reached by."""
    NAME = "name"
    WORDS = "words"
    """What somebody wrote; numbers and links in it are masked."""
    PRIVATE = "private"
    """What is nobody's business but theirs: nothing of it is shown."""

    def hide(self, text: str) -> str:
        """So much of it as anybody may see."""
        match self:
            case Personal.NUMBER:
                return f"{MASK}{text[-_SHOWN:]}" if len(text) > 2 * _SHOWN else MASK
            case Personal.NAME:
                return f"{text.strip()[:1]}{MASK}"
            case Personal.WORDS:
                return without_contacts(text)
            case Personal.PRIVATE:
                return MASK


def masked(body: Answer) -> Answer:
    """The same answer without what is personal in it, however deep."""
    changed: dict[str, Any] = {}
    for name, field in type(body).model_fields.items():
        value = getattr(body, name)
        kind = next((each for each in field.metadata if isinstance(each, Personal)), None)
        other = _masked(value) if kind is None else _hidden(value, kind)
        if other is not value:
            changed[name] = other
    return body.model_copy(update=changed) if changed else body


def _hidden(value: Any, kind: Personal) -> Any:
    if isinstance(value, str):
        return kind.hide(value) if value else value
    if isinstance(value, list):
        return [_hidden(one, kind) for one in value]
    return value


def _masked(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return masked(value)
    if isinstance(value, list):
        return [_masked(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _masked(one) for key, one in value.items()}
    return value
