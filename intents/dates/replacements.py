"""What gives way to other words of a message: the old time of a move, a first thought, the whole whose part is named.

"Move it from Thursday to Saturday" wishes for Saturday, "tadinya besok, tapi jadi lusa" for the day after tomorrow, and
"tuần sau, tức 22/12" for the 22nd.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Final

from intents import wordlists
from intents.dates.joining import Pair
from intents.dates.mention import Mention
from intents.dates.spoken import Day
from intents.dates.tokens import Sense, Token
from intents.dates.values import DateKind, DateValue, Span

_CLAUSE: Final = re.compile(r"[.;!?\n]")
_MOVES: Final = wordlists.pattern("polarity", "moves")
_OF_A_STAY: Final = wordlists.pattern("polarity", "of_a_stay", before=r"(?:^|\b)")
_LEADS_TO_THE_NEW: Final = wordlists.pattern(
    "polarity", "to_the_new", before=r"(?:^|\s)", after=r"(?: (?:the|hari|tgl|tanggal|ngày|ngay|hôm|hom))?\s*$"
)
_BETWEEN_OLD_AND_NEW: Final = wordlists.pattern(
    "polarity", "to_the_new", before=r"^\W*(?:\w+ )?", after=r"(?: \w+)?\W*$"
)
_FIRST_THOUGHT: Final = wordlists.pattern("polarity", "first_thought")
_TURN: Final = wordlists.pattern("polarity", "turn")
_BOTH: Final = wordlists.pattern("polarity", "both")


def new_ends(pairs: Sequence[Pair], text: str, tokens: Sequence[Token]) -> tuple[list[Pair], list[Mention]]:
    """The moments that are wished, without those that another one of the message takes the place of; and those."""
    kept: list[Pair] = []
    replaced: list[Mention] = []
    rest = list(pairs)
    while rest:
        first, last = rest.pop(0)
        start, end = tokens[first.start].start, tokens[(last or first).after - 1].end
        before = _CLAUSE.split(text[:start].lower())[-1]
        is_moved = _is_moved(before) and _LEADS_TO_THE_NEW.search(before) is None
        if last is not None:
            is_moved = is_moved and _is_old(first, last, text, tokens)
            kept.append((_in_place_of(first, last), None) if is_moved else (first, last))
            replaced += [first] if is_moved else []
            continue
        moved_to = _end_of_written(first, tokens) if is_moved else None
        following = rest[0][0] if rest else None
        if moved_to is not None:
            kept.append((moved_to, None))
            replaced.append(_begin_of_written(first))
        elif following is not None and (
            (is_moved and _is_old(first, following, text, tokens))
            or _is_moved_on(text[end : tokens[following.start].start].lower())
            or _is_corrected(text[end : tokens[following.start].start].lower())
            or _is_first_thought(before, text[start:].lower(), end - start, tokens[following.after - 1].end - start)
        ):
            rest[0] = (_in_place_of(first, following), rest[0][1])
            replaced.append(first)
        else:
            kept.append((first, last))
    return kept, replaced


def _is_moved(before: str) -> bool:
    """Whether what comes is to be moved, and not a stay of which only the house, the room or the plan is another:
    "change of plans: from Friday to Sunday"."""
    verbs = list(_MOVES.finditer(before))
    return bool(verbs) and _OF_A_STAY.search(before[verbs[-1].start() :]) is None


def _is_old(first: Mention, second: Mention, text: str, tokens: Sequence[Token]) -> bool:
    end, start = tokens[first.after - 1].end, tokens[second.start].start
    # "thứ 5 qua thứ 7": alone "thứ 5 qua" would be the last Thursday, and "sang thu 7" is a morning without marks
    is_inside = tokens[first.after - 1].text in _TO or tokens[second.start].text.split()[0] in _TO
    return is_inside or _BETWEEN_OLD_AND_NEW.search(text[end:start].lower()) is not None


_TO: Final = frozenset({"qua", "sang"})
_INTO: Final = frozenset({"to", "ke", *_TO})


def _is_moved_on(between: str) -> bool:
    """ "I booked for the 24th but need to push it to the 26th"."""
    words = _CLAUSE.split(between)[-1]
    return _MOVES.search(words) is not None and _LEADS_TO_THE_NEW.search(words) is not None


def _in_place_of(old: Mention, new: Mention) -> Mention:
    """ "From Friday 3pm to 5pm" is Friday at five, "Thursday at eleven, no, Friday" is Friday at eleven."""
    if new.day is None:
        return replace(new, day=old.day)
    is_day = not isinstance(new.day.readings[0], Span | datetime)
    return replace(new, clock=old.clock, part=old.part) if is_day and not (new.clock or new.part) else new


def _is_corrected(between: str) -> bool:
    """Whether nothing but a slip of the tongue lies between two values: ", no wait, ", " eh maaf "."""
    words = _WORD.findall(between)
    if not set(words) <= _slip_words() or not words:
        return False
    found = _SLIP.search(between)
    return found is not None


_WORD: Final = re.compile(r"\w+(?:['’]\w+)?")
_SLIP: Final = wordlists.pattern("polarity", "slip", before=r"(?:^|[\s,.;…-])", after=r"(?=[\s,.;…-]|$)")


@cache
def _slip_words() -> frozenset[str]:
    return frozenset(wordlists.read("polarity")["slip_words"])


def _end_of_written(mention: Mention, tokens: Sequence[Token]) -> Mention | None:
    """ "From the 17th to the 19th" is read as one span; moved, it is the 19th."""
    opens = any(tokens[i].has(Sense.FROM) for i in (mention.start - 1, mention.start) if i >= 0)
    opens = opens and any(token.text in _INTO for token in tokens[mention.start : mention.after])
    if mention.until is not None and opens and mention.clock is not None:
        return replace(mention, clock=mention.until, until=None)
    span = None if mention.day is None else mention.day.readings[0]
    if not opens or not isinstance(span, Span) or not isinstance(span.end, date):
        return None
    return replace(mention, day=Day((span.end,), mention.after))


def _begin_of_written(mention: Mention) -> Mention:
    span = None if mention.day is None else mention.day.readings[0]
    if mention.day is None or not isinstance(span, Span) or not isinstance(span.start, date):
        return replace(mention, until=None)
    return replace(mention, day=Day((span.start,), mention.after))


def _is_first_thought(before: str, rest: str, first_ends: int, second_ends: int) -> bool:
    """Whether a value was thought of first and another took its place: "tadinya besok, tapi jadi lusa"."""
    if _FIRST_THOUGHT.search(before) is None or _BOTH.search(rest[second_ends:]) is not None:
        return False
    words, behind = rest[:first_ends], rest[first_ends:second_ends]
    return _TURN.search(behind) is not None or _AND_NOW.search(words) is not None


_AND_NOW: Final = re.compile(r"\b(?:now|sekarang|skrg)$")


def without_wholes(values: Sequence[DateValue], spans: Sequence[DateValue], text: str) -> list[DateValue]:
    """The values without a whole week or month of which another one names a day; a choice keeps both, and so does a
    stay: of `spans`, and of "1 to 10 December", both ends were said."""
    lowered = text.lower()
    return [
        value
        for i, value in enumerate(values)
        if value in spans
        or _BOTH_ENDS.search(value.text)
        or not any(_is_part(other, value) and not _is_choice(lowered, value, other) for other in values[i + 1 :])
    ]


_BOTH_ENDS: Final = re.compile(r"(?<!\d)\d{1,2}(?!\d)\D+(?<!\d)\d{1,2}(?!\d)")


def _is_part(part: DateValue, whole: DateValue) -> bool:
    span = whole.value
    if whole.kind is not DateKind.INTERVAL or not isinstance(span, Span) or not _is_whole(span):
        return False
    inner = part.value.start if isinstance(part.value, Span) else part.value
    day = inner.date() if isinstance(inner, datetime) else inner
    if not isinstance(day, date) or not isinstance(span.start, date) or not isinstance(span.end, date):
        return False
    # a weekend is named by its dates, whichever one was counted
    is_weekend = span.start.weekday() == _SATURDAY and day.weekday() >= _SATURDAY
    return span.start <= day <= span.end or is_weekend


def _is_whole(span: Span) -> bool:
    """Whether it is a week, a weekend, a month or a third of one."""
    start, end = span.start, span.end
    if isinstance(start, datetime) or not isinstance(start, date) or not isinstance(end, date):
        return False
    days = (end - start).days
    is_week = (start.weekday(), days) in {(0, _TO_SUNDAY), (_SATURDAY, 1)}
    return is_week or (
        start.day in _EDGES and days >= _SHORTEST_THIRD and (start.month, start.year) == (end.month, end.year)
    )


_TO_SUNDAY: Final = 6
_SATURDAY: Final = 5
_EDGES: Final = frozenset({1, 11, 21})
_SHORTEST_THIRD: Final = 7


def _is_choice(text: str, first: DateValue, second: DateValue) -> bool:
    at = text.find(first.text.lower())
    between = text[at + len(first.text) : max(at, text.find(second.text.lower(), at))]
    return re.search(r"\b(?:or|atau|hay|hoặc|hoac)\b|/", between) is not None
