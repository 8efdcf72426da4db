"""Dates with figures or a month in them: 16/3, "12-15 Maret", "ngày 20 tháng 3", "the 20th of next month"."""

from __future__ import annotations

from collections.abc import Sequence

from intents.dates import calendar
from intents.dates.numbers import Number, is_at, read_number, sense_at
from intents.dates.spoken import Day, Scope, a_day, month_at, turned_month, year_at
from intents.dates.tokens import Sense, Token
from intents.dates.values import Language


def read_written(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """The written date, or range of dates, that starts at token `i`."""
    return _written(tokens, i, scope) or _day_of_month(tokens, i, scope)


def _written(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """16/3/2026, 2026-03-16, 16/3, 10-12/6; day first, month first only where the day cannot be."""
    j = i + 1 if is_at(tokens, i, Sense.DATE_WORD) else i
    ranged = _days_before_slash(tokens, j, scope)
    if ranged is not None:
        return ranged
    full = sense_at(tokens, j, Sense.FULL_DATE)
    if full is not None:
        return a_day(j + 1, calendar.a_date(full // 10000, full // 100 % 100, full % 100))
    pair = sense_at(tokens, j, Sense.DAY_MONTH)
    if pair is None:
        return None
    if tokens[j].has(Sense.DOT_CLOCK) and j == i and pair % 100 % 5 == 0:
        return None
    first, second = divmod(pair, 100)
    month_year = sense_at(tokens, j + 1, Sense.YEAR_WORD) and read_number(tokens, j + 2)
    if month_year and month_year.value > 1900:
        return a_day(month_year.after, calendar.a_date(month_year.value, second, first))
    past = is_at(tokens, j + 1, Sense.LAST, Sense.AGO)
    by_day = calendar.coming(scope.today, second, first, past=past)
    by_month = calendar.coming(scope.today, first, second, past=past)
    if scope.language is not Language.EN and by_day is not None:
        by_month = None
    return a_day(j + 1, by_day, by_month)


def _days_before_slash(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """ "10-12/6": from the 10th to the 12th of June."""
    first = read_number(tokens, i)
    if first is None or not first.is_digits or not is_at(tokens, first.after, Sense.SEP):
        return None
    pair = sense_at(tokens, first.after + 1, Sense.DAY_MONTH)
    if pair is None or not 1 <= first.value < pair // 100:
        return None
    end = calendar.coming(scope.today, pair % 100, pair // 100)
    start = None if end is None else calendar.a_date(end.year, end.month, first.value)
    return a_day(first.after + 2, calendar.span(start, end))


def _day_of_month(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """ "20 March", "March 20th", "ngày 20 tháng 3", "tgl 20", "the 20th of next month", "12-15 Maret"."""
    month_first = _month_first(tokens, i, scope)
    if month_first is not None:
        return month_first
    j = i
    while is_at(tokens, j, Sense.DATE_WORD):
        j += 1
    dated = j > i
    first = read_number(tokens, j)
    if first is None or not 1 <= first.value <= 31:
        return None
    last = _second_day(tokens, first.after)
    end = last or first
    month = month_at(tokens, end.after + (1 if is_at(tokens, end.after, Sense.OF) else 0))
    if month is not None:
        return _in_month(tokens, scope, first.value, last.value if last else None, month)
    turned = turned_month(tokens, end.after)
    if turned is not None:
        return _in_turned_month(scope, first.value, last.value if last else None, turned)
    if not (first.is_ordinal and scope.language is Language.EN and (dated or first.is_digits)) and not (
        dated and scope.language is not Language.EN and not is_at(tokens, first.after, Sense.AHEAD)
    ):
        return None
    if _is_one_of_several(tokens, first):
        return None
    past = is_at(tokens, end.after, Sense.LAST) and scope.language is Language.ID
    start = calendar.coming_day_of_month(scope.today, first.value, past=past)
    if last is None or start is None:
        return a_day(first.after, start)
    return a_day(end.after, calendar.span(start, calendar.coming_day_of_month(start, last.value)))


_CHOICES = frozenset({"one", "slot", "option", "choice", "time", "package", "service"})


def _is_one_of_several(tokens: Sequence[Token], number: Number) -> bool:
    """ "the second one" is no 2nd of the month."""
    if not number.is_ordinal:
        return False
    chosen = number.after < len(tokens) and tokens[number.after].text in _CHOICES
    return chosen or (not number.is_digits and number.value <= 5)


def _second_day(tokens: Sequence[Token], i: int) -> Number | None:
    if not is_at(tokens, i, Sense.SEP):
        return None
    j = i + 1
    while is_at(tokens, j, Sense.DATE_WORD):
        j += 1
    number = read_number(tokens, j)
    return number if number is not None and 1 <= number.value <= 31 else None


def _month_first(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    if scope.language is Language.VI or not is_at(tokens, i, Sense.MONTH):
        return None
    j = i + 1 if not is_at(tokens, i + 1, Sense.DATE_WORD) else i + 2
    first = read_number(tokens, j)
    if first is None or not 1 <= first.value <= 31 or is_at(tokens, first.after, Sense.MERIDIEM, Sense.HOUR):
        return None
    month = sense_at(tokens, i, Sense.MONTH) or 1
    last = _second_day(tokens, first.after)
    if last is not None and not last.is_digits:
        last = None
    return _in_month(tokens, scope, first.value, last.value if last else None, (month, (last or first).after))


def _in_month(
    tokens: Sequence[Token], scope: Scope, first: int, last: int | None, month: tuple[int, int]
) -> Day | None:
    number, after = month
    year = year_at(tokens, after)
    past = is_at(tokens, after, Sense.LAST, Sense.AGO) and scope.language is Language.ID
    if year is not None:
        start = calendar.a_date(year.value, number, first)
        after = year.after
    else:
        start = calendar.coming(scope.today, number, first, past=past)
    if last is None or start is None:
        return a_day(after, start)
    return a_day(after, calendar.span(start, calendar.a_date(start.year, number, last)))


def _in_turned_month(scope: Scope, first: int, last: int | None, turned: tuple[int, int]) -> Day | None:
    months, after = turned
    start = calendar.plus_months(scope.today.replace(day=1), months)
    if start is None:
        return None
    day = calendar.a_date(start.year, start.month, first)
    if last is None:
        return a_day(after, day)
    return a_day(after, calendar.span(day, calendar.a_date(start.year, start.month, last)))
