"""The languages people are answered in are the whole files; whatever code a lead holds, one of them is spoken."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.languages import CATALOGUE, CODES, ENGLISH, spoken, understood
from bot.store.shapes import pack_lead, unpack_lead
from intents.understanding import Language
from tests.bot.makers import a_lead


@given(st.one_of(st.none(), st.text(), st.sampled_from(CODES)))
def test_every_code_is_spoken_in_a_language_that_has_a_file(code: str | None) -> None:
    assert spoken(code) == (code if code in CODES else ENGLISH)


def test_a_stored_code_outlives_its_file_and_english_is_spoken_meanwhile() -> None:
    lead = unpack_lead(pack_lead(a_lead(language="tlh", language_chosen=True)))
    assert (lead.conversation.language, lead.language) == ("tlh", ENGLISH)


def test_what_is_understood_is_spoken_too_and_other_codes_are_no_language_of_the_reader() -> None:
    assert set(CODES) >= set(Language)
    assert [understood(code) for code in ("id", "nl", None)] == [Language.ID, None, None]


def test_every_readable_file_of_the_product_is_whole() -> None:
    assert tuple(CATALOGUE.languages) == CODES
