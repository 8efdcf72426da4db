"""Tasks in the words of an outside task system: the documented shape, and the same id for the same content."""

from dataclasses import replace
from datetime import timedelta

from bot.adapters.task_system.wire import message_of
from bot.dialogue.task_plan import planned_tasks
from bot.domain.ids import LeadId
from bot.domain.task import PlannedTask, Task, TaskState
from bot.engine.task_carrier import CarriedWork
from bot.lifecycle.tasks import TaskPlan, move_task
from bot.store.bookings import Recorded
from tests.bot.dialogue.test_tasks import REFERENCE, stay
from tests.bot.makers import NOW, context

BUSINESS = context().business


def four() -> tuple[Task, ...]:
    plan = TaskPlan(REFERENCE, 1, NOW)
    made = [plan.ensured(None, one, is_ready=True) for one in planned_tasks(stay(), BUSINESS)]
    return tuple(task for task in made if task is not None)


def work(*tasks: Task, is_first: bool = True) -> CarriedWork:
    recorded = Recorded(stay(), LeadId("lead-1"), NOW)
    return CarriedWork(REFERENCE, 4, is_first, recorded, tasks, BUSINESS, NOW)


def test_work_is_told_in_the_documented_shape() -> None:
    told = message_of(work(*four()))
    assert (told["message_type"], told["correlation_id"]) == ("workflow_creation_request", "BK-1")
    payload = told["payload"]
    assert payload["template_id"] == "WF-TEMPLATE-STAY"
    assert payload["customer_information"] == {"customer_id": "lead-1"}
    assert payload["service_information"]["location_id"] == "villa-kamboja"
    before = [one["task_id"] for one in payload["preparation_requirements"]]
    assert before == ["BK-1:pre-arrival-cleaning:1", "BK-1:check-in-meeting:1"]
    assert len(payload["follow_up_tasks"]) == 2
    assert {one["status"] for one in payload["follow_up_tasks"]} == {"pending"}
    # told later it is the same message, changed it is another
    assert message_of(replace(work(*four()), at=NOW + timedelta(hours=1)))["message_id"] == told["message_id"]
    assert message_of(replace(work(*four()), revision=5))["message_id"] != told["message_id"]


def test_what_is_withdrawn_is_cancelled_and_what_waits_names_what_it_waits_for() -> None:
    off = tuple(move_task(task, TaskState.WITHDRAWN, NOW, "system") for task in four())
    told = message_of(work(*off, is_first=False))
    assert told["message_type"] == "workflow_cancellation"
    # an unknown workflow that is over already is still told as one: perhaps they know it after all
    assert message_of(work(*off))["message_type"] == "workflow_creation_request"
    first, second = four()[:2]
    waits = replace(second, planned=replace(second.planned, after=(first.planned.template,)))
    (link,) = message_of(work(first, waits, is_first=False))["payload"]["dependencies"]
    assert (link["predecessor_id"], link["successor_id"]) == (first.id, waits.id)


def test_every_state_of_a_task_has_a_word() -> None:
    for state in TaskState:
        told = message_of(work(replace(four()[0], state=state)))
        assert told["payload"]["preparation_requirements"][0]["status"]


def test_work_of_the_house_has_no_booking_and_no_customer() -> None:
    planned = PlannedTask("by-hand-x", (("en", "Buy flowers"),), NOW + timedelta(days=1), 60)
    task = TaskPlan(None, 0, NOW).ensured(None, planned, is_ready=True)
    assert task is not None
    told = message_of(CarriedWork(task.id, 1, True, None, (task,), BUSINESS, NOW))["payload"]
    assert (told["workflow_type"], told["booking_id"], told["customer_information"]) == ("house_work", None, None)
    assert told["preparation_requirements"][0]["task_name"] == "Buy flowers"
