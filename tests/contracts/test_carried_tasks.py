"""What an outside task system has yet to hear: marked with the change itself, told until taken, none in the way."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.domain.ids import BookingReference
from bot.domain.task import TaskState
from bot.domain.task_orders import WithdrawTasks
from bot.engine.task_carrier import AWAY_AFTER, FIRST_PAUSE, LONGEST_PAUSE, CarriedWork, NotCarried, TaskCarrier
from bot.lifecycle.tasks import move_task
from bot.store.bookings import Bookings
from bot.store.carried_tasks import CarriedTasks
from bot.store.driver import Database
from bot.store.tasks import Tasks
from tests.bot.makers import context
from tests.contracts.test_tasks import BOOKING, NOW, order

pytestmark = pytest.mark.mongo

OTHER = BookingReference("BK-2")


@dataclass(slots=True)
class Listener:
    """An outside system that takes what it is told, but for what it refuses."""

    refuses: set[str] = field(default_factory=set)
    is_away: bool = False
    told: list[CarriedWork] = field(default_factory=list)
    asked: int = 0

    async def tell(self, work: CarriedWork) -> None:
        self.asked += 1
        if self.is_away or work.subject in self.refuses:
            raise NotCarried("no", is_away=self.is_away)
        self.told.append(work)


async def ready(db: Database, listener: Listener | None) -> tuple[Tasks, CarriedTasks, TaskCarrier]:
    tasks, carried = Tasks(db, are_carried=listener is not None), CarriedTasks(db)
    await tasks.create_indexes()
    await carried.create_indexes()
    return tasks, carried, TaskCarrier(carried, tasks, Bookings(db), lambda _: context(), listener)


async def test_what_changes_while_it_is_told_stays_due(db: Database) -> None:
    listener = Listener()
    tasks, carried, carrier = await ready(db, listener)
    await tasks.ensure(order())
    marks = await carried.marks(BOOKING)
    task = await tasks.find("BK-1:clean:1")
    assert task is not None
    # written between the reading and the word that it was told
    assert await tasks.write(replace(move_task(task, TaskState.TAKEN, NOW, "x"), assignee="iluh"), NOW)
    await carried.told(marks)
    assert await carried.due(NOW) == [BOOKING]
    assert await carrier.sweep(NOW) == 1
    (told,) = listener.told
    assert (told.subject, told.is_first, told.revision) == (BOOKING, False, 3)
    assert {one.assignee for one in told.tasks} == {None, "iluh"}
    assert await carrier.sweep(NOW) == 0
    await tasks.withdraw(WithdrawTasks(BOOKING, 1, "cancelled", NOW))
    assert await carrier.sweep(NOW) == 1
    assert listener.told[-1].revision == 5


async def test_one_that_cannot_be_told_holds_up_no_other(db: Database) -> None:
    listener = Listener({BOOKING})
    tasks, carried, carrier = await ready(db, listener)
    await tasks.ensure(order())
    await tasks.ensure(order(booking=OTHER))
    assert await carrier.sweep(NOW) == 1
    assert [one.subject for one in listener.told] == [OTHER]
    now, pauses = NOW, []
    for _ in range(8):
        before = now
        while BOOKING not in await carried.due(now):
            now += FIRST_PAUSE
        pauses.append(now - before)
        assert await carrier.sweep(now) == 0
    assert pauses[:3] == [FIRST_PAUSE, FIRST_PAUSE * 2, FIRST_PAUSE * 4]
    assert pauses[-1] == LONGEST_PAUSE
    assert await carrier.stuck() == 2
    listener.refuses.clear()
    assert await carrier.sweep(now + LONGEST_PAUSE) == 1
    assert (listener.told[-1].is_first, await carrier.stuck()) == (True, 0)


@pytest.mark.parametrize("wrong", [{"revision": "x"}, {"booking": 5}, {"due_at": "soon"}])
async def test_a_broken_row_keeps_nobody_from_hearing_of_the_tasks_behind_it(
    db: Database, wrong: dict[str, object]
) -> None:
    listener = Listener()
    tasks, _, carrier = await ready(db, listener)
    await tasks.ensure(order())
    # broken marks of our own break nothing
    await db["tasks"].update_many({}, {"$set": {"carry_tries": [], "carried": "x"}})
    await db["tasks"].update_one({"_id": "BK-1:clean:1"}, {"$set": wrong | {"carry_at": NOW - timedelta(days=1)}})
    await tasks.ensure(order(booking=OTHER))
    assert await carrier.sweep(NOW) == 2
    assert {work.subject: [task.id for task in work.tasks] for work in listener.told} == {
        BOOKING: ["BK-1:meet:1"],
        OTHER: ["BK-2:clean:1", "BK-2:meet:1"],
    }
    # told once, and not with every round
    assert await carrier.sweep(NOW) == 0


async def test_a_booking_of_broken_rows_alone_is_not_called_off(db: Database) -> None:
    listener = Listener()
    tasks, _, carrier = await ready(db, listener)
    await tasks.ensure(order())
    assert await carrier.sweep(NOW) == 1
    change = {"title": None, "carry_at": NOW}
    await db["tasks"].update_many({"booking": BOOKING}, {"$set": change})
    for _ in range(2):
        assert await carrier.sweep(NOW) == 0
    assert len(listener.told) == 1


async def test_who_is_away_is_not_asked_for_each_of_many(db: Database) -> None:
    listener = Listener(is_away=True)
    tasks, carried, carrier = await ready(db, listener)
    for number in range(5):
        await tasks.ensure(order(booking=BookingReference(f"BK-{number}")))
    assert await carrier.sweep(NOW) == 0
    assert listener.asked == AWAY_AFTER
    listener.is_away = False
    assert await carrier.sweep(NOW) == 5 - AWAY_AFTER
    assert await carrier.sweep(NOW + timedelta(minutes=1)) == AWAY_AFTER
    assert await carried.due(NOW + timedelta(days=1)) == []


async def test_without_an_outside_system_nothing_is_marked(db: Database) -> None:
    tasks, carried, carrier = await ready(db, None)
    await tasks.ensure(order())
    assert await carrier.sweep(NOW) == 0
    assert await carried.due(NOW + timedelta(days=1)) == []
