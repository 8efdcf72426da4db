"""Words of three languages gathered under one idea each, so that what is learned in one language helps the others.

The phrases are `wordlists/concepts.txt`, without diacritics, as `fold` leaves them; `wordlists/topics.txt` holds words
of everyday life that no booking desk serves, by topic.
"""

from __future__ import annotations

from intents import wordlists


def _read(name: str) -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for tag, phrases in wordlists.read(name).items():
        for phrase in phrases:
            table.setdefault(phrase, []).append(tag)
    return {phrase: tuple(tags) for phrase, tags in table.items()}


_TABLE = _read("concepts")
_TOPICS = _read("topics")
_LONGEST = max(phrase.count(" ") + 1 for table in (_TABLE, _TOPICS) for phrase in table)
TRADE = frozenset({"SERVICE", "AVAIL", "PRICE", "BOOK", "PAY", "MOVE", "CANCEL", "STATUS", "MINE"})
"""The ideas that speak of the trade itself."""


def concepts(words: list[str]) -> list[str]:
    """The ideas named in folded words, each once, in order of appearance; longer phrases hide shorter ones."""
    return list(dict.fromkeys(tag for tags in _matches(words, _TABLE) for tag in tags))


def topics(words: list[str]) -> list[str]:
    """The everyday topics named in folded words, once for each time."""
    return [tags[0] for tags in _matches(words, _TOPICS)]


def is_outside(idea: str) -> bool:
    """Whether an idea is one that no booking desk serves."""
    return idea.startswith("O_") or idea == "OTHERS"


def _matches(words: list[str], table: dict[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    i = 0
    while i < len(words):
        for n in range(min(_LONGEST, len(words) - i), 0, -1):
            tags = table.get(" ".join(words[i : i + n]))
            if tags is not None:
                found.append(tags)
                i += n
                break
        else:
            i += 1
    return found


def service_words(words: list[str]) -> tuple[str, ...]:
    """The words of a message that name a service of the trade."""
    found: list[str] = []
    i = 0
    while i < len(words):
        for n in range(min(_LONGEST, len(words) - i), 0, -1):
            phrase = " ".join(words[i : i + n])
            if "SERVICE" in _TABLE.get(phrase, ()) and phrase not in _TOO_GENERAL:
                found.append(phrase)
                i += n
                break
        else:
            i += 1
    return tuple(dict.fromkeys(found))


_TOO_GENERAL = frozenset(
    """package|packages|session|class|lesson|treatment|treatments|room|paket|kelas|sesi|kamar|goi|lop|buoi|kham|villa|
    dich vu|lieu trinh""".replace("\n    ", "").split("|")
)
