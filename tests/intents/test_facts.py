"""Sums, people, numbers and names as customers type them."""

from __future__ import annotations

import pytest

from intents import facts
from intents.understanding import Amount, Expecting, Language


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
    ],
)
def test_sums_are_read_in_minor_units(text: str, amount: Amount) -> None:
    assert facts.money(text) == (amount,)


@pytest.mark.parametrize("text", ["jam 10.30", "tgl 12", "kamar 200", "16/3/2026", "3 dêm", "anh 0912345678"])
def test_what_is_no_sum_is_none(text: str) -> None:
    assert facts.money(text) == ()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("buat 4 orang", 4),
        ("2-3 người", 3),
        ("for 3 on friday at 7", 3),
        ("berdua aja", 2),
        ("hai người", 2),
        ("for 7 pm", None),
    ],
)
def test_guests_are_counted(text: str, number: int | None) -> None:
    assert facts.guests(text, Expecting.NOTHING) == number


def test_three_at_night_are_no_three_nights() -> None:
    assert (facts.nights("jam 3 malam"), facts.nights("3 malam"), facts.nights("two nights")) == (None, 3, 2)


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


def test_a_name_is_taken_where_it_is_said_or_asked() -> None:
    assert facts.name("namaku Budi dan mau booking", Expecting.NOTHING) == "Budi"
    assert facts.name("tên mình là Lan Anh nhé", Expecting.NOTHING) == "Lan Anh"
    assert facts.name("Nguyễn Văn An", Expecting.NAME) == "Nguyễn Văn An"
    assert facts.name("Nguyễn Văn An", Expecting.NOTHING) is None


def test_blanking_keeps_every_place() -> None:
    text = "transfer 500rb ke 0812-3456-7890 besok a@b.co"
    blanked = facts.without_numbers_of_other_kinds(text)
    assert len(blanked) == len(text)
    assert blanked.split() == ["transfer", "ke", "besok"]
