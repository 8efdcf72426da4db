"""Words of three languages gathered under one idea each, so that what is learned in one language helps the others.

The phrases are `wordlists/concepts.txt`, without diacritics, as `fold` leaves them.
"""

from __future__ import annotations

from intents import wordlists


def _read() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for tag, phrases in wordlists.read("concepts").items():
        for phrase in phrases:
            table.setdefault(phrase, []).append(tag)
    return {phrase: tuple(tags) for phrase, tags in table.items()}


_TABLE = _read()
_LONGEST = max(phrase.count(" ") + 1 for phrase in _TABLE)


def concepts(words: list[str]) -> list[str]:
    """The ideas named in folded words, each once, in order of appearance; longer phrases hide shorter ones."""
    found: dict[str, None] = {}
    i = 0
    while i < len(words):
        for n in range(min(_LONGEST, len(words) - i), 0, -1):
            tags = _TABLE.get(" ".join(words[i : i + n]))
            if tags is not None:
                found.update(dict.fromkeys(tags))
                i += n
                break
        else:
            i += 1
    return list(found)


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
