"""Weekdays, weeks, months as wholes and their edges: "thứ 6 tuần sau", "minggu depan", "end of the month"."""

from __future__ import annotations

from collections.abc import Sequence

from intents.dates import calendar
from intents.dates.numbers import is_at, sense_at
from intents.dates.spoken import MONTH, WEEK, YEAR, Day, Scope, a_day, month_at, turn_at, whole_month
from intents.dates.tokens import Sense, Token
from intents.dates.values import Language, Span


def read_weekday_or_whole(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """The weekday, weekend, week, month or edge of one that starts at token `i`."""
    for reader in (_weekend, _edge, _unit, _weekday):
        found = reader(tokens, i, scope)
        if found is not None:
            return found
    return None


def _weekend(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    before = turn_at(tokens, i) if is_at(tokens, i + 1, Sense.WEEKEND) else None
    j = i + 1 if before is not None else i
    if not is_at(tokens, j, Sense.WEEKEND):
        return None
    behind = turn_at(tokens, j + 1)
    turn = before if before is not None else behind
    after = j + 2 if before is None and behind is not None else j + 1
    this = calendar.weekend(scope.today, 0)
    if turn == 1 and scope.today.weekday() < 5:
        coming = this if before is not None or scope.language is not Language.VI else None
        return a_day(after, calendar.weekend(scope.today, 1), coming)
    return a_day(after, calendar.weekend(scope.today, turn) if turn else this)


def _edge(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """ "end of the month", "awal bulan depan", "đầu tuần sau", "early April"."""
    edge = sense_at(tokens, i, Sense.EDGE)
    if edge is None:
        return None
    j = i + 1
    while is_at(tokens, j, Sense.OF) or (is_at(tokens, j, Sense.DATE_WORD) and scope.language is Language.EN):
        j += 1
    whole = _unit(tokens, j, scope)
    month = month_at(tokens, j) if whole is None else None
    if month is not None:
        whole = whole_month(tokens, scope, *month)
    if whole is None and sense_at(tokens, j, Sense.UNIT) in {WEEK, MONTH}:
        whole = _spans(scope, tokens[j].senses[Sense.UNIT], 0, j + 1)
    if whole is None or not isinstance(whole.readings[0], Span):
        return None
    return a_day(whole.after, calendar.third(whole.readings[0], edge))


def _spans(scope: Scope, unit: int, turn: int, after: int) -> Day | None:
    if unit == WEEK:
        return a_day(after, calendar.week(scope.today, turn))
    if unit == MONTH:
        return a_day(after, calendar.month(scope.today, turn))
    if unit == YEAR:
        year = scope.today.year + turn
        return a_day(after, calendar.span(calendar.a_date(year, 1, 1), calendar.a_date(year, 12, 31)))
    return None


def _unit(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """ "next week", "minggu depan", "tháng sau"; with a weekday beside it, that day of that week."""
    turn, unit, after = _turned_unit(tokens, i, scope)
    if turn is None or unit is None or unit < WEEK:
        return None
    spans = _spans(scope, unit, turn, after)
    if unit != WEEK:
        return spans
    j = after
    while is_at(tokens, j, Sense.CONNECT, Sense.DAY_WORD) and j < after + 3:
        j += 1
    named = sense_at(tokens, j, Sense.WEEKDAY)
    if named is not None and tokens[j].text != tokens[i].text and turn_at(tokens, j + 1) is None:
        return a_day(j + 1, calendar.weekday_of_week(scope.today, named, turn))
    if is_at(tokens, i, Sense.WEEKDAY) and spans is not None:
        sunday = calendar.weekday_of_week(scope.today, 6, turn)
        nearer = calendar.weekday_of_week(scope.today, 6, 0) if turn == 1 else None
        return a_day(after, *spans.readings, sunday, nearer)
    return spans


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
    while is_at(tokens, j, Sense.DAY_WORD):
        j += 1
    before = turn_at(tokens, j) if scope.language is Language.EN and is_at(tokens, j + 1, Sense.WEEKDAY) else None
    turning = tokens[j].text if before is not None else ""
    j += 1 if before is not None else 0
    weekday = sense_at(tokens, j, Sense.WEEKDAY)
    if weekday is None:
        return None
    j += 1
    k = j
    while is_at(tokens, k, Sense.OF, Sense.CONNECT) and k < j + 2 and turn_at(tokens, k) is None:
        k += 1
    turn, unit, after = _turned_unit(tokens, k, scope)
    if turn is not None and unit == WEEK and not (is_at(tokens, k, Sense.WEEKDAY) and k > j):
        return a_day(after, calendar.weekday_of_week(scope.today, weekday, turn))
    unit_follows = scope.language is Language.EN and is_at(tokens, j + 1, Sense.UNIT)
    if before is None and turn_at(tokens, j) is not None and not unit_follows:
        before, turning, j = turn_at(tokens, j), tokens[j].text, j + 1
    return _turned_weekday(scope, weekday, before, turning, j)


_COMING = frozenset({"tới", "toi", "mendatang", "besok", "bsk", "sắp tới", "tới đây", "yang akan datang", "yad"})


def _turned_weekday(scope: Scope, weekday: int, turn: int | None, word: str, after: int) -> Day | None:
    coming = calendar.coming_weekday(scope.today, weekday)
    if turn is None:
        today = scope.today if scope.today.weekday() == weekday else None
        return a_day(after, coming, today, weekday=True)
    if word in _COMING:
        return a_day(after, coming)
    if turn == -1 and coming is not None:
        return a_day(after, calendar.plus_days(coming, -7 if coming > scope.today else 0))
    if turn == 0:
        this = calendar.weekday_of_week(scope.today, weekday, 0)
        return a_day(after, this if this is not None and this >= scope.today else coming)
    nearer = coming if scope.language is not Language.VI else None
    return a_day(after, calendar.weekday_of_week(scope.today, weekday, turn), nearer)
