"""Texts the owner writes in up to three languages; an unset language falls back to one that is set."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field


class Strict:
    """The base of every part of the file: a key that nobody knows is a mistake, not a silence."""

    __slots__ = ()
    __pydantic_config__ = ConfigDict(extra="forbid")


class WordLanguage(StrEnum):
    """The languages the product speaks."""

    EN = "en"
    ID = "id"
    VI = "vi"


Sentence = Annotated[str, Field(min_length=1, max_length=1024)]


@dataclass(frozen=True, slots=True)
class LocalizedText(Strict):
    """One text in English, Indonesian and Vietnamese; a missing one is said in a language that is there."""

    en: Sentence | None = None
    id: Sentence | None = None
    vi: Sentence | None = None

    def say(self, language: str) -> str:
        """The text in `language`, else in English, Indonesian or Vietnamese; "" when nothing is written."""
        return self.written(language) or self.en or self.id or self.vi or ""

    def written(self, language: str) -> str | None:
        """The text as the owner wrote it in `language`, or nothing; no falling back."""
        match language:
            case WordLanguage.EN:
                return self.en
            case WordLanguage.ID:
                return self.id
            case WordLanguage.VI:
                return self.vi
            case _:
                return None


def _one_for_all(value: object) -> object:
    """A plain text instead of a table of languages stands for all of them (names of people and houses)."""
    return {"en": value, "id": value, "vi": value} if isinstance(value, str) else value


Text = Annotated[
    LocalizedText,
    BeforeValidator(_one_for_all, json_schema_input_type=LocalizedText | str),
    Field(description="a text, or a table with en, id and vi"),
]


def _one_form(value: object) -> object:
    """A plain text is the only form of its sentence."""
    if isinstance(value, list):
        return tuple(value)
    return (value,) if isinstance(value, str) else value


OwnForms = Annotated[
    tuple[Sentence, ...],
    BeforeValidator(_one_form, json_schema_input_type=str | tuple[Sentence, ...]),
    Field(description="the sentence; where a number decides, a list with its forms"),
]
"""A sentence of the house's own in one language."""
