"""The worker lives through what fails around it, sleeps while nothing is due, and ends what it began."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from bson.datetime_ms import DatetimeMS
from pymongo.errors import AutoReconnect

from bot.domain.ids import BookingReference, LeadId
from bot.domain.outcome import Decision
from bot.domain.timers import TimerKind, TimerName
from bot.engine.routing import XENDIT
from bot.store.clock import BusinessClock
from bot.store.next_due import NextDue
from payments.services.cashier import SweepResult
from tests.journeys.world import QUICK, World, opened, until
from webhooks.processes.payments import CashierRounds
from webhooks.processes.worker import CALM_POLL, POLL, is_callback, is_of_money

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(60)]


@pytest.mark.parametrize("error", [AutoReconnect("gone"), ZeroDivisionError("ours")])
async def test_a_sweep_that_fails_is_made_again(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    received, failures = world.process.parts.received, [error, error]
    plain = received.leads_with_work

    async def failing(now: datetime, **more: Any) -> list[LeadId]:
        if failures:
            raise failures.pop()
        return await plain(now, **more)

    monkeypatch.setattr(received, "leads_with_work", failing)
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Hello")
    await phone.expect("Hello Sari")
    assert failures == []


@pytest.mark.parametrize("moment", [DatetimeMS(253_402_300_800_000), DatetimeMS(-99_999_999_999_999), "soon"])
async def test_a_stored_moment_of_no_year_keeps_no_worker_from_anything(world: World, moment: object) -> None:
    database, now = world.process.database, await world.process.parts.leads.server_now()
    broken = {"outbox": [{"look_at": moment}, {"look_at": now + timedelta(hours=1)}], "merged_into": None}
    for collection in ("leads", "partners"):
        await database[collection].insert_one({"_id": "broken", "next_due_at": moment, **broken})
    row = {"state": "new", "lead": "broken", "due_at": moment, "received_at": moment, "source": "internal"}
    await database["received"].insert_one({"_id": "broken", **row})
    await database["received"].insert_one({"_id": "money", **row, "lead": None, "source": XENDIT})
    # long enough that everybody has looked for what is next
    await asyncio.sleep(POLL.total_seconds() * 2.5)
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Hello")
    await phone.expect("Hello Sari")


async def test_a_worker_sleeps_while_a_burst_waits(mongodb_uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    slowly = replace(QUICK, burst_quiet=timedelta(seconds=4), burst_at_most=timedelta(seconds=12))
    async with opened(mongodb_uri, slowly) as world:
        received, looks = world.process.parts.received, 0
        plain = received.leads_with_work

        async def counted(now: datetime, **more: Any) -> list[LeadId]:
            nonlocal looks
            looks += 1
            return await plain(now, **more)

        monkeypatch.setattr(received, "leads_with_work", counted)

        async def is_asleep() -> bool:
            before = looks
            await asyncio.sleep(1.5)
            return looks == before

        async def are_routed(bubbles: int) -> bool:
            waiting = {"state": "new", "lead": {"$type": "string"}}
            return bool(await world.process.database["received"].count_documents(waiting) == bubbles)

        await until(is_asleep, what="a worker with nothing to do")
        phone = await world.phone(wa_id="6281200000001")
        for bubble in (1, 2):
            await phone.say("what can I do here?")
            await until(lambda routed=bubble: are_routed(routed), what="routing")  # type: ignore[misc]
            await asyncio.sleep(0.3)
            before = looks
            await asyncio.sleep(1.5)
            assert looks == before, "it knows when the burst is over, and that nothing else is due"
        # after the first one's moment, and before the second one's
        first, second = await world.process.database["received"].find({"state": "new"}).to_list(None)
        assert first["due_at"] == second["due_at"]
        await phone.expect("Here you can")


async def test_a_timer_that_comes_due_wakes_a_worker_that_sleeps(world: World) -> None:
    # a little longer than the short poll, much shorter than the long one
    has_fired = await _timer_set(world, timedelta(seconds=2.5))
    await until(has_fired, timeout=10.0, what="the timer")


async def test_a_clock_that_another_process_moves_wakes_a_worker_that_sleeps(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_fired = await _timer_set(world, timedelta(days=2))
    last, plain = time.monotonic(), NextDue.visits

    async def noted(self: NextDue, now: datetime, business_now: datetime, **more: Any) -> list[LeadId]:
        nonlocal last
        last = time.monotonic()
        return await plain(self, now, business_now, **more)

    async def is_asleep() -> bool:
        return time.monotonic() - last > 2 * POLL.total_seconds()

    monkeypatch.setattr(NextDue, "visits", noted)
    await until(is_asleep, what="a worker with nothing to do")
    await BusinessClock(world.process.database).move(timedelta(days=3), live_key=False)
    await until(has_fired, timeout=CALM_POLL.total_seconds() / 2, what="the timer")


async def _timer_set(world: World, span: timedelta) -> Callable[[], Awaitable[bool]]:
    """A lead with nothing but a timer after that span; whether it has fired."""
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Hello")
    await phone.expect("Hello Sari")
    await world.quiet()
    database, lead = world.process.database, LeadId((await world.lead_of(phone))["id"])
    leads = world.process.parts.leads
    stored = await leads.load(lead)
    assert stored is not None
    name = str(TimerName(TimerKind.SHOW_UP, BookingReference("GONE")))
    due = await world.process.parts.clock.business_now() + span
    assert await leads.commit(stored, Decision(stored.lead.with_timer(name, due)), []) is not None

    async def has_fired() -> bool:
        row = await database["leads"].find_one({"_id": lead}, {"timers": 1})
        return bool(row is not None and name not in row["timers"])

    return has_fired


async def test_a_visit_leaves_no_lease_behind(world: World) -> None:
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Hello")
    await phone.expect("Hello Sari")
    await world.quiet()
    lead = LeadId((await world.lead_of(phone))["id"])
    assert await world.process.parts.leads.acquire(lead, "somebody-else") is not None


async def test_the_cashier_sleeps_again_after_what_was_due_and_wrote_no_money(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    money, parts = world.process.money, world.process.parts
    assert money is not None
    rounds = CashierRounds(
        money.till, money.store, parts.received, parts.leads, parts.clock, world.process.business, every=0.05
    )
    swept: list[datetime] = []
    asked: list[datetime] = []

    async def sweep(now: datetime, _: datetime) -> SweepResult:
        swept.append(now)
        return SweepResult((), (), (), ())

    async def next_due(now: datetime) -> datetime:
        # as the statement: read once when it is due, and then not for a quarter of an hour
        asked.append(now)
        return now + (timedelta(seconds=0.5) if now < asked[0] + timedelta(seconds=0.5) else timedelta(minutes=15))

    monkeypatch.setattr(type(money.till), "sweep", lambda self, now, server_now: sweep(now, server_now))
    monkeypatch.setattr(type(money.cashier), "next_due", lambda self, now: next_due(now))
    rounds.listens(is_listening=True)
    running = asyncio.create_task(rounds.sweeps())
    try:

        async def is_asleep() -> bool:
            before = len(swept)
            await asyncio.sleep(0.7)
            return len(swept) == before and bool(asked) and swept[-1] >= asked[0] + timedelta(seconds=0.5)

        await until(is_asleep, what="a cashier that sleeps")
    finally:
        running.cancel()


@pytest.mark.parametrize(
    ("change", "looks"),
    [
        ({"ns": {"coll": "received"}, "operationType": "insert", "fullDocument": {"source": "xendit"}}, True),
        ({"ns": {"coll": "received"}, "operationType": "update"}, True),
        ({"ns": {"coll": "received"}, "operationType": "insert", "fullDocument": {"source": "whatsapp"}}, False),
        ({"ns": {"coll": "leads"}, "operationType": "update"}, False),
    ],
)
def test_the_cashier_looks_at_callbacks_and_at_what_was_brought_back_alone(change: dict[str, Any], looks: bool) -> None:
    assert is_of_money(change) is looks


def test_a_callback_wakes_the_cashier_alone() -> None:
    came = {"ns": {"coll": "received"}, "operationType": "insert", "fullDocument": {"source": "xendit"}}
    assert is_callback(came)
    assert not is_callback(came | {"operationType": "update"}), "what was brought back may be a lead's"
    assert not is_callback(came | {"fullDocument": {"source": "internal"}})
