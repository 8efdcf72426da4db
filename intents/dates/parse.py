"""Finding every mention of time in a message and joining day, time and part of day into one value each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from intents.dates import clock as clocks
from intents.dates import lexicon
from intents.dates.clock import PARTS, Clock
from intents.dates.days import read_day
from intents.dates.numbers import is_at
from intents.dates.spoken import Day, Scope
from intents.dates.tokens import Sense, Token, fold, tokenize
from intents.dates.values import DateValue, FoundDates, Language, Moment, PartOfDay, Span, kind_of

_MOST_TOKENS = 400
_MOST_READINGS = 3


@dataclass(frozen=True, slots=True)
class _Mention:
    """A stretch of tokens that speaks of one moment."""

    start: int
    after: int
    day: Day | None = None
    clock: Clock | None = None
    until: Clock | None = None
    part: PartOfDay | None = None


def find_dates(text: str, language: Language, today: date, now: datetime, *, time_is_asked: bool = False) -> FoundDates:
    """Every date, time and span in a message; any string is read, nothing is raised.

    `now` carries the zone of the business. A bare number is a time only when `time_is_asked`.
    """
    marked = any(ch in _MARKED for ch in text.lower())
    tokens = tokenize(text, lexicon.table_for(language, marked))[:_MOST_TOKENS]
    if not any(token.senses for token in tokens):
        return FoundDates()
    scope = Scope(today, now, language)
    asked = time_is_asked and len(tokens) <= 4
    mentions = _ranged(_joined(_scan(tokens, scope, asked), tokens), tokens)
    values = tuple(value for mention in mentions if (value := _value(mention, text, tokens, scope)))
    return FoundDates(values, next((part for m in mentions if (part := _part(m[0]))), None))


_MARKED = frozenset("ăâđêôơưàằầèềìòồờùừỳáắấéếíóốớúứýảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹạặậẹệịọộợụựỵ")


def _scan(tokens: Sequence[Token], scope: Scope, asked: bool) -> list[_Mention]:
    found: list[_Mention] = []
    i = 0
    while i < len(tokens):
        mention = _mention_at(tokens, i, scope, asked)
        if mention is None:
            i += 1
            continue
        found.append(mention)
        i = mention.after
    return found


def _mention_at(tokens: Sequence[Token], i: int, scope: Scope, asked: bool) -> _Mention | None:
    times = _clock_range(tokens, i, scope)
    if times is not None:
        return times
    day = read_day(tokens, i, scope)
    if day is not None:
        return _Mention(i, day.after, day=day, part=day.part)
    is_part = tokens[i].has(Sense.PART) and _is_part_here(tokens, i)
    opens_a_day = is_at(tokens, i, Sense.WEAK_MARK) and not is_at(tokens, i, Sense.NUM) and not is_part
    if opens_a_day and read_day(tokens, i + 1, scope) is not None:
        return None
    clock = clocks.read_clock(tokens, i, scope.language, asked=asked)
    said_at = tokens[i].text in _AT or (i > 0 and is_at(tokens, i - 1, Sense.DAY, Sense.WEEKDAY))
    if clock is not None and _may_stand(tokens, clock, asked or said_at):
        return _Mention(i, clock.after, clock=clock)
    part = tokens[i].of(Sense.PART)
    if part is not None and is_part:
        return _Mention(i, i + 1, part=PARTS[part])
    return None


_AT = frozenset({"at", "@"})


def _may_stand(tokens: Sequence[Token], clock: Clock, asked: bool) -> bool:
    """A weakly marked number is a time only before a pause or another word about time."""
    if clock.is_sure or asked or clock.meridiem is not None or clock.part is not None:
        return True
    if clock.after >= len(tokens):
        return True
    following = tokens[clock.after]
    return bool(following.senses) or not following.text[0].isalnum()


_DOUBTFUL_PARTS = {"toi": "nay mai mot kia thu ngay hom", "sang": "nay mai mot kia som hom", "dem": "nay mai hom qua"}
_NOT_AFTER = frozenset(["doi", "chuyen", "doi_lich", "dời", "chuyển"])


def _is_part_here(tokens: Sequence[Token], i: int) -> bool:
    """Without diacritics "toi" is also "I" and "to": it is an evening only beside a day or a time."""
    following = _DOUBTFUL_PARTS.get(tokens[i].text)
    if following is None:
        return not (tokens[i].has(Sense.FIXED))
    if i and tokens[i - 1].text in _NOT_AFTER:
        return False
    beside_day = i + 1 < len(tokens) and (
        tokens[i + 1].text in following.split() or is_at(tokens, i + 1, Sense.WEEKDAY, Sense.DAY)
    )
    return beside_day or (i > 0 and is_at(tokens, i - 1, Sense.WEEKDAY, Sense.HOUR, Sense.CLOCK))


def _clock_range(tokens: Sequence[Token], i: int, scope: Scope) -> _Mention | None:
    """ "from 2 to 4pm", "jam 2-4 sore", "từ 3h đến 5h": the first time takes its half of the day from the second."""
    opened = is_at(tokens, i, Sense.FROM)
    j = i + 1 if opened else i
    first = clocks.read_clock(tokens, j, scope.language, asked=True)
    if first is None or not is_at(tokens, first.after, Sense.SEP):
        return None
    if not opened and tokens[first.after].text in {"and", "&", "dan", "và", "va"}:
        return None
    second = clocks.read_clock(tokens, first.after + 1, scope.language, asked=True)
    if second is None or read_day(tokens, j, scope) is not None:
        return None
    marked = opened or first.is_sure or is_at(tokens, j, Sense.MARK)
    if not (second.is_sure or second.meridiem is not None or second.part or marked):
        return None
    if not _may_stand(tokens, second, asked=False):
        return None
    return _Mention(i, second.after, clock=first, until=second)


def _only_connects(tokens: Sequence[Token], start: int, end: int) -> bool:
    return end - start <= 4 and all(
        is_at(tokens, i, Sense.CONNECT, Sense.MARK, Sense.WEAK_MARK, Sense.DAY_WORD, Sense.DATE_WORD)
        for i in range(start, end)
    )


def _joined(found: list[_Mention], tokens: Sequence[Token]) -> list[_Mention]:
    joined: list[_Mention] = []
    for mention in found:
        last = joined[-1] if joined else None
        both = _both(last, mention, tokens) if last is not None else None
        if both is None:
            joined.append(mention)
        else:
            joined[-1] = both
    return joined


def _both(first: _Mention, second: _Mention, tokens: Sequence[Token]) -> _Mention | None:
    if not _only_connects(tokens, first.after, second.start):
        return None
    day = first.day or second.day
    if first.day is not None and second.day is not None:
        day = _stronger(first.day, second.day)
        if day is None or (first.clock and second.clock):
            return None
    elif first.clock is not None and second.clock is not None:
        return None
    return _Mention(
        first.start,
        second.after,
        day=day,
        clock=first.clock or second.clock,
        until=first.until or second.until,
        part=first.part or second.part,
    )


def _stronger(first: Day, second: Day) -> Day | None:
    """ "Friday 20 March" is the 20th, whichever weekday was said with it."""
    if first.is_weekday and not second.is_weekday:
        return second
    if second.is_weekday and not first.is_weekday and isinstance(first.readings[0], date):
        return first
    return None


def _ranged(mentions: list[_Mention], tokens: Sequence[Token]) -> list[tuple[_Mention, _Mention | None]]:
    """Pairs of mentions that are the two ends of a span; a single one stands alone."""
    pairs: list[tuple[_Mention, _Mention | None]] = []
    i = 0
    while i < len(mentions):
        first = mentions[i]
        second = mentions[i + 1] if i + 1 < len(mentions) else None
        if second is not None and _is_range(first, second, tokens):
            pairs.append((first, second))
            i += 2
        else:
            pairs.append((first, None))
            i += 1
    return pairs


def _is_range(first: _Mention, second: _Mention, tokens: Sequence[Token]) -> bool:
    if first.until or second.until or (first.day is None and first.clock is None):
        return False
    if second.day is None and second.clock is None:
        return False
    gap = range(first.after, second.start)
    opens = first.start < len(tokens) and (
        is_at(tokens, first.start - 1, Sense.FROM) or is_at(tokens, first.start, Sense.FROM)
    )
    seps = [i for i in gap if tokens[i].has(Sense.SEP)]
    inside = second.start < len(tokens) and is_at(tokens, second.start, Sense.SEP) and not gap
    if not seps and not inside:
        return False
    at = seps[0] if seps else second.start
    if tokens[at].text in {"and", "&", "dan", "và", "va", "ke"} and not opens:
        return False
    return all(
        is_at(tokens, i, Sense.SEP, Sense.CONNECT, Sense.MARK, Sense.WEAK_MARK, Sense.DAY_WORD, Sense.DATE_WORD)
        for i in gap
    )


def _part(mention: _Mention) -> PartOfDay | None:
    return mention.part or (mention.clock.part if mention.clock else None)


def _value(
    pair: tuple[_Mention, _Mention | None], text: str, tokens: Sequence[Token], scope: Scope
) -> DateValue | None:
    first, second = pair
    end = (second or first).after
    words = text[tokens[first.start].start : tokens[end - 1].end]
    readings = _span_readings(first, second, scope) if second is not None else _readings(first, scope)
    if not readings:
        return None
    best, *others = (DateValue(kind_of(reading), reading, words) for reading in readings[:_MOST_READINGS])
    return replace(best, alternatives=tuple(others))


def _readings(mention: _Mention, scope: Scope) -> list[Moment | Span]:
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
    return [_at(day, moment, scope) for moment in times for day in days]


def _at(day: date, moment: time, scope: Scope) -> datetime:
    return datetime(day.year, day.month, day.day, moment.hour, moment.minute, tzinfo=scope.now.tzinfo)


def _time_spans(mention: _Mention, until: Clock, scope: Scope) -> list[Moment | Span]:
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
    return [Span(_at(days[0], pairs[0][0], scope), _at(days[0], pairs[0][1], scope))]


def _span_readings(first: _Mention, second: _Mention, scope: Scope) -> list[Moment | Span]:
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


def unaccented(text: str) -> str:
    """The message as typed without diacritics."""
    return fold(text)
