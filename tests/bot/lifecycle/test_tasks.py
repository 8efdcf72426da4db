"""The machine of a task, and what a plan makes of what is there: made once, re-timed once, withdrawn once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import BookingReference
from bot.domain.task import FINISHED, PlannedTask, Task, TaskState
from bot.lifecycle.tasks import (
    LOOK_AGAIN,
    TASK,
    TaskDenied,
    TaskPlan,
    are_all_finished,
    found_late,
    is_ready,
    last_of,
    move_task,
)

S = TaskState
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BOOKING = BookingReference("BK-1")
CLEANING = PlannedTask("cleaning", (("en", "Cleaning"),), NOW + timedelta(days=3), 120, "cleaner", "villa")
LATER = replace(CLEANING, due_at=CLEANING.due_at + timedelta(days=1))


def task(state: TaskState = S.OPEN, plan_no: int = 1) -> Task:
    return Task(BOOKING, 1, plan_no, CLEANING, state, None if state in FINISHED else CLEANING.begins_at)


def plan(number: int) -> TaskPlan:
    return TaskPlan(BOOKING, number, NOW)


@pytest.mark.parametrize("state", TaskState)
@pytest.mark.parametrize("target", TaskState)
def test_a_task_moves_by_its_table_and_nowhere_else(state: TaskState, target: TaskState) -> None:
    if target not in TASK[state]:
        with pytest.raises(TaskDenied):
            move_task(task(state), target, NOW, "rina")
        return
    moved = move_task(task(state), target, NOW, "rina")
    assert (moved.state, moved.by, moved.revision) == (target, "rina", 2)
    assert (moved.next_at is None) == (target in FINISHED)
    assert moved.acknowledged < moved.revision


def test_every_state_is_written_by_somebody_and_the_finished_ones_are_the_end() -> None:
    assert set(TASK) == set(TaskState)
    assert {state for row in TASK.values() for state in row} | {S.WAITING, S.OPEN} == set(TaskState)
    assert {state for state, row in TASK.items() if not row} == FINISHED


def test_nobodys_work_is_looked_at_when_it_has_to_begin_and_somebodys_when_it_has_to_be_done() -> None:
    new = plan(1).ensured(None, CLEANING, is_ready=True)
    assert new is not None
    assert (new.id, new.state, new.next_at) == ("BK-1:cleaning:1", S.OPEN, CLEANING.due_at - timedelta(hours=2))
    assert move_task(new, S.TAKEN, NOW, "ketut").next_at == CLEANING.due_at
    late = found_late(new, CLEANING.due_at)
    assert (late.is_late, late.next_at) == (True, CLEANING.due_at + LOOK_AGAIN)


@pytest.mark.parametrize("number", [0, 1])
def test_the_same_plan_told_again_or_an_older_one_changes_nothing(number: int) -> None:
    assert plan(number).ensured(task(), LATER, is_ready=True) is None
    assert plan(number).ensured(task(S.WITHDRAWN), LATER, is_ready=True) is None
    assert plan(0).withdrawn(task(), "cancelled") is None


def test_a_new_arrangement_gives_the_same_task_its_new_time() -> None:
    moved = plan(2).ensured(task(), LATER, is_ready=True)
    assert moved is not None
    assert (moved.id, moved.state, moved.planned, moved.plan_no) == ("BK-1:cleaning:1", S.OPEN, LATER, 2)
    # whoever has it, has it again when they take it at the new time
    taken = plan(2).ensured(replace(task(S.TAKEN), assignee="ketut"), LATER, is_ready=True)
    assert taken is not None
    assert (taken.state, taken.assignee, taken.acknowledged) == (S.CHANGED, "ketut", taken.revision)


def test_an_arrangement_that_leaves_the_work_as_it_is_asks_nobody_again() -> None:
    taken = plan(2).ensured(task(S.TAKEN), CLEANING, is_ready=True)
    done = plan(2).ensured(task(S.DONE), CLEANING, is_ready=True)
    assert taken is not None
    assert done is not None
    assert (taken.state, taken.plan_no, done.state, done.number) == (S.TAKEN, 2, S.DONE, 1)


@pytest.mark.parametrize("state", sorted(FINISHED))
def test_what_has_ended_and_is_wanted_at_another_time_is_the_next_of_its_kind(state: TaskState) -> None:
    again = plan(2).ensured(task(state), LATER, is_ready=True)
    assert again is not None
    assert (again.id, again.state) == ("BK-1:cleaning:2", S.OPEN)


def test_withdrawing_ends_what_is_open_and_twice_is_once() -> None:
    gone = plan(1).withdrawn(task(S.TAKEN), "cancelled")
    assert gone is not None
    assert (gone.state, gone.withdrawn_for, gone.acknowledged) == (S.WITHDRAWN, "cancelled", gone.revision)
    assert plan(1).withdrawn(gone, "cancelled") is None
    assert plan(1).withdrawn(task(S.DONE), "cancelled") is None


def test_work_waits_for_the_last_of_what_has_to_be_done_before() -> None:
    after = replace(CLEANING, template="flowers", after=("cleaning",))
    waiting = plan(1).ensured(None, after, is_ready=is_ready([task()], after))
    assert waiting is not None
    assert waiting.state is S.WAITING
    assert is_ready([task(S.DONE)], after)
    assert not is_ready([task(S.DONE), replace(task(), number=2)], after)


# Whatever is ordered in whatever order ------------------------------------------------------------------------------

_ORDERS = st.lists(st.tuples(st.sampled_from(["ensure", "withdraw"]), st.integers(1, 4), st.integers(0, 3)), max_size=8)
_MOVES = st.sampled_from([None, S.TAKEN, S.DONE, S.PROBLEM])


def applied(tasks: Sequence[Task], order: tuple[str, int, int]) -> list[Task]:
    """The tasks after one order of the lead, as the store applies it."""
    what, number, days = order
    known = {one.id: one for one in tasks}
    if what == "withdraw":
        changed = [plan(number).withdrawn(one, "cancelled") for one in tasks]
    else:
        wanted = replace(CLEANING, due_at=CLEANING.due_at + timedelta(days=days))
        changed = [plan(number).ensured(last_of(tasks, "cleaning"), wanted, is_ready=True)]
    return [*(known | {one.id: one for one in changed if one is not None}).values()]


@given(_ORDERS, st.lists(_MOVES, min_size=8, max_size=8))
def test_there_is_never_more_than_one_unfinished_task_of_a_kind_and_each_has_a_next_look(
    orders: list[tuple[str, int, int]], moves: list[TaskState | None]
) -> None:
    tasks: list[Task] = []
    for order, target in zip(orders, moves, strict=False):
        tasks = applied(tasks, order)
        # told again by whoever died before it was settled
        assert applied(tasks, order) == tasks
        for one in tasks:
            if target is not None and target in TASK[one.state]:
                tasks = [move_task(other, target, NOW, "rina") if other is one else other for other in tasks]
                break
        assert sum(not one.is_finished for one in tasks) <= 1
        assert all(one.is_finished or one.next_at is not None for one in tasks)
    assert are_all_finished([one for one in tasks if one.is_finished])
