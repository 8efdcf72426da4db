"""One box of words, told apart."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.search import SearchWish, wish_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LANGUAGES = ("en", "id", "vi")


def wish(text: str, currency: str = "IDR") -> SearchWish:
    return wish_of(text, currency, ZoneInfo("Asia/Makassar"), NOW, LANGUAGES)


@pytest.mark.parametrize(
    ("text", "reference"), [("bk-26112409-a1b2c3", "BK-26112409-A1B2C3"), ("ayu", None), ("BK", None)]
)
def test_a_reference_is_one_however_it_is_typed(text: str, reference: str | None) -> None:
    assert wish(text).reference == reference


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("350000", "IDR", 350_000),
        ("350.000", "IDR", 350_000),
        ("Rp 350.000", "IDR", 350_000),
        ("IDR 350,000", "IDR", 350_000),
        ("350rb", "IDR", 350_000),
        ("1,5 jt", "IDR", 1_500_000),
        ("350k", "VND", 350_000),
        ("350 nghìn", "VND", 350_000),
        ("1.200.000đ", "VND", 1_200_000),
        ("10.50", "PHP", None),
        ("110.50", "PHP", 11_050),
        ("12", "IDR", None),
        ("massage 350", "IDR", None),
    ],
)
def test_a_sum_is_one_with_marks_and_short_words_for_thousands(text: str, currency: str, amount: int | None) -> None:
    assert wish(text, currency).amount == amount


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-12", date(2026, 3, 12)),
        ("12 maret", date(2026, 3, 12)),
        ("ngày mai", date(2026, 3, 3)),
        ("12/3", date(2026, 3, 12)),
    ],
)
def test_a_day_is_one_in_any_language_of_the_house(text: str, day: date) -> None:
    assert day in wish(text).days


@given(st.text(max_size=200))
def test_any_text_is_a_wish(text: str) -> None:
    assert wish(text).text == " ".join(text.split())


def test_a_day_at_the_end_of_the_calendar_is_none() -> None:
    assert wish("9999-12-31T23:59:59.999Z").days == ()
