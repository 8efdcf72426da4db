"""What a customer can be found by without storing it: keyed hashes of names, of the ends of numbers, of words.

What such an index gives away to who has the database and not the key, and why that is accepted: ADR 20.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.store.sealing import plain, search_words

NAME: Final = "name"
ENDING: Final = "ending"
WORD: Final = "word"
SHORTEST_START: Final = 3
LONGEST_START: Final = 12
ENDINGS: Final = range(4, 9)
"""How many last digits of a number find it; the whole number does as well, by its last eight."""
MOST_WORDS: Final = 60
"""Words of one message that it is found by."""
TERM_LENGTH: Final = 16
"""Hex digits of a hash: enough for no two words of a house to meet."""


def of_name(name: str | None) -> Iterator[tuple[str, str]]:
    """Every word of a name, and every beginning of it that is not too short."""
    for word in _words(name or ""):
        for length in range(min(SHORTEST_START, len(word)), min(len(word), LONGEST_START) + 1):
            yield NAME, word[:length]


def of_number(number: str | None) -> Iterator[tuple[str, str]]:
    """The ends of a number."""
    for length in ENDINGS:
        if number and len(number) >= length:
            yield ENDING, number[-length:]


def of_text(text: str) -> Iterator[tuple[str, str]]:
    """The words of a message, as they are typed in a hurry."""
    for word in search_words(text)[:MOST_WORDS]:
        if len(word) > 1:
            yield WORD, word


def asked_name(text: str) -> tuple[tuple[str, str], ...]:
    """What a name has to have to be found by these words."""
    return tuple((NAME, word[:LONGEST_START]) for word in _words(text))


def asked_number(text: str) -> tuple[tuple[str, str], ...]:
    """What a number has to have to be found by these digits; nothing where they are too few."""
    digits = re.sub(r"[ ().+-]", "", text)
    if not digits.isascii() or not digits.isdigit() or len(digits) < ENDINGS.start:
        return ()
    return ((ENDING, digits[-(ENDINGS.stop - 1) :]),)


def asked_text(text: str) -> tuple[tuple[str, str], ...]:
    """What a message has to have to be found by these words."""
    return tuple(of_text(text))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", plain(text))
