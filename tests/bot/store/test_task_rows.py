"""A task and its row: what is written is read, and so is what an earlier version wrote."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.ids import BookingReference
from bot.domain.task import OfferOutcome, PlannedTask, Task, TaskKind, TaskOffer, TaskState
from bot.store.task_rows import document_of, task_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MASSAGE = PlannedTask(
    "service",
    (("en", "Massage"),),
    NOW + timedelta(days=3),
    90,
    kind=TaskKind.SERVICE,
    candidates=("wayan", "ketut"),
    answer_by=NOW + timedelta(hours=6),
    answer_minutes=30,
    at_once=True,
    asked_days=6,
)
OFFERS = (
    TaskOffer("wayan", NOW, NOW + timedelta(minutes=30), OfferOutcome.DECLINED, told=OfferOutcome.OPEN),
    TaskOffer("ketut", NOW, NOW + timedelta(minutes=30), number=2),
)
TASK = Task(BookingReference("BK-1"), 1, 1, MASSAGE, TaskState.OFFERED, NOW, offers=OFFERS)
NEW_KEYS = ("candidates", "answer_by", "answer_minutes", "at_once", "asked_days", "offers")


def test_what_is_written_is_read() -> None:
    assert task_of(document_of(TASK)) == TASK


def test_a_row_of_before_there_were_offers_is_read_without_any() -> None:
    row = {key: value for key, value in document_of(TASK).items() if key not in NEW_KEYS}
    plain = replace(MASSAGE, candidates=(), answer_by=None, answer_minutes=None, at_once=False, asked_days=None)
    assert task_of(row) == replace(TASK, planned=plain, offers=())
    assert not plain.is_offered


def test_an_offer_that_is_none_is_refused_with_its_task() -> None:
    row = document_of(TASK) | {"offers": [{"who": "wayan"}]}
    with pytest.raises(ValueError, match="answer_by"):
        task_of(row)
