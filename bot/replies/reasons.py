"""Why a step is blocked and how to put it right, in the reader's language: a sentence for each word of a rule."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from bot.lifecycle.rules.rule import Reason
from bot.replies.words import InAll, keys


def _by_word(start: str) -> Mapping[str, Mapping[str, str]]:
    return {key.removeprefix(start): InAll(key) for key in keys(start)}


FACTS: Final = _by_word("reason.fact.")
"""What a rule saw, by its stable word and language."""
FIXES: Final = _by_word("reason.fix.")
"""How it is mended."""


def fix_in_words(fix: str, language: str) -> str:
    """The sentence of that word; the word itself when it is not one of ours."""
    template = FIXES.get(fix)
    return fix if template is None else template[language]


def fact_in_words(reason: Reason, language: str) -> str:
    """The sentence of the fact a rule saw; the word itself when it is not one of ours."""
    if reason.words is not None:
        return reason.words.say(language)
    template = FACTS.get(reason.fact)
    return reason.fact if template is None else template[language].format(**dict(reason.values))


def in_words(reasons: Iterable[Reason], language: str) -> tuple[Reason, ...]:
    """The same reasons, each telling in words what it saw and how it is mended."""
    return tuple(
        replace(
            one,
            fact=fact_in_words(one, language),
            fix=fix_in_words(one.fix, language) if one.fix_words is None else one.fix_words.say(language),
        )
        for one in reasons
    )
