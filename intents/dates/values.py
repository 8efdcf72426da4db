"""What a phrase about time can mean: a day, a clock time, both together, or a span from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum


class Language(StrEnum):
    """The languages the product reads and speaks."""

    EN = "en"
    ID = "id"
    VI = "vi"


class DateKind(StrEnum):
    """The shape of a `DateValue`."""

    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    INTERVAL = "interval"


class PartOfDay(StrEnum):
    """Pagi, siang, sore, malam; sáng, trưa, chiều, tối."""

    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"


Moment = date | time | datetime


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to another of the same kind, both inclusive ("12 to 15 March" ends on the 15th)."""

    start: Moment
    end: Moment


class Bound(StrEnum):
    """On which side of a value the wish lies, where the value is a limit and no wish of its own."""

    NOT_AFTER = "not_after"
    """ "before six", "paling lambat jam 5", "trước thứ sáu"."""
    NOT_BEFORE = "not_before"
    """ "after three", "di atas jam 3", "sau 3h"."""


class DoubtKind(StrEnum):
    """Why words about time are asked about and never guessed."""

    NO_SUCH_DAY = "no_such_day"
    """31 November."""
    WEEKDAY_AND_DATE = "weekday_and_date"
    """ "Tuesday the 3rd" where the 3rd is a Thursday."""
    OTHER_ZONE = "other_zone"
    """ "4pm London time", "jam 3 sore WIB" to a business in Bali."""


@dataclass(frozen=True, slots=True)
class DateDoubt:
    """Words about time that contradict themselves or our clock, and what they may mean, for the question."""

    kind: DoubtKind
    text: str
    candidates: tuple[Moment | Span, ...] = ()
    """The likeliest first; none where nothing is likely."""


@dataclass(frozen=True, slots=True)
class DateValue:
    """One mention of time: its best reading, the words it stood in, and the other readings to ask about.

    A `datetime` value carries the zone of the `now` that was given.
    """

    kind: DateKind
    value: Moment | Span
    text: str
    alternatives: tuple[DateValue, ...] = ()
    bound: Bound | None = None
    """Set where the value is a limit ("before six")."""

    @property
    def is_ambiguous(self) -> bool:
        """Whether the customer should be shown more than one reading."""
        return bool(self.alternatives)


@dataclass(frozen=True, slots=True)
class FoundDates:
    """Everything about time in one message, in the order it was said."""

    dates: tuple[DateValue, ...] = ()
    part_of_day: PartOfDay | None = None
    excluded: tuple[DateValue, ...] = ()
    """What is not wished: "any day but Tuesday"."""
    doubts: tuple[DateDoubt, ...] = ()
    moved_from: tuple[DateValue, ...] = ()
    """What gave way to another of `dates`: where a booking is moved from, a slip of the tongue, a first thought."""


def kind_of(value: Moment | Span) -> DateKind:
    """The kind a value has; a `datetime` is never taken for its base class `date`."""
    if isinstance(value, Span):
        return DateKind.INTERVAL
    if isinstance(value, datetime):
        return DateKind.DATETIME
    return DateKind.DATE if isinstance(value, date) else DateKind.TIME


def iso(value: Moment) -> str:
    """`2026-03-16`, `15:00` or `2026-03-16T15:00`: wall-clock time of the business, without seconds."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    return value.isoformat() if isinstance(value, date) else value.strftime("%H:%M")
