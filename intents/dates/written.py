"""Dates with figures or a month in them: 16/3, "12-15 Maret", "ngày 20 tháng 3", "the 20th of next month"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intents.dates import calendar
from intents.dates.numbers import Number, is_at, read_number, sense_at
from intents.dates.spoken import Day, Scope, a_day, month_at, said_year, turned_month
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
        return _with_year(a_day(j + 1, calendar.a_date(full // 10000, full // 100 % 100, full % 100)))
    pair = sense_at(tokens, j, Sense.DAY_MONTH)
    if pair is None:
        return None
    # "10.30" alone is a time; as a date it needs a word before it.
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
    # The token after "12.12", or after "12.12." as it is written in much of Europe.
    dotted = "." in tokens[j].text and j + 2 < len(tokens) and tokens[j + 1].text == "."
    has_stop = dotted and tokens[j + 1].start == tokens[j].end and not tokens[j + 2].is_capital
    day = a_day(j + 2 if has_stop else j + 1, by_day, by_month)
    return None if day is None else _anywhere(day, scope, second, first)


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
    while is_at(tokens, j, Sense.DATE_WORD) and j < i + 3:
        j += 1
    # "3 ngày 2 đêm": after a bare figure "ngày" is a length, after minutes ("23 giờ 55 ngày 28") it is a date.
    after_figure = i > 0 and tokens[i - 1].text.isdecimal() and is_at(tokens, i, Sense.UNIT)
    dated = j > i and (not after_figure or is_at(tokens, i - 2, Sense.HOUR))
    first = read_number(tokens, j)
    if first is None or not 1 <= first.value <= 31:
        return None
    # "both the 15th and the 17th" are two days
    last = None if i > 0 and tokens[i - 1].text == "both" else _second_day(tokens, first.after)
    end = last or first
    month = month_at(tokens, end.after + (1 if is_at(tokens, end.after, Sense.OF) else 0))
    if month is not None:
        return _in_month(tokens, scope, first.value, last.value if last else None, month)
    turned = turned_month(tokens, end.after)
    if turned is not None and (dated or first.is_ordinal or first.value > 12):
        return _in_turned_month(scope, first.value, last.value if last else None, turned)
    if not (first.is_ordinal and scope.language is Language.EN and (dated or first.is_digits)) and not (
        dated and scope.language is not Language.EN and not is_at(tokens, first.after, Sense.AHEAD)
    ):
        return None
    if _is_one_of_several(tokens, i, first):
        return None
    past = is_at(tokens, end.after, Sense.LAST) and scope.language is Language.ID
    start = calendar.coming_day_of_month(scope.today, first.value, past=past)
    if last is None or start is None:
        day = a_day(first.after, start)
        # A weekday said with it may choose that day of the two months after this one.
        firsts = (calendar.plus_months(scope.today.replace(day=1), months) for months in range(3))
        same = (calendar.a_date(each.year, each.month, first.value) for each in firsts if each is not None)
        coming = tuple(each for each in same if each is not None and each >= scope.today)
        return None if day is None else replace(day, elsewhere=coming)
    return a_day(end.after, calendar.span(start, calendar.coming_day_of_month(start, last.value)))


_JUST_PAST = 31


_CHOICES = frozenset({"one", "slot", "option", "choice", "time", "package", "service"})


def _is_one_of_several(tokens: Sequence[Token], i: int, number: Number) -> bool:
    """ "the second one" is no 2nd of the month; "on the second" is, when no thing follows that could be counted."""
    if not number.is_ordinal:
        return False
    following = tokens[number.after] if number.after < len(tokens) else None
    if following is not None and following.text in _CHOICES:
        return True
    if number.is_digits or number.value > 5:
        return following is not None and following.text in _COUNTED_THINGS
    said_on = i > 0 and tokens[i - 1].text in {"on", "by", "until", "till"}
    ends = following is None or bool(following.senses) or not following.text[0].isalnum()
    return not (said_on and ends)


_COUNTED_THINGS_WORDS = """
    floor time one street avenue year birthday anniversary grade century row place attempt person
    door item option try son child wife day week class act
"""
_COUNTED_THINGS = frozenset(_COUNTED_THINGS_WORDS.split())


def _second_day(tokens: Sequence[Token], i: int) -> Number | None:
    if not is_at(tokens, i, Sense.SEP) or tokens[i].text == "sama":
        return None
    j = i + 1
    while is_at(tokens, j, Sense.DATE_WORD) and j < i + 3:
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
    if not first.is_ordinal and is_at(tokens, first.after, Sense.PEOPLE, Sense.UNIT):
        return None
    month = sense_at(tokens, i, Sense.MONTH) or 1
    last = _second_day(tokens, first.after)
    # "March 3 to one of us": a number in words after a date ends no range.
    if last is not None and not last.is_digits:
        last = None
    return _in_month(tokens, scope, first.value, last.value if last else None, (month, (last or first).after))


def _in_month(
    tokens: Sequence[Token], scope: Scope, first: int, last: int | None, month: tuple[int, int]
) -> Day | None:
    number, after = month
    year, after = said_year(tokens, scope, after)
    past = is_at(tokens, after, Sense.LAST, Sense.AGO) and scope.language is Language.ID
    if year is not None:
        start = calendar.a_date(year, number, first)
    else:
        start = calendar.coming(scope.today, number, first, past=past)
        after += 1 if past else 0
    if last is not None and last < first and start is not None:
        # "22nd to the 6 July" begins in June.
        end = calendar.coming(scope.today, number, last) if year is None else calendar.a_date(year, number, last)
        before = None if end is None else calendar.plus_months(end.replace(day=1), -1)
        start = None if before is None else calendar.a_date(before.year, before.month, first)
        return a_day(after, calendar.span(start, end))
    if last is None or start is None:
        until = _later_day(tokens, after, scope) if start is not None else None
        if until is not None and start is not None:
            month_after = start if until.value > first else calendar.plus_months(start.replace(day=1), 1)
            end = None if month_after is None else calendar.a_date(month_after.year, month_after.month, until.value)
            return a_day(until.after, calendar.span(start, end))
        day = a_day(after, start)
        return _with_year(day) if day is None or year is not None else _anywhere(day, scope, number, first)
    return a_day(after, calendar.span(start, calendar.a_date(start.year, number, last)))


def _with_year(day: Day | None) -> Day | None:
    return None if day is None else replace(day, is_written=True)


_NO_DAY_AFTER = (
    Sense.HOUR, Sense.MERIDIEM, Sense.PEOPLE, Sense.UNIT, Sense.PART, Sense.MONTH, Sense.MONTH_WORD, Sense.NIGHT,
    Sense.HALF_AFTER, Sense.TO, Sense.PAST, Sense.NUM, Sense.CLOCK, Sense.MINUTES,
)  # fmt: skip
_NO_ENDS = frozenset({"and", "&", "dan", "sama", "và", "va", "ke"})


def _later_day(tokens: Sequence[Token], i: int, scope: Scope) -> Number | None:
    """The day that ends "5 January till the 13th": a number after "till" that nothing makes a time or a count."""
    if not is_at(tokens, i, Sense.SEP) or tokens[i].text in _NO_ENDS:
        return None
    j = i + 1
    while is_at(tokens, j, Sense.DATE_WORD) and j < i + 3:
        j += 1
    number = read_number(tokens, j)
    if number is None or not 1 <= number.value <= 31 or not number.is_digits:
        return None
    after = number.after + (1 if is_at(tokens, number.after, Sense.OF) else 0)
    return None if is_at(tokens, after, *_NO_DAY_AFTER) else number


def _anywhere(day: Day, scope: Scope, month: int, number: int) -> Day:
    # That day of the next years, or of the last one if it was within a month.
    near = calendar.coming(scope.today, month, number, past=True)
    years = (calendar.a_date(scope.today.year + ahead, month, number) for ahead in (0, 1, 2))
    past = near if near is not None and (scope.today - near).days <= _JUST_PAST else None
    return replace(day, elsewhere=tuple(each for each in (past, *years) if each is not None))


def _in_turned_month(scope: Scope, first: int, last: int | None, turned: tuple[int, int]) -> Day | None:
    months, after = turned
    start = calendar.plus_months(scope.today.replace(day=1), months)
    if start is None:
        return None
    day = calendar.a_date(start.year, start.month, first)
    if last is None:
        return a_day(after, day)
    return a_day(after, calendar.span(day, calendar.a_date(start.year, start.month, last)))
