"""Upkeep and the tasks that are there: one unfinished of each work and place, and the next when it is done."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.business.definition import Business
from bot.business.hours import Minute
from bot.business.upkeep import Recurrence, Upkeep
from bot.business.words import LocalizedText
from bot.domain.task import Task, TaskState
from bot.lifecycle.tasks import move_task
from bot.lifecycle.upkeep import due_upkeep
from tests.bot.business.makers import sample

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
INSPECTION = Upkeep(
    "inspection",
    LocalizedText(en="Inspect"),
    "host",
    Recurrence(months=1),
    date(2026, 1, 10),
    Minute(9 * 60),
    (sample().places[0].id,),
)


def house(*works: Upkeep) -> Business:
    return replace(sample(), upkeep=works)


def written(known: Sequence[Task], changed: Sequence[Task]) -> list[Task]:
    return list({task.id: task for task in (*known, *changed)}.values())


def ended(task: Task, state: TaskState, at: datetime) -> Task:
    return move_task(task, state, at, "dewi")


def planned(known: Sequence[Task], now: datetime, *works: Upkeep) -> list[Task]:
    """Every task after a look; the same look again finds nothing to do."""
    after = written(known, due_upkeep(house(*works), known, now))
    assert due_upkeep(house(*works), after, now) == []
    return after


def test_one_for_each_place_at_its_next_moment_and_looking_twice_makes_one() -> None:
    (task,) = planned([], NOW, INSPECTION)
    assert task.id == f"house:upkeep.inspection.{sample().places[0].id}:1"
    assert (task.planned.due_at, task.planned.role) == (datetime(2026, 3, 10, 1, tzinfo=UTC), "host")
    assert task.acknowledged == task.revision
    everywhere = planned([], NOW, replace(INSPECTION, places=()))
    assert {one.planned.place for one in everywhere} == {place.id for place in sample().places}


def test_the_next_comes_when_it_is_done_and_what_is_done_early_is_not_wanted_again() -> None:
    known = planned([], NOW, INSPECTION)
    early = [ended(known[0], TaskState.DONE, NOW)]
    both = planned(early, NOW + timedelta(minutes=1), INSPECTION)
    assert [task.number for task in both] == [1, 2]
    assert both[1].planned.due_at == datetime(2026, 4, 10, 1, tzinfo=UTC)
    # and it stays so at every later look before then
    assert planned(both, NOW + timedelta(days=20), INSPECTION) == both


def test_what_nobody_did_is_late_and_does_not_pile_up() -> None:
    known = planned([], NOW, INSPECTION)
    half_a_year = NOW + timedelta(days=180)
    assert planned(known, half_a_year, INSPECTION) == known
    off = [ended(known[0], TaskState.WITHDRAWN, half_a_year)]
    (_, second) = planned(off, half_a_year, INSPECTION)
    assert second.planned.due_at == datetime(2026, 9, 10, 1, tzinfo=UTC)


def test_another_day_in_the_file_moves_the_same_task_and_one_that_is_gone_is_withdrawn() -> None:
    (task,) = planned([], NOW, INSPECTION)
    taken = replace(move_task(task, TaskState.TAKEN, NOW, "dewi"), assignee="dewi")
    moved = replace(INSPECTION, first=date(2026, 1, 20))
    (again,) = planned([taken], NOW, moved)
    assert (again.id, again.state, again.assignee) == (task.id, TaskState.CHANGED, "dewi")
    assert again.planned.due_at == datetime(2026, 3, 20, 1, tzinfo=UTC)
    (gone,) = planned([again], NOW)
    assert (gone.state, gone.withdrawn_for) == (TaskState.WITHDRAWN, "not_planned")
    assert [one.number for one in planned([gone], NOW, INSPECTION)] == [1, 2]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["done", "withdrawn", "look"]),
        st.integers(0, 90 * 24),
        st.sampled_from([(INSPECTION,), (replace(INSPECTION, every=Recurrence(days=14)),), ()]),
    ),
    max_size=12,
)


@given(STEPS)
def test_there_is_never_more_than_one_unfinished_and_no_number_twice(steps: list[tuple[str, int, Any]]) -> None:
    known, now = planned([], NOW, INSPECTION), NOW
    for what, hours, works in steps:
        now += timedelta(hours=hours)
        if what != "look":
            known = [task if task.is_finished else ended(task, TaskState(what), now) for task in known]
        known = planned(known, now, *works)
        open_ones = [task for task in known if not task.is_finished]
        assert len(open_ones) == (1 if works else 0)
        assert len({task.id for task in known}) == len(known)
        assert all(task.next_at is not None for task in open_ones)
