"""What a customer wishes, out of what was understood: days, times of day, guests, nights."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.booking import BookingWish
from intents.understanding import Bound, DateValue, Entities, PartOfDay, Relation, Span

_PARTS: Final = {
    PartOfDay.MORNING: (5 * 60, 11 * 60),
    PartOfDay.NOON: (10 * 60 + 30, 14 * 60),
    PartOfDay.AFTERNOON: (13 * 60, 17 * 60 + 30),
    PartOfDay.EVENING: (17 * 60, 23 * 60),
}
"""Local minutes in which a time of that part of the day may begin."""


_WAKING: Final = (6 * 60, 22 * 60)
"""Local minutes in which people book things; a reading outside them is not meant when another one is inside."""


def reading_of(value: DateValue) -> DateValue:
    """The mention of time with only the readings that people who book can mean."""
    # a limit is no time of its own: "before six" is asked about least of all
    readings = (value, *value.alternatives) if value.bound is None else (value,)
    plausible = tuple(one for one in readings if _is_waking(one.value)) or readings[:1]
    return replace(plausible[0], alternatives=plausible[1:])


def _is_waking(value: date | time | datetime | Span) -> bool:
    minute = _minute(value.start if isinstance(value, Span) else value)
    return minute is None or _WAKING[0] <= minute < _WAKING[1]


def wish_of(slots: Entities, before: BookingWish, today: date) -> BookingWish:
    """The wish after these words: what is named replaces what was named before, the rest stays."""
    wish = _without(before, slots)
    if slots.part_of_day is not None and not any(
        isinstance(value.value, time | datetime)
        or (isinstance(value.value, Span) and _minute(value.value.start) is not None)
        for value in slots.dates
    ):
        from_minute, until_minute = _PARTS[slots.part_of_day]
        wish = replace(wish, from_minute=from_minute, until_minute=until_minute)
    for value in slots.dates:
        meant = reading_of(value)
        bound = meant.bound or value.bound
        wish = _with(wish, meant.value) if bound is None else _within(wish, meant.value, bound, today)
    days = (wish.first_day,) if wish.first_day == wish.last_day else ()
    # named after all
    return replace(wish, without_days=tuple(day for day in wish.without_days if day not in days))


def _without(wish: BookingWish, slots: Entities) -> BookingWish:
    """The wish with what is refused; a refused day or time is no wished one any more."""
    days, minutes = dict.fromkeys(wish.without_days), dict.fromkeys(wish.without_minutes)
    for value in (each.value for each in slots.excluded):
        if isinstance(value, Span):
            first, last = _day(value.start), _day(value.end)
            if first is not None and last is not None:
                span = min((last - first).days, _LONGEST_REFUSAL)
                days |= dict.fromkeys(first + timedelta(days=ahead) for ahead in range(span + 1))
        elif isinstance(value, time):
            minutes |= dict.fromkeys([value.hour * 60 + value.minute])
        elif (day := _day(value)) is not None:
            days |= dict.fromkeys([day])
    if wish.first_day == wish.last_day and wish.first_day in days:
        wish = replace(wish, first_day=None, last_day=None)
    if wish.from_minute == wish.until_minute and wish.from_minute in minutes:
        wish = replace(wish, from_minute=None, until_minute=None)
    return replace(wish, without_days=tuple(days), without_minutes=tuple(minutes))


_LONGEST_REFUSAL: Final = 62
_AFTER_A_DAY: Final = timedelta(days=13)
""" "After the 5th" is two weeks from then."""


def _within(wish: BookingWish, value: date | time | datetime | Span, bound: Bound, today: date) -> BookingWish:
    """The wish with a limit: "before six", "not before Friday"."""
    if isinstance(value, Span):
        value = value.end if bound is Bound.NOT_AFTER else value.start
    day, minute = _day(value), _minute(value)
    if day is not None and minute is not None:
        # "before six on Friday": the day is wished, its time is limited
        wish = replace(wish, first_day=day, last_day=day)
    elif day is not None and bound is Bound.NOT_AFTER:
        wish = replace(wish, first_day=min(today, day), last_day=day)
    elif day is not None:
        wish = replace(wish, first_day=day, last_day=day + _AFTER_A_DAY)
    if minute is None:
        return wish
    if wish.from_minute is not None and wish.from_minute == wish.until_minute:
        # a very time that was wished before is none any more
        wish = replace(wish, from_minute=None, until_minute=None)
    if bound is Bound.NOT_AFTER:
        from_minute = wish.from_minute if (wish.from_minute or 0) < minute else None
        return replace(wish, from_minute=from_minute, until_minute=minute)
    until_minute = wish.until_minute if (wish.until_minute or minute) > minute else None
    return replace(wish, from_minute=minute, until_minute=until_minute)


def beyond(slots: Entities, start: datetime, zone: ZoneInfo) -> BookingWish | None:
    """ "Something earlier", "a bit later": that day before or after `start`; none where neither is said."""
    if slots.dates or not (Relation.EARLIER in slots.relations or Relation.LATER in slots.relations):
        return None
    local = start.astimezone(zone)
    day, minute = local.date(), local.hour * 60 + local.minute
    if Relation.LATER in slots.relations:
        return BookingWish(day, day, from_minute=minute + 1)
    return BookingWish(day, day, until_minute=minute - 1)


def wish_of_iso(text: str, before: BookingWish) -> BookingWish:
    """The wish after a reading was chosen by tap; what is no day or time changes nothing."""
    for read in (datetime.fromisoformat, time.fromisoformat):
        try:
            meant = read(text)
        except ValueError:
            continue
        if isinstance(meant, datetime) and "T" not in text:
            return _with(before, meant.date())
        return _with(before, meant)
    return before


def says_when(slots: Entities) -> bool:
    """Whether these words name a day or a time."""
    return bool(slots.dates or slots.excluded) or slots.part_of_day is not None


def nights_of(slots: Entities) -> int | None:
    """How many nights these words ask for, said outright or by two days."""
    if slots.nights is not None:
        return slots.nights
    for value in slots.dates:
        if isinstance(value.value, Span):
            first, last = _day(value.value.start), _day(value.value.end)
            if first is not None and last is not None and last > first:
                return (last - first).days
    return None


def is_ambiguous(slots: Entities) -> DateValue | None:
    """The first mention of time that has two readings."""
    return next((one for value in slots.dates if (one := reading_of(value)).is_ambiguous), None)


def _with(wish: BookingWish, value: date | time | datetime | Span) -> BookingWish:
    if isinstance(value, Span):
        first, last = _day(value.start), _day(value.end)
        if first is not None:
            wish = replace(wish, first_day=first, last_day=max(first, last or first))
        from_minute, until_minute = _minute(value.start), _minute(value.end)
        if from_minute is not None:
            wish = replace(wish, from_minute=from_minute, until_minute=until_minute)
        return wish
    day, minute = _day(value), _minute(value)
    if day is not None:
        wish = replace(wish, first_day=day, last_day=day)
        if minute is None and wish.from_minute is not None and wish.from_minute == wish.until_minute:
            # another day, and the very time said before still counts
            return wish
    if minute is not None:
        wish = replace(wish, from_minute=minute, until_minute=minute)
    return wish


def _day(value: date | time | datetime) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _minute(value: date | time | datetime) -> int | None:
    return value.hour * 60 + value.minute if isinstance(value, time | datetime) else None


def days_of(wish: BookingWish, today: date, window_days: int) -> tuple[date, date]:
    """The local days to search: the wished ones with a week around them, else the window from today."""
    if wish.first_day is None or wish.last_day is None:
        return today, today + timedelta(days=window_days)
    # a wish near the end of the calendar is looked for as far as there is one
    most = date.max - timedelta(days=window_days)
    first = min(most, max(today, max(wish.first_day, date.min + timedelta(days=3)) - timedelta(days=3)))
    return first, min(most, max(first, wish.last_day)) + timedelta(days=window_days)
