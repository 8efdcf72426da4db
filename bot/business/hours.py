"""Weekly hours, session times and days off, as the owner writes them: `09:00-17:30`, `2027-03-08`."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, NewType

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from bot.business.words import Strict

Minute = NewType("Minute", int)
"""Minutes after local midnight of the day something starts; past 1440 it is the next day."""

DAY = 24 * 60
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][05]"
_CLOSING = rf"(?:{_CLOCK}|24:00)"
_SPAN = re.compile(rf"^({_CLOCK})\s*-\s*({_CLOSING})$")
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DAYS = re.compile(rf"^({_DATE})(?:\s*\.\.\s*({_DATE}))?$")


@dataclass(frozen=True, slots=True, order=True)
class OpeningSpan:
    """Open from one local minute to another; closing past 1440 is after midnight."""

    opens: Minute
    closes: Minute

    def __str__(self) -> str:
        """The span as the file writes it."""
        return f"{clock_text(self.opens)}-{'24:00' if self.closes == DAY else clock_text(self.closes)}"


@dataclass(frozen=True, slots=True, order=True)
class DaysOff:
    """Local days on which nothing is offered, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Whether `day` is one of them."""
        return self.first <= day <= self.last

    def __str__(self) -> str:
        """The days as the file writes them."""
        return f"{self.first}" if self.first == self.last else f"{self.first}..{self.last}"


def clock_text(minute: int) -> str:
    """`1470` is `00:30`: the hour on the wall."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def _minute(text: str) -> Minute:
    hours, minutes = text.split(":")
    return Minute(int(hours) * 60 + int(minutes))


def wrong(what: str, fix: str) -> PydanticCustomError:
    """A mistake with the way to fix it; `problems` turns it into a line for the owner."""
    return PydanticCustomError("janji", "{what}", {"what": what, "fix": fix})


def _read_span(value: object) -> OpeningSpan:
    found = _SPAN.match(value) if isinstance(value, str) else None
    if not found:
        raise wrong(f"`{value}` is not a span of hours", 'write it as "09:00-17:30", in quotes, on 5-minute steps')
    opens, closes = _minute(found[1]), _minute(found[2])
    if opens == closes:
        raise wrong(f"`{value}` is empty", 'write "00:00-24:00" for the whole day, or leave the day out')
    return OpeningSpan(opens, closes if closes > opens else Minute(closes + DAY))


def _read_clock(value: object) -> Minute:
    if not isinstance(value, str) or not re.fullmatch(_CLOCK, value):
        raise wrong(f"`{value}` is not a time of day", 'write it as "14:00", in quotes, on 5-minute steps')
    return _minute(value)


def _read_days(value: object) -> DaysOff:
    fix = "write one day as 2027-03-08, several as 2026-12-24..2026-12-26"
    found = _DAYS.match(value) if isinstance(value, str) else None
    if not found:
        raise wrong(f"`{value}` is not a day", fix)
    try:
        first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2] or found[1])
    except ValueError:
        raise wrong(f"`{value}` is not in the calendar", fix) from None
    if last < first:
        raise wrong(f"`{value}` ends before it begins", fix)
    return DaysOff(first, last)


def _read_day(value: object) -> date:
    fix = "write it as 2027-03-08"
    if not isinstance(value, str) or not re.fullmatch(_DATE, value):
        raise wrong(f"`{value}` is not a day", fix)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise wrong(f"`{value}` is not in the calendar", fix) from None


def _pattern(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


Hours = Annotated[OpeningSpan, PlainValidator(_read_span), PlainSerializer(str), _pattern(_SPAN.pattern, "09:00-17:30")]
Clock = Annotated[Minute, PlainValidator(_read_clock), PlainSerializer(clock_text), _pattern(f"^{_CLOCK}$", "14:00")]
Off = Annotated[DaysOff, PlainValidator(_read_days), PlainSerializer(str), _pattern(_DAYS.pattern, "2027-03-08")]
Day = Annotated[date, PlainValidator(_read_day), PlainSerializer(str), _pattern(f"^{_DATE}$", "2027-03-08")]


@dataclass(frozen=True, slots=True)
class Week(Strict):
    """Hours by weekday; `daily` holds for every day that is not named, an empty list closes a day."""

    daily: Annotated[tuple[Hours, ...], Field(description="hours of every day not named")] = ()
    mon: tuple[Hours, ...] | None = None
    tue: tuple[Hours, ...] | None = None
    wed: tuple[Hours, ...] | None = None
    thu: tuple[Hours, ...] | None = None
    fri: tuple[Hours, ...] | None = None
    sat: tuple[Hours, ...] | None = None
    sun: tuple[Hours, ...] | None = None

    def on(self, day: date) -> tuple[OpeningSpan, ...]:
        """The spans that begin on local `day`."""
        named = (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)[day.weekday()]
        return self.daily if named is None else named

    def is_open(self, day: date, minute: int) -> bool:
        """Whether local `minute` of `day` lies in a span, one begun the evening before included."""
        today = any(span.opens <= minute < span.closes for span in self.on(day))
        before = day - timedelta(days=1)
        return today or any(span.opens <= minute + DAY < span.closes for span in self.on(before))


@dataclass(frozen=True, slots=True)
class Sessions(Strict):
    """Fixed beginnings by weekday, for what starts at its own times (a class, a boat)."""

    daily: Annotated[tuple[Clock, ...], Field(description="beginnings on every day not named")] = ()
    mon: tuple[Clock, ...] | None = None
    tue: tuple[Clock, ...] | None = None
    wed: tuple[Clock, ...] | None = None
    thu: tuple[Clock, ...] | None = None
    fri: tuple[Clock, ...] | None = None
    sat: tuple[Clock, ...] | None = None
    sun: tuple[Clock, ...] | None = None

    def on(self, day: date) -> tuple[Minute, ...]:
        """The beginnings on local `day`."""
        named = (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)[day.weekday()]
        return self.daily if named is None else named
