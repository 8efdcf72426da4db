"""A customer's life with a death of ours in it: processes that die at a step and come back, a provider with books of
its own, and time that goes on only while everybody is up.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final

import httpx

from bot.domain.booking import Booking
from bot.domain.ids import LeadId
from bot.domain.task import Task
from bot.store.clock import BusinessClock
from bot.store.tasks import TaskQuery
from payments.domain.payables import PayableState
from simulator import server
from simulator.customer import NothingCame, Phone, Seen
from tests.databases import clean_database
from tests.faults import tripwire
from tests.forks import FORKS
from tests.journeys.world import API_TOKEN, QUICK, age, settings_for, simulated, until
from webhooks.local.ports import free_port
from webhooks.settings import Settings
from webhooks.wiring import MoneyParts, Process, opened

Json = dict[str, Any]

"""Whether every death is lived through, and not a few by chance."""
TERMS: Final = replace(QUICK, lease_seconds=5.0)
A_MINUTE: Final = timedelta(minutes=1)
"""What was asked and never answered is looked up again after this."""
A_WHILE: Final = timedelta(minutes=16)
"""A callback nobody took is sent again after this (reference: xendit 3.2)."""
BEFORE_NUDGED: Final = timedelta(minutes=50)
"""The customer would be reminded after an hour: another link bubble, and rightly so."""
SOME_DAYS: Final = timedelta(days=2)
ONE_BY_ONE: Final = httpx.Limits(max_keepalive_connections=0)
"""No connection is used twice: the simulator ends idle ones, maybe at the very moment of the next request."""


@dataclass(frozen=True, slots=True)
class Death:
    """Who dies, and at which step."""

    role: str
    at: int | None


@dataclass(slots=True)
class Lane:
    """A port of ours; every life in it has an outside world and a database of its own, since books are counted."""

    uri: str
    notes: Path
    port: int = field(default_factory=free_port)

    def start(self, role: str, settings: Settings, dies_at: int | None, note: str) -> BaseProcess:
        """One process of ours."""
        notes = self.notes / f"{note}-{role}-{secrets.token_hex(6)}"
        child = FORKS.Process(target=tripwire.run, args=(role, settings, self.uri, TERMS, dies_at, notes), daemon=True)
        child.start()
        return child


@dataclass(slots=True)
class Life:
    """One booking's way from the yes to the payouts, and all that a test may ask about it."""

    lane: Lane
    settings: Settings
    process: Process
    phone: Phone
    control: httpx.AsyncClient
    clock: BusinessClock
    alive: dict[str, BaseProcess] = field(default_factory=dict)
    died: bool = False

    @property
    def money(self) -> MoneyParts:
        """Our cashier, for reading."""
        assert self.process.money is not None
        return self.process.money

    async def asked(self, path: str) -> Any:
        """What the simulated Xendit says."""
        return (await self.control.get(path)).raise_for_status().json()

    async def told(self, path: str, **body: Any) -> Json:
        """The simulated Xendit's answer to an order of ours."""
        answer: Json = (await self.control.post(path, json=body)).raise_for_status().json()
        return answer

    async def time_goes_on(self, span: timedelta) -> None:
        """Both clocks move together."""
        await self.clock.move(span, live_key=False)
        await self.told("/clock", advance_seconds=span.total_seconds())


@asynccontextmanager
async def life_in(lane: Lane, ours: Mapping[str, Any] | None = None) -> AsyncIterator[Life]:
    simulator = simulated(f"http://127.0.0.1:{lane.port}", webhook_timeout=2.0)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(server.serve(simulator))
        # emptied and not made anew for each life: its indexes cost the server more than the life does
        name = await stack.enter_async_context(clean_database(lane.uri))
        settings = settings_for(simulator, url, lane.port, name).with_changes(**(ours or {}))
        process = await stack.enter_async_context(opened(settings, lane.uri, TERMS))
        phone = Phone(url, name="Emma", wa_id=f"62812{secrets.randbelow(10**8):08d}")
        await stack.enter_async_context(phone)
        control = httpx.AsyncClient(base_url=f"{url}/sim/xendit", trust_env=False, timeout=30, limits=ONE_BY_ONE)
        await stack.enter_async_context(control)
        yield Life(lane, settings, process, phone, control, BusinessClock(process.database))


async def nothing_waits(life: Life) -> bool:
    database = life.process.database
    new = await database["received"].count_documents({"state": "new"})
    waiting = {"outbox.status": {"$in": ["queued", "claimed", "unknown"]}}
    return not new and not await database["leads"].count_documents(waiting)


async def all_quiet(life: Life) -> bool:
    """Nothing is on its way, to guests or to those who deliver."""
    waiting = {"outbox.status": {"$in": ["queued", "claimed", "unknown"]}}
    partners = await life.process.database["partners"].count_documents(waiting)
    return not partners and await nothing_waits(life)


async def at_rest(life: Life) -> None:
    """Everybody is up, and nothing is on its way to anybody."""

    async def is_still() -> bool:
        return await everybody_is_up(life) and await all_quiet(life)

    await until(is_still, timeout=120, what="rest", poll=0.2)


async def revive(life: Life, role: str) -> None:
    """Start the dead one again, later: what it held has run out by then."""

    async def is_dead() -> bool:
        return not life.alive[role].is_alive()

    await until(is_dead, timeout=600, what="the death")
    life.died = True
    if role == "worker":
        await age(life.process.database, 60)
    life.alive[role] = life.lane.start(role, life.settings, None, "revived")


async def ended(life: Life) -> None:
    for child in life.alive.values():
        child.kill()
    for child in life.alive.values():
        await asyncio.to_thread(child.join, 20)


async def awake(phone: Phone) -> None:
    """Meet the end of a connection that was idle too long with a question that may be asked again."""
    with suppress(httpx.TransportError):
        await phone.bubbles()


async def comes(life: Life, words: str, step: timedelta) -> Seen:
    """The bubble; while nothing is left to do here, time goes on for what is to be looked up or told again.

    Time stands still while a process is dead or comes up: a callback sent again to a closed door would be spent.
    """
    gone = timedelta()
    for _ in range(60):
        try:
            return await life.phone.expect(words, timeout=1)
        except NothingCame:
            if gone + step < BEFORE_NUDGED and await everybody_is_up(life) and await caught_up(life):
                await life.time_goes_on(step)
                gone += step
    return await life.phone.expect(words, timeout=30)


async def everybody_is_up(life: Life) -> bool:
    if not all(one.is_alive() for one in life.alive.values()):
        return False
    # the dead one's last beat has been aged
    if await life.process.parts.heartbeats.up_for("worker") is None:
        return False
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        try:
            answer = await client.get(f"http://127.0.0.1:{life.lane.port}/livez")
        except httpx.TransportError:
            return False
    return answer.is_success


async def caught_up(life: Life) -> bool:
    """Whether nothing of money is left to do, to post or to tell at this moment."""
    store, now = life.money.store, await life.clock.business_now()
    for kind in (store.invoices, store.payouts, store.refunds):
        if (await kind.due_page(now)).records or await kind.find({"$or": [{"dirty": True}, {"untold": True}]}):
            return False
    unpaid = await store.payables.find({"state": PayableState.OPEN, "due_at": {"$lte": now}})
    return not unpaid and await nothing_waits(life)


def steps_noted(notes: Path, role: str) -> list[str]:
    (file,) = notes.glob(f"dry-{role}-*")
    return file.read_text().splitlines()


async def doubled_unmarked(life: Life, partner: Phone | None = None) -> list[str]:
    """Bubbles that came more often than they are marked for: to the guest, or to that partner of ours."""
    phone = partner or life.phone
    await awake(phone)
    bubbles = await phone.bubbles()
    if partner is None:
        thread = LeadId((await life.process.database["leads"].find_one({}, {"_id": 1}))["_id"])
    else:
        thread = await life.process.parts.digests.directory.thread_of(f"+{partner.customer['wa_id']}")
    lines = {line.id: line for line in await life.process.parts.messages.of(thread, 500)}
    problems = []
    for effect, count in Counter(bubble.effect_id for bubble in bubbles).items():
        line = lines.get((effect or "").partition("|")[2])
        if line is None:
            problems.append(f"{effect} is not in the transcript")
        elif count > 2 or (count == 2 and not line.perhaps_doubled):
            problems.append(f"{count} times, marked {line.perhaps_doubled}: {line.text!r}")
    return problems


async def lived_through(
    lane: Lane,
    death: Death,
    before: Callable[[Life], Awaitable[None]],
    story: Callable[[Life], Awaitable[list[str]]],
    ours: Mapping[str, Any] | None = None,
) -> tuple[bool, list[str]]:
    """What nobody dies in, then the story with that death in it, `ours` being other settings of ours: whether somebody
    died, and what went wrong."""
    async with life_in(lane, ours) as life:
        try:
            reviving: asyncio.Task[None] | None = None
            try:
                await before(life)
                for role in ("web", "worker"):
                    at = death.at if role == death.role else None
                    note = "dry" if death.at is None else "dying"
                    life.alive[role] = lane.start(role, life.settings, at, note)
                reviving = asyncio.create_task(revive(life, death.role))
                await awake(life.phone)
                problems = await story(life)
            except (NothingCame, AssertionError, httpx.TransportError) as error:
                # also before anybody died: on a busy machine that must not end a proof of an hour
                waiting = (
                    await life.process.database["received"].find({"state": {"$ne": "done"}}, {"body": 0}).to_list(9)
                )
                problems = [f"{type(error).__name__}: {error}", repr(waiting)]
            finally:
                if reviving is not None:
                    reviving.cancel()
                    await asyncio.gather(reviving, return_exceptions=True)
        finally:
            await ended(life)
        return life.died, problems


def console(life: Life, key: str) -> httpx.AsyncClient:
    """Our API as staff ask it, under that key of idempotency."""
    headers = {"Authorization": f"Bearer {API_TOKEN}", "Idempotency-Key": key}
    base = f"http://127.0.0.1:{life.lane.port}/api/v1"
    return httpx.AsyncClient(base_url=base, headers=headers, trust_env=False, timeout=20)


async def booking_of(life: Life) -> Booking:
    """The one booking there is."""
    (found,) = (await life.process.parts.bookings.page(None, None, 10, None)).bookings
    return found.booking


async def tasks_of(life: Life) -> list[Task]:
    """Every task there is, of any booking or none."""
    return list((await life.process.parts.tasks.page(TaskQuery(), 100, None)).tasks)


async def posted(life: Life, key: str, path: str, body: Json, holds: Callable[[], Awaitable[bool]]) -> None:
    """Asked until it is answered, under one key: what a console does whose server died under it."""

    async def answered() -> bool:
        if not await everybody_is_up(life):
            return False
        async with console(life, key) as client:
            try:
                answer = await client.post(path, json=body)
            except httpx.TransportError:
                return False
        # 409: the first call still runs, or has done it, as far as anybody knows
        return answer.is_success or (answer.status_code == 409 and await holds())

    await until(answered, timeout=180, what=f"an answer to {key}", poll=0.2)


Live = Callable[[Lane, Death], Awaitable[tuple[bool, list[str]]]]
"""One life with that death in it: whether somebody died, and what went wrong."""


async def swept(lanes: Sequence[Lane], deaths: Sequence[Death], live: Live) -> tuple[int, dict[Death, list[str]]]:
    """Every one of these deaths in some lane: how often somebody died, and what went wrong where."""
    waiting, failures, died = iter(deaths), dict[Death, list[str]](), 0

    async def work_off(lane: Lane) -> None:
        nonlocal died
        for death in waiting:
            has_died, problems = await live(lane, death)
            died += has_died
            if problems:
                failures[death] = problems
                print(f"{death}: {problems}", flush=True)

    await asyncio.gather(*map(work_off, lanes))
    return died, failures


async def every_death(name: str, uri: str, notes: Path, live: Live) -> None:
    """Lived through well: a death at each step of both processes that a first life without one has shown."""
    lanes = [Lane(uri, notes) for _ in range(4)]
    died, problems = await live(lanes[0], Death("web", None))
    assert not died, "nobody was to die in the first life"
    assert not problems, problems
    steps = {role: steps_noted(notes, role) for role in ("web", "worker")}
    # a listener that breaks stops nothing: its steps would only not be there
    assert any("findAndModify" in step for step in steps["worker"])
    points = [Death(role, at) for role, noted in steps.items() for at in range(1, len(noted) + 1)]
    print(f"{name}: { ({role: len(noted) for role, noted in steps.items()}) } steps, points {points}", flush=True)
    deaths, failures = await swept(lanes, points, live)
    told = {f"{one.role} {one.at} {steps[one.role][(one.at or 0) - 1]}": why for one, why in failures.items()}
    assert not told, told
    assert deaths >= (len(points) + 1) // 2
