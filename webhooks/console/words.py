"""The words of the console itself, in the language of who works with it."""

from collections.abc import Callable
from importlib import resources
from typing import Final

from bot.domain import language_files
from bot.domain.language_files import SOURCE

CATALOGUE: Final = language_files.read(resources.files("webhooks.console").joinpath("catalogue"))
CODES: Final = tuple(CATALOGUE.languages)
"""English first, then by code."""

Say = Callable[..., str]


def say(key: str, language: str, **fields: str | int) -> str:
    """That text in that language; raises MissingSentence where there is none."""
    return CATALOGUE.say(key, language, **fields)


def has(key: str) -> bool:
    """Whether there is such a text."""
    return key in CATALOGUE.languages[SOURCE].sentences


def state_of(state: str, language: str) -> str:
    """A state of a booking as staff read it; the state itself where it is none of this version's."""
    key = f"booking.state.{state.lower()}"
    return say(key, language) if has(key) else state


def language_of(setting: str | None, accepted: str) -> str:
    """The language somebody chose, else the first of their browser's that we have, else English."""
    if setting in CODES:
        return setting
    weighed: list[tuple[float, int, str]] = []
    for number, part in enumerate(accepted.split(",")[:20]):
        code, _, weight = part.strip().partition(";q=")
        primary = code.partition("-")[0].lower()
        if primary in CODES:
            weighed.append((-_number(weight), number, primary))
    return min(weighed)[2] if weighed else SOURCE


def _number(weight: str) -> float:
    try:
        return float(weight) if weight else 1.0
    except ValueError:
        return 0.0
