"""`OpenAlarms`: the list of all customers' alarms, the one that has waited longest first."""

from datetime import timedelta

import pytest

from bot.domain.alarms import AlarmReason
from bot.domain.ids import BookingReference, LeadId
from bot.domain.task import PlannedTask, Task, TaskState
from bot.lifecycle.tasks import TaskPlan, found_late, move_task
from bot.store import driver
from bot.store.alarms import OpenAlarms
from bot.store.tasks import Tasks
from tests.conftest import DRIVERS
from tests.contracts.makers import NOW, decision, lead, leads, loaded

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]

HOUR = timedelta(hours=1)


async def listed(db: driver.Database, limit: int = 50, cursor: str | None = None) -> list[tuple[str | None, str]]:
    page = await OpenAlarms(db).page(limit, cursor)
    return [(found.lead, found.alarm.reason.value) for found in page.alarms]


async def test_the_earliest_of_all_customers_comes_first_page_by_page(db: driver.Database) -> None:
    store = leads(db)
    both = lead("lead-a").alarmed(AlarmReason.PAYOUT_STUCK, NOW + HOUR, "po-1")
    await store.create(both.alarmed(AlarmReason.ASKED_FOR_PERSON, NOW - HOUR))
    await store.create(lead("lead-b").alarmed(AlarmReason.NUMBER_LOST, NOW))
    await store.create(lead("lead-c"))
    whole = [("lead-a", "asked_for_person"), ("lead-b", "number_lost"), ("lead-a", "payout_stuck")]
    assert await listed(db) == whole
    first = await OpenAlarms(db).page(2, None)
    assert first.next_cursor is not None
    assert await listed(db, 2, first.next_cursor) == whole[2:]


async def test_what_closed_was_merged_or_erased_is_not_listed(db: driver.Database) -> None:
    store = leads(db)
    for name in ("closed", "merged", "erased", "open"):
        await store.create(lead(name).alarmed(AlarmReason.ASKED_FOR_PERSON, NOW))
    closed = await loaded(store, LeadId("closed"))
    await store.commit(closed, decision(closed.lead.without_alarms({AlarmReason.ASKED_FOR_PERSON})), ["e"])
    assert await store.freeze(await loaded(store, LeadId("merged")), LeadId("open"))
    await store.erase(LeadId("erased"))
    assert await listed(db) == [("open", "asked_for_person")]


async def test_a_reason_of_another_version_is_listed_and_an_odd_row_hides_no_other(db: driver.Database) -> None:
    store = leads(db)
    for name in ("lead-a", "lead-b", "lead-c"):
        await store.create(lead(name).alarmed(AlarmReason.ASKED_FOR_PERSON, NOW))
    await db["leads"].update_one({"_id": "lead-a"}, {"$set": {"alarms.0.reason": "roof_leaks"}})
    await db["leads"].update_one({"_id": "lead-b"}, {"$set": {"alarms.0.subject": 7}})
    assert await listed(db) == [("lead-a", "of_later_version"), ("lead-c", "asked_for_person")]


CLEAN = PlannedTask("by-hand-pool", (("en", "Clean the pool"),), NOW + 2 * HOUR, 60)


async def made(tasks: Tasks, booking: str | None = None, session: str | None = None) -> Task:
    reference = None if booking is None else BookingReference(booking)
    task = TaskPlan(reference, 0, NOW, session=session).ensured(None, CLEAN, is_ready=True)
    assert task is not None
    assert await tasks.write(task, NOW)
    return task


async def test_late_work_of_the_house_and_of_a_session_is_listed_until_it_is_done(db: driver.Database) -> None:
    tasks = Tasks(db)
    house, session = await made(tasks), await made(tasks, session="yoga-1")
    booking = await made(tasks, booking="BK-1")
    await leads(db).create(lead("lead-a").alarmed(AlarmReason.ASKED_FOR_PERSON, NOW + 30 * HOUR))
    assert await listed(db) == [("lead-a", "asked_for_person")]
    late = []
    for task in (house, session, booking):
        found = found_late(task, NOW + HOUR)
        assert await tasks.write(found, NOW + HOUR)
        late.append(found)
    # that of a booking is its customer's to have
    whole = [(None, "task_late"), (None, "task_late"), ("lead-a", "asked_for_person")]
    assert await listed(db) == whole
    page = await OpenAlarms(db).page(2, None)
    assert {found.alarm.subject for found in page.alarms} == {house.id, session.id}
    assert {(found.alarm.since, found.alarm.due) for found in page.alarms} == {(CLEAN.begins_at, CLEAN.due_at)}
    assert await listed(db, 2, page.next_cursor) == whole[2:]
    # looked at once more a day later it has waited as long as before
    again = found_late(late[0], NOW + 25 * HOUR)
    assert await tasks.write(again, NOW + 25 * HOUR)
    assert (await OpenAlarms(db).page(1, None)).alarms[0].alarm.since == CLEAN.begins_at
    assert await tasks.write(move_task(again, TaskState.DONE, NOW + 26 * HOUR, "dewi"), NOW + 26 * HOUR)
    assert await tasks.write(move_task(late[1], TaskState.WITHDRAWN, NOW + 26 * HOUR, "x"), NOW + 26 * HOUR)
    assert await listed(db) == whole[2:]


async def test_work_that_cannot_be_done_is_listed_since_somebody_said_so(db: driver.Database) -> None:
    tasks = Tasks(db)
    trouble = move_task(await made(tasks), TaskState.PROBLEM, NOW, "ketut")
    assert await tasks.write(trouble, NOW)
    late = found_late(trouble, NOW + 3 * HOUR)
    assert await tasks.write(late, NOW + 3 * HOUR)
    (found,) = (await OpenAlarms(db).page(5, None)).alarms
    assert (found.lead, found.alarm.reason, found.alarm.since) == (None, AlarmReason.TASK_PROBLEM, NOW)
    # somebody else has it
    assert await tasks.write(move_task(late, TaskState.TAKEN, NOW + 4 * HOUR, "iluh"), NOW + 4 * HOUR)
    assert await listed(db) == []


async def test_work_that_was_given_back_is_listed_until_somebody_has_it(db: driver.Database) -> None:
    tasks = Tasks(db)
    nobodys = move_task(await made(tasks), TaskState.UNFILLED, NOW, "ketut")
    assert await tasks.write(nobodys, NOW)
    (found,) = (await OpenAlarms(db).page(5, None)).alarms
    assert (found.lead, found.alarm.reason, found.alarm.due) == (None, AlarmReason.TASK_UNFILLED, CLEAN.due_at)
    late = found_late(nobodys, NOW + 3 * HOUR)
    assert await tasks.write(late, NOW + 3 * HOUR)
    assert await listed(db) == [(None, "task_late")]
    assert await tasks.write(move_task(late, TaskState.TAKEN, NOW + 4 * HOUR, "dewi"), NOW + 4 * HOUR)
    assert await listed(db) == []
