"""Which days and times of a message are not wished, and which are limits: "any day but Tuesday", "before six"."""

from __future__ import annotations

import re
from typing import Final

from intents import wordlists
from intents.dates.tokens import fold
from intents.dates.values import Bound

_PAUSE: Final = re.compile(r"[.,;:!?\n]|\b(?:and|dan)\b")
_SMALL: Final = rf"(?: {wordlists.pattern('polarity', 'small', before='', after='').pattern})*$"
_BEFORE_IT: Final = wordlists.pattern("polarity", "not_before_it", after=_SMALL)
_OTHER_WAY_OUT: Final = wordlists.pattern("polarity", "other_way_out", after="$")
_AND_MORE: Final = re.compile(r"(?:or|atau|hay|hoặc|hoac|nor|/)$")
_BEHIND_IT: Final = wordlists.pattern("polarity", "not_behind_it", before="^")
_LIMITS: Final = tuple(
    (bound, wordlists.pattern("polarity", bound.value, after=rf"(?: is)?{_SMALL}"))
    for bound in (Bound.NOT_AFTER, Bound.NOT_BEFORE)
)


def _bare(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"(?<=\w)['’](?=\w)", "", text.lower()))


def is_excluded(before: str, words: str, after: str) -> bool:
    """Whether what stands around a day or time says that it is not wished; "Tuesday ga bisa ya?" only asks."""
    is_question = "?" in re.split(r"[.,;!\n]", after)[0]
    if any(pattern.match(_bare(words)) for pattern in _OPENING.values()):
        return False
    left, right = _bare(before), _bare(after)
    left = _PAUSE.split(left)[-1].strip()
    if _limit_of(left) is not None and re.search(r"\bnot (?:before|after|later|earlier)\b", left):
        return False
    if _BEFORE_IT.search(left) is not None:
        # "jumat, kalau ga bisa sabtu": an other way out, and wished
        return _OTHER_WAY_OUT.search(left) is None
    return not is_question and _BEHIND_IT.search(right.lstrip()) is not None


def goes_on(between: str) -> bool:
    """Whether an excluded day takes the next one with it: "not Tuesday or Wednesday"."""
    return _AND_MORE.search(_bare(between).strip()) is not None


def is_unmarked_dont(before: str) -> bool:
    """Whether "dung" stands before it, which without marks is "not" as often as "exactly"."""
    return fold(before).split()[-1:] == ["dung"] and before.split()[-1:] == ["dung"]


def bound_of(before: str, words: str) -> Bound | None:
    """The side of a limit, by the words before it and those it begins with ("before six", "after 3 on Friday")."""
    left = _PAUSE.split(_bare(before))[-1].strip()
    opened = next((bound for bound, pattern in _OPENING.items() if pattern.match(_bare(words))), None)
    if opened is not None:
        return _OTHER_SIDE[opened] if _NOT.search(left) else opened
    return _limit_of(left) or _limit_inside(words)


def _limit_inside(words: str) -> Bound | None:
    """The side of a limit between a day and its time: "Friday before six"."""
    parts = _bare(words).split()
    # the one next to the time counts: "thứ sáu tuần sau trước 6 giờ" is before six
    for i in range(len(parts) - 1, 1, -1):
        # "quarter past six" is a time, and "tuần sau" is next week
        is_none = parts[i - 1] == "past" or fold(parts[i - 2]) in {"tuan", "thang", "nam"}
        found = None if is_none else _limit_of(" ".join(parts[:i]))
        if found is not None:
            return found
    return None


_NOT: Final = re.compile(r"\b(?:not|jangan|bukan|tidak|đừng|không|khong)$")
_OTHER_SIDE: Final = {Bound.NOT_AFTER: Bound.NOT_BEFORE, Bound.NOT_BEFORE: Bound.NOT_AFTER}


_OPENING: Final = {
    bound: wordlists.pattern("polarity", f"opens_{bound.value}", before="^")
    for bound in (Bound.NOT_AFTER, Bound.NOT_BEFORE)
}


def _limit_of(left: str) -> Bound | None:
    return next((bound for bound, pattern in _LIMITS if pattern.search(left)), None)
