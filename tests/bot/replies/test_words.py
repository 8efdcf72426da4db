"""The words for people: whole in three languages, with the same fields, and never over WhatsApp's limits."""

from string import Formatter

import pytest

from bot.domain import message_limits as limits
from bot.replies.words import LANGUAGE_NAMES, WORDS, say
from intents.understanding import Language

BUTTONS = [key for key in WORDS if key.endswith("_button")]
MENU = ("help_button", "language_button", "person_button")
LONGEST = {"name": " " + "x" * 60, "business": "x" * 60, "offers": "x" * 400, "list": "x" * 360}


def fields(key: str, language: Language) -> list[str]:
    return sorted({name for _, name, _, _ in Formatter().parse(WORDS[key][language]) if name is not None})


@pytest.mark.parametrize("key", WORDS)
def test_every_text_is_there_in_every_language_with_the_same_fields(key: str) -> None:
    assert set(WORDS[key]) == set(Language)
    assert fields(key, Language.EN) == fields(key, Language.ID) == fields(key, Language.VI)


@pytest.mark.parametrize("key", WORDS)
@pytest.mark.parametrize("language", Language)
def test_every_text_fits_a_message_with_buttons_at_its_worst(key: str, language: Language) -> None:
    worst = {name: LONGEST.get(name, "x" * 40) for name in fields(key, language)}
    assert 0 < len(say(key, language, **worst)) <= limits.BODY


@pytest.mark.parametrize("key", BUTTONS)
@pytest.mark.parametrize("language", Language)
def test_every_button_fits_its_title(key: str, language: Language) -> None:
    longest = dict.fromkeys(fields(key, language), "")
    assert len(say(key, language, **longest)) <= limits.BUTTON_TITLE


@pytest.mark.parametrize("language", Language)
def test_the_buttons_of_the_menu_are_told_apart(language: Language) -> None:
    assert len({say(key, language) for key in MENU}) == len(MENU)


def test_the_languages_are_named_in_themselves_and_fit_a_button() -> None:
    assert set(LANGUAGE_NAMES) == set(Language)
    assert all(len(name) <= limits.BUTTON_TITLE for name in LANGUAGE_NAMES.values())


@pytest.mark.parametrize("key", [key for key in WORDS if len(WORDS[key][Language.VI]) > 40])
def test_vietnamese_is_written_with_its_marks(key: str) -> None:
    assert any(ord(letter) > 127 and letter.isalpha() for letter in WORDS[key][Language.VI])


def test_an_empty_field_leaves_no_hole() -> None:
    assert "  " not in say("greeting", Language.EN, name="", business="Janji", offers="")
