"""The words for people, in every language that has a file in `bot.replies.catalogue`, and a house's own in their place.

Every text fits WhatsApp's limits at its worst, and has the same fields in every language (both tested). A house's own
words (`words` of its business file) were checked as it was read; they are said inside `spoken_with`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from bot.domain.language_files import Catalogue
from bot.domain.languages import CATALOGUE, CODES

OwnWords = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By key and language: the sentence, or its plural forms in order."""
_Flat = tuple[tuple[str, str, tuple[str, ...]], ...]

# A scope and no argument: six hundred places say something, and none of them has a choice whose words it says.
# `decide` opens it with the business it decides under, so that the same event decided again says the same.
_SPOKEN: Final[ContextVar[Catalogue]] = ContextVar("spoken_words", default=CATALOGUE)


@contextmanager
def spoken_with(own: OwnWords) -> Iterator[None]:
    """Inside, everything is said in these words where there are any, else in the catalogue's."""
    before = _SPOKEN.get()
    flat = tuple((key, code, forms) for key, by in sorted(own.items()) for code, forms in sorted(by.items()))
    _SPOKEN.set(_with(flat))
    try:
        yield
    finally:
        # no token: a process is closed in another context than it was opened in where its server is
        _SPOKEN.set(before)


def say(key: str, language: str, **fields: str | int) -> str:
    """That text in that language, with its fields filled in; raises MissingSentence where the language has no such."""
    return _SPOKEN.get().say(key, language, **fields)


def in_all(key: str) -> Mapping[str, str]:
    """That text in every language that has it, its fields still open."""
    found = ((code, file.sentences.get(key)) for code, file in _SPOKEN.get().languages.items())
    return {code: sentence.forms[0] for code, sentence in found if sentence is not None}


class InAll(Mapping[str, str]):
    """`in_all` of a key, asked when it is read: for tables that are made before anybody's words are known."""

    def __init__(self, key: str) -> None:
        self.key: Final = key

    def __getitem__(self, language: str) -> str:
        """The text in that language, its fields still open."""
        return in_all(self.key)[language]

    def __iter__(self) -> Iterator[str]:
        """The languages that have it."""
        return iter(in_all(self.key))

    def __len__(self) -> int:
        """How many they are."""
        return len(in_all(self.key))


def keys(start: str = "") -> tuple[str, ...]:
    """The keys that begin so, in the order of the English file."""
    return tuple(key for key in CATALOGUE.keys if key.startswith(start))


def language_names() -> Mapping[str, str]:
    """Each language that people are answered in, by its own name for itself; English first, then by code."""
    return {code: say("language.name", code) for code in CODES}


@lru_cache(maxsize=8)
def _with(own: _Flat) -> Catalogue:
    """The catalogue with these sentences in the place of its own; what it does not know is left out."""
    if not own:
        return CATALOGUE
    languages = dict(CATALOGUE.languages)
    for key, code, forms in own:
        file = languages.get(code)
        if file is not None and key in file.sentences:
            sentences = dict(file.sentences)
            sentences[key] = replace(sentences[key], forms=forms)
            languages[code] = replace(file, sentences=MappingProxyType(sentences))
    return replace(CATALOGUE, languages=MappingProxyType(languages))
