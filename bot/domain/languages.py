"""The languages people are answered in: one for each whole file of `bot/replies/catalogue`, named by its code."""

from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType
from typing import Final

from bot.domain import language_files
from intents.understanding import Language

CATALOGUE: Final = language_files.read(resources.files("bot").joinpath("replies", "catalogue"))
ENGLISH: Final = language_files.SOURCE
# a file begun and not yet translated to its end would leave a customer without an answer in the middle of a booking
CODES: Final = tuple(code for code in CATALOGUE.languages if CATALOGUE.is_whole(code))
"""English first, then by code."""
_BY_CODE: Final[Mapping[str, str]] = MappingProxyType({code: code for code in CODES})


def spoken(code: str | None) -> str:
    """That language, or English where it has no whole file; a stored code may outlive its file."""
    return ENGLISH if code is None else _BY_CODE.get(code, ENGLISH)


def understood(code: str | None) -> Language | None:
    """The language as one whose messages are understood; none for one that people are only answered in."""
    return Language(code) if code in set(Language) else None
