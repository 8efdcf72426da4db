"""One row never stops a queue: pages of bad rows at the head of each, and the work behind them is done."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.errors import WriteError

from payments.domain.alarm import AlarmKind
from payments.domain.invoice import Invoice
from payments.services.cashier import Cashier
from payments.services.queues import Queue, QueueRunner, Result, Tally
from payments.store.heartbeats import NOTED_AT_MOST, STUCK_AFTER, RoundHeartbeats
from payments.store.records import Database
from tests.conftest import PROVE
from tests.payments.house import House, house
from tests.payments.makers import NOON, account, idr, payable, terms

pytestmark = [pytest.mark.mongo, pytest.mark.processes]

MANY = 1_000 if PROVE else 450
"""Two whole pages and a part of one; a thousand in `make prove`."""
MORE_THAN_A_PAGE = 250
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
async def world(database: Database) -> AsyncIterator[House]:
    async with house(database) as made:
        yield made


def unreadable(number: int) -> dict[str, Any]:
    """A document of no version we know, due in every queue and before everything else."""
    return {
        "_id": f"!{number:04}",
        "version": 1,
        "next_at": LONG_AGO,
        "due_at": LONG_AGO,
        "dirty": True,
        "untold": True,
        "stray": True,
        "state": "open",
        "payee": "provider-1",
        "announced": False,
        "record": {"of": "another version", "number": number},
    }


QUEUES = (
    "invoices",
    "payables",
    "payouts",
    "refunds",
    "movements",
    "payee_proposals",
    "payee_notices",
    "payees",
    "money_alarms",
)


async def test_pages_of_rows_that_cannot_be_read_hold_up_nobody(world: House, database: Database) -> None:
    for name in QUEUES:
        await database.get_collection(name).insert_many([unreadable(number) for number in range(MANY)])
    await world.pay(await world.open(await world.demand()))
    for _ in range(12):
        await world.pass_time(6 * 3600)
        swept = await world.cashier.tick(await world.now())
        assert swept.troubles == ()
    assert (await world.books())["paid_out"] == 450_000
    assert swept.rows[Queue.INVOICES, Result.UNREADABLE] == MANY
    assert swept.rows[Queue.PAYOUTS, Result.UNREADABLE] == MANY
    alarms = await world.store.alarms.every({"kind": AlarmKind.RECORD_UNREADABLE})
    assert len(alarms) >= 5 * MANY
    assert await world.store.heartbeats.problem() is None


class Stubborn:
    """A database in which some documents cannot be changed."""

    def __init__(self, real: Database) -> None:
        self.real = real

    def get_collection(self, name: str, *args: Any, **kwargs: Any) -> Any:
        return StubbornCollection(self.real.get_collection(name, *args, **kwargs))


class StubbornCollection:
    """Passes everything on but changes of documents whose id begins with `!`."""

    def __init__(self, real: Any) -> None:
        self.real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    async def update_one(self, query: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if str(query.get("_id", "")).startswith("!"):
            raise WriteError("refused", 17_419)
        return await self.real.update_one(query, *args, **kwargs)


async def test_pages_of_rows_that_can_be_neither_done_nor_put_off_hold_up_nobody(
    database: Database,
) -> None:
    stubborn = Stubborn(database)
    async with house(stubborn) as world:
        bad = [stuck_invoice(number) for number in range(MANY)]
        for invoice in bad:
            await world.store.invoices.insert(invoice)
        await world.pay(await world.open(await world.demand()))
        for _ in range(12):
            await world.pass_time(6 * 3600)
            swept = await world.cashier.tick(await world.now())
        assert (await world.books())["paid_out"] == 450_000
        assert swept.rows[Queue.INVOICES, Result.FAILED] >= MANY
        assert {trouble.queue for trouble in swept.troubles} <= {Queue.INVOICES, Queue.POSTINGS}
        for trouble in swept.troubles:
            assert trouble.record is None or trouble.record.startswith("!")


def stuck_invoice(number: int) -> Invoice:
    """Its link was never asked for and is out of time: the step writes, and the database refuses."""
    return Invoice(f"!{number:04}", idr(1), NOON, terms()).with_attempt(1, (), NOON - timedelta(hours=1))


async def test_payees_without_an_account_fill_no_page_and_are_told_of_once(world: House) -> None:
    await world.tick()
    for number in range(MORE_THAN_A_PAGE):
        await world.store.payables.insert(payable(f"!{number:04}", f"nobody-{number:04}", net=20_000))
    await world.pay(await world.open(await world.demand()))
    heard: list[str] = []
    for _ in range(12):
        await world.pass_time(6 * 3600)
        swept = await world.cashier.tick(await world.now())
        for kept in swept.kept_alarms:
            heard.append(kept.subject)
            await world.cashier.alarms.announced(kept)
    assert (await world.books())["paid_out"] == 450_000
    assert len(heard) == len(set(heard)) == MORE_THAN_A_PAGE
    # the account comes: it is over, and the share leaves
    await world.cashier.payees.propose(account("nobody-0007"), await world.now())
    open_alarms = {alarm.subject for alarm in await world.cashier.alarms.listed(most=2 * MORE_THAN_A_PAGE)}
    assert "nobody-0007" not in open_alarms
    assert "nobody-0008" in open_alarms
    await world.cashier.tick(await world.now())
    (payout,) = await world.store.payouts.find({"record.payee": "nobody-0007"})
    assert payout.amount == idr(20_000)


async def test_a_queue_that_fails_leaves_the_others_alone_and_readiness_names_it(world: House) -> None:
    await world.pay(await world.open(await world.demand()))
    store = world.store

    broken = Cashier(store, world.client)

    async def fails(*_: object) -> None:
        raise ZeroDivisionError

    store.proposals.due_page = fails  # type: ignore[method-assign, assignment] # what no queue should ever do
    for _ in range(12):
        await world.pass_time(6 * 3600)
        swept = await broken.tick(await world.now())
    assert [(trouble.queue, trouble.problem) for trouble in swept.troubles] == [(Queue.PAYEES, "ZeroDivisionError")]
    assert (await world.books())["paid_out"] == 450_000
    assert await store.heartbeats.problem() is None
    await aged(world)
    await broken.tick(await world.now())
    assert await store.heartbeats.problem() == "stuck: payees (ZeroDivisionError)"


async def test_a_queue_that_goes_well_is_written_down_every_twenty_seconds_and_its_failure_at_once(
    database: Database,
) -> None:
    seconds = [0.0]
    heartbeats = RoundHeartbeats(database, lambda: seconds[0])

    async def seen() -> dict[str, Any]:
        row: dict[str, Any] = await heartbeats._documents.find_one({"_id": "payees"}) or {}
        return row

    await heartbeats.succeeded("payees")
    await heartbeats.write()
    await heartbeats._documents.update_one({"_id": "payees"}, {"$set": {"seen_at": LONG_AGO}})
    seconds[0] = 19
    await heartbeats.succeeded("payees")
    await heartbeats.write()
    assert (await seen())["seen_at"].year == LONG_AGO.year
    seconds[0] = 20
    await heartbeats.succeeded("payees")
    await heartbeats.write()
    assert (await seen())["seen_at"].year > LONG_AGO.year
    await heartbeats.failed("payees", "KeyError")
    assert (await seen())["problem"] == "KeyError"
    await heartbeats.succeeded("payees")
    await heartbeats.write()
    assert "problem" not in await seen()


async def test_queues_that_go_well_are_written_down_together_unless_one_holds_up_the_sweep(database: Database) -> None:
    seconds = [0.0]
    heartbeats = RoundHeartbeats(database, lambda: seconds[0])

    async def written() -> set[str]:
        return {row["_id"] async for row in heartbeats._documents.find({"problem": None})}

    await heartbeats.succeeded("payees")
    await heartbeats.succeeded("refunds")
    await heartbeats.failed("refunds", "KeyError")
    assert await written() == set()
    await heartbeats.write()
    assert await written() == {"payees"}
    await heartbeats.succeeded("invoices")
    seconds[0] = NOTED_AT_MOST
    await heartbeats.succeeded("payouts")
    assert await written() == {"payees", "invoices", "payouts"}


async def test_a_cashier_knows_when_its_next_sweep_has_something_to_do(world: House) -> None:
    async def swept() -> bool:
        found = await world.cashier.tick(await world.now())
        assert found.troubles == ()
        for item in found.news:
            await world.cashier.acknowledge(item)
        for kept in found.kept_alarms:
            await world.cashier.alarms.announced(kept)
        return found.is_empty

    await world.pay(await world.open(await world.demand()))
    waits = []
    for _ in range(16):
        was_empty, now = await swept(), await world.now()
        due = await world.cashier.next_due(now)
        if not was_empty or due <= now:
            # a sweep that had something to do is followed by another one in a moment
            await world.pass_time(5)
            continue
        waits.append(due - now)
        await world.pass_time((due - now).total_seconds() - 1)
        assert await swept(), "nothing is found before"
        assert await world.cashier.next_due(await world.now()) == due
        await world.pass_time(2)
    assert len(waits) > 5
    for _ in range(12):
        await world.pass_time(6 * 3600)
        await swept()
        # a share that is due, or will be, is never slept through
        now, share = await world.now(), await world.cashier.payouts.next_due()
        assert share is None or await world.cashier.next_due(now) <= share
    assert (await world.books())["paid_out"] == 450_000


async def aged(world: House) -> None:
    """Two minutes pass on the database's own clock and on ours, as far as the cashier's beats are concerned."""
    world.store.heartbeats._written.clear()
    documents = world.store.heartbeats._documents
    async for row in documents.find({}):
        earlier = row["seen_at"] - timedelta(seconds=STUCK_AFTER + 1)
        await documents.update_one({"_id": row["_id"]}, {"$set": {"seen_at": earlier}})


async def test_a_queue_that_hangs_is_cut_off(world: House) -> None:
    runner, tally = QueueRunner(world.store, world.cashier.alarms, budget=0.05), Tally()
    async with runner.guarded(Queue.STATEMENT, tally):
        await asyncio.Event().wait()
    assert [(trouble.queue, trouble.problem) for trouble in tally.troubles] == [(Queue.STATEMENT, "TimeoutError")]
