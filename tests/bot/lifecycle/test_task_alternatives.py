"""Work that nobody has taken: who could be asked by a person, or when somebody is at work there next."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.ids import BookingReference
from bot.domain.task import SERVICE_TASK, OfferOutcome, PlannedTask, Task, TaskKind, TaskOffer, TaskState
from bot.lifecycle.task_alternatives import alternatives
from tests.bot.business.makers import sample

ZONE = sample().zone
MONDAY = datetime(2026, 11, 30, 12, tzinfo=ZONE)
CLEANING = PlannedTask("cleaning", (("en", "Clean"),), MONDAY, 120, "cleaner", "villa-kamboja", answer_minutes=60)
TOUR = PlannedTask(
    SERVICE_TASK, (("en", "Tour"),), MONDAY, 600, kind=TaskKind.SERVICE, candidates=("made", "putu", "gone")
)


def unfilled(planned: PlannedTask = CLEANING, *offers: TaskOffer) -> Task:
    return Task(BookingReference("BK-1"), 1, 1, planned, TaskState.UNFILLED, MONDAY, offers=offers)


def no_of(who: str, planned: PlannedTask = CLEANING, outcome: OfferOutcome = OfferOutcome.DECLINED) -> TaskOffer:
    return TaskOffer(who, MONDAY, MONDAY, outcome, shown=planned.shown_to(who))


def test_who_works_then_and_has_not_said_no_is_named() -> None:
    assert alternatives(unfilled(), sample()) == {"people": "ketut, iluh"}
    assert alternatives(unfilled(CLEANING, no_of("ketut")), sample()) == {"people": "iluh"}
    silent = no_of("ketut", outcome=OfferOutcome.EXPIRED)
    assert alternatives(unfilled(CLEANING, silent), sample()) == {"people": "ketut, iluh"}
    assert alternatives(unfilled(TOUR, no_of("made", TOUR)), sample()) == {"people": "putu"}


def test_a_no_to_another_time_is_none_to_this() -> None:
    earlier = replace(CLEANING, due_at=MONDAY - timedelta(hours=2))
    assert alternatives(unfilled(CLEANING, no_of("iluh", earlier)), sample()) == {"people": "ketut, iluh"}


def test_with_nobody_then_it_says_when_somebody_is_at_work_there_next() -> None:
    night = replace(CLEANING, due_at=MONDAY.replace(hour=23))
    assert alternatives(unfilled(night), sample()) == {"works_from": "2026-12-01T07:00+08:00", "people": "ketut"}
    both = (no_of("ketut", night), no_of("iluh", night))
    assert alternatives(unfilled(night, *both), sample()) == {}
    assert alternatives(unfilled(TOUR, no_of("made", TOUR), no_of("putu", TOUR)), sample()) == {}


def test_who_is_off_is_named_neither_now_nor_later() -> None:
    night = replace(CLEANING, due_at=MONDAY.replace(hour=23))
    tomorrow = (MONDAY + timedelta(days=1)).replace(hour=8)
    assert alternatives(unfilled(), sample(), lambda at: ["ketut"]) == {"people": "iluh"}
    assert alternatives(unfilled(night), sample(), lambda at: ["ketut"] if at < tomorrow else []) == {
        "works_from": "2026-12-01T08:00+08:00",
        "people": "ketut, iluh",
    }
    assert alternatives(unfilled(), sample(), lambda at: ["ketut", "iluh"]) == {}
    assert alternatives(unfilled(TOUR), sample(), lambda at: ["made"]) == {"people": "putu"}


@pytest.mark.parametrize("state", [state for state in TaskState if state is not TaskState.UNFILLED])
def test_what_is_not_unfilled_needs_none(state: TaskState) -> None:
    assert alternatives(replace(unfilled(), state=state), sample()) == {}
