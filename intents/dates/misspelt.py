"""Long words about time with one letter wrong, missing, doubled or swapped: "wensday", "tomorow", "septembre"."""

from __future__ import annotations

from collections.abc import Iterable

SHORTEST = 6
_OTHER_WORDS = """
    selama tinggal tunggal mourning sundae sundays selasar minggir tunggu evenings mornings seasoned senior
    august's marches thirsty thursty fridge monkey mondial sunny sundry jumbo decembrist october's weekends
    tomorrows tonights yesterdays saturdays fridays mondays tuesdays wednesdays thursdays minggu2 minggat
"""
_KNOWN_OTHERS = frozenset(_OTHER_WORDS.split())


def right_word(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` that `word` misspells, if there is exactly one; short words are left alone."""
    if len(word) < SHORTEST - 1 or word in _KNOWN_OTHERS:
        return None
    near = {right for right in words if right[0] == word[0] and len(right) >= SHORTEST and is_one_slip(word, right)}
    return near.pop() if len(near) == 1 else None


def is_one_slip(word: str, right: str) -> bool:
    """Whether one letter was changed, dropped, added, or two neighbours swapped."""
    if word == right or abs(len(word) - len(right)) > 1:
        return False
    same = 0
    while same < min(len(word), len(right)) and word[same] == right[same]:
        same += 1
    if len(word) == len(right):
        swapped = word[same + 1 : same + 2] + word[same : same + 1]
        is_swap = swapped == right[same : same + 2] and word[same + 2 :] == right[same + 2 :]
        return is_swap or word[same + 1 :] == right[same + 1 :]
    longer, shorter = (word, right) if len(word) > len(right) else (right, word)
    return longer[same + 1 :] == shorter[same:]
