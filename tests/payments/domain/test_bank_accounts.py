"""Accounts people name: found in their words, written as the channel writes them, never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.domain.bank_accounts import BankChannel, channel_of, channels_of, holder_in, masked, number_in


def channel(code: str) -> BankChannel:
    found = channel_of(f"ID_{code}", "IDR")
    assert found is not None
    return found


NUMBERS = [
    ("BCA", "1234567890", "1234567890"),
    ("BCA", "no rek 123 456-7890 ya", "1234567890"),
    ("BCA", "123456789", None),
    ("BCA", "12345678901", None),
    ("MANDIRI", "1400000001028", "1400000001028"),
    ("MANDIRI", "14000000010", None),
    ("BRI", "003400000106501", "003400000106501"),
    ("BRI", "34000001065012", "034000001065012"),
    ("BNI", "0900000104", "0900000104"),
    ("OVO", "081234567890", "081234567890"),
    ("OVO", "+62 812-3456-7890", "081234567890"),
    ("DANA", "6281234567890", "081234567890"),
    ("GOPAY", "81234567890", "081234567890"),
    ("GOPAY", "0212345678", None),
    ("OVO", "1234567890", None),
    ("BCA", "saya tidak tahu", None),
    ("BCA", "", None),
]


@pytest.mark.parametrize(("code", "text", "number"), NUMBERS)
def test_a_number_is_written_as_its_channel_writes_it(code: str, text: str, number: str | None) -> None:
    assert number_in(text, channel(code)) == number


@pytest.mark.parametrize(
    "name", ["Budi Santoso", "PT Rumah Senja", "Nguyễn Thị Hoa", "Anne-Marie O'Neil", "I Wayan S.", "A & B"]
)
def test_names_of_people_and_houses_are_names(name: str) -> None:
    assert holder_in(f"  {name}\n") == name


@pytest.mark.parametrize(
    "text", ["", "x", "1234567890", "Budi 123", "?", "a " * 9, "x" * 101, "my name is <b>Budi</b>"]
)
def test_what_is_no_name_is_none(text: str) -> None:
    assert holder_in(text) is None


@given(st.text(max_size=200), st.sampled_from([one for code in ("IDR", "PHP", "THB") for one in channels_of(code)]))
def test_any_text_gives_a_fitting_number_or_none(text: str, one: BankChannel) -> None:
    number = number_in(text, one)
    assert number is None or (number.isdigit() and one.digits[0] <= len(number) <= one.digits[1])
    holder = holder_in(text)
    assert holder is None or 2 <= len(holder) <= 100


def test_a_masked_number_shows_its_end_only() -> None:
    assert masked("1234567890") == "••••7890"
    assert masked("12345") == "••••45"


def test_a_channel_is_found_by_any_of_its_names_as_a_word() -> None:
    named = [one.code for one in channels_of("IDR") if one.is_named_in("ke Mandiri saja")]
    assert named == ["ID_MANDIRI"]
    assert [one.code for one in channels_of("IDR") if one.is_named_in("bcaa")] == []
    assert channels_of("VND") == ()
    assert channel_of("ID_BCA", "PHP") is None


def test_every_list_of_channels_fits_a_list_of_ten() -> None:
    assert all(len(channels_of(currency)) <= 10 for currency in ("IDR", "PHP", "THB"))
