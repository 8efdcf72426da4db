"""`kill -9` of the worker at every step from the explicit yes to the payouts: one link, one receipt, the same books."""

import asyncio
import multiprocessing
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from bot.clock import BusinessClock
from bot.transitions import State
from payments.cashier import money_check
from payments.payout import PayoutState
from simulator import server
from simulator.customer import NothingCame, Phone
from simulator.settings import Settings as SimulatorSettings
from tests.faults import payment_tripwire
from tests.journeys.payments import PRICE, WISH, reference_in
from tests.journeys.world import QUICK, age, settings_for, simulated, until
from webhooks.ports import free_port
from webhooks.settings import Settings
from webhooks.wiring import Process, opened

pytestmark = [pytest.mark.mongo, pytest.mark.processes, pytest.mark.timeout(900)]

LANES: Final = 3
EVERY: Final = 1 if os.environ.get("JANJI_PROVE_SEEDS") else 16
TERMS: Final = replace(QUICK, lease_seconds=5.0)
STEP: Final = timedelta(hours=12)
ABANDONED: Final = 100.0
"""A transaction whose process died holds its documents for the 60 s after which the server ends it."""

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.faults.payment_tripwire"])


@dataclass(slots=True)
class Lane:
    """A port of ours; every life has an outside world of its own in it, since its books are counted."""

    uri: str
    port: int
    notes: Path


def _start(lane: Lane, role: str, settings: Settings, dies_at: int | None = None, note: str = "x") -> BaseProcess:
    notes = lane.notes / f"{note}-{role}-{secrets.token_hex(3)}"
    child = _FORKS.Process(
        target=payment_tripwire.run, args=(role, settings, lane.uri, TERMS, dies_at, notes), daemon=True
    )
    child.start()
    return child


@asynccontextmanager
async def _world(lane: Lane) -> AsyncIterator[tuple[SimulatorSettings, str, httpx.AsyncClient]]:
    simulator = simulated(f"http://127.0.0.1:{lane.port}", webhook_timeout=2.0)
    async with server.serve(simulator) as url:
        control = httpx.AsyncClient(base_url=f"{url}/sim/xendit", trust_env=False, timeout=30)
        async with control:
            yield simulator, url, control


async def lived_through(lane: Lane, dies_at: int | None) -> list[str]:
    """A paid booking with that death in it; what went wrong."""
    async with AsyncExitStack() as stack:
        simulator, url, control = await stack.enter_async_context(_world(lane))
        settings = settings_for(simulator, url, lane.port, f"paykill_{secrets.token_hex(6)}")
        process = await stack.enter_async_context(opened(settings, lane.uri, TERMS))
        stack.push_async_callback(process.client.drop_database, settings.mongodb_database)
        phone = await stack.enter_async_context(Phone(url, name="Emma", wa_id=f"62812{secrets.randbelow(10**8):08d}"))
        alive = {"web": _start(lane, "web", settings), "worker": _start(lane, "worker", settings)}
        try:
            await _until_asked(phone)
            alive["worker"].terminate()
            await asyncio.to_thread(alive["worker"].join, 25)
            alive["worker"] = _start(lane, "worker", settings, dies_at, "dry" if dies_at is None else "dying")
            reviving = asyncio.create_task(_revive(lane, settings, alive, process))
            problems = await _paid(phone, process, control)
            reviving.cancel()
            await asyncio.gather(reviving, return_exceptions=True)
        finally:
            for child in alive.values():
                child.kill()
        return problems


async def _until_asked(phone: Phone) -> None:
    await phone.say(WISH)
    await phone.expect("Tap one", timeout=40)
    await phone.say("the first")
    await phone.expect("Please confirm", timeout=40)


async def _revive(lane: Lane, settings: Settings, alive: dict[str, BaseProcess], process: Process) -> None:
    async def is_dead() -> bool:
        return not alive["worker"].is_alive()

    await until(is_dead, timeout=600, what="the death")
    await age(process.database, 60)
    alive["worker"] = _start(lane, "worker", settings)


async def _paid(phone: Phone, process: Process, control: httpx.AsyncClient) -> list[str]:
    try:
        await phone.tap("Yes, book it")
        reference = reference_in(await phone.expect("Please pay by", timeout=ABANDONED))
        await control.post("/pay", json={"invoice": f"{reference}.1", "channel": "BNI", "wait": True})
        await phone.expect("Paid and confirmed", timeout=60)
        await _settled(process, control, reference)
        return await _wrong(phone, process, control, reference)
    except (NothingCame, AssertionError) as error:
        parked = await process.database["received"].find({"state": {"$ne": "done"}}, {"body": 0}).to_list(9)
        return [f"{type(error).__name__}: {error}", repr(parked)]


async def _settled(process: Process, control: httpx.AsyncClient, reference: str) -> None:
    """Days go by until both partners have their money."""
    clock = BusinessClock(process.database)
    assert process.money is not None
    held = process.money

    async def paid_out() -> bool:
        await clock.move(STEP, live_key=False)
        await control.post("/clock", json={"advance_seconds": STEP.total_seconds()})
        await asyncio.sleep(0.8)  # the worker reads the clock twice a second
        payouts = (await held.cashier.money_of(reference)).payouts
        return len(payouts) == 2 and all(one.state is PayoutState.SUCCEEDED for one in payouts)

    await until(paid_out, timeout=120, what="both payouts")


async def _wrong(phone: Phone, process: Process, control: httpx.AsyncClient, reference: str) -> list[str]:
    """What the customer, a partner or the bookkeeper could complain about."""
    problems: list[str] = []
    bubbles = await phone.bubbles()
    for words in ("Please pay by", "Paid and confirmed"):
        effects = {one.effect_id for one in bubbles if one.says(words)}
        if len(effects) != 1:
            problems.append(f"{words!r} under {effects}")
    page = await process.parts.bookings.page(None, None, 10, None)
    states = [one.booking.state for one in page.bookings]
    if states != [State.CONFIRMED]:
        problems.append(f"bookings {states}")
    assert process.money is not None
    checked = await money_check(process.money.store)
    if not checked.holds:
        problems.append(f"the money does not hold: {checked.differences}")
    books: dict[str, Any] = (await control.get("/books")).json()["currencies"]["IDR"]
    position = await process.money.cashier.position("IDR")
    if (books["captured"], books["paid_out"]) != (PRICE, 315_000):
        problems.append(f"the provider's books say {books['captured']} in, {books['paid_out']} out")
    if (position.pending, position.cash) != (books["pending"], books["cash"]):
        problems.append(f"ours {position}, theirs {books['pending']} and {books['cash']}")
    if reference not in {str(one.booking.reference) for one in page.bookings}:
        problems.append("another booking than the one that was told")
    return problems


def _steps_noted(notes: Path) -> list[str]:
    (file,) = notes.glob("dry-worker-*")
    return file.read_text().splitlines()


async def test_a_death_at_any_step_from_link_to_payout_leaves_the_same_books(mongodb_uri: str, tmp_path: Path) -> None:
    lanes = [Lane(mongodb_uri, free_port(), tmp_path) for _ in range(LANES)]
    assert await lived_through(lanes[0], None) == []
    steps = _steps_noted(tmp_path)
    offset = secrets.randbelow(EVERY)
    points = list(range(1 + offset, len(steps) + 1, EVERY))
    print(f"{len(steps)} steps, {len(points)} deaths, offset {offset} of every {EVERY}")
    waiting = iter(points)
    failures: dict[int, list[str]] = {}

    async def work_off(lane: Lane) -> None:
        for at in waiting:
            if problems := await lived_through(lane, at):
                failures[at] = [steps[at - 1], *problems]

    await asyncio.gather(*(work_off(lane) for lane in lanes))
    assert failures == {}
