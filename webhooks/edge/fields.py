"""The kinds of values a request is made of; each refuses what no part of the house could work with.

A query string is text, so numbers and days come as text there: `Count` and `Day` take the plain form alone, because
pydantic's own parsers also take `1_000`, `٣` or a Unix time for a day.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from pydantic import (
    BeforeValidator,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from bot.domain.foreign_text import is_seen

MAX_IDENTIFIER: Final = 300
DEFAULT_PAGE_SIZE: Final = 50
MAX_PAGE_SIZE: Final = 200
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
"""No booking lies outside; a day near the calendar's end would overflow when a week is added."""

_DIGITS: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What is answered when a field, or a whole body, is not what its model says: a problem type that stays."""

    kind: str
    detail: str
    status: int = 400
    when: str | None = None
    """The one way to be wrong, as pydantic names it; any where none is named."""


def _number(given: Any) -> Any:
    if isinstance(given, str):
        if not _DIGITS.fullmatch(given):
            raise ValueError("not a whole number in plain digits")

        return int(given)
    return given


def _day(given: Any) -> Any:
    if isinstance(given, str):
        if not _DAY.fullmatch(given):
            raise ValueError("not a day")

        return date.fromisoformat(given)
    return given


def _moment(given: Any) -> Any:
    if isinstance(given, str):
        try:
            moment = datetime.fromisoformat(given)
        except ValueError:
            # its own words repeat what was sent
            raise ValueError("not a moment") from None
        # Without an offset it is another moment in each house.
        if moment.tzinfo is None:
            raise ValueError("no offset")
        try:
            # at either end of the calendar an offset leads out of it
            moment.astimezone(UTC)
        except OverflowError:
            raise ValueError("out of range") from None
        return moment
    raise ValueError("not a moment")


def clean(given: Any) -> Any:
    """Text as it is, refused where it has what no storage and no screen takes: NUL, halves of surrogate pairs."""
    if isinstance(given, str) and ("\x00" in given or any("\ud800" <= letter <= "\udfff" for letter in given)):
        raise ValueError("has characters that are no text")
    return given


BAD_CURSOR: Final = Otherwise("bad-cursor", "cursor is the next_cursor of the page before.")

Identifier = Annotated[StrictStr, StringConstraints(min_length=1, max_length=MAX_IDENTIFIER), BeforeValidator(clean)]
"""An id, a name of a service, a place: ours or theirs."""
Words = Annotated[
    StrictStr, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000), BeforeValidator(clean)
]
"""What a person wrote, and something at all."""


def not_blank(given: str) -> str:
    """Text that says something at all: letters without a width do not."""
    if not is_seen(given):
        raise PydanticCustomError("missing", "words")
    return given


Count = Annotated[StrictInt, Field(ge=1, le=500), BeforeValidator(_number)]
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY), BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
"""A moment with its offset."""
YesOrNo = StrictBool


def _page_size(given: Any) -> Any:
    """More than a page holds is a full page, as it always was."""
    number = _number(given)
    return min(number, MAX_PAGE_SIZE) if isinstance(number, int) else number


PageSize = Annotated[
    StrictInt,
    Field(ge=1, le=MAX_PAGE_SIZE),
    BeforeValidator(_page_size),
    Otherwise("bad-limit", "limit is a whole number from 1."),
]
PlaceInList = Annotated[
    Annotated[StrictStr, StringConstraints(min_length=1, max_length=2_000), BeforeValidator(clean)] | None, BAD_CURSOR
]
"""`next_cursor` of a list, for whoever made it to read."""
