"""Feasts and days of the moon as people name them: "Christmas", "Lebaran", "mùng 3 Tết", "rằm tháng 7"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from intents.dates import calendar, holidays, lunar
from intents.dates.numbers import is_at, read_number, sense_at
from intents.dates.spoken import Day, Scope, a_day, month_at, said_year, turn_at
from intents.dates.tokens import Sense, Token
from intents.dates.values import Language

_LAST_DAYS_OF_LUNAR_YEAR = range(20, 31)


def read_feast(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """The feast or day of the moon that starts at token `i`."""
    return (
        _full_moon(tokens, i, scope)
        or _day_of_tet(tokens, i, scope)
        or _by_moon(tokens, i, scope)
        or _named(tokens, i, scope)
    )


def _coming_lunar(scope: Scope, month: int, day: int) -> date | None:
    # The lunar year begins in January or February: its last months fall into our next year.
    for year in range(scope.today.year - 1, scope.today.year + 2):
        found = lunar.solar_date(year, month, day)
        if found is not None and found >= scope.today:
            return found
    return None


def _full_moon(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    j = i + 1 if is_at(tokens, i, Sense.DATE_WORD) else i
    day = sense_at(tokens, j, Sense.LUNAR_DAY)
    if day is None:
        return None
    month = month_at(tokens, j + 1)
    if month is not None:
        return a_day(month[1], _coming_lunar(scope, month[0], day))
    after = j + 2 if turn_at(tokens, j + 1) == 0 else j + 1
    return a_day(after, lunar.coming_day(scope.today, day))


def _day_of_tet(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """ "mùng 3 Tết" is the third day of the lunar year, "28 Tết" one of the last of the year before."""
    j = i
    while is_at(tokens, j, Sense.DATE_WORD) and j < i + 2:
        j += 1
    number = read_number(tokens, j)
    if number is None or not 1 <= number.value <= 30 or not is_at(tokens, number.after, Sense.LUNAR_NEW_YEAR):
        return None
    if sense_at(tokens, number.after, Sense.HOLIDAY) != holidays.Feast.LUNAR_NEW_YEAR:
        return None
    found = None
    for year in range(scope.today.year, scope.today.year + 2):
        tet = lunar.new_year(year)
        if tet is None:
            return None
        day = number.value
        if day not in _LAST_DAYS_OF_LUNAR_YEAR:
            found = calendar.plus_days(tet, day - 1)
        else:
            # The last lunar month has 29 or 30 days: in a short one "30 Tết" is the day before Tết all the same.
            found = lunar.solar_date(year - 1, 12, day) or calendar.plus_days(tet, -1)
        if found is not None and found >= scope.today:
            break
    return a_day(number.after + 1, found)


def _by_moon(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """ "mùng 10 tháng 3 âm lịch", "15/7 âm", "mùng 1 âm lịch"."""
    j = i
    while is_at(tokens, j, Sense.DATE_WORD) and j < i + 2:
        j += 1
    pair = sense_at(tokens, j, Sense.DAY_MONTH)
    if pair is not None:
        day, month, after = pair // 100, pair % 100, j + 1
    else:
        number = read_number(tokens, j)
        if number is None or not 1 <= number.value <= 30:
            return None
        said = month_at(tokens, number.after)
        day, month, after = number.value, said[0] if said else 0, said[1] if said else number.after
    if not is_at(tokens, after, Sense.LUNAR):
        return None
    return a_day(after + 1, _coming_lunar(scope, month, day) if month else lunar.coming_day(scope.today, day))


def _named(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    turn = turn_at(tokens, i) if is_at(tokens, i + 1, Sense.HOLIDAY) else None
    j = i if turn is None else i + 1
    code = sense_at(tokens, j, Sense.HOLIDAY)
    if code is None:
        return None
    year, after = said_year(tokens, scope, j + 1)
    if year is not None:
        return a_day(after, holidays.in_year(code, year), part=sense_at(tokens, j, Sense.PART))
    turned = turn_at(tokens, after) is not None and tokens[after].text not in {"rồi", "roi"}
    if turn is None and scope.language is not Language.EN and turned:
        turn, after = turn_at(tokens, after), after + 1
    day = holidays.coming(code, scope.today, past=turn == -1)
    return a_day(after, day, part=sense_at(tokens, j, Sense.PART))
