"""Law: whoever has a task is told of every change of it, once, and of its loss; nobody else is told anything."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import BookingReference
from bot.domain.job import JobNews
from bot.domain.task import SERVICE_TASK, PlannedTask, Task, TaskKind, TaskState
from bot.lifecycle import job_notices as notices
from bot.lifecycle.job_notices import having_told, holder
from bot.lifecycle.tasks import ANSWERS_WITHIN, TASK, TaskPlan, found_late, move_task

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BOOKING = BookingReference("BK-1")
MASSAGE = PlannedTask(
    SERVICE_TASK,
    (("en", "Massage"),),
    NOW + timedelta(days=3),
    60,
    place="villa",
    kind=TaskKind.SERVICE,
    who="wayan",
    guests=2,
)


def ensured(last: Task | None, planned: PlannedTask, number: int = 1) -> Task:
    made = TaskPlan(BOOKING, number, NOW).ensured(last, planned, is_ready=True)
    assert made is not None
    return made


def job_notices(task: Task) -> tuple[tuple[str, JobNews], ...]:
    return tuple((notice.who, notice.news) for notice in notices.job_notices(task))


def test_what_is_sold_from_their_hours_is_theirs_at_once_and_told_once() -> None:
    task = ensured(None, MASSAGE)
    assert (task.state, task.assignee) == (TaskState.TAKEN, "wayan")
    assert job_notices(task) == (("wayan", JobNews.GIVEN),)
    assert job_notices(having_told(task)) == ()


def test_moved_it_stays_theirs_and_they_are_told_what_it_is_now() -> None:
    told = having_told(ensured(None, MASSAGE))
    for other in (
        replace(MASSAGE, due_at=MASSAGE.due_at + timedelta(days=1)),
        replace(MASSAGE, place="other"),
        replace(MASSAGE, guests=3),
    ):
        moved = ensured(told, other, 2)
        assert (moved.state, moved.assignee, moved.is_finished) == (TaskState.TAKEN, "wayan", False)
        assert job_notices(moved) == (("wayan", JobNews.CHANGED),)


def test_with_another_provider_the_former_one_is_told_that_it_is_gone() -> None:
    moved = ensured(having_told(ensured(None, MASSAGE)), replace(MASSAGE, who="kadek"), 2)
    assert job_notices(moved) == (("wayan", JobNews.GONE), ("kadek", JobNews.GIVEN))
    assert job_notices(having_told(moved)) == ()


def test_called_off_it_is_gone_and_what_they_never_heard_of_is_not_called_off() -> None:
    task = ensured(None, MASSAGE)
    plan = TaskPlan(BOOKING, 1, NOW)
    silent, gone = plan.withdrawn(task, "flight"), plan.withdrawn(having_told(task), "flight")
    assert silent is not None
    assert gone is not None
    assert job_notices(silent) == ()
    assert job_notices(gone) == (("wayan", JobNews.GONE),)
    assert job_notices(having_told(gone)) == ()


def test_silence_after_the_end_asks_once_and_then_it_is_late() -> None:
    task = having_told(ensured(None, MASSAGE))
    asked = found_late(task, MASSAGE.due_at)
    assert (asked.is_late, asked.next_at) == (False, MASSAGE.due_at + ANSWERS_WITHIN)
    assert asked.acknowledged == asked.revision
    assert job_notices(asked) == (("wayan", JobNews.OVERDUE),)
    late = found_late(having_told(asked), MASSAGE.due_at + ANSWERS_WITHIN)
    assert late.is_late
    assert job_notices(late) == ()


def test_what_took_place_is_done_whoever_forgot_to_say_so() -> None:
    told = having_told(ensured(None, MASSAGE))
    done = ensured(told, replace(MASSAGE, is_over=True))
    assert (done.state, done.done_by) == (TaskState.DONE, "wayan")
    assert job_notices(done) == ()
    assert TaskPlan(BOOKING, 1, NOW).ensured(done, replace(MASSAGE, is_over=True), is_ready=True) is None


def _plan_again(task: Task, number: int) -> Task:
    people, days = ("wayan", "kadek"), timedelta(days=number % 3)
    planned = replace(MASSAGE, due_at=MASSAGE.due_at + days, who=people[number % 2], guests=1 + number % 2)
    made = TaskPlan(BOOKING, task.plan_no + 1, NOW).ensured(task, planned, is_ready=True)
    return task if made is None or made.number != task.number else made


def _move(task: Task, number: int) -> Task:
    targets = sorted(TASK[task.state])
    return move_task(task, targets[number % len(targets)], NOW, "x") if targets else task


def _look(task: Task, number: int) -> Task:
    return task if task.is_finished else found_late(task, NOW)


STEPS: list[Callable[[Task, int], Task]] = [_plan_again, _move, _look]


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 11), st.booleans()), max_size=20))
def test_whoever_has_it_knows_how_it_stands_as_soon_as_it_is_told(
    steps: list[tuple[Callable[[Task, int], Task], int, bool]],
) -> None:
    task = ensured(None, MASSAGE)
    knows: dict[str, tuple[object, ...] | None] = {}
    for step, number, is_told in steps:
        task = step(task, number)
        if not is_told:
            continue
        for who, news in job_notices(task):
            planned = task.planned
            gone = news is JobNews.GONE
            knows[who] = None if gone else (planned.begins_at, planned.due_at, planned.place, planned.guests)
        task = having_told(task)
        assert job_notices(task) == ()
        has_it = holder(task)
        if has_it is not None:
            planned = task.planned
            assert knows[has_it] == (planned.begins_at, planned.due_at, planned.place, planned.guests)
        if task.state is not TaskState.DONE:
            assert [who for who, known in knows.items() if known is not None and who != has_it] == []
