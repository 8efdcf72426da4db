"""Take-overs against queued and in-flight answers: once it is answered, no bot message reaches Meta.

Thousands in `make prove`, a hundred in the suite; `JANJI_PROVE_RACES` sets how many; a seed is printed, and
`JANJI_PROVE_SEED` repeats one.
"""

import asyncio
import contextlib
import os
import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from bot.domain.contents import Bubble, Text
from bot.domain.events import CustomerWrote
from bot.domain.ids import AgentId, EventId, LeadId, Wamid
from bot.domain.lead import Address, Lead
from bot.domain.outbox import Status
from bot.engine.parts import Parts
from intents.understanding import Confidence, Intent, Language, Understanding
from tests.faults.graph import Graph, listening
from tests.journeys.world import QUICK, settings_for, simulated, until
from webhooks.wiring import opened

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(900)]

RACES = int(os.environ.get("JANJI_PROVE_RACES") or (2000 if os.environ.get("JANJI_PROVE_SEEDS") else 100))
AT_ONCE = 16
AGENT = AgentId("wayan")


@dataclass(slots=True)
class Seen:
    """How the races went."""

    answered_at: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    """Per number: from the take-over's answer to the moment before the conversation was given back."""
    in_flight: int = 0
    drafts: int = 0
    way_takes: float = 0.05
    """Seconds from decided to Meta's door, as it goes here and now."""


def greeting(event: str, number: str, now: datetime) -> CustomerWrote:
    """A customer who says hello, understood."""
    hello = Understanding(
        intent=Intent.GREETING,
        intents=(Intent.GREETING,),
        score=1.0,
        confidence=Confidence.ACT,
        language=Language.EN,
        detected=Language.EN,
    )
    bubble = Bubble(Wamid(event), now, Text("hello"))
    return CustomerWrote(EventId(event), now, (bubble,), hello, Address(wa_id=number))


async def moment(graph: Graph, callback_data: str, chance: random.Random, seen: Seen) -> None:
    """When the agent clicks: at once, somewhere on the answer's way, or when it is at Meta's door."""
    began = time.monotonic()
    match chance.randrange(4):
        case 0:
            return
        case 1:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await graph.wait_for(callback_data)
                    seen.way_takes += 0.1 * (time.monotonic() - began - seen.way_takes)
            await asyncio.sleep(chance.uniform(0, 0.02))
        case _:
            await asyncio.sleep(chance.uniform(0, 1.4 * seen.way_takes))


async def race(
    parts: Parts, graph: Graph, lead: LeadId, number: str, name: str, chance: random.Random, seen: Seen
) -> None:
    """One answer on its way out, one agent who takes over at about the same moment, and back."""
    now = await parts.clock.business_now()
    await parts.decisions.tell(lead, greeting(name, number, now))
    await moment(graph, f"{lead}|{name}:0", chance, seen)
    taken = await parts.takeovers.take_over(lead, AGENT)
    answered_at = time.monotonic()
    stored = await parts.leads.load(lead)
    assert stored is not None
    seen.in_flight += bool(taken.on_its_way)
    seen.drafts += any(one.status is Status.DRAFT for one in stored.outbox)
    await asyncio.sleep(chance.uniform(0, 0.02))
    seen.answered_at[number].append((answered_at, time.monotonic()))
    await parts.takeovers.release(lead, AGENT)


async def lane(parts: Parts, graph: Graph, index: int, races: int, seed: int, seen: Seen) -> None:
    """One customer, again and again."""
    chance = random.Random(f"{seed}:{index}")
    lead, number = LeadId(f"lead-{index}"), f"62812{index:07d}"
    seen.answered_at[number] = []
    await parts.leads.create(Lead(id=lead, address=Address(wa_id=number)))
    for turn in range(races):
        await race(parts, graph, lead, number, f"hello-{index}-{turn}", chance, seen)


async def test_after_the_take_overs_answer_no_bot_message_reaches_meta(
    mongodb_uri: str, proven: Callable[[str], None]
) -> None:
    seed = int(os.environ.get("JANJI_PROVE_SEED", secrets.randbelow(10**6)))
    print(f"seed {seed}, {RACES} races")
    chance = random.Random(seed)
    seen = Seen()
    async with listening(lambda: chance.choice((0.0, chance.uniform(0, 0.01), chance.uniform(0, 0.06)))) as graph:
        settings = settings_for(simulated(""), graph.url, 1, f"races_{secrets.token_hex(6)}")
        # two processes: one works and sends, the other answers the agents
        async with opened(settings, mongodb_uri, QUICK) as sending, opened(settings, mongodb_uri, QUICK) as answering:
            worker = sending.worker()
            working = asyncio.create_task(worker.run())
            try:
                async with asyncio.TaskGroup() as lanes:
                    for index in range(AT_ONCE):
                        races = RACES // AT_ONCE + (index < RACES % AT_ONCE)
                        lanes.create_task(lane(answering.parts, graph, index, races, seed, seen))
            finally:
                worker.stop()
                await working
                await sending.client.drop_database(settings.mongodb_database)
    late = late_messages(graph, seen)
    proven(
        f"{RACES} races of take-overs with seed {seed}: {len(graph.handed)} sent, {seen.in_flight} were on their way, "
        f"{seen.drafts} became drafts, {len(late)} came after the answer"
    )
    assert late == []
    assert seen.in_flight > RACES // 100
    assert seen.drafts > RACES // 100


def late_messages(graph: Graph, seen: Seen) -> list[str]:
    """Messages that came while the conversation was the agent's."""
    return [
        f"{one.callback_data}: {one.at - begin:.4f} s after the answer"
        for one in graph.handed
        for begin, end in seen.answered_at[one.to]
        if begin < one.at < end
    ]


async def test_a_take_over_waits_for_what_is_being_handed_over(mongodb_uri: str) -> None:
    async with listening(lambda: 0.3) as graph:
        settings = settings_for(simulated(""), graph.url, 1, f"races_{secrets.token_hex(6)}")
        async with opened(settings, mongodb_uri, QUICK) as process:
            parts, lead = process.parts, LeadId("lead")
            await parts.leads.create(Lead(id=lead, address=Address(wa_id="628120000001")))
            now = await parts.clock.business_now()
            await parts.decisions.tell(lead, greeting("hello", "628120000001", now))
            visit = asyncio.create_task(parts.lead_worker.work(lead))

            async def was_handed_over() -> bool:
                return bool(graph.handed)

            await until(was_handed_over, what="the answer at Meta")
            taken = await parts.takeovers.take_over(lead, AGENT)
            assert [(one.id, one.arrived) for one in taken.on_its_way] == [("hello:0", True)]
            assert await visit
            await process.client.drop_database(settings.mongodb_database)
