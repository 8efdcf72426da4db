"""Take-overs against everything that makes the bot speak: once one is answered, no bot message reaches Meta.

Replies, reminders, answers that a slow model holds up, and a colleague who writes in the app at the same moment; often
two people take it over at once. Ten thousand in `make prove`, some in the suite; `JANJI_PROVE_RACES` sets how many.
Count and seed stand at the end of the run, and `JANJI_PROVE_SEED` repeats one.
"""

import asyncio
import contextlib
import os
import random
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import pytest

from bot.domain.booking import Booking, OfferedSlot
from bot.domain.events import Event, StaffEchoed, TimerFired, timer_event_id
from bot.domain.ids import AgentId, BookingReference, EventId, LeadId
from bot.domain.inbox import IN_THE_APP
from bot.domain.lead import Address, Lead
from bot.domain.outbox import Status
from bot.domain.outcome import Decision
from bot.domain.states import State
from bot.domain.timers import TimerKind, TimerName
from bot.engine.decisions import LostRace
from bot.engine.parts import Parts
from bot.engine.takeover import HeldByColleague
from tests.faults.graph import Graph, listening
from tests.faults.test_takeover_races import greeting
from tests.journeys.world import QUICK, settings_for, simulated
from webhooks.wiring import opened

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(3600)]

RACES: Final = int(os.environ.get("JANJI_PROVE_RACES") or (10_000 if os.environ.get("JANJI_PROVE_SEEDS") else 80))
AT_ONCE: Final = 16
AYU, RINA = AgentId("ayu"), AgentId("rina")
KINDS: Final = ("reply", "reminder", "slow model", "echo")


@dataclass(slots=True)
class Report:
    """How the races went."""

    owned: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    """Per number: from the take-over's answer to the moment before the conversation was given back."""
    kinds: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0
    drafts: int = 0
    told_by_whom: int = 0


async def with_reminder(parts: Parts, lead: LeadId, name: str, now: datetime) -> Event:
    """A booking of theirs that is to be reminded of now, and its timer."""
    start, timer = now + timedelta(hours=10), TimerName(TimerKind.DAY_BEFORE, BookingReference(f"BK-{name}"))
    slot = OfferedSlot(
        "s", start, start + timedelta(hours=1), provider="ayu", place="villa-melati", hold_id=None, held_until=None
    )
    booking = Booking(BookingReference(f"BK-{name}"), State.CONFIRMED, service="massage", chosen=slot, booked_hold="h")
    for _ in range(20):
        stored = await parts.leads.load(lead)
        assert stored is not None
        reminded = replace(stored.lead, bookings=(booking,), timers={}).with_timer(timer, now)
        if await parts.leads.commit(stored, Decision(reminded), []) is not None:
            return TimerFired(timer_event_id(str(timer), now), now, str(timer), now)
    raise LostRace(lead)


async def slowly(parts: Parts, lead: LeadId, event: Event, seconds: float) -> None:
    """What a slow model held up: read before somebody came, decided after. The commit says that it is too late."""
    stored = await parts.leads.load(lead)
    assert stored is not None
    await asyncio.sleep(seconds)
    if await parts.decisions.commit(stored, event, []) is None:
        await parts.decisions.tell(lead, event)


async def stirred(parts: Parts, lead: LeadId, number: str, name: str, chance: random.Random, report: Report) -> None:
    """Something makes the bot speak."""
    kind, now = chance.choice(KINDS), await parts.clock.business_now()
    report.kinds[kind] += 1
    match kind:
        case "reminder":
            await parts.decisions.tell(lead, await with_reminder(parts, lead, name, now))
        case "slow model":
            await slowly(parts, lead, greeting(name, number, now), chance.uniform(0, 0.08))
        case "echo":
            await parts.decisions.tell(lead, greeting(name, number, now))
            await asyncio.sleep(chance.uniform(0, 0.02))
            await parts.decisions.tell(lead, StaffEchoed(EventId(f"echo-{name}"), now, IN_THE_APP))
        case _:
            await parts.decisions.tell(lead, greeting(name, number, now))


async def taken(parts: Parts, lead: LeadId, chance: random.Random, report: Report) -> tuple[AgentId, float]:
    """Who has it and since when: one colleague takes it over, or two at once, of whom one is told by whom."""

    async def by(agent: AgentId) -> tuple[AgentId, float] | AgentId:
        try:
            answer = await parts.takeovers.take_over(lead, agent, draft=f"{agent} writes")
        except HeldByColleague as held:
            return held.owner
        report.in_flight += bool(answer.on_its_way)
        return agent, time.monotonic()

    people = (AYU, RINA) if chance.random() < 0.3 else (AYU,)
    answers = await asyncio.gather(*map(by, people))
    winners = [answer for answer in answers if isinstance(answer, tuple)]
    (winner,) = winners
    losers = [answer for answer in answers if not isinstance(answer, tuple)]
    assert losers == [winner[0]] * (len(people) - 1)
    report.told_by_whom += len(losers)
    return winner


async def race(parts: Parts, lead: LeadId, number: str, name: str, chance: random.Random, report: Report) -> None:
    """The bot is made to speak, and somebody takes over at about the same moment."""
    stirring = asyncio.create_task(stirred(parts, lead, number, name, chance, report))
    if chance.random() < 0.7:
        await asyncio.sleep(chance.uniform(0, 0.08))
    owner, answered = await taken(parts, lead, chance, report)
    # what stirs goes on while the conversation is a person's: whatever it makes the bot say is a draft
    with contextlib.suppress(LostRace):
        await stirring
    await asyncio.sleep(chance.uniform(0, 0.03))
    stored = await parts.leads.load(lead)
    assert stored is not None
    report.drafts += any(one.status is Status.DRAFT for one in stored.outbox)
    report.owned[number].append((answered, time.monotonic()))
    await parts.takeovers.release(lead, owner)


async def lane(parts: Parts, index: int, races: int, seed: int, report: Report) -> None:
    """One customer, again and again."""
    chance = random.Random(f"{seed}:{index}")
    lead, number = LeadId(f"lead-{index}"), f"62812{index:07d}"
    report.owned[number] = []
    now = await parts.clock.business_now()
    talk = replace(Lead(lead).conversation, last_inbound_at=now, greeted=True, language="en")
    await parts.leads.create(Lead(id=lead, address=Address(wa_id=number), conversation=talk))
    for turn in range(races):
        await race(parts, lead, number, f"{index}-{turn}", chance, report)


def late(graph: Graph, report: Report) -> list[str]:
    """Messages of the bot that came while the conversation was a person's."""
    return [
        f"{one.callback_data}: {one.at - begin:.4f} s after the answer"
        for one in graph.handed
        for begin, end in report.owned[one.to]
        if begin < one.at < end
    ]


async def test_no_bot_message_reaches_meta_after_any_take_overs_answer(
    mongodb_uri: str, proven: Callable[[str], None]
) -> None:
    seed = int(os.environ.get("JANJI_PROVE_SEED", secrets.randbelow(10**6)))
    print(f"seed {seed}, {RACES} races of the console")
    chance, report = random.Random(seed), Report()
    async with listening(lambda: chance.choice((0.0, chance.uniform(0, 0.01), chance.uniform(0, 0.06)))) as graph:
        settings = settings_for(simulated(""), graph.url, 1, f"console_races_{secrets.token_hex(6)}")
        # two processes: one works and sends, the other answers the staff
        async with opened(settings, mongodb_uri, QUICK) as sending, opened(settings, mongodb_uri, QUICK) as answering:
            worker = sending.worker()
            working = asyncio.create_task(worker.run())
            try:
                async with asyncio.TaskGroup() as lanes:
                    for index in range(AT_ONCE):
                        races = RACES // AT_ONCE + (index < RACES % AT_ONCE)
                        lanes.create_task(lane(answering.parts, index, races, seed, report))
            finally:
                worker.stop()
                await working
                await sending.client.drop_database(settings.mongodb_database)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(report.kinds.items()))
    proven(f"{sum(report.kinds.values())} races of the console with seed {seed}: {kinds}")
    proven(
        f"{len(graph.handed)} sent, {report.in_flight} were on their way, {report.drafts} became drafts, "
        f"{report.told_by_whom} were told by whom, {len(late(graph, report))} came after the take-over's answer"
    )
    assert late(graph, report) == []
    assert set(report.kinds) == set(KINDS)
    assert report.drafts > RACES // 100
    assert report.told_by_whom > RACES // 100
