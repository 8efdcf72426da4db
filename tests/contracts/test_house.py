"""`house`: heartbeats, the send budget and the pause, shared by all processes."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.commands import Urgency
from bot.store import driver
from bot.store.heartbeats import ALIVE_SECONDS, Heartbeats
from bot.store.outbox_pause import LOOKED_AT_EVERY, OutboxPause
from bot.store.send_budget import SHARE, SendBudget
from tests.conftest import DRIVERS

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]

SECOND = {"$dateTrunc": {"date": "$$NOW", "unit": "second"}}


async def test_a_role_nobody_plays_is_not_up(db: driver.Database) -> None:
    heartbeats = Heartbeats(db)
    assert await heartbeats.up_for("door") is None
    await heartbeats.beat("worker", "1")
    assert await heartbeats.up_for("door") is None
    await heartbeats.beat("door", "1")
    assert await heartbeats.up_for("door") is not None
    await heartbeats.stops("door", "1")
    assert await heartbeats.up_for("door") is None


async def test_the_longest_living_process_counts_from_its_first_beat(db: driver.Database) -> None:
    heartbeats = Heartbeats(db)
    await heartbeats.beat("door", "old")
    await _age(db, "door:old", since=timedelta(minutes=10))
    for process in ("young", "old"):
        await heartbeats.beat("door", process)
    up = await heartbeats.up_for("door")
    assert up is not None
    assert 600 <= up < 660


async def test_a_silent_process_is_not_up_and_counts_anew_from_its_return(db: driver.Database) -> None:
    heartbeats = Heartbeats(db)
    await heartbeats.beat("door", "frozen")
    await _age(db, "door:frozen", since=timedelta(hours=1), seen=timedelta(minutes=1))
    assert await heartbeats.up_for("door") is None
    await heartbeats.beat("door", "frozen")
    up = await heartbeats.up_for("door")
    assert up is not None
    assert up < 60


async def test_many_first_beats_at_once_are_one_process(db: driver.Database, db_again: driver.Database) -> None:
    both = [Heartbeats(db), Heartbeats(db_again)]
    for number in range(20):
        await asyncio.gather(*(both[one % 2].beat("$door", f"{number}") for one in range(6)))
    assert await both[0].up_for("$door") is not None


async def test_a_seconds_budget_is_never_exceeded(db: driver.Database, db_again: driver.Database) -> None:
    both = [SendBudget(db), SendBudget(db_again)]
    per_second, granted = 20, 0
    first = await driver.server_now(db)
    for _ in range(3):
        calls = [both[one % 2].may_send("628", Urgency.ANSWER, per_second) for one in range(60)]
        granted += sum(await asyncio.gather(*calls))
    last = await driver.server_now(db)
    seconds = int(last.timestamp()) - int(first.timestamp()) + 1
    assert per_second <= granted <= per_second * seconds


async def test_numbers_do_not_share_a_budget(db: driver.Database) -> None:
    budget = SendBudget(db)
    assert await budget.may_send("a", Urgency.ANSWER, 1)
    assert await budget.may_send("b", Urgency.ANSWER, 1)


@pytest.mark.parametrize("urgency", Urgency)
async def test_an_urgency_fills_its_share_and_no_more(db: driver.Database, urgency: Urgency) -> None:
    assert await _granted_at(db, urgency, used=SHARE[urgency] - 1)
    assert not await _granted_at(db, urgency, used=SHARE[urgency])


async def test_answers_find_room_when_all_others_have_none(db: driver.Database) -> None:
    used = SHARE[Urgency.MONEY]
    granted = {urgency: await _granted_at(db, urgency, used=used) for urgency in Urgency}
    assert [urgency for urgency, yes in granted.items() if yes] == [Urgency.ANSWER]


async def test_a_pause_says_why_and_since_the_first_refusal(db: driver.Database, db_again: driver.Database) -> None:
    both = [OutboxPause(db), OutboxPause(db_again)]
    assert await both[0].current() is None
    await asyncio.gather(*(both[one % 2].begin("$refused.us", 131031) for one in range(12)))
    first = await both[1].current()
    assert first is not None
    assert (first.reason, first.code) == ("$refused.us", 131031)
    await both[0].begin("another", None)
    again = await both[1].current()
    assert again is not None
    assert (again.reason, again.code, again.since) == ("another", None, first.since)
    await both[1].end()
    assert await both[0].current() is None


async def _age(db: driver.Database, which: str, *, since: timedelta, seen: timedelta = timedelta()) -> None:
    def ago(span: timedelta) -> dict[str, Any]:
        return {"$subtract": ["$$NOW", int(span.total_seconds() * 1000)]}

    await db["house"].update_one({"_id": which}, [{"$set": {"since": ago(since), "seen_at": ago(seen)}}])


async def _granted_at(db: driver.Database, urgency: Urgency, used: int) -> bool:
    """What is answered in a second of whose hundred so many are used; again if the second ended meanwhile."""
    key = {"_id": "budget:628"}
    while True:
        await db["house"].update_one(key, [{"$set": {"used": used, "second": SECOND}}], upsert=True)
        before = await db["house"].find_one(key)
        granted = await SendBudget(db).may_send("628", urgency, 100)
        after = await db["house"].find_one(key)
        if before["second"] == after["second"]:
            return granted


class StopWatch:
    """A monotonic clock that the test sets."""

    seconds = 50.0

    def __call__(self) -> float:
        """Where it stands."""
        return self.seconds


async def test_a_sender_goes_by_its_last_look_at_the_pause_for_a_second(
    db: driver.Database, db_again: driver.Database
) -> None:
    watch = StopWatch()
    sender, another = OutboxPause(db, watch), OutboxPause(db_again)
    assert not await sender.is_on()
    await another.begin("refused", 131031)
    watch.seconds += LOOKED_AT_EVERY
    assert not await sender.is_on(), "looked up a second ago, and no longer"
    watch.seconds += 0.001
    assert await sender.is_on()


async def test_a_pause_that_goes_on_is_looked_up_each_time_so_that_its_end_is_known_at_once(
    db: driver.Database, db_again: driver.Database
) -> None:
    sender, another = OutboxPause(db, StopWatch()), OutboxPause(db_again)
    await another.begin("refused", 131031)
    assert await sender.is_on()
    assert await sender.is_on()
    await another.end()
    assert not await sender.is_on()


async def test_who_begins_or_ends_a_pause_knows_it_at_once(db: driver.Database) -> None:
    pause = OutboxPause(db, StopWatch())
    assert not await pause.is_on()
    await pause.begin("refused", 131031)
    assert await pause.is_on()
    await pause.end()
    assert not await pause.is_on()


async def test_who_of_a_role_is_alive(db: driver.Database) -> None:
    heartbeats = Heartbeats(db)
    assert await heartbeats.alive("worker") == ()
    await heartbeats.beat("worker", "1")
    await heartbeats.beat("worker", "2")
    await heartbeats.beat("door", "3")
    long_ago = [{"$set": {"seen_at": {"$subtract": ["$$NOW", 1000 * (ALIVE_SECONDS + 1)]}}}]
    await db["house"].update_one({"_id": "worker:2"}, long_ago)
    assert await heartbeats.alive("worker") == ("1",)
