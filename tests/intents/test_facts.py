"""Sums, people, numbers and names as customers type them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents import counts, facts, sums
from intents.understanding import Amount, ExpectedAnswer, Language


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("500rb", Amount(500_000, "IDR")),
        ("1,5jt", Amount(1_500_000, "IDR")),
        ("Rp 1.500.000 ya", Amount(1_500_000, "IDR")),
        ("2tr", Amount(2_000_000, "VND")),
        ("2tr5 thôi", Amount(2_500_000, "VND")),
        ("300 nghìn", Amount(300_000, "VND")),
        ("$40", Amount(4_000, "USD")),
        ("200k", Amount(200_000, None)),
        ("350.000", Amount(350_000, None)),
        ("1tr5", Amount(1_500_000, "VND")),
        ("hai triệu rưỡi", Amount(2_500_000, "VND")),
        ("2 triệu rưỡi", Amount(2_500_000, "VND")),
        ("nửa triệu", Amount(500_000, "VND")),
        ("500.000đ nhé", Amount(500_000, "VND")),
        ("IDR 1.2m", Amount(1_200_000, "IDR")),
        ("Rp1.500.000,-", Amount(1_500_000, "IDR")),
        ("sejuta", Amount(1_000_000, "IDR")),
        ("dua ratus ribu", Amount(200_000, "IDR")),
        ("setengah juta", Amount(500_000, "IDR")),
        ("2 juta 500 ribu", Amount(2_500_000, "IDR")),
        ("1 juta setengah", Amount(1_500_000, "IDR")),
        ("S$20", Amount(2_000, "SGD")),
        ("30 euros", Amount(3_000, "EUR")),
    ],
)
def test_sums_are_read_in_minor_units(text: str, amount: Amount) -> None:
    assert sums.money(text) == (amount,)


def test_both_ends_of_a_price_range_are_sums() -> None:
    assert sums.money("200-300rb") == (Amount(200_000, "IDR"), Amount(300_000, "IDR"))


@pytest.mark.parametrize(
    "text",
    ["jam 10.30", "tgl 12", "kamar 200", "16/3/2026", "3 dêm", "anh 0912345678", "1.000 orang", "5m away", "2 d",
     "kamar 2 ya", "mai lúc 3 k ạ", "24.000 km"],
)  # fmt: skip
def test_what_is_no_sum_is_none(text: str) -> None:
    assert sums.money(text) == ()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("buat 4 orang", 4),
        ("2-3 người", 3),
        ("for 3 on friday at 7", 3),
        ("berdua aja", 2),
        ("hai người", 2),
        ("for 7 pm", None),
        ("2 adults and 1 child", 3),
        ("2 người lớn 1 trẻ em", 3),
        ("4 friends and me", 5),
        ("kami ber-4", 4),
        ("dua belas orang", 12),
        ("hai mươi người", 20),
        ("family of 4", 4),
        ("2 couples", 4),
        ("cho 2 nhé", 2),
        ("for 90 min massage", None),
        ("for 2 nights", None),
        ("0 people", None),
    ],
)
def test_guests_are_counted(text: str, number: int | None) -> None:
    assert counts.guests(text, ExpectedAnswer.NOTHING) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("3 ngày 2 đêm", 2), ("3D2N", 2), ("3 or 4 nights", 4), ("jam 7-10 malam", None), ("thứ 3 đêm", None)],
)  # fmt: skip
def test_nights_are_counted_and_evenings_are_not(text: str, number: int | None) -> None:
    assert counts.nights(text) == number


def test_three_at_night_are_no_three_nights() -> None:
    assert (counts.nights("jam 3 malam"), counts.nights("3 malam"), counts.nights("two nights")) == (None, 3, 2)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("wa saya 0812-3456-7890", "+6281234567890"),
        ("sđt em 0912345678", "+84912345678"),
        ("+62 812 3456 7890", "+6281234567890"),
    ],
)
def test_phone_numbers_come_in_e164(text: str, number: str) -> None:
    language = Language.VI if "sđt" in text else Language.ID
    assert facts.phones(text, language) == (number,)


def test_addresses_are_found_as_typed() -> None:
    text = "mail me at a.b+c@ex-ample.co.id, or <X@y.com>; not foo@bar, not at @ noon"
    assert facts.emails(text) == ("a.b+c@ex-ample.co.id", "X@y.com")


def test_a_name_is_taken_where_it_is_said_or_asked() -> None:
    assert facts.name("namaku Budi dan mau booking", ExpectedAnswer.NOTHING) == "Budi"
    assert facts.name("tên mình là Lan Anh nhé", ExpectedAnswer.NOTHING) == "Lan Anh"
    assert facts.name("Nguyễn Văn An", ExpectedAnswer.NAME) == "Nguyễn Văn An"
    assert facts.name("Nguyễn Văn An", ExpectedAnswer.NOTHING) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("I'm Anna", "Anna"), ("I'm late", None), ("this is Peter from Jakarta", "Peter"), ("panggil aja Dewi", "Dewi"),
     ("my name isn't important", None), ("anh tên Tuấn", "Tuấn")],
)  # fmt: skip
def test_a_name_is_told_from_a_state_by_its_capital(text: str, wanted: str | None) -> None:
    assert facts.name(text, ExpectedAnswer.NOTHING) == wanted


@pytest.mark.parametrize("text", ["no", "yes please", "I need a massage", "nama", "what time?", "Budi 0812"])
def test_an_answer_that_is_no_name_is_none(text: str) -> None:
    assert facts.name(text, ExpectedAnswer.NAME) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("yang kedua", 2), ("cái đầu tiên", 1), ("B", 2), ("no.2", 2), ("the later one", -1), ("lebih pagi", 1),
     ("thứ hai tuần sau", None), ("the 3rd of march", None), ("second floor", None), ("my first visit", None)],
)  # fmt: skip
def test_one_of_several_is_picked_and_a_date_picks_none(text: str, number: int | None) -> None:
    assert facts.ordinal(text, ExpectedAnswer.SLOT) == number


_WORDS = "500 rb 1,5 jt tr5 Rp 0812 +62 @ . , - / 3 or nights malam orang juta setengah ba mươi first yang I'm A"
_PIECES = st.sampled_from(_WORDS.split())


@given(st.one_of(st.text(max_size=120), st.lists(_PIECES, max_size=14).map(" ".join)), st.sampled_from(ExpectedAnswer))
@settings(max_examples=100)
def test_any_string_has_its_facts_read(text: str, expecting: ExpectedAnswer) -> None:
    counts.guests(text, expecting)
    counts.nights(text)
    sums.money(text)
    facts.ordinal(text, expecting)
    facts.name(text, expecting)
    facts.emails(text)
    for language in Language:
        facts.phones(text, language)
    assert len(facts.without_numbers_of_other_kinds(text)) == len(text)


def test_blanking_keeps_every_place() -> None:
    text = "transfer 500rb ke 0812-3456-7890 besok a@b.co"
    blanked = facts.without_numbers_of_other_kinds(text)
    assert len(blanked) == len(text)
    assert blanked.split() == ["transfer", "ke", "besok"]
