"""Joining mentions that speak of one moment: a day with its time, a weekday with its date, the two ends of a span."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from intents.dates import calendar
from intents.dates.mention import Mention
from intents.dates.numbers import is_at
from intents.dates.spoken import Day
from intents.dates.tokens import Sense, Token
from intents.dates.values import Span

Pair = tuple[Mention, Mention | None]
"""One mention, or the two ends of a span."""

_CONNECTING = (Sense.CONNECT, Sense.MARK, Sense.WEAK_MARK, Sense.DAY_WORD, Sense.DATE_WORD)


def joined(found: list[Mention], tokens: Sequence[Token]) -> list[Pair]:
    """The mentions of a message as the moments and spans they speak of, in order."""
    # Mentions with nothing or only small words between them become one.
    kept: list[Mention] = []
    for mention in found:
        last = kept[-1] if kept else None
        both = None
        if last is not None and _may_join(last, mention, tokens):
            # "5 to 7 June, 3-5pm": the hours belong to both days, and must not be taken by the last one alone.
            if _is_its_date(last, mention, tokens):
                kept[-1] = replace(mention, start=last.start)
                continue
            ends_days = mention.until is not None and len(kept) > 1 and _is_range(kept[-2], last, tokens)
            both = None if ends_days else _both(last, mention)
        if both is None:
            kept.append(mention)
        else:
            kept[-1] = both
    # The order matters: a time that found its day is no longer soft, and only what is left can be a range.
    firm = _firm(_across(kept, tokens), len(tokens))
    return _of_said_day(_ranged(_chosen(firm, tokens), tokens))


def _of_said_day(pairs: list[Pair]) -> list[Pair]:
    """ "Tomorrow at five for me and six for my husband": a time behind a day with its time is of that day, too."""
    kept: list[Pair] = []
    for first, last in pairs:
        before = kept[-1][0] if kept and kept[-1][1] is None else None
        is_bare = last is None and first.day is None and first.clock is not None
        if is_bare and before is not None and before.day is not None and before.clock is not None:
            kept.append((replace(first, day=before.day), None))
        else:
            kept.append((first, last))
    return kept


def _is_its_date(feast: Mention, written: Mention, tokens: Sequence[Token]) -> bool:
    """ "Noel 24/12": the date says which day of the feast is meant."""
    one, two = feast.day, written.day
    if one is None or two is None or feast.after != written.start or feast.clock:
        return False
    if not tokens[feast.start].has(Sense.HOLIDAY) or not is_at(tokens, written.start, Sense.DAY_MONTH, Sense.FULL_DATE):
        return False
    first, second = one.readings[0], two.readings[0]
    return not isinstance(first, Span) and not isinstance(second, Span) and abs((second - first).days) <= _ABOUT_A_FEAST


_ABOUT_A_FEAST = 3


def _may_join(first: Mention, second: Mention, tokens: Sequence[Token]) -> bool:
    """Across "to" only a time joins what stands before it: "besok sampai jumat" are two ends."""
    refused = first.start and tokens[first.start - 1].text in _NOT
    if refused and any(tokens[i].text == "," for i in range(first.after, second.start)):
        # "jangan besok, Senin aja": the comma parts what is refused from what is wished
        return False
    parted = any(tokens[i].has(Sense.SEP) for i in range(first.after, min(second.start, first.after + _FARTHEST)))
    if parted and (second.clock is None or second.day is not None):
        return False
    return second.start - first.after <= 4 and all(
        is_at(tokens, i, *_CONNECTING) for i in range(first.after, second.start)
    )


def _both(first: Mention, second: Mention) -> Mention | None:
    # The second of "3 or 4 pm" has its time already.
    if first.is_choice and second.clock is not None:
        return None
    day = first.day or second.day
    if first.day is not None and second.day is not None:
        day = _stronger(first.day, second.day)
        # Two clocks are two times, also where the days agree.
        if day is None or (first.clock and second.clock):
            return None
    elif first.clock is not None and second.clock is not None:
        return None
    return Mention(
        first.start,
        second.after,
        day=day,
        clock=first.clock or second.clock,
        until=first.until or second.until,
        part=first.part or second.part,
        is_choice=first.is_choice,
    )


def _stronger(first: Day, second: Day) -> Day | None:
    """ "Friday 20 March" is the 20th; a weekday can say which 20th ("senin tanggal 20")."""
    if first.is_weak or second.is_weak:
        return second if first.is_weak else first
    inside = _inside(first, second) or _inside(second, first)
    if inside is not None:
        return inside
    if first.weekday is not None and not isinstance(second.readings[0], Span) and second.weekday is None:
        return _of_weekday(second, first.weekday)
    if (
        second.is_weekday
        and second.weekday is not None
        and first.weekday is None
        and not isinstance(first.readings[0], Span)
    ):
        return first if isinstance(first.readings[0], datetime) else _of_weekday(first, second.weekday)
    return None


def _inside(whole: Day, part: Day) -> Day | None:
    """ "next month on the 5th", "next year in June": the part of that name which the whole contains."""
    span = whole.readings[0]
    if not isinstance(span, Span) or not isinstance(span.start, date) or not isinstance(span.end, date):
        return None
    inner = part.readings[0]
    if isinstance(inner, Span):
        if not isinstance(inner.start, date) or (span.end - span.start).days < _A_YEAR:
            return None
        moved = calendar.a_date(span.start.year, inner.start.month, 1)
        is_month = inner.start.day == 1 and (inner == calendar.month(inner.start, 0))
        month = calendar.month(moved, 0) if moved is not None and is_month else None
        return None if month is None else replace(part, readings=(month,))
    candidates = (each for each in (*part.readings, *part.elsewhere) if not isinstance(each, Span | datetime))
    found = next((each for each in candidates if span.start <= each <= span.end), None)
    return None if found is None else replace(part, readings=(found,))


_A_YEAR = 364


def _of_weekday(day: Day, weekday: int) -> Day:
    best = day.readings[0]
    if not isinstance(best, date) or best.weekday() == weekday:
        return day
    other = next((each for each in day.elsewhere if each.weekday() == weekday), None)
    if other is not None and (other - best).days <= _NEAR_ENOUGH:
        return replace(day, readings=(other, *day.readings))
    # Nobody names a weekday of next year to mean it: one of the two was misread from a calendar, and is asked about.
    shift = (weekday - best.weekday() + 3) % 7 - 3
    nearest = calendar.plus_days(best, shift)
    conflict = (best,) if nearest is None else (best, nearest)
    counted = calendar.weekday_of_week(best, weekday, 0)
    if not day.elsewhere and counted is not None and day.weekday is None and not day.is_written:
        return replace(day, readings=(counted,))
    return replace(day, conflict=conflict)


_NEAR_ENOUGH = 45
"""Days: "Monday the 20th" may be of next month; beyond it one of the two is a slip."""
_FARTHEST = 6
_ENDS = frozenset(".?!;:")


def _across(found: list[Mention], tokens: Sequence[Token]) -> list[Mention]:
    """One day and one time in a sentence belong together, whatever few words stand between them."""
    days = [m for m in found if m.day is not None and not (m.start and tokens[m.start - 1].text in _NOT)]
    times = [m for m in found if m.clock is not None]
    if len(times) == 2 and times[1].is_choice:
        # the other hour of "Wednesday? Ten or eleven" finds its day by its brother
        times.pop()
    if len(days) == 2 and len(times) == 1 and times[0].day is None and _is_of_both(days, times[0], tokens):
        return [
            replace(m, clock=times[0].clock, part=m.part or times[0].part) if m in days else m
            for m in found
            if m is not times[0]
        ]
    if len(days) != 1 or len(times) != 1 or days[0] is times[0] or days[0].clock or times[0].day:
        return found
    day = days[0].day
    if day is None or isinstance(day.readings[0], Span | datetime) or times[0].is_choice:
        return found
    first, second = sorted((days[0], times[0]), key=lambda mention: mention.start)
    gap = tokens[first.after : second.start]
    if any(t.has(Sense.SEP) or t.has(Sense.OR) for t in gap[-_FARTHEST:]):
        return found
    # "Tonight? Around eight": the time is all that the next sentence, or what comes behind a comma, says
    is_added = second.clock is not None and (_is_added(gap) or _opens_free_time(gap))
    if not is_added and (len(gap) > _FARTHEST or any(t.text in _ENDS for t in gap)):
        return found
    both = _both(first, second)
    if both is None:
        return found
    inner = (first, second)
    # The second one is in it now, and must not be read a second time.
    return [both if m is first else m for m in found if m is first or m not in inner]


def _is_of_both(days: Sequence[Mention], at: Mention, tokens: Sequence[Token]) -> bool:
    """ "The 14th and the 16th, both at eleven", "mai hoặc mốt đều được, 2 giờ"."""
    first, second = days
    if first.clock or second.clock or at.start < second.after or at.start - second.after > _LONG_GAP:
        return False
    if any(day.day is None or isinstance(day.day.readings[0], Span | datetime) for day in days):
        return False
    if any(token.has(Sense.OR) for token in tokens[first.after : second.start]):
        return True
    around = {
        token.text for token in (*tokens[max(0, first.start - 2) : first.start], *tokens[second.after : at.start])
    }
    return not _BOTH.isdisjoint(around)


_BOTH = frozenset(
    {
        "both",
        "each",
        "either",
        "dua-duanya",
        "duanya",
        "keduanya",
        "semuanya",
        "cả hai",
        "ca hai",
        "đều",
        "deu",
        "cả",
        "ca",
    }
)


def _is_added(gap: Sequence[Token]) -> bool:
    """Whether a pause and at most a small word or two ("maybe", "sekitar", "bắt đầu") lead to what follows."""
    return any(token.text in _PAUSES for token in gap[-_SMALL_WORDS:])


def _opens_free_time(gap: Sequence[Token]) -> bool:
    """ "Monday? I'm free all day after 11": the sentence behind the day says when."""
    words = {token.text for token in gap}
    return len(gap) <= _LONG_GAP and not _SAYS_WHEN.isdisjoint(words)


_LONG_GAP = 14
_SAYS_WHEN = frozenset(
    {"free", "available", "can", "bisa", "kosong", "luang", "rảnh", "ranh", "bắt đầu", "mulai", "start", "starts"}
)
_SMALL_WORDS = 3
_NOT = frozenset({"not", "except", "bukan", "jangan", "selain", "kecuali", "trừ", "tru", "đừng"})
_PAUSES = frozenset(",.?!;:-–")
_SHORT = 4


def _firm(found: list[Mention], tokens: int) -> list[Mention]:
    """Figures that may be a price or a version are a time only together with a day, or when they are the message."""
    if tokens <= _SHORT:
        return found
    kept: list[Mention] = []
    for mention in found:
        follows = bool(kept) and kept[-1].clock is not None and mention.start - kept[-1].after <= _LISTED
        alone = mention.day is None and mention.part is None and mention.until is None
        is_soft = alone and mention.clock is not None and mention.clock.is_soft
        if follows or not is_soft:
            kept.append(mention)
    return kept


_LISTED = 2


def _chosen(found: list[Mention], tokens: Sequence[Token]) -> list[Mention]:
    """ "tomorrow at 3 or 4" is tomorrow twice; "next Thursday and Friday" are of one week."""
    kept: list[Mention] = []
    for mention in found:
        last = kept[-1] if kept else None
        if last is not None and mention.is_choice and last.clock is not None:
            if mention.day is None and last.day is not None:
                of_same_day = last, replace(mention, day=last.day, part=mention.part or last.part)
            elif last.day is None and mention.day is not None:
                of_same_day = replace(last, day=mention.day, part=last.part or mention.part), mention
            else:
                of_same_day = last, mention
            kept[-1:] = of_same_day
        else:
            if last is not None and _is_other_day(last, mention, tokens):
                # "Saturday or Sunday at nine": at nine on either
                kept[-1] = replace(last, clock=mention.clock, part=mention.part)
            kept.append(mention if last is None else _of_same_week(last, mention, tokens))
    return kept


def _is_other_day(first: Mention, second: Mention, tokens: Sequence[Token]) -> bool:
    """Whether two days are a choice of which only the second has its time."""
    if first.day is None or first.clock or first.part or isinstance(first.day.readings[0], Span | datetime):
        return False
    gap = range(first.after, second.start)
    is_choice = any(tokens[i].has(Sense.OR) for i in gap) or tokens[second.start].text.startswith(("hay ", "hoặc "))
    is_choice = is_choice and all(is_at(tokens, i, Sense.OR, *_CONNECTING) for i in gap)
    return is_choice and second.day is not None and second.clock is not None and second.until is None


def _of_same_week(last: Mention, mention: Mention, tokens: Sequence[Token]) -> Mention:
    """A bare weekday linked to a turned one ("next Thursday and Friday") follows it."""
    one, two = last.day, mention.day
    if one is None or two is None or one.weekday is None or one.is_weekday or not two.is_weekday:
        return mention
    linked = mention.start == last.after + 1 and is_at(tokens, last.after, Sense.OR, Sense.SEP)
    start = one.readings[0]
    if not linked or two.weekday is None or isinstance(start, Span):
        return mention
    moved = calendar.coming_weekday(start, two.weekday)
    return mention if moved is None else replace(mention, day=replace(two, readings=(moved,), is_weekday=False))


def _ranged(found: list[Mention], tokens: Sequence[Token]) -> list[Pair]:
    pairs: list[Pair] = []
    i = 0
    while i < len(found):
        first = found[i]
        second = found[i + 1] if i + 1 < len(found) else None
        if second is not None and _is_range(first, second, tokens):
            pairs.append((_before(first, second), second))
            i += 2
        else:
            pairs.append((first, None))
            i += 1
    return pairs


def _is_stay(first: Mention, second: Mention, tokens: Sequence[Token]) -> bool:
    """ "Arriving on Sunday, leaving Thursday": where a guest comes and goes."""
    if first.day is None or second.day is None or first.clock or second.clock:
        return False
    gap = range(first.after, second.start)
    if len(gap) > _FARTHEST or not any(tokens[i].has(Sense.LEAVE) for i in gap):
        return False
    comes = range(max(0, first.start - _BEFORE_A_DAY), first.start)
    return any(tokens[i].has(Sense.ARRIVE) for i in comes)


_BEFORE_A_DAY = 3


def _is_range(first: Mention, second: Mention, tokens: Sequence[Token]) -> bool:
    if _is_stay(first, second, tokens):
        return True
    if first.until or second.until or (first.day is None and first.clock is None):
        return False
    if second.day is None and second.clock is None:
        return False
    gap = range(first.after, second.start)
    if first.start and any(token.text == "both" for token in tokens[max(0, first.start - 2) : first.start]):
        return False
    opens = is_at(tokens, first.start - 1, Sense.FROM) or is_at(tokens, first.start, Sense.FROM)
    seps = [i for i in gap[:_FARTHEST] if tokens[i].has(Sense.SEP)]
    inside = is_at(tokens, second.start, Sense.SEP) and not gap
    if (not seps and not inside) or len(gap) > _FARTHEST:
        return False
    at = seps[0] if seps else second.start
    if tokens[at].text in _AND and not opens:
        return False
    return all(is_at(tokens, i, Sense.SEP, *_CONNECTING) for i in gap)


_AND = frozenset({"and", "&", "dan", "sama", "và", "va", "ke"})


def _before(first: Mention, second: Mention) -> Mention:
    """ "Friday to Sunday next week": a bare weekday takes its week from the turned end."""
    one, two = first.day, second.day
    if one is None or two is None or not one.is_weekday or one.weekday is None or two.is_weekday:
        return first
    end = two.readings[0]
    if two.weekday is None or isinstance(end, Span):
        return first
    back = (end.weekday() - one.weekday) % 7
    start = end - timedelta(days=back) if end.toordinal() > back else end
    return replace(first, day=replace(one, readings=(start,)))
