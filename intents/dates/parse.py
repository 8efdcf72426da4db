"""`find_dates`: a message in, every date, time and span of it out, each with its other readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from intents.dates import calendar, polarity, replacements
from intents.dates import clock as clocks
from intents.dates.doubts import impossible_days, in_other_zone, other_zone
from intents.dates.joining import Pair, joined
from intents.dates.lexicon import lexicon_for
from intents.dates.mention import Mention
from intents.dates.mentions import scan
from intents.dates.numbers import is_at
from intents.dates.spoken import Scope
from intents.dates.tokens import Sense, Token, tokenize
from intents.dates.values import (
    Bound,
    DateDoubt,
    DateKind,
    DateValue,
    DoubtKind,
    FoundDates,
    Language,
    Moment,
    PartOfDay,
    Span,
    kind_of,
)

_MOST_TOKENS = 160
_MOST_READINGS = 3
_SHORT_ANSWER = 4
_MARKED = frozenset("ăâđêôơưàằầèềìòồờùừỳáắấéếíóốớúứýảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹạặậẹệịọộợụựỵ")


def find_dates(text: str, language: Language, today: date, now: datetime, *, time_is_asked: bool = False) -> FoundDates:
    """Every date, time and span in a message; any string is read, nothing is raised.

    `now` carries the zone of the business. A bare number is a time only when `time_is_asked`.
    """
    marked = not text.isascii() and any(ch in _MARKED for ch in text.lower())
    tokens = tokenize(text, lexicon_for(language, marked), _MOST_TOKENS)
    if not any(token.senses for token in tokens):
        return FoundDates()
    tokens, doubts = impossible_days(tokens, text, today)
    scope = Scope(today, now, language)
    asked = time_is_asked and len(tokens) <= _SHORT_ANSWER
    pairs, replaced = replacements.new_ends(joined(scan(tokens, scope, asked=asked), tokens), text, tokens)
    sides = _sides(pairs, text, tokens)
    zone = other_zone(text, scope)
    wished: list[DateValue] = []
    excluded: list[DateValue] = []
    ends: list[DateValue] = []
    for pair, side in zip(pairs, sides, strict=True):
        first = pair[0]
        inside = tokens[first.start : first.after]
        # In "6 minggu, mulai 9 Feb" minggu is weeks and no Sunday, and "2 weeks on" is no date.
        is_counted = tokens[first.start].has(Sense.UNIT) and is_at(tokens, first.start - 1, Sense.NUM)
        is_counted = is_counted or any(t.has(Sense.AHEAD) or t.has(Sense.AGO) or t.has(Sense.IN) for t in inside)
        if pair[1] is None and pair[0].day is not None and pair[0].day.conflict and not is_counted:
            words = text[tokens[pair[0].start].start : tokens[pair[0].after - 1].end]
            doubts.append(DateDoubt(DoubtKind.WEEKDAY_AND_DATE, words, pair[0].day.conflict))
            continue
        mention, end = pair
        words = text[tokens[mention.start].start : tokens[(end or mention).after - 1].end]
        readings = _readings(mention, scope) if end is None else _span_readings(mention, end, scope)
        if not readings:
            continue
        best, *others = (DateValue(kind_of(reading), reading, words) for reading in readings[:_MOST_READINGS])
        value = replace(best, alternatives=tuple(others))
        doubt = None if zone is None else in_other_zone(value, *zone, scope)
        if doubt is not None:
            doubts.append(doubt)
        elif side.is_excluded:
            excluded.append(value)
        else:
            is_span = value.kind is DateKind.INTERVAL
            wished.append(value if is_span else replace(value, bound=side.bound))
            ends += [value] if end is not None else []
    wished = replacements.without_wholes(wished, ends, text)
    part = next(
        (part for pair, side in zip(pairs, sides, strict=True) if not side.is_excluded and (part := _part(pair[0]))),
        None,
    )
    if len(wished) > 1:
        # With a day, "now" says that something changed: "I've a table on Friday, we'll be six now".
        wished = [value for value in wished if value.text.lower() not in _NOW_ALONE] or wished
    moved_from = [
        DateValue(kind_of(readings[0]), readings[0], text[tokens[mention.start].start : tokens[mention.after - 1].end])
        for mention in replaced
        if (readings := _readings(mention, scope))
    ]
    return FoundDates(_distinct(wished), part, _distinct(excluded), tuple(doubts), tuple(moved_from))


_NOW_ALONE = frozenset({"now", "sekarang", "skrg", "bây giờ", "bay gio", "giờ", "hiện tại"})


@dataclass(frozen=True, slots=True)
class _Side:
    is_excluded: bool = False
    bound: Bound | None = None


def _sides(pairs: Sequence[Pair], text: str, tokens: Sequence[Token]) -> list[_Side]:
    """For each mention what the words around it make of it."""
    sides: list[_Side] = []
    ends = 0
    was_excluded = False
    for first, second in pairs:
        start, end = tokens[first.start].start, tokens[(second or first).after - 1].end
        before, words, after = text[ends:start], text[start:end], text[end:]
        is_excluded = polarity.is_excluded(before, words, after)
        is_excluded = is_excluded or (was_excluded and polarity.goes_on(before))
        # Without marks "dung thu ba" is "not Tuesday" or "just Tuesday"; another day behind it says which.
        is_excluded = is_excluded or (polarity.is_unmarked_dont(before) and len(pairs) > 1)
        # The "after" of "tomorrow after lunch" limits no day: it names a part of it.
        limited = "" if first.part is not None and first.clock is None else words
        sides.append(_Side(is_excluded, None if second or first.until else polarity.bound_of(before, limited)))
        ends, was_excluded = end, is_excluded
    return sides


def _distinct(values: list[DateValue]) -> tuple[DateValue, ...]:
    """Each value once: "Christmas, 25 December" names one day twice, "Valentine's on 14 Feb at 7" its day twice."""
    timed = {value.value.date() for value in values if isinstance(value.value, datetime)}
    values = [value for value in values if value.kind is not DateKind.DATE or value.value not in timed]
    first = {(value.kind, str(value.value)): value for value in reversed(values)}
    kept = set(map(id, first.values()))
    return tuple(value for value in values if id(value) in kept)


def _part(mention: Mention) -> PartOfDay | None:
    return mention.part or (mention.clock.part if mention.clock else None)


def _readings(mention: Mention, scope: Scope) -> list[Moment | Span]:
    if mention.clock is None:
        return list(mention.day.readings) if mention.day is not None else []
    if mention.until is not None:
        until = mention.until
        first = mention.clock
        assert first is not None
        part = mention.part or until.part or first.part
        ends = clocks.readings(until, part)
        if until.meridiem is not None or until.part is not None or mention.part is not None:
            starts = clocks.readings(first, part)
            if first.meridiem is None and first.part is None and until.meridiem is not None:
                starts = clocks.readings(replace(first, meridiem=until.meridiem)) + starts
        else:
            starts = clocks.readings(first)
        pairs = [(start, end) for start in starts for end in ends if start < end] or [(starts[0], ends[0])]
        if mention.day is None:
            return [Span(*pairs[0])]
        days = [day for day in mention.day.readings if not isinstance(day, Span)]
        if not days:
            return list(mention.day.readings)
        start, end = pairs[0]
        ends_on = calendar.plus_days(days[0], 1) if end < start else days[0]
        return [Span(_at(days[0], start, scope), _at(ends_on or days[0], end, scope))]
    times = clocks.readings(mention.clock, mention.part)
    if mention.day is None:
        return list(times)
    days = [day for day in mention.day.readings if not isinstance(day, Span)]
    if not days:
        return list(mention.day.readings)
    found = [_at(day, moment, scope) for moment in times for day in days]
    # Of today's times those to come first; "tonight at 12" is at the end of tonight.
    part = _part(mention)
    now = scope.now
    if not found or found[0].date() != now.date() or found[0] >= now:
        not_past = found
    elif part is PartOfDay.EVENING and found[0].hour < _FIRST_MORNING_HOUR:
        night = calendar.plus_days(scope.today, 1)
        not_past = found if night is None else [_at(night, found[0].time(), scope)]
    else:
        not_past = sorted(found, key=lambda moment: moment < now)
    return list(not_past)


_FIRST_MORNING_HOUR = 4


def _at(day: date, moment: time, scope: Scope) -> datetime:
    return datetime(day.year, day.month, day.day, moment.hour, moment.minute, tzinfo=scope.now.tzinfo)


def _span_readings(first: Mention, second: Mention, scope: Scope) -> list[Moment | Span]:
    start, end = _readings(first, scope)[0], _readings(second, scope)[0]
    start = start.start if isinstance(start, Span) else start
    end = end.end if isinstance(end, Span) else end
    if isinstance(start, datetime) and isinstance(end, time):
        end = _at(start, end, scope)
    elif isinstance(start, time) and isinstance(end, datetime):
        start = _at(end, start, scope)
    elif isinstance(start, datetime) is not isinstance(end, datetime):
        start, end = _as_date(start), _as_date(end)
    days = [each for each in (start, end) if isinstance(each, date) and not isinstance(each, datetime)]
    if len(days) == 2 and days[1] < days[0] and (days[0] - days[1]).days <= 7:
        # "Friday to Tuesday": an end before the start is meant a week later, as far as the calendar goes.
        end = date.fromordinal(min(days[1].toordinal() + 7, date.max.toordinal()))
    return [Span(start, end)]


def _as_date(moment: Moment) -> Moment:
    return moment.date() if isinstance(moment, datetime) else moment
