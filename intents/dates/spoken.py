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

MINUTE, HOUR, DAY, WEEK, MONTH, YEAR = range(6)


@dataclass(frozen=True, slots=True)
class Day:
    """The days a phrase can mean, the likeliest first, and the token after it."""

    readings: tuple[date | Span, ...]
    after: int
    part: PartOfDay | None = None
    is_weekday: bool = False
    """Named by its weekday alone, so an explicit date beside it wins."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the words are read against."""

    today: date
    now: datetime
    language: Language


def a_day(after: int, *readings: date | Span | None, part: int | None = None, weekday: bool = False) -> Day | None:
    """A `Day` of the readings that exist, or `None`."""
    kept = tuple(dict.fromkeys(reading for reading in readings if reading is not None))
    return Day(kept, after, None if part is None else PARTS[part], weekday) if kept else None


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
    while is_at(tokens, j, Sense.YEAR_WORD) or (is_at(tokens, j, Sense.CONNECT) and tokens[j].text == ","):
        j += 1
    number = read_number(tokens, j)
    if number is None or not number.is_digits or not 1990 <= number.value <= 2100:
        return None
    return number


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
    if number is None or not 1 <= number.value <= 12 or is_at(tokens, number.after, Sense.AHEAD, Sense.AGO):
        return None
    return number.value, number.after


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
    year = year_at(tokens, after)
    if year is not None:
        first = calendar.a_date(year.value, number, 1)
        return None if first is None else a_day(year.after, calendar.month(first, 0))
    ahead = (number - scope.today.month) % 12
    return a_day(after, calendar.month(scope.today, ahead))
