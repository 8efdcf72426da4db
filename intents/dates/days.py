"""Days and spans of days: "lusa", "thứ 6 tuần sau", "next Friday", "12-15 Maret", "cuối tháng"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

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


def _day(after: int, *readings: date | Span | None, part: int | None = None, weekday: bool = False) -> Day | None:
    kept = tuple(dict.fromkeys(reading for reading in readings if reading is not None))
    return Day(kept, after, None if part is None else PARTS[part], weekday) if kept else None


def read_day(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """The day or span that starts at token `i`."""
    for reader in (
        _written,
        _day_of_month,
        _eve,
        _relative,
        _weekend,
        _edge,
        _unit,
        _weekday,
        _offset,
        _holiday,
        _month,
    ):
        found = reader(tokens, i, scope)
        if found is not None:
            return found
    return None


def _written(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """16/3/2026, 2026-03-16, 16/3, 10-12/6; day first, month first only where the day cannot be."""
    j = i + 1 if is_at(tokens, i, Sense.DATE_WORD) else i
    ranged = _days_before_slash(tokens, j, scope)
    if ranged is not None:
        return ranged
    full = sense_at(tokens, j, Sense.FULL_DATE)
    if full is not None:
        return _day(j + 1, calendar.a_date(full // 10000, full // 100 % 100, full % 100))
    pair = sense_at(tokens, j, Sense.DAY_MONTH)
    if pair is None:
        return None
    if tokens[j].has(Sense.DOT_CLOCK) and j == i and pair % 100 % 5 == 0:
        return None
    first, second = divmod(pair, 100)
    month_year = sense_at(tokens, j + 1, Sense.YEAR_WORD) and read_number(tokens, j + 2)
    if month_year and month_year.value > 1900:
        return _day(month_year.after, calendar.a_date(month_year.value, second, first))
    past = is_at(tokens, j + 1, Sense.LAST, Sense.AGO)
    by_day = calendar.coming(scope.today, second, first, past=past)
    by_month = calendar.coming(scope.today, first, second, past=past)
    if scope.language is not Language.EN and by_day is not None:
        by_month = None
    return _day(j + 1, by_day, by_month)


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
    return _day(first.after + 2, calendar.span(start, end))


def _year_at(tokens: Sequence[Token], i: int) -> Number | None:
    j = i
    while is_at(tokens, j, Sense.YEAR_WORD) or (is_at(tokens, j, Sense.CONNECT) and tokens[j].text == ","):
        j += 1
    number = read_number(tokens, j)
    if number is None or not number.is_digits or not 1990 <= number.value <= 2100:
        return None
    return number


def _month_at(tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
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


def _turned_month(tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
    """Months from this one and the token after: "next month", "bulan depan", "tháng này"."""
    j = i + 1 if is_at(tokens, i, Sense.OF) else i
    if is_at(tokens, j, Sense.UNIT, Sense.MONTH_WORD):
        unit = sense_at(tokens, j, Sense.UNIT)
        turn = _turn(tokens, j + 1)
    else:
        unit = sense_at(tokens, j + 1, Sense.UNIT)
        turn = _turn(tokens, j)
    return (turn, j + 2) if unit == MONTH and turn is not None else None


def _turn(tokens: Sequence[Token], i: int) -> int | None:
    if is_at(tokens, i, Sense.AFTER_NEXT):
        return 2
    if is_at(tokens, i, Sense.NEXT):
        return 1
    if is_at(tokens, i, Sense.THIS):
        return 0
    return -1 if is_at(tokens, i, Sense.LAST) else None


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
    month = _month_at(tokens, end.after + (1 if is_at(tokens, end.after, Sense.OF) else 0))
    if month is not None:
        return _in_month(tokens, scope, first.value, last.value if last else None, month)
    turned = _turned_month(tokens, end.after)
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
        return _day(first.after, start)
    return _day(end.after, calendar.span(start, calendar.coming_day_of_month(start, last.value)))


_CHOICES = frozenset("one slot option choice time package service".split(" "))


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
    year = _year_at(tokens, after)
    past = is_at(tokens, after, Sense.LAST, Sense.AGO) and scope.language is Language.ID
    if year is not None:
        start = calendar.a_date(year.value, number, first)
        after = year.after
    else:
        start = calendar.coming(scope.today, number, first, past=past)
    if last is None or start is None:
        return _day(after, start)
    return _day(after, calendar.span(start, calendar.a_date(start.year, number, last)))


def _in_turned_month(scope: Scope, first: int, last: int | None, turned: tuple[int, int]) -> Day | None:
    months, after = turned
    start = calendar.plus_months(scope.today.replace(day=1), months)
    if start is None:
        return None
    day = calendar.a_date(start.year, start.month, first)
    if last is None:
        return _day(after, day)
    return _day(after, calendar.span(day, calendar.a_date(start.year, start.month, last)))


def _eve(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """ "malam minggu" is Saturday evening, whatever the words seem to say."""
    weekday = sense_at(tokens, i, Sense.EVE)
    if weekday is None:
        return None
    eve = (weekday - 1) % 7
    turn = _turn(tokens, i + 1)
    if turn == 1:
        return _day(i + 2, calendar.weekday_of_week(scope.today, eve, 1), part=3)
    after = i + 2 if turn == 0 else i + 1
    if eve == scope.today.weekday():
        return _day(after, scope.today, part=3)
    return _day(after, calendar.coming_weekday(scope.today, eve), part=3)


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
        return _day(after, calendar.span(calendar.plus_days(scope.today, -days), scope.today)) if unit >= DAY else None
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
        return _day(after, moment)
    if unit == DAY:
        return _day(after, calendar.plus_days(scope.today, whole))
    if unit == WEEK:
        return _day(after, calendar.plus_days(scope.today, 7 * whole))
    return _day(after, calendar.plus_months(scope.today, whole * (12 if unit == YEAR else 1)))


def _within(scope: Scope, amount: float, unit: int, after: int) -> Day | None:
    end = _moved(scope, amount, unit, after)
    if end is None or unit < DAY:
        return end
    last = end.readings[0]
    whole = calendar.span(scope.today, last) if isinstance(last, date) else None
    return _day(after, whole, last)


def _weekend(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    before = _turn(tokens, i) if is_at(tokens, i + 1, Sense.WEEKEND) else None
    j = i + 1 if before is not None else i
    if not is_at(tokens, j, Sense.WEEKEND):
        return None
    behind = _turn(tokens, j + 1)
    turn = before if before is not None else behind
    after = j + 2 if before is None and behind is not None else j + 1
    this = calendar.weekend(scope.today, 0)
    if turn == 1 and scope.today.weekday() < 5:
        coming = this if before is not None or scope.language is not Language.VI else None
        return _day(after, calendar.weekend(scope.today, 1), coming)
    return _day(after, calendar.weekend(scope.today, turn) if turn else this)


def _edge(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """ "end of the month", "awal bulan depan", "đầu tuần sau", "early April"."""
    edge = sense_at(tokens, i, Sense.EDGE)
    if edge is None:
        return None
    j = i + 1
    while is_at(tokens, j, Sense.OF) or (is_at(tokens, j, Sense.DATE_WORD) and scope.language is Language.EN):
        j += 1
    whole = _unit(tokens, j, scope)
    month = _month_at(tokens, j) if whole is None else None
    if month is not None:
        whole = _whole_month(tokens, scope, *month)
    if whole is None and sense_at(tokens, j, Sense.UNIT) in {WEEK, MONTH}:
        whole = _spans(scope, tokens[j].senses[Sense.UNIT], 0, j + 1)
    if whole is None or not isinstance(whole.readings[0], Span):
        return None
    return _day(whole.after, calendar.third(whole.readings[0], edge))


def _spans(scope: Scope, unit: int, turn: int, after: int) -> Day | None:
    if unit == WEEK:
        return _day(after, calendar.week(scope.today, turn))
    if unit == MONTH:
        return _day(after, calendar.month(scope.today, turn))
    if unit == YEAR:
        year = scope.today.year + turn
        return _day(after, calendar.span(calendar.a_date(year, 1, 1), calendar.a_date(year, 12, 31)))
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
    if named is not None and tokens[j].text != tokens[i].text and _turn(tokens, j + 1) is None:
        return _day(j + 1, calendar.weekday_of_week(scope.today, named, turn))
    if is_at(tokens, i, Sense.WEEKDAY) and spans is not None:
        sunday = calendar.weekday_of_week(scope.today, 6, turn)
        nearer = calendar.weekday_of_week(scope.today, 6, 0) if turn == 1 else None
        return _day(after, *spans.readings, sunday, nearer)
    return spans


def _turned_unit(tokens: Sequence[Token], i: int, scope: Scope) -> tuple[int | None, int | None, int]:
    if scope.language is Language.EN:
        if is_at(tokens, i, Sense.NEXT) and is_at(tokens, i + 2, Sense.NEXT):
            return None, None, i
        after_next = is_at(tokens, i + 2, Sense.PAST) and is_at(tokens, i + 3, Sense.NEXT)
        if is_at(tokens, i, Sense.UNIT) and is_at(tokens, i + 1, Sense.PAST) and is_at(tokens, i + 2, Sense.NEXT):
            return 2, sense_at(tokens, i, Sense.UNIT), i + 3
        if _turn(tokens, i) is not None and not after_next:
            return _turn(tokens, i), sense_at(tokens, i + 1, Sense.UNIT), i + 2
        return None, None, i
    unit = sense_at(tokens, i, Sense.UNIT)
    turn = None if unit is None else _turn(tokens, i + 1)
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
    before = _turn(tokens, j) if scope.language is Language.EN and is_at(tokens, j + 1, Sense.WEEKDAY) else None
    turning = tokens[j].text if before is not None else ""
    j += 1 if before is not None else 0
    weekday = sense_at(tokens, j, Sense.WEEKDAY)
    if weekday is None:
        return None
    j += 1
    k = j
    while is_at(tokens, k, Sense.OF, Sense.CONNECT) and k < j + 2 and _turn(tokens, k) is None:
        k += 1
    turn, unit, after = _turned_unit(tokens, k, scope)
    if turn is not None and unit == WEEK and not (is_at(tokens, k, Sense.WEEKDAY) and k > j):
        return _day(after, calendar.weekday_of_week(scope.today, weekday, turn))
    unit_follows = scope.language is Language.EN and is_at(tokens, j + 1, Sense.UNIT)
    if before is None and _turn(tokens, j) is not None and not unit_follows:
        before, turning, j = _turn(tokens, j), tokens[j].text, j + 1
    return _turned_weekday(scope, weekday, before, turning, j)


_COMING = frozenset({"tới", "toi", "mendatang", "besok", "bsk", "sắp tới", "tới đây", "yang akan datang", "yad"})


def _turned_weekday(scope: Scope, weekday: int, turn: int | None, word: str, after: int) -> Day | None:
    coming = calendar.coming_weekday(scope.today, weekday)
    if turn is None:
        today = scope.today if scope.today.weekday() == weekday else None
        return _day(after, coming, today, weekday=True)
    if word in _COMING:
        return _day(after, coming)
    if turn == -1 and coming is not None:
        return _day(after, calendar.plus_days(coming, -7 if coming > scope.today else 0))
    if turn == 0:
        this = calendar.weekday_of_week(scope.today, weekday, 0)
        return _day(after, this if this is not None and this >= scope.today else coming)
    nearer = coming if scope.language is not Language.VI else None
    return _day(after, calendar.weekday_of_week(scope.today, weekday, turn), nearer)


def _offset(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    days = sense_at(tokens, i, Sense.DAY)
    if days is not None:
        return _day(i + 1, calendar.plus_days(scope.today, days), part=sense_at(tokens, i, Sense.PART))
    if is_at(tokens, i, Sense.NOW):
        return _day(i + 1, scope.now.replace(second=0, microsecond=0))
    return None


def _holiday(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    code = sense_at(tokens, i, Sense.HOLIDAY)
    if code is None:
        return None
    year = _year_at(tokens, i + 1)
    if year is not None:
        return _day(year.after, calendar.a_date(year.value, code // 100, code % 100))
    return _day(i + 1, calendar.coming(scope.today, code // 100, code % 100))


def _month(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """A month alone, where a word before it says it is one ("in May", "bulan April", "tháng 4")."""
    month_year = sense_at(tokens, i, Sense.MONTH_YEAR)
    if month_year is not None:
        first = calendar.a_date(month_year // 100, month_year % 100, 1)
        return None if first is None else _day(i + 1, calendar.month(first, 0))
    marked = is_at(tokens, i, Sense.MONTH_WORD) or is_at(
        tokens, i - 1, Sense.IN, Sense.THIS, Sense.NEXT, Sense.EDGE, Sense.OF, Sense.FROM, Sense.SEP
    )
    month = _month_at(tokens, i) if marked else None
    return None if month is None else _whole_month(tokens, scope, *month)


def _whole_month(tokens: Sequence[Token], scope: Scope, number: int, after: int) -> Day | None:
    year = _year_at(tokens, after)
    if year is not None:
        first = calendar.a_date(year.value, number, 1)
        return None if first is None else _day(year.after, calendar.month(first, 0))
    ahead = (number - scope.today.month) % 12
    return _day(after, calendar.month(scope.today, ahead))
