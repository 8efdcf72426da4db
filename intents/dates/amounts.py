"""Lengths of time: "2 hours 30 minutes", "satu setengah jam", "một tiếng rưỡi", "a fortnight"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from intents.dates import calendar
from intents.dates.numbers import is_at, read_number, sense_at
from intents.dates.spoken import (
    DAY,
    FORTNIGHT,
    HOUR,
    MINUTE,
    MONTH,
    NIGHT,
    QUARTER_YEAR,
    WEEK,
    YEAR,
    Scope,
)
from intents.dates.tokens import Sense, Token


@dataclass(frozen=True, slots=True)
class SpokenDuration:
    """A length of time, the coarsest unit it was said in, and the token after it."""

    unit: int
    after: int
    months: int = 0
    days: int = 0
    minutes: int = 0

    def plus(self, other: SpokenDuration) -> SpokenDuration:
        """Both together, up to where the other ends."""
        return SpokenDuration(
            self.unit,
            other.after,
            self.months + other.months,
            self.days + other.days,
            self.minutes + other.minutes,
        )


def read_amount(tokens: Sequence[Token], i: int) -> SpokenDuration | None:
    """The length of time that starts at token `i`."""
    first = _half_unit(tokens, i)
    unit = sense_at(tokens, i, Sense.UNIT)
    # "sejam" and "seminggu" hold the number in the word; "a fortnight" is said without its article, too.
    if first is None and unit is not None and (is_at(tokens, i, Sense.ONE) or unit == FORTNIGHT):
        first = _of(1, unit, i + 1)
    first = first or _counted(tokens, i)
    if first is None:
        return None
    j = first.after
    half = None
    # "an hour and a half", "một tiếng rưỡi", "dua jam setengah" (but "dua jam setengah 3" names a time).
    if is_at(tokens, j, Sense.HALF_AFTER) or (_is_half_word(tokens, j) and not is_at(tokens, j + 1, Sense.NUM)):
        half = _half_of(first.unit, j + 1)
    elif _is_and_a_half(tokens, j):
        half = _half_of(first.unit, j + 3)
    first = first if half is None else first.plus(half)
    j = first.after
    if j < len(tokens) and tokens[j].text in {"and", "&", ",", "dan", "và", "va"}:
        j += 1
    smaller = _counted(tokens, j)
    # "2 hours and 3 days" are two lengths, "2 hours and 30 minutes" is one.
    fits = smaller is not None and smaller.unit in _SMALLER.get(first.unit, ())
    return first.plus(smaller) if smaller is not None and fits else first


def _of(count: int, unit: int, after: int) -> SpokenDuration:
    match unit:
        case 0:
            return SpokenDuration(unit, after, minutes=count)
        case 1:
            return SpokenDuration(unit, after, minutes=60 * count)
        case 4 | 5 | 7:
            return SpokenDuration(unit, after, months=count * {MONTH: 1, YEAR: 12, QUARTER_YEAR: 3}[unit])
        case _:
            return SpokenDuration(unit, after, days=count * {DAY: 1, NIGHT: 1, WEEK: 7, FORTNIGHT: 14}[unit])


def _half_of(unit: int, after: int) -> SpokenDuration | None:
    halves = {
        HOUR: SpokenDuration(HOUR, after, minutes=30),
        DAY: SpokenDuration(HOUR, after, minutes=720),
        MONTH: SpokenDuration(DAY, after, days=15),
        YEAR: SpokenDuration(MONTH, after, months=6),
    }
    return halves.get(unit)


def unit_at(tokens: Sequence[Token], i: int) -> int | None:
    """The unit a token names, nights among them."""
    unit = sense_at(tokens, i, Sense.UNIT)
    return NIGHT if unit is None and is_at(tokens, i, Sense.NIGHT) else unit


def _half_unit(tokens: Sequence[Token], i: int) -> SpokenDuration | None:
    """ "half an hour", "setengah jam", "nửa tiếng", "a quarter of an hour"."""
    if is_at(tokens, i, Sense.ONE) and is_at(tokens, i + 1, Sense.HALF):
        i += 1
    if not is_at(tokens, i, Sense.HALF, Sense.QUARTER):
        return None
    j = i + 1
    while is_at(tokens, j, Sense.OF, Sense.ONE) and j < i + 3 and not is_at(tokens, j, Sense.UNIT):
        j += 1
    unit = sense_at(tokens, j, Sense.UNIT)
    if unit is None:
        return None
    if is_at(tokens, i, Sense.QUARTER):
        return SpokenDuration(HOUR, j + 1, minutes=15) if unit == HOUR else None
    return _half_of(unit, j + 1)


def _counted(tokens: Sequence[Token], i: int) -> SpokenDuration | None:
    number = read_number(tokens, i)
    if number is not None:
        count, j = number.value, number.after
    elif is_at(tokens, i, Sense.ONE) and not is_at(tokens, i, Sense.UNIT):
        count, j = 1, i + 1
    else:
        return None
    fraction, j = _fraction(tokens, i, j)
    unit = unit_at(tokens, j)
    if unit is None or (number is not None and number.is_ordinal and not number.is_digits):
        return None
    whole = _of(count, unit, j + 1)
    if not fraction:
        return whole
    if unit == HOUR:
        return replace(whole, minutes=whole.minutes + 6 * fraction)
    part = _half_of(unit, j + 1) if fraction == 5 else None
    # "2.3 days" is nothing that anybody books: only halves are read, but of hours each tenth.
    return whole.plus(part) if part is not None else None


def _fraction(tokens: Sequence[Token], start: int, i: int) -> tuple[int, int]:
    """Tenths after a number: "2.5 hours", "two and a half hours", "satu setengah jam"."""
    if _is_half_word(tokens, i) and unit_at(tokens, i + 1) is not None:
        return 5, i + 1
    if _is_and_a_half(tokens, i) and unit_at(tokens, i + 3) is not None:
        return 5, i + 3
    pointed = (
        i + 1 < len(tokens)
        and tokens[i].text in {".", ","}
        and tokens[start].end == tokens[i].start
        and tokens[i].end == tokens[i + 1].start
        and tokens[i + 1].text.isdecimal()
        and len(tokens[i + 1].text) == 1
    )
    return (int(tokens[i + 1].text), i + 2) if pointed else (0, i)


def _is_and_a_half(tokens: Sequence[Token], i: int) -> bool:
    return (
        is_at(tokens, i, Sense.SEP)
        and tokens[i].text in {"and", "&"}
        and is_at(tokens, i + 1, Sense.ONE)
        and is_at(tokens, i + 2, Sense.HALF)
    )


def _is_half_word(tokens: Sequence[Token], i: int) -> bool:
    """ "dua jam setengah"; without diacritics "nua" after a unit is "from now"."""
    return is_at(tokens, i, Sense.HALF) and not is_at(tokens, i, Sense.AHEAD) and tokens[i].text != "half past"


_SMALLER = {HOUR: (MINUTE,), DAY: (HOUR,), WEEK: (DAY,), MONTH: (WEEK, DAY), YEAR: (MONTH,)}


def moved(scope: Scope, amount: SpokenDuration, sign: int = 1) -> date | datetime | None:
    """Now moved by hours and minutes, or today by anything longer; `None` beyond the calendar.

    Hours are real ones: across a change of the clocks the wall clock jumps.
    """
    if amount.unit <= HOUR:
        try:
            # Counted in UTC, as in local time an hour across a change of the clocks would be none or two.
            later = scope.now.astimezone(UTC) + timedelta(minutes=sign * amount.minutes)
            return later.astimezone(scope.now.tzinfo).replace(second=0, microsecond=0)
        except OverflowError:
            return None
    return shifted(scope.today, amount, sign)


def shifted(day: date, amount: SpokenDuration, sign: int = 1) -> date | None:
    """A day moved by whole days and months."""
    month = calendar.plus_months(day, sign * amount.months)
    return None if month is None else calendar.plus_days(month, sign * amount.days)
