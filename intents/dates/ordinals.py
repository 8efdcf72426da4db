"""Which of several in a month or a year: "the first Monday in March", "Sabtu kedua bulan Januari"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from intents.dates import calendar
from intents.dates.numbers import is_at, read_number, sense_at
from intents.dates.spoken import DAY, MONTH, WEEK, YEAR, Day, Scope, a_day, first_of_month, month_at, turned_month
from intents.dates.tokens import Sense, Token
from intents.dates.values import Language, Span

_LAST = -1


def read_nth(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """The weekday, day, week or weekend that is the n-th of a month or year and starts at token `i`."""
    j = i
    while j < i + 2 and is_at(tokens, j, Sense.DATE_WORD, Sense.DAY_WORD):
        # "hari" and "ngày" only lead to it where a weekday follows; else they are the thing that is counted.
        if is_at(tokens, j, Sense.UNIT) and not is_at(tokens, j + 1, Sense.WEEKDAY):
            break
        j += 1
    # English counts first ("the third Friday"), Indonesian and Vietnamese name the thing first ("Jumat ketiga").
    if scope.language is Language.EN:
        nth, after = _nth_at(tokens, j)
        thing, after = _thing_at(tokens, after), after + 1
    else:
        nth, after = _nth_at(tokens, j + 1)
        thing = _thing_at(tokens, j)
    if nth is None or thing is None:
        return None
    whole = _whole(tokens, after, scope)
    if whole is None:
        return None
    first, months, end, is_named = whole
    found = _picked(first, months, thing, nth)
    last = found.end if isinstance(found, Span) else found
    # A month that is named turns each year ("the first Monday of March"): in the past, it is meant next year.
    if isinstance(last, date) and is_named and last < scope.today:
        following = calendar.plus_months(first, 12)
        found = None if following is None else _picked(following, months, thing, nth)
    return a_day(end, found)


Thing = tuple[Sense, int]


def _thing_at(tokens: Sequence[Token], i: int) -> Thing | None:
    if is_at(tokens, i, Sense.HALF) and is_at(tokens, i + 1, Sense.OF):
        return Sense.HALF, 0
    if is_at(tokens, i, Sense.WEEKEND):
        return Sense.WEEKEND, 0
    unit = sense_at(tokens, i, Sense.UNIT)
    if unit is not None and unit in {DAY, WEEK}:
        return Sense.UNIT, unit
    weekday = sense_at(tokens, i, Sense.WEEKDAY)
    return None if weekday is None else (Sense.WEEKDAY, weekday)


def _nth_at(tokens: Sequence[Token], i: int) -> tuple[int | None, int]:
    nth = sense_at(tokens, i, Sense.NTH)
    if nth is not None:
        return nth, i + 1
    if 0 <= i < len(tokens) and tokens[i].text.startswith(("thứ ", "thu ")):
        weekday = sense_at(tokens, i, Sense.WEEKDAY)
        return (None if weekday is None else weekday + 2), i + 1
    number = read_number(tokens, i)
    if number is not None and number.is_ordinal and number.value <= 5:
        return number.value, number.after
    return None, i


def _whole(tokens: Sequence[Token], i: int, scope: Scope) -> tuple[date, int, int, bool] | None:
    """The first day of the month or year that follows, its months, the token after, and whether it turns each year."""
    j = i
    while is_at(tokens, j, Sense.OF, Sense.IN, Sense.CONNECT, Sense.DATE_WORD) and j < i + 3:
        if is_at(tokens, j, Sense.MONTH_WORD, Sense.MONTH):
            break
        j += 1
    month = month_at(tokens, j)
    if month is not None:
        first, after = first_of_month(tokens, scope, *month)
        return None if first is None else (first, 1, after, after == month[1])
    turned = turned_month(tokens, j)
    if turned is not None:
        first = calendar.plus_months(scope.today.replace(day=1), turned[0])
        return None if first is None else (first, 1, turned[1], False)
    unit = sense_at(tokens, j, Sense.UNIT)
    if unit == MONTH and (j > i or scope.language is not Language.EN):
        return scope.today.replace(day=1), 1, j + 1, False
    if unit == YEAR:
        return scope.today.replace(month=1, day=1), 12, j + 1, False
    return None


def _picked(first: date, months: int, thing: Thing, nth: int) -> date | Span | None:
    following = calendar.plus_months(first, months)
    last = None if following is None else calendar.plus_days(following, -1)
    if last is None:
        return None
    match thing:
        case (Sense.WEEKDAY, weekday):
            month = last if nth == _LAST else first
            return calendar.nth_weekday(month.year, month.month, weekday, nth)
        case (Sense.WEEKEND, _):
            month = last if nth == _LAST else first
            saturday = calendar.nth_weekday(month.year, month.month, 5, nth)
            return None if saturday is None else calendar.span(saturday, calendar.plus_days(saturday, 1))
        case (Sense.HALF, _):
            middle = first + (last - first) // 2
            return calendar.span(first, middle) if nth == 1 else calendar.span(calendar.plus_days(middle, 1), last)
        case (_, unit) if unit == DAY:
            return last if nth == _LAST else calendar.plus_days(first, nth - 1)
        case _:
            if nth == _LAST:
                return calendar.span(calendar.plus_days(last, -6), last)
            start = calendar.plus_days(first, 7 * (nth - 1))
            return None if start is None else calendar.span(start, calendar.plus_days(start, 6))
