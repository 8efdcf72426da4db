"""What the pane next to a conversation says of a booking."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.coming import Coming, ComingAnswer
from tests.bot.changing import START, a_paid_booking
from tests.bot.makers import NOW
from webhooks.console.inbox.booking_cards import coming_in_words
from webhooks.console.inbox.moments import Reader


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Says they come · Mon 2 Mar 17:00"), ("id", "Bilang akan datang"), ("vi", "Báo là sẽ đến")],
)
def test_what_a_customer_answers_to_the_reminder_stands_on_the_card(language: str, said: str) -> None:
    reader = Reader(NOW, ZoneInfo("Asia/Makassar"), language)
    booking = a_paid_booking(coming=Coming(ComingAnswer.YES, START, NOW - timedelta(hours=1), 1, answered_at=NOW))
    assert coming_in_words(booking, reader).startswith(said)
    assert coming_in_words(a_paid_booking(), reader) == ""
    moved = a_paid_booking(coming=Coming(ComingAnswer.YES, START - timedelta(days=1), NOW, 1, answered_at=NOW))
    assert coming_in_words(moved, reader) == ""
