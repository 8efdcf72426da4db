"""One text in three languages."""

from collections.abc import Mapping

from intents.understanding import Language

Template = Mapping[Language, str]


def t(en: str, id: str, vi: str) -> Template:  # noqa: A002 - the three languages by their codes
    """A text in English, Indonesian and Vietnamese, with the same fields in each."""
    return {Language.EN: en, Language.ID: id, Language.VI: vi}
