"""A task as the page of work shows it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.ids import BookingReference
from bot.domain.task import PlannedTask
from bot.lifecycle.offers import asked_from
from bot.lifecycle.tasks import TaskPlan
from tests.bot.business.makers import sample
from webhooks.console.work.page import card_of

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
CLEANING = PlannedTask(
    "cleaning", (("en", "Clean"),), NOW + timedelta(days=20, hours=2), 120, "cleaner", answer_minutes=60, asked_days=6
)


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        ("en", "staff are asked from Mon 16 Mar 12:00"),
        ("id", "staf ditanya mulai Sen 16 Mar 12.00"),
        ("vi", "hỏi nhân viên từ Th 2 16/3 12:00"),
    ],
)
def test_what_staff_are_asked_about_later_says_when(language: str, asked: str) -> None:
    business = sample()
    made = TaskPlan(BookingReference("BK-1"), 1, NOW).ensured(None, CLEANING, is_ready=True)
    assert made is not None
    later = asked_from(made, NOW, business.zone)
    assert card_of(later, NOW, business, language).who == asked
    for at_once, now in ((made, NOW), (later, NOW + timedelta(days=14)), (replace(later, assignee="ketut"), NOW)):
        assert "16" not in card_of(at_once, now, business, language).who
