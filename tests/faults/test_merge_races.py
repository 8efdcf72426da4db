"""Several leads turn out to be one person all at once, told in every order and direction, by two processes."""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator
from itertools import combinations

import pytest

from bot.domain.booking import Booking
from bot.domain.ids import BookingReference, LeadId
from bot.domain.lead import Address, Lead
from bot.domain.states import State
from bot.engine.internal import MERGE, internal, order_merge
from tests.faults.graph import listening
from tests.journeys.world import QUICK, settings_for, simulated
from webhooks.wiring import Process, opened

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(170)]

NAMES = ("ayu", "budi", "citra")
"""In the order of their ids, so the first is the oldest."""


@pytest.fixture
async def processes(mongodb_uri: str) -> AsyncIterator[tuple[Process, Process]]:
    """Two workers' worth of engine over one fresh database."""
    async with listening(lambda: 0.0) as graph:
        settings = settings_for(simulated(""), graph.url, 1, f"merges_{secrets.token_hex(6)}")
        async with opened(settings, mongodb_uri, QUICK) as one, opened(settings, mongodb_uri, QUICK) as other:
            yield one, other
            await one.client.drop_database(settings.mongodb_database)


async def there(process: Process, name: str) -> LeadId:
    """A customer with an open booking and a line in the transcript."""
    booking = Booking(BookingReference(f"BK-{name}"), State.SERVICE_SELECTED, service="planning-call", asked_when=True)
    lead = Lead(LeadId(name), Address(wa_id=f"62812{secrets.randbelow(10**7):07d}"), bookings=(booking,))
    await process.parts.leads.create(lead)
    await process.parts.messages.record_inbound(
        lead.id, f"line-{name}", f"hello {name}", await process.parts.leads.server_now()
    )
    await process.parts.bookings.record(booking, lead.id, await process.parts.leads.server_now())
    return lead.id


async def works(process: Process) -> None:
    """Visits until nothing waits any more, as a worker does."""
    received = process.parts.received
    async with asyncio.timeout(60):
        while leads := await received.leads_with_work(await process.parts.leads.server_now()):
            visited = [await process.parts.lead_worker.work(lead) for lead in leads]
            if not any(visited):
                # the other one is at it
                await asyncio.sleep(0.05)


async def end_of(process: Process, lead: LeadId) -> LeadId:
    """Who it is in the end; nobody points in a circle."""
    seen: list[LeadId] = []
    while True:
        assert lead not in seen, f"a circle: {seen}"
        seen.append(lead)
        stored = await process.parts.leads.load(lead)
        assert stored is not None
        if stored.merged_into is None:
            return lead
        lead = LeadId(stored.merged_into)


async def is_one_person(process: Process) -> None:
    """The oldest has everything, once; the others point to it."""
    ends = {await end_of(process, LeadId(name)) for name in NAMES}
    assert ends == {LeadId(NAMES[0])}
    stored = await process.parts.leads.load(LeadId(NAMES[0]))
    assert stored is not None
    assert sorted(one.reference for one in stored.lead.bookings) == [f"BK-{name}" for name in NAMES]
    lines = await process.parts.messages.of(LeadId(NAMES[0]))
    said = [line.text for line in lines if line.author == "customer"]
    assert sorted(said) == [f"hello {name}" for name in NAMES]
    # each merge is told in the thread, once
    assert len(lines) - len(said) == len(NAMES) - 1
    for collection in ("messages", "bookings"):
        assert await process.database[collection].count_documents({"lead": {"$ne": NAMES[0]}}) == 0
    assert await process.database["received"].count_documents({"state": {"$ne": "done"}}) == 0


@pytest.mark.parametrize("seed", range(6))
async def test_three_leads_merged_in_every_direction_at_once_are_one_and_never_point_at_each_other(
    processes: tuple[Process, Process], seed: int
) -> None:
    chance, (one, other) = random.Random(seed), processes
    for name in NAMES:
        await there(one, name)
    pairs = [chance.sample(pair, 2) for pair in combinations(NAMES, 2)]
    chance.shuffle(pairs)
    for index, (first, second) in enumerate(pairs):
        parts = processes[index % 2].parts
        await order_merge(parts.received, parts.vault, parts.leads, LeadId(first), LeadId(second))
    await asyncio.gather(works(one), works(other))
    await asyncio.gather(works(one), works(other))
    await is_one_person(one)


@pytest.mark.parametrize("seed", range(4))
async def test_merges_ordered_in_a_circle_are_turned_into_one_direction(
    processes: tuple[Process, Process], seed: int
) -> None:
    """As an older version of ours may have ordered them."""
    chance, (one, other) = random.Random(seed), processes
    for name in NAMES:
        await there(one, name)
    now = await one.parts.leads.server_now()
    circle = [("ayu", "budi"), ("budi", "citra"), ("citra", "ayu")]
    chance.shuffle(circle)
    await one.parts.received.record(
        [await internal(one.parts.vault, MERGE, younger, LeadId(older), now) for younger, older in circle]
    )
    await asyncio.gather(works(one), works(other))
    await asyncio.gather(works(one), works(other))
    await is_one_person(other)


async def test_words_that_a_visit_wrote_down_while_two_became_one_are_the_older_ones(
    processes: tuple[Process, Process],
) -> None:
    one, other = processes
    ayu, budi = await there(one, "ayu"), await there(one, "budi")
    parts = one.parts
    await order_merge(parts.received, parts.vault, parts.leads, ayu, budi)
    await works(other)
    # as a visit does that had read the lead before: the line is written, and the commit comes too late
    now = await parts.leads.server_now()
    await parts.messages.record_inbound(budi, "late", "hello again", now)
    await parts.received.record([await internal(parts.vault, "agent_wrote", "{}", budi, now)])
    await parts.lead_worker.work(budi)
    assert "hello again" in {line.text for line in await parts.messages.of(ayu)}
    assert await one.database["messages"].count_documents({"lead": budi}) == 0
    assert await one.database["received"].count_documents({"lead": budi, "state": "new"}) == 0
