"""Days and spans of days however they are said: by date, by weekday, or counted from today ("lusa", "3 ngày nữa")."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from intents.dates import calendar, weeks, written
from intents.dates.numbers import is_at, read_number, sense_at
from intents.dates.spoken import (
    DAY,
    HOUR,
    MINUTE,
    WEEK,
    YEAR,
    Day,
    Scope,
    a_day,
    month_at,
    turn_at,
    whole_month,
    year_at,
)
from intents.dates.tokens import Sense, Token
from intents.dates.values import Language


def read_day(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """The day or span that starts at token `i`."""
    for reader in (written.read_written, _eve, _relative, weeks.read_weekday_or_whole, _offset, _holiday, _month):
        found = reader(tokens, i, scope)
        if found is not None:
            return found
    return None


def _eve(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """ "malam minggu" is Saturday evening, whatever the words seem to say."""
    weekday = sense_at(tokens, i, Sense.EVE)
    if weekday is None:
        return None
    eve = (weekday - 1) % 7
    turn = turn_at(tokens, i + 1)
    if turn == 1:
        return a_day(i + 2, calendar.weekday_of_week(scope.today, eve, 1), part=3)
    after = i + 2 if turn == 0 else i + 1
    if eve == scope.today.weekday():
        return a_day(after, scope.today, part=3)
    return a_day(after, calendar.coming_weekday(scope.today, eve), part=3)


def _relative(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """ "in 2 days", "2 hari lagi", "3 ngày nữa", "in half an hour", "seminggu lagi"."""
    inside = is_at(tokens, i, Sense.IN)
    j = i + 1 if inside else i
    counted = _count(tokens, j)
    if counted is None:
        return _next_few(tokens, i, scope)
    amount, unit, after = counted
    ahead, ago = is_at(tokens, after, Sense.AHEAD), is_at(tokens, after, Sense.AGO)
    marked = is_at(tokens, i - 1, Sense.MARK, Sense.WEAK_MARK) and not inside
    if marked and unit == HOUR and not ahead:
        return None
    if unit == HOUR and ahead and tokens[after].text in _EVENING_OR_AHEAD:
        return None
    is_clock_word = tokens[after - 1].text in {"giờ", "gio", "h"}
    if is_clock_word and not ahead:
        return None
    if scope.language is Language.VI and ahead and tokens[after].text in {"tới", "toi", "sắp tới"} and unit >= DAY:
        return _within(scope, amount, unit, after + 1)
    if ago and not ahead and not inside:
        return _moved(scope, -amount, unit, after + 1)
    if ago and scope.language is Language.ID and tokens[after].text.endswith("lalu"):
        return _moved(scope, -amount, unit, after + 1)
    if ahead and tokens[after].text in {"ke depan", "kedepan", "mendatang"}:
        return _within(scope, amount, unit, after + 1)
    if ahead:
        return _moved(scope, amount, unit, after + 1)
    if inside:
        return _moved(scope, amount, unit, after)
    return None


_EVENING_OR_AHEAD = frozenset({"toi", "tới"})
"""After an hour "toi" is the evening."""


def _next_few(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    if not is_at(tokens, i, Sense.NEXT, Sense.LAST) or scope.language is not Language.EN:
        return None
    counted = _count(tokens, i + 1)
    if counted is None or not is_at(tokens, i + 1, Sense.NUM):
        return None
    amount, unit, after = counted
    if is_at(tokens, i, Sense.LAST):
        days = int(amount) * (7 if unit == WEEK else 1)
        return a_day(after, calendar.span(calendar.plus_days(scope.today, -days), scope.today)) if unit >= DAY else None
    return _within(scope, amount, unit, after)


def _count(tokens: Sequence[Token], i: int) -> tuple[float, int, int] | None:
    """An amount of a unit: (2, DAY, next token); half an hour is (0.5, HOUR, …)."""
    if is_at(tokens, i, Sense.ONE) and is_at(tokens, i, Sense.UNIT):
        return 1, tokens[i].senses[Sense.UNIT], i + 1
    if is_at(tokens, i, Sense.HALF):
        j = i + 2 if is_at(tokens, i + 1, Sense.ONE) else i + 1
        unit = sense_at(tokens, j, Sense.UNIT)
        return (0.5, unit, j + 1) if unit == HOUR else None
    number = read_number(tokens, i)
    if number is not None:
        amount, j = number.value, number.after
    elif is_at(tokens, i, Sense.ONE):
        amount, j = 1, i + 1
    else:
        return None
    unit = sense_at(tokens, j, Sense.UNIT)
    if unit is None:
        return None
    if is_at(tokens, j + 1, Sense.HALF_AFTER) and unit == HOUR:
        return amount + 0.5, unit, j + 2
    return amount, unit, j + 1


def _moved(scope: Scope, amount: float, unit: int, after: int) -> Day | None:
    whole = int(amount)
    if unit in {MINUTE, HOUR}:
        minutes = int(amount * (60 if unit == HOUR else 1))
        try:
            moment = (scope.now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
        except OverflowError:
            return None
        return a_day(after, moment)
    if unit == DAY:
        return a_day(after, calendar.plus_days(scope.today, whole))
    if unit == WEEK:
        return a_day(after, calendar.plus_days(scope.today, 7 * whole))
    return a_day(after, calendar.plus_months(scope.today, whole * (12 if unit == YEAR else 1)))


def _within(scope: Scope, amount: float, unit: int, after: int) -> Day | None:
    end = _moved(scope, amount, unit, after)
    if end is None or unit < DAY:
        return end
    last = end.readings[0]
    whole = calendar.span(scope.today, last) if isinstance(last, date) else None
    return a_day(after, whole, last)


def _offset(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    days = sense_at(tokens, i, Sense.DAY)
    if days is not None:
        return a_day(i + 1, calendar.plus_days(scope.today, days), part=sense_at(tokens, i, Sense.PART))
    if is_at(tokens, i, Sense.NOW):
        return a_day(i + 1, scope.now.replace(second=0, microsecond=0))
    return None


def _holiday(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    code = sense_at(tokens, i, Sense.HOLIDAY)
    if code is None:
        return None
    year = year_at(tokens, i + 1)
    if year is not None:
        return a_day(year.after, calendar.a_date(year.value, code // 100, code % 100))
    return a_day(i + 1, calendar.coming(scope.today, code // 100, code % 100))


def _month(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """A month alone, where a word before it says it is one ("in May", "bulan April", "tháng 4")."""
    month_year = sense_at(tokens, i, Sense.MONTH_YEAR)
    if month_year is not None:
        first = calendar.a_date(month_year // 100, month_year % 100, 1)
        return None if first is None else a_day(i + 1, calendar.month(first, 0))
    marked = is_at(tokens, i, Sense.MONTH_WORD) or is_at(
        tokens, i - 1, Sense.IN, Sense.THIS, Sense.NEXT, Sense.EDGE, Sense.OF, Sense.FROM, Sense.SEP
    )
    month = month_at(tokens, i) if marked else None
    return None if month is None else whole_month(tokens, scope, *month)
