"""A place's code is a signed word that says nothing, is read however it is typed, and counts for its place alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import place_codes

SECRET, FORMER = "s" * 48, "f" * 48
PLACES = {"villa-melati": 0, "villa-padi": 2}
CODE = place_codes.code_of("villa-padi", 2, SECRET)


def test_a_code_is_its_places_and_no_others() -> None:
    assert place_codes.place_of(CODE, PLACES, [SECRET]) == "villa-padi"
    assert place_codes.place_of(place_codes.code_of("villa-melati", 0, SECRET), PLACES, [SECRET]) == "villa-melati"
    assert place_codes.place_of(place_codes.code_of("villa-gone", 0, SECRET), PLACES, [SECRET]) is None


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_revoked_code_and_one_not_yet_given_out_are_nobodys(number: int) -> None:
    other = place_codes.code_of("villa-padi", number, SECRET)
    assert place_codes.place_of(other, PLACES, [SECRET]) is None
    assert place_codes.was_revoked(other, PLACES, [SECRET]) == (number < 2)


def test_a_code_of_another_house_is_nobodys_and_one_under_our_former_key_still_ours() -> None:
    old = place_codes.code_of("villa-padi", 2, FORMER)
    assert place_codes.place_of(old, PLACES, [SECRET]) is None
    assert place_codes.place_of(old, PLACES, [SECRET, FORMER]) == "villa-padi"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"Hello! place:{CODE}", "Hello!"),
        (f"place: {CODE.lower()}", ""),
        (f"halo\nPLACE={CODE}\nmau pijat", "halo\n \nmau pijat"),
        ("Hello! place:0000-0000-0000", "Hello!"),
    ],
)
def test_a_code_is_read_and_taken_out_however_it_is_typed(text: str, left: str) -> None:
    assert place_codes.code_in(text) in {CODE, "0000-0000-0000"}
    assert place_codes.without(text) == left


@pytest.mark.parametrize(
    "text", ["", "my place: Villa Melati", f"workplace:{CODE}", f"place:{CODE}-0000", f"place:{CODE}X", CODE]
)
def test_other_words_are_left_alone(text: str) -> None:
    assert place_codes.code_in(text) is None
    assert place_codes.without(text) == text


def test_the_code_says_neither_place_nor_number() -> None:
    assert len({place_codes.code_of(place, number, SECRET) for place in PLACES for number in range(50)}) == 100
    assert not {"villa", "melati", "padi"} & set(CODE.lower().split("-"))


def test_the_link_brings_hello_and_code_into_the_chat() -> None:
    link = place_codes.link("6281234567890", "Xin chào!", CODE)
    assert link == f"https://wa.me/6281234567890?text=Xin%20ch%C3%A0o%21%20place%3A{CODE}"


@given(st.text(max_size=80), st.integers(0, 5))
def test_any_text_is_taken_and_what_is_left_holds_no_code_unless_it_was_pieced_together(text: str, number: int) -> None:
    code = place_codes.code_of("villa-padi", number, SECRET)
    assert place_codes.code_in(f"place:{code}") == code
    found = place_codes.code_in(text)
    assert found is None or place_codes.without(text) != text


def test_a_room_has_a_code_of_its_own() -> None:
    numbers = {"villa-padi": 0, place_codes.code_subject("villa-padi", "12/a"): 1}
    room = place_codes.code_of("villa-padi/12/a", 1, SECRET)
    found = place_codes.place_of(room, numbers, [SECRET])
    assert found is not None
    assert place_codes.place_and_room(found) == ("villa-padi", "12/a")
    assert place_codes.place_and_room("villa-padi") == ("villa-padi", None)
    assert place_codes.place_of(place_codes.code_of("villa-padi", 0, SECRET), numbers, [SECRET]) == "villa-padi"
    assert place_codes.was_revoked(place_codes.code_of("villa-padi/12/a", 0, SECRET), numbers, [SECRET])


def test_a_room_is_known_at_its_place_and_while_it_binds() -> None:
    until = datetime(2026, 3, 4, tzinfo=UTC)
    bound = place_codes.BoundPlace("villa-padi", until, "12")
    before = until - timedelta(hours=1)
    assert bound.room_at("villa-padi", before) == "12"
    assert bound.room_at("villa-padi", until) is None
    assert bound.room_at("villa-melati", before) is None
    assert place_codes.BoundPlace("villa-padi", until).room_at("villa-padi", before) is None
