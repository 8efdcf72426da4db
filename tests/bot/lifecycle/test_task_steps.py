"""What a person may do with what a guest has booked: its provider's alone, at its time, and nobody's by hand."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ids import BookingReference
from bot.domain.task import SERVICE_TASK, PlannedTask, Task, TaskKind, TaskState
from bot.lifecycle.task_steps import EARLIEST, TaskRefusal, TaskRefused, TaskRequest, TaskStep, stepped
from tests.bot.business.makers import sample
from tests.bot.makers import NOW

BUSINESS = sample()
KOMANG, OTHER = (str(one.id) for one in BUSINESS.providers[:2])
BEGIN = NOW + timedelta(days=3)
MASSAGE = PlannedTask(
    SERVICE_TASK, (("en", "Massage"),), BEGIN + timedelta(hours=1), 60, kind=TaskKind.SERVICE, who=KOMANG
)
GIVEN = Task(BookingReference("BK-1"), 1, 1, MASSAGE, TaskState.TAKEN, MASSAGE.due_at, KOMANG)
CHORE = replace(GIVEN, planned=replace(MASSAGE, template="cleaning", kind=TaskKind.CHORE, who=None), assignee="ketut")


def refusal(task: Task, request: TaskRequest, hours_before: float = 0) -> TaskRefusal | None:
    try:
        stepped(task, request, BUSINESS, BEGIN - timedelta(hours=hours_before))
    except TaskRefused as refused:
        return refused.why
    return None


@pytest.mark.parametrize("step", [TaskStep.TAKE, TaskStep.ASSIGN, TaskStep.WITHDRAW])
@pytest.mark.parametrize("who", [KOMANG, "ketut", None])
def test_whose_it_is_and_whether_it_is_wanted_changes_with_the_booking_alone(step: TaskStep, who: str | None) -> None:
    assert refusal(GIVEN, TaskRequest(step, "rina", who, "why")) is TaskRefusal.OF_PROVIDER


@pytest.mark.parametrize("step", [TaskStep.DONE, TaskStep.ON_THE_WAY, TaskStep.STARTED])
@pytest.mark.parametrize("by", ["rina", "task-system", f"partner:{KOMANG}"])
def test_whoever_says_so_it_is_not_given_before_its_time(step: TaskStep, by: str) -> None:
    asked = TaskRequest(step, by)
    assert refusal(GIVEN, asked, hours_before=EARLIEST / timedelta(hours=1) + 0.1) is TaskRefusal.TOO_EARLY
    assert refusal(GIVEN, asked, hours_before=1) is (TaskRefusal.TOO_EARLY if step is TaskStep.DONE else None)
    assert refusal(GIVEN, asked) is None


def test_staff_do_their_own_work_when_it_suits_them_and_say_so_in_the_chat_when_its_time_has_come() -> None:
    done = TaskRequest(TaskStep.DONE, "rina")
    assert refusal(CHORE, done, hours_before=48) is None
    assert refusal(CHORE, replace(done, is_of_now=True), hours_before=48) is TaskRefusal.TOO_EARLY
    assert refusal(CHORE, replace(done, is_of_now=True), hours_before=2) is None


@pytest.mark.parametrize("who", [OTHER, "ketut"])
@pytest.mark.parametrize("step", [TaskStep.DONE, TaskStep.PROBLEM, TaskStep.ON_THE_WAY, TaskStep.STARTED])
def test_nobody_does_what_another_gives(step: TaskStep, who: str) -> None:
    assert refusal(GIVEN, TaskRequest(step, "rina", who, "why")) is TaskRefusal.TAKEN


def test_the_same_problem_said_again_is_the_same_and_other_words_or_people_are_news() -> None:
    said = TaskRequest(TaskStep.PROBLEM, "task-system", None, "no water")
    first = stepped(GIVEN, said, BUSINESS, BEGIN)
    assert stepped(first, said, BUSINESS, BEGIN) is first
    for other in (replace(said, note="no power"), replace(said, by="rina")):
        assert stepped(first, other, BUSINESS, BEGIN).revision == first.revision + 1


@pytest.mark.parametrize("state", [TaskState.CHANGED, TaskState.PROBLEM])
@pytest.mark.parametrize("step", [TaskStep.ON_THE_WAY, TaskStep.STARTED])
def test_who_sets_out_again_after_a_change_or_a_call_for_help_has_it_again(state: TaskState, step: TaskStep) -> None:
    was = replace(GIVEN, state=state, on_the_way_at=NOW, started_at=NOW)
    again = stepped(was, TaskRequest(step, f"partner:{KOMANG}", KOMANG), BUSINESS, BEGIN)
    assert again.state is TaskState.TAKEN
    assert (again.started_at if step is TaskStep.STARTED else again.on_the_way_at) == BEGIN
    assert stepped(again, TaskRequest(step, f"partner:{KOMANG}", KOMANG), BUSINESS, BEGIN) is again
