"""Days and spans of days however they are said: by date, by weekday, or counted from today ("lusa", "3 ngày nữa")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intents.dates import amounts, calendar, feasts, ordinals, weeks, written
from intents.dates.amounts import SpokenDuration, read_amount
from intents.dates.numbers import is_at, sense_at
from intents.dates.spoken import (
    DAY,
    FORTNIGHT,
    HOUR,
    NIGHT,
    WEEK,
    Day,
    Scope,
    a_day,
    month_at,
    said_year,
    turn_at,
    whole_month,
    year_at,
)
from intents.dates.tokens import Sense, Token
from intents.dates.values import Language, Span


def read_day(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """The day or span that starts at token `i`."""
    return _anchored(tokens, i, scope) or _plain_day(tokens, i, scope)


def _plain_day(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    for reader in (
        feasts.read_feast,
        ordinals.read_nth,
        written.read_written,
        _eve,
        _relative,
        weeks.read_weekday_or_whole,
        _offset,
        _month,
        _year,
    ):
        found = reader(tokens, i, scope)
        if found is not None:
            return found
    return None


def _anchored(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """ "two days before Christmas", "a week from Friday", "3 malam dari jumat", "sau Tết 3 ngày"."""
    weekday = _weekday_near(tokens, i, scope)
    if weekday is not None:
        return weekday
    if scope.language is Language.VI and is_at(tokens, i, Sense.EARLIER, Sense.LATER):
        anchor = _plain_day(tokens, i + 1, scope)
        amount = None if anchor is None else read_amount(tokens, anchor.after)
        if anchor is None or amount is None or amount.unit < DAY or is_at(tokens, amount.after, Sense.AHEAD, Sense.AGO):
            return None
        return _counted_from(anchor, amount, -1 if is_at(tokens, i, Sense.EARLIER) else 1, after=amount.after)
    j = i + 1 if scope.language is Language.EN and is_at(tokens, i, Sense.DATE_WORD) else i
    amount = read_amount(tokens, j)
    if amount is None and scope.language is Language.EN and sense_at(tokens, j, Sense.UNIT) == DAY:
        amount = SpokenDuration(DAY, j + 1, days=1)
    if amount is None or amount.unit < DAY:
        return None
    k = amount.after
    # "a week today", "a fortnight tomorrow".
    if scope.language is Language.EN and amount.unit in {WEEK, FORTNIGHT} and is_at(tokens, k, Sense.DAY):
        today_or_so = _plain_day(tokens, k, scope)
        return None if today_or_so is None else _counted_from(today_or_so, amount, 1)
    on = k < len(tokens) and tokens[k].text == "on" and amount.unit in {WEEK, FORTNIGHT}
    if not (on or is_at(tokens, k, Sense.EARLIER, Sense.LATER)):
        return None
    anchor = _plain_day(tokens, k + 1, scope)
    if anchor is None:
        return None
    # "three nights from Friday" is a stay, "three days from Friday" a single day.
    lasts = amount.unit == NIGHT or (i > 0 and tokens[i - 1].text in _LASTING)
    return _counted_from(anchor, amount, -1 if is_at(tokens, k, Sense.EARLIER) else 1, lasts=lasts)


def _weekday_near(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """ "the Friday before Christmas", "the third Tuesday after Easter", "Jumat sebelum Natal"."""
    j = i + 1 if scope.language is Language.EN and is_at(tokens, i, Sense.DATE_WORD) else i
    nth = sense_at(tokens, j, Sense.NTH) if is_at(tokens, j + 1, Sense.WEEKDAY) else None
    j += 0 if nth is None else 1
    weekday = sense_at(tokens, j, Sense.WEEKDAY)
    if weekday is None or not is_at(tokens, j + 1, Sense.EARLIER, Sense.LATER) or is_at(tokens, j + 1, Sense.FROM):
        return None
    anchor = feasts.read_feast(tokens, j + 2, scope) or written.read_written(tokens, j + 2, scope)
    if anchor is None or isinstance(anchor.readings[0], Span):
        return None
    start = anchor.readings[0]
    weeks_on = (nth or 1) - 1
    if is_at(tokens, j + 1, Sense.EARLIER):
        return a_day(anchor.after, calendar.plus_days(start, -((start.weekday() - weekday - 1) % 7 + 1) - 7 * weeks_on))
    return a_day(anchor.after, calendar.plus_days(start, (weekday - start.weekday() - 1) % 7 + 1 + 7 * weeks_on))


_LASTING = frozenset({"for", "selama", "staying", "stay", "nginep", "nginap", "menginap"})


def _counted_from(
    anchor: Day, amount: SpokenDuration, sign: int, *, lasts: bool = False, after: int | None = None
) -> Day | None:
    day = anchor.readings[0]
    if isinstance(day, Span):
        return None
    moved = amounts.shifted(day, amount, sign)
    return a_day(after or anchor.after, calendar.span(day, moved) if lasts else moved)


def _eve(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """ "malam minggu" is Saturday evening, whatever the words seem to say."""
    weekday = sense_at(tokens, i, Sense.EVE)
    if weekday is None:
        return None
    # "malam Minggu" is the evening before Sunday: by that count a day begins at sunset.
    eve = (weekday - 1) % 7
    turn = turn_at(tokens, i + 1)
    coming = turn == 1 and tokens[i + 1].text in {"besok", "bsk"}
    if turn == 1 and not coming:
        return a_day(i + 2, calendar.weekday_of_week(scope.today, eve, 1), part=3)
    after = i + 2 if turn == 0 or coming else i + 1
    if eve == scope.today.weekday():
        return a_day(after, scope.today, part=3)
    return a_day(after, calendar.coming_weekday(scope.today, eve), part=3)


def _relative(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """ "in 2 days", "2 hari lagi", "3 ngày nữa", "in half an hour", "seminggu lagi"."""
    if is_at(tokens, i, Sense.IN):
        about = i + 2 if is_at(tokens, i + 1, Sense.ABOUT) else i + 1
        return _counted(tokens, i, about, scope) or _counted(tokens, i, i, scope)
    return _counted(tokens, i, i, scope)


def _counted(tokens: Sequence[Token], i: int, j: int, scope: Scope) -> Day | None:
    inside = j > i
    amount = read_amount(tokens, j) or _clock_as_length(tokens, j, inside=inside)
    if amount is None:
        if not is_at(tokens, i, Sense.NEXT, Sense.LAST) or scope.language is not Language.EN:
            return None
        amount = read_amount(tokens, i + 1)
        if amount is None or not is_at(tokens, i + 1, Sense.NUM):
            return None
        if is_at(tokens, i, Sense.NEXT):
            return _within(scope, amount, amount.after)
        before = amounts.moved(scope, amount, -1)
        return a_day(amount.after, calendar.span(before, scope.today)) if amount.unit >= DAY else None
    after, unit = amount.after, amount.unit
    ahead, ago = is_at(tokens, after, Sense.AHEAD), is_at(tokens, after, Sense.AGO)
    word = tokens[after].text if after < len(tokens) else ""
    if unit == HOUR and _is_time_of_day(tokens, i, amount, word, ahead=ahead, inside=inside):
        return None
    if ahead and (word in _COVERING or (scope.language is Language.VI and word in _COVERING_DAYS and unit >= DAY)):
        return _within(scope, amount, after + 1)
    if ago and ((not ahead and not inside) or (scope.language is Language.ID and word.endswith("lalu"))):
        return a_day(after + 1, amounts.moved(scope, amount, -1))
    if unit == NIGHT and not ahead:
        return None
    if ahead or inside:
        return a_day(after + 1 if ahead else after, amounts.moved(scope, amount))
    return None


_COVERING = frozenset({"ke depan", "kedepan", "mendatang", "tiếp theo", "tiep theo", "sắp tới", "sap toi"})
_COVERING_DAYS = frozenset({"tới", "toi"})
_EVENING_OR_AHEAD = frozenset({"toi", "tới"})
"""After an hour "toi" is the evening."""


def _is_time_of_day(
    tokens: Sequence[Token], i: int, amount: SpokenDuration, word: str, *, ahead: bool, inside: bool
) -> bool:
    """ "3 giờ" and "at 3 hours" are times, and so is "8 gio toi"."""
    said_hour = any(tokens[at].text in {"giờ", "gio", "h"} for at in range(i, amount.after))
    if ahead and (word not in _EVENING_OR_AHEAD or not inside):
        return said_hour and word in _EVENING_OR_AHEAD
    if inside:
        return said_hour and is_at(tokens, amount.after, Sense.PART) and word != "toi"
    return said_hour or is_at(tokens, i - 1, Sense.MARK, Sense.WEAK_MARK)


def _clock_as_length(tokens: Sequence[Token], i: int, *, inside: bool) -> SpokenDuration | None:
    """ "in 1h30", "1h30 nữa"."""
    minutes = sense_at(tokens, i, Sense.CLOCK)
    if minutes is None or ":" in tokens[i].text or not (inside or is_at(tokens, i + 1, Sense.AHEAD)):
        return None
    if is_at(tokens, i + 1, Sense.AHEAD) and tokens[i + 1].text in _EVENING_OR_AHEAD:
        return None
    if inside and tokens[i - 1].text not in {"in", "sau", "dalam"}:
        return None
    return SpokenDuration(HOUR, i + 1, minutes=minutes)


def _within(scope: Scope, amount: SpokenDuration, after: int) -> Day | None:
    last = amounts.moved(scope, amount)
    if last is None or amount.unit < DAY:
        return a_day(after, last)
    whole = calendar.span(scope.today, last)
    # "within 3 days" is any of them or, less likely, the last one.
    return a_day(after, whole) if amount.unit == NIGHT else a_day(after, whole, last)


def _offset(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    days = sense_at(tokens, i, Sense.DAY)
    if days is not None:
        found = a_day(i + 1, calendar.plus_days(scope.today, days), part=sense_at(tokens, i, Sense.PART))
        return None if found is None else replace(found, is_weak=tokens[i].text.startswith(("eod", "end of")))
    if is_at(tokens, i, Sense.NOW):
        found = a_day(i + 1, scope.now.replace(second=0, microsecond=0))
        return None if found is None else replace(found, is_weak=True)
    return None


_NO_NAMES_WORDS = """
    january february july september october november december januari februari maret agustus oktober desember
"""
_NO_NAMES = frozenset(_NO_NAMES_WORDS.split())
"""Months that are nobody's name and no other word."""


def _month(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """A month alone, where a word next to it says it is one ("in May", "bulan April", "tháng 4", "Oct 2026")."""
    month_year = sense_at(tokens, i, Sense.MONTH_YEAR)
    if month_year is not None:
        first = calendar.a_date(month_year // 100, month_year % 100, 1)
        return None if first is None else a_day(i + 1, calendar.month(first, 0))
    month = month_at(tokens, i)
    if month is None:
        return None
    number, after = month
    if is_at(tokens, i - 1, Sense.LAST) and scope.language is Language.EN:
        return a_day(after, calendar.month(scope.today, -((scope.today.month - number - 1) % 12 + 1)))
    if not _is_month_here(tokens, i, after) and said_year(tokens, scope, after)[0] is None:
        return None
    whole = whole_month(tokens, scope, number, after)
    edge = sense_at(tokens, after, Sense.EDGE) if scope.language is Language.ID else None
    if edge is not None and whole is not None and isinstance(whole.readings[0], Span):
        # "Oktober pertengahan"
        return a_day(after + 1, calendar.third(whole.readings[0], edge))
    return whole


_AFTER_A_MONTH = frozenset({"aja", "saja", "deh", "ya", "kak", "dong", "gimana", "please", "pls", "works", "then"})


def _is_month_here(tokens: Sequence[Token], i: int, after: int) -> bool:
    # "Juni aja deh kak": a month that could be a name, and begins a short answer
    is_answer = i == 0 and len(tokens) > 1 and tokens[1].text in _AFTER_A_MONTH
    named_in_full = is_answer or tokens[i].text in _NO_NAMES or tokens[i].text.startswith(("tháng ", "thang "))
    if named_in_full or is_at(tokens, i, Sense.MONTH_WORD) or year_at(tokens, after) is not None:
        return True
    if is_at(tokens, i - 1, Sense.IN, Sense.THIS, Sense.NEXT, Sense.EDGE, Sense.OF, Sense.FROM, Sense.BY):
        return True
    if is_at(tokens, i - 1, Sense.EARLIER, Sense.LATER, Sense.LAST):
        return True
    if not is_at(tokens, i - 1, Sense.SEP, Sense.OR):
        return False
    return tokens[i - 1].text not in {"and", "&", "dan"} or is_at(tokens, i - 3, Sense.IN, Sense.FROM)


def _year(tokens: Sequence[Token], i: int, scope: Scope) -> Day | None:
    """ "in 2027", "tahun 2027"."""
    if not is_at(tokens, i, Sense.YEAR_WORD) and not (scope.language is Language.EN and is_at(tokens, i, Sense.IN)):
        return None
    year = year_at(tokens, i + 1)
    return None if year is None else a_day(year.after, calendar.year(year.value))
