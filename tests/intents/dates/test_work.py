"""The work of reading grows with the length of the message and no faster, whatever it is made of."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from types import FrameType
from zoneinfo import ZoneInfo

import pytest

from intents import counts, facts, sums
from intents.dates.parse import find_dates
from intents.dates.values import Language
from intents.understanding import ExpectedAnswer

NOW = datetime(2026, 3, 16, 10, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
_MOST_CALLS_A_PIECE = 1500

_PIECES = [
    "1 ", "jam ", "or ", "3 or ", "the ", "hari ", "thứ 2 ", "@", "2-", "the day before ", "2 days before ", "noon to ",
    "10-12/6 ", "first second ", "0930 ", "setengah ", "ngày ", "tháng 3 ", "next ", "friday ", "a week from ",
    "malam ", "bay gio kem ", "mai ",
]  # fmt: skip


def _calls(do: Callable[[], object]) -> int:
    """Python functions called, generators among them; a count and not a time, so it is the same on any machine."""
    count = 0

    def tick(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    do()
    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        do()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("piece", _PIECES)
def test_twice_the_message_is_twice_the_work(piece: str, language: Language) -> None:
    once = _calls(lambda: find_dates(piece * 20, language, NOW.date(), NOW))
    twice = _calls(lambda: find_dates(piece * 40, language, NOW.date(), NOW))
    assert twice <= 2.2 * once + 100
    assert twice <= 40 * _MOST_CALLS_A_PIECE


def test_a_message_is_read_up_to_a_bound() -> None:
    long, longer = ("jam 3 or 4 " * n for n in (400, 4000))
    assert _calls(lambda: find_dates(longer, Language.ID, NOW.date(), NOW)) <= 1.1 * _calls(
        lambda: find_dates(long, Language.ID, NOW.date(), NOW)
    )


@pytest.mark.parametrize(
    "text", [" " * 4000, "1" * 4000, "1 " * 2000, "(" * 4000, "a@" * 2000, "1." * 2000, "0812-" * 800]
)
def test_odd_messages_have_their_facts_read(text: str) -> None:
    assert facts.emails(text) == ()
    assert facts.name(text, ExpectedAnswer.NAME) is None
    assert counts.guests(text, ExpectedAnswer.GUESTS) is None
    assert sums.money(text) == ()
