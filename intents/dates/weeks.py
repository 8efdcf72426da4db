"""Weekdays, weeks, months as wholes and their edges: "thứ 6 tuần sau", "minggu depan", "end of the month"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from intents.dates import calendar, written
from intents.dates.numbers import is_at, read_number, sense_at
from intents.dates.spoken import (
    DAY,
    MONTH,
    QUARTER_YEAR,
    WEEK,
    YEAR,
    Day,
    Scope,
    a_day,
    month_at,
    said_year,
    turn_at,
    whole_month,
)
from intents.dates.tokens import Sense, Token
from intents.dates.values import Language, Span


def read_weekday_or_whole(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """The weekday, weekend, week, month or edge of one that starts at token `i`."""
    for reader in (_weekend, _edge, _unit, _weekdays_ago, _weekday):
        found = reader(tokens, i, scope)
        if found is not None:
            return found
    return None


def _weekend(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    before = turn_at(tokens, i) if is_at(tokens, i + 1, Sense.WEEKEND) else None
    if is_at(tokens, i, Sense.WEEKEND) and is_after_next(tokens, i + 1):
        return a_day(i + 3, calendar.weekend(scope.today, 2))
    j = i + 1 if before is not None else i
    if not is_at(tokens, j, Sense.WEEKEND):
        return None
    held = _held(tokens, j + 1, scope) if before is None else None
    if held is not None:
        return a_day(held[1], calendar.weekend(held[0], 0))
    behind = turn_at(tokens, j + 1)
    turn = before if before is not None else behind
    after = j + 2 if before is None and behind is not None else j + 1
    this = calendar.weekend(scope.today, 0)
    # Until Friday "next weekend" may mean the coming one, too: both readings are offered.
    if turn == 1 and scope.today.weekday() < 5:
        coming = this if before is not None or scope.language is not Language.VI else None
        return a_day(after, calendar.weekend(scope.today, 1), coming)
    return a_day(after, calendar.weekend(scope.today, turn) if turn else this)


def _held(tokens: Sequence[Token], i: int, scope: Scope) -> tuple[date, int] | None:
    """The date in "the weekend of 2 October", "the week of the 6th", and the token after it."""
    found = written.read_written(tokens, i + 1, scope) if is_at(tokens, i, Sense.OF) else None
    if found is None or isinstance(found.readings[0], Span):
        return None
    return found.readings[0], found.after


def _weekdays_ago(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """ "two Fridays ago", "dua Jumat yang lalu", "two Fridays from now"."""
    number = read_number(tokens, i)
    if number is None or not 1 <= number.value <= 9:
        return None
    weekday = sense_at(tokens, number.after, Sense.WEEKDAY)
    if weekday is None or is_at(tokens, number.after, Sense.UNIT):
        return None
    if is_at(tokens, number.after + 1, Sense.AHEAD) and scope.language is Language.EN:
        coming = calendar.coming_weekday(scope.today, weekday)
        ahead = None if coming is None else calendar.plus_days(coming, 7 * (number.value - 1))
        return a_day(number.after + 2, ahead, weekday=weekday)
    if not is_at(tokens, number.after + 1, Sense.AGO):
        return None
    # The last one before today: on a Friday "two Fridays ago" does not count today.
    last = calendar.plus_days(scope.today, -((scope.today.weekday() - weekday - 1) % 7 + 1))
    back = None if last is None else calendar.plus_days(last, -7 * (number.value - 1))
    return a_day(number.after + 2, back, weekday=weekday)


def _edge(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """ "end of the month", "awal bulan depan", "đầu tuần sau", "early April"."""
    edge = sense_at(tokens, i, Sense.EDGE)
    if edge is None:
        return None
    j = i + 1
    while j < min(i + 3, len(tokens)) and (
        tokens[j].has(Sense.OF)
        or (scope.language is Language.EN and is_at(tokens, j, Sense.DATE_WORD))
        or tokens[j].text == "-"
    ):
        j += 1
    whole = _unit(tokens, j, scope)
    month = month_at(tokens, j) if whole is None else None
    if month is not None:
        whole = whole_month(tokens, scope, *month)
    unit = sense_at(tokens, j, Sense.UNIT)
    if whole is None and unit == DAY and scope.language is not Language.VI:
        return a_day(j + 1, scope.today) if edge == _END else None
    # "3 tuần cuối" and "hết 2 tháng" are lengths.
    if whole is None and unit is not None and unit in {WEEK, MONTH, YEAR} and not is_at(tokens, i - 1, Sense.NUM):
        whole = _spans(scope, unit, 0, j + 1)
    if whole is None or not isinstance(whole.readings[0], Span):
        return None
    part = calendar.third(whole.readings[0], edge)
    k = i - 1
    while is_at(tokens, k, Sense.DATE_WORD, Sense.CONNECT) and not is_at(tokens, k, Sense.BY) and k > i - 3:
        k -= 1
    # "by the end of the month" is its last day.
    if edge == _END and part is not None and is_at(tokens, k, Sense.BY):
        last = part.end
        return a_day(whole.after, last if isinstance(last, date) else None)
    return a_day(whole.after, part)


_END = 2


def _spans(scope: Scope, unit: int, turn: int, after: int) -> Day | None:
    if unit == WEEK:
        return a_day(after, calendar.week(scope.today, turn))
    if unit == MONTH:
        return a_day(after, calendar.month(scope.today, turn))
    if unit == YEAR:
        return a_day(after, calendar.year(scope.today.year + turn))
    if unit == QUARTER_YEAR:
        return a_day(after, calendar.quarter(scope.today, turn))
    return None


def _unit(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """ "next week", "minggu depan", "tháng sau"; with a weekday next to it, that day of that week."""
    held = _held(tokens, i + 1, scope) if sense_at(tokens, i, Sense.UNIT) == WEEK else None
    if held is not None:
        return a_day(held[1], calendar.week(held[0], 0))
    away = sense_at(tokens, i, Sense.YEAR_AWAY)
    if away is not None:
        return a_day(i + 1, calendar.year(scope.today.year + away))
    if sense_at(tokens, i, Sense.UNIT) == QUARTER_YEAR and scope.language is not Language.EN:
        numbered = _numbered_quarter(tokens, i, scope)
        if numbered is not None:
            return numbered
    turn, unit, after = _turned_unit(tokens, i, scope)
    # "2 tuần tới" and "3 bulan depan" are lengths, read elsewhere or not at all.
    is_counted = is_at(tokens, i - 1, Sense.NUM) and not is_at(tokens, i - 1, Sense.WEEKDAY)
    if turn is None or unit is None or unit < WEEK or (is_counted and is_at(tokens, i, Sense.UNIT)):
        return None
    spans = _spans(scope, unit, turn, after)
    if unit != WEEK:
        return spans
    j = after
    while is_at(tokens, j, Sense.CONNECT, Sense.DAY_WORD) and j < after + 3:
        j += 1
    named = sense_at(tokens, j, Sense.WEEKDAY)
    if named is not None and tokens[j].text != tokens[i].text and turn_at(tokens, j + 1) is None:
        return a_day(j + 1, calendar.weekday_of_week(scope.today, named, turn), weekday=named)
    if is_at(tokens, i, Sense.WEEKDAY) and spans is not None:
        sunday = calendar.weekday_of_week(scope.today, 6, turn)
        nearer = calendar.weekday_of_week(scope.today, 6, 0) if turn == 1 else None
        return a_day(after, *spans.readings, sunday, nearer)
    return spans


def _numbered_quarter(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """ "quý 3", "kuartal 3 tahun 2027": the coming one of that number."""
    number = read_number(tokens, i + 1)
    if number is None or not 1 <= number.value <= 4:
        return None
    year, after = said_year(tokens, scope, number.after)
    ahead = (number.value - 1 - (scope.today.month - 1) // 3) % 4
    if year is None:
        return a_day(after, calendar.quarter(scope.today, ahead))
    first = calendar.a_date(year, 3 * number.value - 2, 1)
    return None if first is None else a_day(after, calendar.quarter(first, 0))


def is_after_next(tokens: Sequence[Token], i: int) -> bool:
    """ "after next", as in "the Sunday after next"."""
    return is_at(tokens, i, Sense.PAST) and is_at(tokens, i + 1, Sense.NEXT) and not is_at(tokens, i + 2, Sense.UNIT)


def _turned_unit(tokens: Sequence[Token], i: int, scope: Scope) -> tuple[int | None, int | None, int]:
    if scope.language is Language.EN:
        if is_at(tokens, i, Sense.NEXT) and is_at(tokens, i + 2, Sense.NEXT):
            return None, None, i
        after_next = is_at(tokens, i + 2, Sense.PAST) and is_at(tokens, i + 3, Sense.NEXT)
        if is_at(tokens, i, Sense.UNIT) and is_at(tokens, i + 1, Sense.PAST) and is_at(tokens, i + 2, Sense.NEXT):
            return 2, sense_at(tokens, i, Sense.UNIT), i + 3
        if turn_at(tokens, i) is not None and not after_next:
            return turn_at(tokens, i), sense_at(tokens, i + 1, Sense.UNIT), i + 2
        return None, None, i
    unit = sense_at(tokens, i, Sense.UNIT)
    turn = None if unit is None else turn_at(tokens, i + 1)
    after = i + 2
    if turn is not None and is_at(tokens, i + 2, Sense.AHEAD) and tokens[i + 2].text in {"nữa", "nua", "lagi"}:
        return 2, unit, i + 3
    if turn is not None and tokens[i + 1].text in {"besok", "bsk"}:
        return None, None, i
    return turn, unit, after


def _weekday(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """A weekday and what turns it: "next Friday", "Jumat depan", "thứ 6 tuần sau", "Friday of next week"."""
    j = i
    while is_at(tokens, j, Sense.DAY_WORD) and j < i + 2:
        j += 1
    before = turn_at(tokens, j) if scope.language is Language.EN and is_at(tokens, j + 1, Sense.WEEKDAY) else None
    turning = tokens[j].text if before is not None else ""
    j += 1 if before is not None else 0
    weekday = sense_at(tokens, j, Sense.WEEKDAY)
    if weekday is None:
        return None
    j += 1
    if scope.language is Language.EN and before is None:
        # "Monday after next", "Friday week".
        coming = calendar.coming_weekday(scope.today, weekday)
        if coming is None:
            later = None
        elif is_after_next(tokens, j):
            later = a_day(j + 2, calendar.plus_days(coming, 7), weekday=weekday)
        elif j < len(tokens) and tokens[j].text in {"week", "fortnight"}:
            first = scope.today if scope.today.weekday() == weekday else coming
            later = a_day(j + 1, calendar.plus_days(first, 7 if tokens[j].text == "week" else 14), weekday=weekday)
        else:
            later = None
        if later is not None:
            return later
    dated = _weekday_and_number(tokens, j, scope, weekday)
    if dated is not None:
        return dated
    of_week = _of_turned_week(tokens, j, scope, weekday)
    if of_week is not None:
        return of_week
    if before is None and is_at(tokens, i - 1, Sense.SINCE):
        last = calendar.plus_days(scope.today, -((scope.today.weekday() - weekday) % 7))
        return a_day(j, last, weekday=weekday)
    unit_follows = scope.language is Language.EN and is_at(tokens, j + 1, Sense.UNIT)
    # "thứ hai tới thứ năm": the turning word is a "to" when another day follows.
    is_range = is_at(tokens, j, Sense.SEP) and is_at(tokens, j + 1, *_OPENS_A_DAY)
    if before is None and turn_at(tokens, j) is not None and not unit_follows and not is_range:
        before, turning, j = turn_at(tokens, j), tokens[j].text, j + 1
    found = _weekday_readings(scope, weekday, before, turning, j)
    return None if found is None else replace(found, weekday=weekday)


_OPENS_A_DAY = (Sense.WEEKDAY, Sense.DATE_WORD, Sense.DAY, Sense.DAY_MONTH, Sense.FULL_DATE)
_MONTHS_AHEAD = 2
_FIRST_NO_HOUR = 13
_NO_DAY_AFTER = (
    Sense.HOUR, Sense.MERIDIEM, Sense.PEOPLE, Sense.UNIT, Sense.PART, Sense.SEP, Sense.MONTH, Sense.MONTH_WORD,
    Sense.HALF_AFTER, Sense.TO, Sense.PAST, Sense.NUM, Sense.OR,
)  # fmt: skip


def _weekday_and_number(tokens: Sequence[Token], i: int, scope: Scope, weekday: int) -> Day | None:
    """ "Wed 25", "Rabu 25": a date where one of the coming months has that number on that weekday."""
    number = read_number(tokens, i)
    if (
        number is None
        or not number.is_digits
        or not _FIRST_NO_HOUR <= number.value <= 31
        or is_at(tokens, number.after, *_NO_DAY_AFTER)
    ):
        return None
    for months in range(_MONTHS_AHEAD):
        first = calendar.plus_months(scope.today.replace(day=1), months)
        day = None if first is None else calendar.a_date(first.year, first.month, number.value)
        if day is not None and day >= scope.today and day.weekday() == weekday:
            return a_day(number.after, day, weekday=weekday)
    return None


def _of_turned_week(tokens: Sequence[Token], i: int, scope: Scope, weekday: int) -> Day | None:
    """What follows in "Friday of next week", "jumat malam minggu depan", "thứ 6 tuần sau"."""
    part = sense_at(tokens, i, Sense.PART)
    k = i if part is None or is_at(tokens, i, Sense.DAY) else i + 1
    if is_at(tokens, k, Sense.EVE) and is_at(tokens, k + 1, Sense.NEXT) and tokens[k].senses[Sense.EVE] == _SUNDAY:
        return a_day(k + 2, calendar.weekday_of_week(scope.today, weekday, 1), part=_EVENING, weekday=weekday)
    start = k
    while is_at(tokens, k, Sense.OF, Sense.CONNECT) and k < start + 2 and turn_at(tokens, k) is None:
        k += 1
    turn, unit, after = _turned_unit(tokens, k, scope)
    said_of = k > start and tokens[k - 1].text in {"of", "di", "dari", "pada", "của", "cua", "trong"}
    if turn is None or unit != WEEK or (is_at(tokens, k, Sense.WEEKDAY) and k > start and not said_of):
        return None
    day = calendar.weekday_of_week(scope.today, weekday, turn)
    return a_day(after, day, part=part if start > i else None, weekday=weekday)


_SUNDAY, _EVENING = 6, 3


_COMING = frozenset({"tới", "toi", "mendatang", "besok", "bsk", "sắp tới", "tới đây", "yang akan datang", "yad"})


def _weekday_readings(scope: Scope, weekday: int, turn: int | None, word: str, after: int) -> Day | None:
    coming = calendar.coming_weekday(scope.today, weekday)
    if turn is None:
        today = scope.today if scope.today.weekday() == weekday else None
        return a_day(after, coming, today, is_weekday=True)
    if word in _COMING:
        return a_day(after, coming)
    if turn == -1 and coming is not None:
        return a_day(after, calendar.plus_days(coming, -7 if coming > scope.today else 0))
    if turn == 0:
        this = calendar.weekday_of_week(scope.today, weekday, 0)
        return a_day(after, this if this is not None and this >= scope.today else coming)
    # English and Indonesian speakers differ about "next Friday"; in Vietnamese the week is named.
    nearer = coming if scope.language is not Language.VI else None
    return a_day(after, calendar.weekday_of_week(scope.today, weekday, turn), nearer)
