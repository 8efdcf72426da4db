"""The small words that days share: units, turning words, years and months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from intents.dates import calendar
from intents.dates.clock import PARTS
from intents.dates.numbers import Number, is_at, read_number, sense_at
from intents.dates.tokens import Sense, Token
from intents.dates.values import Language, PartOfDay, Span

MINUTE, HOUR, DAY, WEEK, MONTH, YEAR, FORTNIGHT, QUARTER_YEAR, NIGHT = range(9)


@dataclass(frozen=True, slots=True)
class Day:
    """The days a phrase can mean, the likeliest first, and the token after it."""

    readings: tuple[date | Span, ...]
    after: int
    part: PartOfDay | None = None
    is_weekday: bool = False
    """Named by its weekday alone, so an explicit date next to it wins."""
    weekday: int | None = None
    """The weekday it was named by, alone or with what turns it."""
    is_weak: bool = False
    """Today or now, said to mean "soon" or its end ("asap", "eod"): any other day next to it wins."""
    elsewhere: tuple[date, ...] = ()
    """The same words in another month or year, for a weekday said with them to choose."""
    is_written: bool = False
    """A date with its year."""
    conflict: tuple[date, ...] = ()
    """The date as said and the nearest of the weekday said with it, where they are no one day."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the words are read against."""

    today: date
    now: datetime
    language: Language


def a_day(
    after: int,
    *readings: date | Span | None,
    part: int | None = None,
    is_weekday: bool = False,
    weekday: int | None = None,
) -> Day | None:
    """A `Day` of the readings that exist, or `None`."""
    kept = tuple(dict.fromkeys(reading for reading in readings if reading is not None))
    return Day(kept, after, None if part is None else PARTS[part], is_weekday, weekday) if kept else None


def turn_at(tokens: Sequence[Token], i: int) -> int | None:
    """Weeks or months a word turns by: next 1, this 0, last -1, after next 2."""
    if is_at(tokens, i, Sense.AFTER_NEXT):
        return 2
    if is_at(tokens, i, Sense.NEXT):
        return 1
    if is_at(tokens, i, Sense.THIS):
        return 0
    return -1 if is_at(tokens, i, Sense.LAST) else None


def year_at(tokens: Sequence[Token], i: int) -> Number | None:
    """The year that starts at token `i`, with or without its word."""
    j = i
    while j < i + 2 and (is_at(tokens, j, Sense.YEAR_WORD) or (j < len(tokens) and tokens[j].text == ",")):
        j += 1
    number = read_number(tokens, j)
    if number is None or not number.is_digits or len(tokens[j].text) != 4:
        return None
    is_year = 1920 <= number.value <= 2100 and not is_at(tokens, number.after, Sense.HOUR)
    return number if is_year else None


def month_at(tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
    """A month's number and the token after it: "March", "bulan 3", "tháng ba"."""
    word = is_at(tokens, i, Sense.MONTH_WORD)
    named = sense_at(tokens, i, Sense.MONTH)
    if named is None and word:
        named = sense_at(tokens, i + 1, Sense.MONTH)
        i += 1 if named is not None else 0
    if named is not None:
        return named, i + 1
    number = read_number(tokens, i + 1) if word else None
    if number is None or not 1 <= number.value <= 12:
        return None
    # Without diacritics "thang sau" is next month far more often than June, unless a year follows.
    if tokens[i + 1].text == "sau" and tokens[i + 1].has(Sense.NEXT) and not is_at(tokens, i + 2, Sense.YEAR_WORD):
        return None
    counted = is_at(tokens, number.after, Sense.AHEAD, Sense.AGO) and tokens[number.after].text not in {"toi", "tới"}
    return None if counted else (number.value, number.after)


def turned_month(tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
    """Months from this one and the token after: "next month", "bulan depan", "tháng này"."""
    j = i + 1 if is_at(tokens, i, Sense.OF) else i
    if is_at(tokens, j, Sense.UNIT, Sense.MONTH_WORD):
        unit = sense_at(tokens, j, Sense.UNIT)
        turn = turn_at(tokens, j + 1)
    else:
        unit = sense_at(tokens, j + 1, Sense.UNIT)
        turn = turn_at(tokens, j)
    return (turn, j + 2) if unit == MONTH and turn is not None else None


def whole_month(tokens: Sequence[Token], scope: Scope, number: int, after: int) -> Day | None:
    """The coming month of that number, or of the year said after it."""
    first, after = first_of_month(tokens, scope, number, after)
    return None if first is None else a_day(after, calendar.month(first, 0))


def first_of_month(tokens: Sequence[Token], scope: Scope, number: int, after: int) -> tuple[date | None, int]:
    """The first day of the coming month of that number, or of the year said after it, and the token after both."""
    year, after = said_year(tokens, scope, after)
    if year is not None:
        return calendar.a_date(year, number, 1), after
    return calendar.plus_months(scope.today.replace(day=1), (number - scope.today.month) % 12), after


def said_year(tokens: Sequence[Token], scope: Scope, i: int) -> tuple[int | None, int]:
    """The year said at token `i` ("2027", "năm sau", "of next year") and the token after it."""
    year = year_at(tokens, i)
    if year is not None:
        return year.value, year.after
    away = sense_at(tokens, i, Sense.YEAR_AWAY)
    if away is not None:
        return scope.today.year + away, i + 1
    j = i
    while is_at(tokens, j, Sense.OF, Sense.DATE_WORD) and j < i + 2:
        j += 1
    before, behind = turn_at(tokens, j), turn_at(tokens, j + 1)
    if scope.language is Language.EN:
        if before is not None and sense_at(tokens, j + 1, Sense.UNIT) == YEAR:
            return scope.today.year + before, j + 2
    elif behind is not None and sense_at(tokens, j, Sense.UNIT) == YEAR:
        return scope.today.year + behind, j + 2
    return None, i
