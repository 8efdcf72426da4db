"""The words for people, in every language that has a file in `bot.replies.catalogue`.

Every text fits WhatsApp's limits at its worst, and has the same fields in every language (both tested).
"""

from collections.abc import Mapping

from bot.domain.languages import CATALOGUE, CODES


def say(key: str, language: str, **fields: str | int) -> str:
    """That text in that language, with its fields filled in; raises MissingSentence where the language has no such."""
    return CATALOGUE.say(key, language, **fields)


def in_all(key: str) -> Mapping[str, str]:
    """That text in every language that has it, its fields still open."""
    found = ((code, file.sentences.get(key)) for code, file in CATALOGUE.languages.items())
    return {code: sentence.forms[0] for code, sentence in found if sentence is not None}


def keys(start: str = "") -> tuple[str, ...]:
    """The keys that begin so, in the order of the English file."""
    return tuple(key for key in CATALOGUE.keys if key.startswith(start))


def language_names() -> Mapping[str, str]:
    """Each language that people are answered in, by its own name for itself; English first, then by code."""
    return {code: say("language.name", code) for code in CODES}
