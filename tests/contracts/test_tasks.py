"""Tasks on a real mongod: made once, re-timed once, whoever tells it again and however many tell it at once."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from bson.datetime_ms import DatetimeMS

from bot.domain.ids import BookingReference
from bot.domain.task import PlannedTask, Task, TaskKind, TaskState
from bot.domain.task_orders import EnsureTasks, WithdrawTasks
from bot.lifecycle.tasks import found_late, move_task
from bot.store.driver import Database
from bot.store.tasks import TaskQuery, Tasks

pytestmark = pytest.mark.mongo

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BOOKING = BookingReference("BK-1")
CLEAN = PlannedTask("clean", (("en", "Clean"),), NOW + timedelta(days=1), 120, "cleaner", "villa")
MEET = PlannedTask("meet", (("en", "Meet"),), NOW + timedelta(days=2), 30, "host", "villa")
FLOWERS = PlannedTask("flowers", (("en", "Flowers"),), NOW + timedelta(days=2), 30, "host", "villa", ("clean",))


def order(plan_no: int = 1, *planned: PlannedTask, booking: BookingReference = BOOKING) -> EnsureTasks:
    return EnsureTasks(booking, plan_no, planned or (CLEAN, MEET), NOW)


def names(tasks: Sequence[Task]) -> list[tuple[str, str]]:
    return [(task.id, task.state.value) for task in tasks]


def later(planned: PlannedTask) -> PlannedTask:
    return replace(planned, due_at=planned.due_at + timedelta(days=1))


async def ready(db: Database) -> Tasks:
    tasks = Tasks(db)
    await tasks.create_indexes()
    return tasks


async def test_told_again_and_by_many_at_once_each_task_is_made_once(db: Database) -> None:
    tasks = await ready(db)
    await asyncio.gather(*(tasks.ensure(order()) for _ in range(5)))
    await tasks.ensure(order())
    assert names(await tasks.of_booking(BOOKING)) == [("BK-1:clean:1", "open"), ("BK-1:meet:1", "open")]


async def test_a_later_plan_moves_the_same_tasks_and_an_earlier_one_changes_nothing(db: Database) -> None:
    tasks = await ready(db)
    await tasks.ensure(order())
    await asyncio.gather(*(tasks.ensure(order(number, later(CLEAN), later(MEET))) for number in (2, 2, 2)))
    await tasks.ensure(order(1))
    await tasks.withdraw(WithdrawTasks(BOOKING, 1, "cancelled", NOW))
    found = await tasks.of_booking(BOOKING)
    assert names(found) == [("BK-1:clean:1", "open"), ("BK-1:meet:1", "open")]
    assert [task.planned.due_at for task in found] == [later(CLEAN).due_at, later(MEET).due_at]
    assert {task.plan_no for task in found} == {2}


async def test_what_a_later_plan_no_longer_has_is_withdrawn_and_what_a_person_made_stays(db: Database) -> None:
    tasks = await ready(db)
    await tasks.ensure(order())
    by_hand = replace(CLEAN, template="by-hand-1", kind=TaskKind.ATTENTION)
    assert await tasks.write(Task(BOOKING, 1, 1, by_hand, TaskState.OPEN, NOW), NOW)
    await tasks.ensure(order(2, MEET))
    assert dict(names(await tasks.of_booking(BOOKING))) == {
        "BK-1:by-hand-1:1": "open",
        "BK-1:clean:1": "withdrawn",
        "BK-1:meet:1": "open",
    }
    await tasks.withdraw(WithdrawTasks(BOOKING, 2, "cancelled", NOW))
    assert {task.state for task in await tasks.of_booking(BOOKING)} == {TaskState.WITHDRAWN}


async def test_what_asked_about_a_change_ends_with_it_and_an_order_of_before_neither_ends_nor_reopens_it(
    db: Database,
) -> None:
    tasks = await ready(db)
    asks = replace(MEET, template="service~C1")
    await tasks.ensure(order(1, CLEAN, MEET, asks))
    # a process that was thought dead does what was ordered before anybody asked
    await tasks.ensure(order())
    assert ("BK-1:service~C1:1", "open") in names(await tasks.of_booking(BOOKING))
    for again in (replace(order(), not_asked=(asks.template,)), order(1, CLEAN, MEET, asks)):
        await tasks.ensure(again)
        assert dict(names(await tasks.of_booking(BOOKING))) == {
            "BK-1:clean:1": "open",
            "BK-1:meet:1": "open",
            "BK-1:service~C1:1": "withdrawn",
        }


async def test_work_that_waits_is_open_when_what_was_before_it_is_done(db: Database) -> None:
    tasks = await ready(db)
    await tasks.ensure(order(1, CLEAN, FLOWERS))
    clean = await tasks.find("BK-1:clean:1")
    assert clean is not None
    assert ("BK-1:flowers:1", "waiting") in names(await tasks.of_booking(BOOKING))
    assert await tasks.write(move_task(clean, TaskState.DONE, NOW, "ketut"), NOW)
    await tasks.open_ready(BOOKING, NOW)
    assert ("BK-1:flowers:1", "open") in names(await tasks.of_booking(BOOKING))


async def test_of_two_who_write_at_once_one_has_to_look_again(db: Database) -> None:
    tasks = await ready(db)
    await tasks.ensure(order())
    clean = await tasks.find("BK-1:clean:1")
    assert clean is not None
    taken = [replace(move_task(clean, TaskState.TAKEN, NOW, who), assignee=who) for who in ("ketut", "iluh")]
    written = await asyncio.gather(*(tasks.write(task, NOW) for task in taken))
    assert sorted(written) == [False, True]
    kept = await tasks.find(clean.id)
    assert kept in taken


async def test_what_became_of_it_is_untold_until_it_was_told_as_it_stands(db: Database) -> None:
    tasks = await ready(db)
    await tasks.ensure(order())
    assert await tasks.untold() == []
    clean = await tasks.find("BK-1:clean:1")
    assert clean is not None
    taken = replace(move_task(clean, TaskState.TAKEN, NOW, "ketut"), assignee="ketut")
    assert await tasks.write(taken, NOW)
    done = replace(move_task(taken, TaskState.DONE, NOW, "ketut"), done_by="ketut", done_at=NOW)
    assert await tasks.write(done, NOW)
    # too late: it stands otherwise by now
    await tasks.acknowledge(taken)
    assert await tasks.untold() == [done]
    await tasks.acknowledge(done)
    assert await tasks.untold() == []


async def test_what_nobody_began_in_time_is_looked_at_once_a_day(db: Database) -> None:
    tasks = await ready(db)
    await tasks.ensure(order())
    assert await tasks.to_look_at(CLEAN.begins_at - timedelta(minutes=1)) == []
    (clean,) = await tasks.to_look_at(CLEAN.begins_at)
    assert await tasks.write(found_late(clean, CLEAN.begins_at), NOW)
    assert await tasks.to_look_at(CLEAN.begins_at) == []
    assert [task.id for task in await tasks.to_look_at(CLEAN.begins_at + timedelta(days=1))] == [clean.id]


async def test_a_list_is_sorted_by_due_moment_asked_by_what_is_wanted_and_counted(db: Database) -> None:
    tasks = await ready(db)
    for number in range(3):
        booking = BookingReference(f"BK-{number}")
        moved = replace(CLEAN, due_at=CLEAN.due_at + timedelta(days=number))
        await tasks.ensure(order(1, moved, MEET, booking=booking))
    first = await tasks.find("BK-0:clean:1")
    assert first is not None
    taken = replace(move_task(first, TaskState.TAKEN, NOW, "ketut"), assignee="ketut")
    done = replace(move_task(taken, TaskState.DONE, NOW, "ketut"), done_by="ketut", done_at=NOW)
    assert await tasks.write(taken, NOW)
    assert await tasks.write(done, NOW)
    asked = [
        (TaskQuery(state=TaskState.DONE), 1),
        (TaskQuery(who="ketut"), 1),
        (TaskQuery(who="iluh"), 0),
        (TaskQuery(due_before=CLEAN.due_at + timedelta(hours=1)), 1),
        (TaskQuery(is_unfinished=True), 5),
        (TaskQuery(kind=TaskKind.ATTENTION), 0),
    ]
    for query, count in asked:
        assert len((await tasks.page(query, 50, None)).tasks) == count
    seen: list[str] = []
    cursor: str | None = None
    while cursor is not None or not seen:
        page = await tasks.page(TaskQuery(), 4, cursor)
        seen, cursor = [*seen, *(task.id for task in page.tasks)], page.next_cursor
    assert (len(seen), len(set(seen)), seen[0]) == (6, 6, "BK-0:clean:1")
    counts = await tasks.counts(None, None)
    assert counts.by_state == {TaskState.OPEN: 5, TaskState.DONE: 1}
    assert (counts.done_in_time, counts.done_late, counts.nobodys, counts.by_who) == (1, 0, 5, {"ketut": 1})
    assert (await tasks.counts(CLEAN.due_at + timedelta(hours=1), None)).by_state == {TaskState.OPEN: 5}


NO_YEAR = DatetimeMS(253_402_300_800_000)
WRONG: list[dict[str, object]] = [
    {"state": "dancing"},
    {"due_at": "soon"},
    {"due_at": NO_YEAR},
    {"next_at": DatetimeMS(-99_999_999_999_999)},
    {"title": None},
    {"title": "Clean"},
    {"number": "x"},
    {"minutes": math.inf},
    {"minutes": 10**13},
    {"minutes": -60},
    {"shown": {"who": "ketut", "starts_at": NO_YEAR, "ends_at": NO_YEAR, "place": None, "guests": None}},
]


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_row_nobody_can_read_hides_no_other_task(db: Database, wrong: dict[str, object]) -> None:
    tasks = await ready(db)
    await tasks.ensure(order())
    await db["tasks"].update_one({"_id": "BK-1:clean:1"}, {"$set": wrong})
    assert names(await tasks.of_booking(BOOKING)) == [("BK-1:meet:1", "open")]
    assert names((await tasks.page(TaskQuery(), 50, None)).tasks) == [("BK-1:meet:1", "open")]
    await tasks.counts(None, None)
    later = CLEAN.due_at + timedelta(days=9)
    assert names(await tasks.to_look_at(later)) == [("BK-1:meet:1", "open")]
    assert await tasks.find("BK-1:clean:1") is None
