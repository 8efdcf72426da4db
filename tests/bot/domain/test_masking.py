"""Words that are passed on hold no number and no link; prices, times, dates and rooms stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.masking import MASK, without_contacts


@pytest.mark.parametrize(
    "text",
    [
        "0812-3456-7890",
        "+62 812 3456 7890",
        "0 8 1 2 3 4 5 6 7 8",
        "081.234.567",
        "08:12:34:56:78",
        "08.12.34.56.78",
        "0812_3456_7890",
        "(0361) 123456",
        "１２３４５６７８９",
        "٠٨١٢٣٤٥٦٧٨",
        "0812\u200b34567890",
        "wa.me/628123456",
        "https://x.y/z?q=1",
        "www.example.com",
        "me@example.com",
        "@wayan_bali",
        "t.me/foo",
        "instagram.com/wayan",
    ],
)
def test_numbers_and_links_are_masked(text: str) -> None:
    said = without_contacts(f"call me: {text} thanks")
    assert MASK in said
    assert "thanks" in said
    assert not any(part in said for part in text.split() if len(part) > 4)


@pytest.mark.parametrize(
    "text",
    [
        "I'll be there at 15:00 on 24.11.2026",
        "2026-11-24 15:00 – 16:00",
        "15:00-16:00, 17:00-18:00",
        "Rp 1.500.000 or 350,000",
        "room 12, gate code 4021",
        "Jl. Drupadi No. 14, 80361",
        "Mình đến lúc 10:30, 2 người nhé.Cảm ơn",
        "sampai jam 10.30 ya kak",
    ],
)
def test_what_is_no_way_past_us_stays(text: str) -> None:
    assert without_contacts(text) == text


@given(st.text(max_size=300))
def test_any_text_is_taken_and_masking_twice_is_masking_once(text: str) -> None:
    once = without_contacts(text)
    assert without_contacts(once) == once


@given(st.from_regex(r"\A[1-9][0-9]{9,13}\Z"), st.sampled_from(["", " ", "-", ".", " / "]))
def test_no_number_of_a_telephone_survives_however_it_is_parted(number: str, mark: str) -> None:
    said = without_contacts("call " + mark.join(number) + " now")
    assert sum(letter.isdigit() for letter in said) == 0
