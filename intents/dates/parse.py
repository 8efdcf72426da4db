"""`find_dates`: a message in, every date, time and span of it out, each with its other readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time

from intents.dates import calendar
from intents.dates import clock as clocks
from intents.dates.clock import SpokenTime
from intents.dates.joining import Pair, joined
from intents.dates.lexicon import lexicon_for
from intents.dates.mentions import Mention, scan
from intents.dates.spoken import Scope
from intents.dates.tokens import Token, tokenize
from intents.dates.values import DateKind, DateValue, FoundDates, Language, Moment, PartOfDay, Span, kind_of

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
    scope = Scope(today, now, language)
    asked = time_is_asked and len(tokens) <= _SHORT_ANSWER
    pairs = joined(scan(tokens, scope, asked=asked), tokens)
    values = [value for pair in pairs if (value := _value(pair, text, tokens, scope))]
    return FoundDates(_distinct(values), next((part for pair in pairs if (part := _part(pair[0]))), None))


def _distinct(values: list[DateValue]) -> tuple[DateValue, ...]:
    """Each value once: "Christmas, 25 December" names one day twice, "Valentine's on 14 Feb at 7" its day twice."""
    timed = {value.value.date() for value in values if isinstance(value.value, datetime)}
    values = [value for value in values if value.kind is not DateKind.DATE or value.value not in timed]
    first = {(value.kind, str(value.value)): value for value in reversed(values)}
    kept = set(map(id, first.values()))
    return tuple(value for value in values if id(value) in kept)


def _part(mention: Mention) -> PartOfDay | None:
    return mention.part or (mention.clock.part if mention.clock else None)


def _value(pair: Pair, text: str, tokens: Sequence[Token], scope: Scope) -> DateValue | None:
    first, second = pair
    words = text[tokens[first.start].start : tokens[(second or first).after - 1].end]
    readings = _readings(first, scope) if second is None else _span_readings(first, second, scope)
    if not readings:
        return None
    best, *others = (DateValue(kind_of(reading), reading, words) for reading in readings[:_MOST_READINGS])
    return replace(best, alternatives=tuple(others))


def _readings(mention: Mention, scope: Scope) -> list[Moment | Span]:
    if mention.clock is None:
        return list(mention.day.readings) if mention.day is not None else []
    if mention.until is not None:
        return _time_spans(mention, mention.until, scope)
    times = clocks.readings(mention.clock, mention.part)
    if mention.day is None:
        return list(times)
    days = [day for day in mention.day.readings if not isinstance(day, Span)]
    if not days:
        return list(mention.day.readings)
    found = [_at(day, moment, scope) for moment in times for day in days]
    return list(_not_past(found, _part(mention), scope))


_FIRST_MORNING_HOUR = 4


def _not_past(found: list[datetime], part: PartOfDay | None, scope: Scope) -> list[datetime]:
    """Of today's times those to come first; "tonight at 12" is at the end of tonight."""
    now = scope.now
    if not found or found[0].date() != now.date() or found[0] >= now:
        return found
    if part is PartOfDay.EVENING and found[0].hour < _FIRST_MORNING_HOUR:
        night = calendar.plus_days(scope.today, 1)
        return found if night is None else [_at(night, found[0].time(), scope)]
    return sorted(found, key=lambda moment: moment < now)


def _at(day: date, moment: time, scope: Scope) -> datetime:
    return datetime(day.year, day.month, day.day, moment.hour, moment.minute, tzinfo=scope.now.tzinfo)


def _time_spans(mention: Mention, until: SpokenTime, scope: Scope) -> list[Moment | Span]:
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
    return [Span(*_in_order(start, end))]


def _as_date(moment: Moment) -> Moment:
    return moment.date() if isinstance(moment, datetime) else moment


def _in_order(start: Moment, end: Moment) -> tuple[Moment, Moment]:
    """A day before the first one is meant a week, a month or a year later."""
    if isinstance(start, datetime) or not isinstance(start, date) or not isinstance(end, date):
        return start, end
    if end >= start:
        return start, end
    days = 7 if (start - end).days <= 7 else 0
    return start, date.fromordinal(min(end.toordinal() + days, date.max.toordinal())) if days else end
