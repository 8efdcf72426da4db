"""`received`: every delivery is stored before it is answered, once, and worked off."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from bot.domain.ids import LeadId
from bot.store import driver
from bot.store.delivery import Delivery, DeliveryState, Helper, KeptReading, NotStored, RecordingResult
from bot.store.received import BATCH, Received
from tests.conftest import DRIVERS, Database, cannot_run
from tests.contracts.makers import MINUTE, NOW, delivery, ids

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]

LEAD = LeadId("lead-1")


class Inserts(CommandListener):
    """Counts insert commands as they leave, on whatever thread the driver uses."""

    def __init__(self) -> None:
        self.count = 0
        self.begun = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name == "insert":
            self.count += 1
            self._loop.call_soon_threadsafe(self.begun.set)

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Of no interest."""

    def failed(self, event: CommandFailedEvent) -> None:
        """Of no interest."""


@asynccontextmanager
async def counted(uri: str, name: str, driver_name: str) -> AsyncIterator[tuple[driver.Database, Inserts]]:
    """A database whose insert commands are counted."""
    inserts = Inserts()
    client: Any = (AsyncIOMotorClient if driver_name == "motor" else AsyncMongoClient)(
        uri, tz_aware=True, event_listeners=[inserts]
    )
    yield driver.database(client, name), inserts
    await driver.close(client)


@asynccontextmanager
async def failing(db: driver.Database, mode: Any, **data: Any) -> AsyncIterator[None]:
    """While inside, the server's inserts fail in that way."""
    point = {"configureFailPoint": "failCommand", "mode": mode, "data": {"failCommands": ["insert"], **data}}
    try:
        await db.client.admin.command(point)
    except OperationFailure as refusal:
        cannot_run(f"this server allows no fail points: {refusal}")
    try:
        yield
    finally:
        await db.client.admin.command({"configureFailPoint": "failCommand", "mode": "off"})


async def rows(db: driver.Database) -> int:
    count: int = await db["received"].count_documents({})
    return count


async def test_what_is_recorded_comes_back_as_it_was(db: driver.Database) -> None:
    received = Received(db)
    one = delivery("$m.1", body=b"\x00$set", is_free_text=True, aliases=("a", "b"), due_at=NOW + MINUTE)
    assert await received.record([one]) == (RecordingResult.STORED,)
    assert await received.find(one.id) == one


async def test_doors_that_record_at_once_share_few_inserts(
    database: Database, mongodb_uri: str, request: pytest.FixtureRequest
) -> None:
    async with counted(mongodb_uri, database.name, request.node.callspec.params["database"]) as (db, inserts):
        received = Received(db)
        outcomes = await asyncio.gather(*(received.record([delivery(str(number))]) for number in range(300)))
        assert set(outcomes) == {(RecordingResult.STORED,)}
        assert inserts.count <= 3
        assert await rows(db) == 300


async def test_what_arrives_during_an_insert_shares_the_next_one(
    database: Database, mongodb_uri: str, request: pytest.FixtureRequest
) -> None:
    async with counted(mongodb_uri, database.name, request.node.callspec.params["database"]) as (db, inserts):
        received = Received(db)
        first = asyncio.create_task(received.record([delivery("first")]))
        await inserts.begun.wait()
        await asyncio.gather(*(received.record([delivery(str(number))]) for number in range(100)))
        assert await first == (RecordingResult.STORED,)
        assert inserts.count <= 4


async def test_a_duplicate_in_the_same_batch_is_seen(db: driver.Database) -> None:
    outcomes = await Received(db).record([delivery("a"), delivery("a"), delivery("b"), delivery("a", "other words")])
    assert outcomes == (RecordingResult.STORED, RecordingResult.SEEN, RecordingResult.STORED, RecordingResult.DIFFERS)


async def test_of_concurrent_duplicates_one_is_stored(db: driver.Database, db_again: driver.Database) -> None:
    doors = [Received(db), Received(db_again), Received(db), Received(db_again)]
    for number in range(25):
        calls = [door.record([delivery(str(number))]) for door in doors for _ in range(3)]
        counted_outcomes = Counter(outcome for (outcome,) in await asyncio.gather(*calls))
        assert counted_outcomes == {RecordingResult.STORED: 1, RecordingResult.SEEN: len(calls) - 1}
    assert await rows(db) == 25


async def test_the_same_id_with_other_content_differs_and_what_came_first_stands(db: driver.Database) -> None:
    received = Received(db)
    await received.record([delivery("a", "first", body=b"first")])
    assert await received.record([delivery("a", "second", body=b"second")]) == (RecordingResult.DIFFERS,)
    kept = await received.find(delivery("a").id)
    assert kept is not None
    assert kept.body == b"first"


async def test_a_write_concern_error_is_no_storing_and_no_having_seen(db: driver.Database) -> None:
    received = Received(db)
    await received.record([delivery("old")])
    async with failing(db, "alwaysOn", writeConcernError={"code": 64, "errmsg": "waiting for replication timed out"}):
        for one in (delivery("new"), delivery("old")):
            with pytest.raises(NotStored):
                await received.record([one])
    assert await received.record([delivery("new")]) == (RecordingResult.SEEN,)


async def test_a_failed_batch_takes_nobody_behind_it_down(db: driver.Database) -> None:
    received = Received(db)
    full = [delivery(f"full-{number}") for number in range(BATCH)]
    error = {"code": 64, "errmsg": "waiting for replication timed out"}
    async with failing(db, {"times": 1}, writeConcernError=error):
        ahead = asyncio.create_task(received.record(full))
        behind = asyncio.create_task(received.record([delivery("behind")]))
        async with asyncio.timeout(30):
            failed, stored = await asyncio.gather(ahead, behind, return_exceptions=True)
    assert isinstance(failed, NotStored)
    assert stored == (RecordingResult.STORED,)


async def test_a_broken_connection_is_tried_again_once_and_then_said(db: driver.Database) -> None:
    received = Received(db)
    async with failing(db, {"times": 1}, closeConnection=True):
        assert await received.record([delivery("a")]) == (RecordingResult.STORED,)
    async with failing(db, "alwaysOn", closeConnection=True):
        with pytest.raises(NotStored):
            await received.record([delivery("b")])
    assert await received.record([delivery("a"), delivery("b")]) == (RecordingResult.SEEN, RecordingResult.STORED)


async def test_a_server_that_refuses_for_another_reason_stored_nothing(db: driver.Database) -> None:
    async with failing(db, "alwaysOn", errorCode=13):
        with pytest.raises(NotStored):
            await Received(db).record([delivery("a")])


async def test_a_door_that_hangs_up_harms_nobody_else(db: driver.Database) -> None:
    received = Received(db)
    gone = asyncio.create_task(received.record([delivery("gone")]))
    stays = asyncio.create_task(received.record([delivery("stays")]))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == (RecordingResult.STORED,)
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_recording_nothing_finds_nothing(db: driver.Database) -> None:
    assert await Received(db).record([]) == ()


async def test_unrouted_are_the_new_ones_without_a_lead_oldest_first(db: driver.Database) -> None:
    received = Received(db)
    later, sooner = delivery("later", received_at=NOW + MINUTE), delivery("sooner")
    await received.record([later, sooner, delivery("mine", lead=LEAD)])
    assert ids(await received.unrouted()) == [sooner.id, later.id]
    await received.assign(sooner.id, LEAD, NOW)
    await received.park(later.id, NOW, "no_sender")
    assert await received.unrouted() == []


async def test_what_waits_for_a_lead_comes_in_the_order_it_was_sent(db: driver.Database) -> None:
    received = Received(db)
    second = delivery("a", lead=LEAD, sent_at=NOW + MINUTE)
    first = delivery("b", lead=LEAD, received_at=NOW + MINUTE)
    await received.record([second, first, delivery("c", lead=LeadId("another"))])
    assert ids(await received.new_for(LEAD)) == [first.id, second.id]


async def test_a_lead_has_work_when_its_delivery_is_due(db: driver.Database) -> None:
    received = Received(db)
    assert await received.next_due_at() is None
    await received.record([delivery("a", lead=LEAD, due_at=NOW + MINUTE), delivery("b")])
    assert await received.leads_with_work(NOW) == []
    assert await received.next_due_at() == NOW + MINUTE
    assert await received.leads_with_work(NOW + MINUTE) == [LEAD]


async def test_a_burst_is_put_off(db: driver.Database) -> None:
    received = Received(db)
    one = delivery("a", lead=LEAD)
    await received.record([one])
    await received.defer([one.id], NOW + MINUTE)
    assert await received.leads_with_work(NOW) == []
    assert await received.next_due_at() == NOW + MINUTE


async def test_what_is_stamped_is_not_handled_again(db: driver.Database) -> None:
    received = Received(db)
    one = delivery("a", lead=LEAD)
    await received.record([one])
    await received.mark_done([one.id], NOW)
    assert await received.new_for(LEAD) == []
    assert await received.leads_with_work(NOW + MINUTE) == []
    assert not await received.count_failure(one, NOW, "KeyError")
    assert await received.listed(DeliveryState.DONE) == [replace(one, state=DeliveryState.DONE)]
    assert await received.record([one]) == (RecordingResult.SEEN,)


async def test_the_fifth_stumble_parks_and_a_replay_brings_back(db: driver.Database) -> None:
    received = Received(db)
    one = delivery("a", lead=LEAD)
    await received.record([one])
    waits = []
    for _ in range(4):
        (current,) = await received.new_for(LEAD)
        assert not await received.count_failure(current, NOW, "KeyError")
        (after,) = await received.new_for(LEAD)
        waits.append((after.due_at - NOW).total_seconds())
    assert waits == [1, 4, 16, 64]
    assert await received.count_failure((await received.new_for(LEAD))[0], NOW, "KeyError")
    (parked,) = await received.listed(DeliveryState.PARKED)
    assert (parked.attempts, parked.reason) == (5, "KeyError")
    assert await received.new_for(LEAD) == []

    assert await received.replay(one.id, NOW + MINUTE)
    assert not await received.replay(one.id, NOW + MINUTE)
    assert await received.new_for(LEAD) == [replace(one, due_at=NOW + MINUTE)]


async def test_what_is_done_is_not_parked(db: driver.Database) -> None:
    received = Received(db)
    one = delivery("a", lead=LEAD)
    await received.record([one])
    await received.mark_done([one.id], NOW)
    late = replace(one, attempts=4)
    assert not await received.count_failure(late, NOW, "KeyError")
    assert await received.listed(DeliveryState.PARKED) == []


async def test_what_waits_for_a_merged_lead_waits_for_the_older_one(db: driver.Database) -> None:
    received = Received(db)
    older = LeadId("older")
    open_one, done = delivery("a", lead=LEAD), delivery("b", lead=LEAD)
    await received.record([open_one, done])
    await received.mark_done([done.id], NOW)
    await received.reassign(LEAD, older)
    assert ids(await received.new_for(older)) == [open_one.id]
    assert await received.new_for(LEAD) == []


async def test_an_understanding_stays_with_its_delivery_whoever_made_it(db: driver.Database) -> None:
    received = Received(db)
    routed, handled = delivery("a"), delivery("b")
    await received.record([routed, handled])
    await received.assign(routed.id, LEAD, NOW, KeptReading((routed.id, "nothing"), b"\x00meant"))
    await received.remember_understanding(handled.id, ["a", "b"], b"\x00also")
    await received.mark_done([handled.id], NOW)
    kept = [await received.find(one.id) for one in (routed, handled)]
    assert [one and one.reading for one in kept] == [
        KeptReading((routed.id, "nothing"), b"\x00meant"),
        KeptReading(("a", "b"), b"\x00also"),
    ]


async def test_a_model_is_asked_about_a_delivery_once_and_what_it_said_stays_with_it(db: driver.Database) -> None:
    received = Received(db)
    one, two = delivery("a", lead=LEAD), delivery("b", lead=LEAD)
    await received.record([one, two])
    assert await received.asks(Helper.MODEL, one.id, NOW)
    assert not await received.asks(Helper.MODEL, one.id, NOW)
    assert await received.remembered_answer(Helper.MODEL, one.id) is None
    await received.remember_answer(Helper.MODEL, one.id, ["a"], b"\x00said")
    assert await received.remembered_answer(Helper.MODEL, one.id, ["a"]) == b"\x00said"
    assert await received.remembered_answer(Helper.MODEL, one.id, ["a", "b"]) is None
    assert await received.remembered_answer(Helper.MODEL, one.id) == b"\x00said"
    assert not await received.asks(Helper.MODEL, one.id, NOW)
    assert await received.asks(Helper.VOICE, one.id, NOW)
    assert await received.remembered_answer(Helper.MODEL, one.id) == b"\x00said"


async def test_questions_to_a_model_are_counted_for_each_lead_over_a_time(db: driver.Database) -> None:
    received = Received(db)
    mine, later, other = delivery("a", lead=LEAD), delivery("b", lead=LEAD), delivery("c", lead=LeadId("other"))
    await received.record([mine, later, other])
    for one, at in ((mine, NOW), (later, NOW + MINUTE), (other, NOW + MINUTE)):
        await received.asks(Helper.MODEL, one.id, at)
    assert await received.asked_since(Helper.MODEL, LEAD, NOW - MINUTE) == 2
    assert await received.asked_since(Helper.MODEL, LEAD, NOW) == 1


async def test_what_a_model_said_goes_with_the_body(db: driver.Database) -> None:
    received = Received(db)
    old, erased = delivery("a", lead=LeadId("other")), delivery("b", lead=LEAD)
    await received.record([old, erased])
    for one in (old, erased):
        await received.asks(Helper.MODEL, one.id, NOW)
        await received.remember_answer(Helper.MODEL, one.id, [one.id], b"\x00said")
    await received.mark_done([old.id], NOW)
    await received.empty_bodies(NOW + MINUTE)
    await received.forget(LEAD)
    assert [await received.remembered_answer(Helper.MODEL, one.id) for one in (old, erased)] == [None, None]


SECOND = timedelta(seconds=1)


def typed(name: str, at: timedelta, **more: Any) -> Delivery:
    """Words that wait 1.2 s for more of them."""
    came = NOW + at
    usual = {"lead": LEAD, "received_at": came, "due_at": came + 1.2 * SECOND, "is_free_text": True}
    return replace(delivery(name), **{**usual, **more})


async def test_words_that_go_on_put_off_what_waits_of_their_burst(db: driver.Database) -> None:
    received = Received(db)
    last = typed("last", 2.5 * SECOND, lead=None)
    waits = [
        typed("first", 0 * SECOND),
        typed("second", 1 * SECOND),
        typed("another's", 0 * SECOND, lead=LeadId("lead-2")),
        typed("answers", 0 * SECOND, due_at=NOW),
        typed("tap", 0 * SECOND, due_at=NOW, is_free_text=False),
        typed("tried", 0 * SECOND, attempts=1),
    ]
    await received.record([*waits, last])
    await received.assign(last.id, LEAD, last.due_at, burst=3 * SECOND)
    due = {row["_id"]: row["due_at"] - NOW async for row in db["received"].find({})}
    assert due == {one.id: one.due_at - NOW for one in waits} | {
        last.id: 3.7 * SECOND,
        # three seconds after it began the burst is over, however much still comes
        waits[0].id: 3 * SECOND,
        waits[1].id: 3.7 * SECOND,
    }


async def test_a_flood_of_words_is_put_off_to_the_end_of_its_burst(db: driver.Database) -> None:
    received = Received(db)
    words = [typed(f"{number}", number * SECOND / 10, lead=None) for number in range(4)]
    await received.record(words)
    await received.assign_all(ids(words), LEAD, words[-1].due_at, 3 * SECOND)
    assert await received.next_due_at() == words[-1].due_at
    assert await received.unrouted() == []


async def test_a_page_of_rows_that_cannot_be_read_hides_none_behind_it(db: driver.Database) -> None:
    received = Received(db)
    await received.record([typed(f"{number}", number * SECOND, lead=None) for number in range(5)])
    # the oldest two are no deliveries
    for number in (0, 1):
        await db["received"].update_one({"received_at": NOW + number * SECOND}, {"$unset": {"fingerprint": ""}})
    assert len(await received.unrouted(limit=3)) == 3, "fewer would say that there are no more"
