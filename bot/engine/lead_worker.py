"""One lead at a time, under its lease: hear what waits, decide, commit, perform, until nothing is due.

Killed anywhere, the next holder of the lease goes on from what is stored: an event that was committed is in `handled`,
one that was not is decided again and names the same effects.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import structlog
from pymongo.errors import PyMongoError

from bot.dialogue.decide import decide
from bot.domain.events import BotStumbled, Event, TimerFired, timer_event_id
from bot.domain.ids import EffectId, EventId, LeadId
from bot.domain.outbox import QueuedEffect, StoredLead
from bot.domain.outcome import Decision
from bot.engine import inbound
from bot.engine.decision_context import context_for
from bot.engine.merge import merge
from bot.engine.parts import LostRace, Parts
from bot.engine.relay import EffectResult
from bot.engine.routing import MERGE
from bot.store.received import RETRY_DELAYS, Delivery

log = structlog.get_logger(__name__)

LISTENS_EVERY = 0.2
"""Seconds between two looks for news while money is under way."""
ROUNDS = 50
"""Rounds of one visit; what is left is done at the next."""
COMMIT_TRIES = 20
LARGE_LEAD_BYTES = 64 * 1024


async def work(parts: Parts, lead_id: LeadId) -> bool:
    """Visit one lead; false when somebody else has its lease."""
    token = parts.new_id()
    stored = await parts.leads.acquire(lead_id, token, parts.lease_seconds)
    if stored is None:
        return False
    stamped: list[str] = []
    try:
        async with _renewing(parts, lead_id, token):
            await _rounds(parts, lead_id, token, stamped)
    finally:
        await parts.leads.release(lead_id, token, stamped)
    return True


@asynccontextmanager
async def _renewing(parts: Parts, lead_id: LeadId, token: str) -> AsyncIterator[None]:
    async def renew() -> None:
        while True:
            await asyncio.sleep(parts.lease_seconds / 3)
            if not await parts.leads.renew(lead_id, token, parts.lease_seconds):
                return

    task = asyncio.create_task(renew())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _rounds(parts: Parts, lead_id: LeadId, token: str, stamped: list[str]) -> None:
    async with _Money(parts, token) as money:
        rounds = 0
        while rounds < ROUNDS:
            stored = await parts.leads.load(lead_id)
            if stored is None:
                return
            if stored.merged_into is not None:
                await parts.received.reassign(lead_id, LeadId(stored.merged_into))
                return
            moved = await money.looked_after(stored)
            if moved or await _one_step(parts, stored, token, stamped):
                rounds += 1
            elif not await money.is_awaited():
                return


class _Money:
    """The money lane of one visit, at its own pace: a provider that does not answer keeps nobody from being heard."""

    def __init__(self, parts: Parts, token: str) -> None:
        self._parts = parts
        self._token = token
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "_Money":
        return self

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """What is begun ends with the visit, under its lease; an error of the visit ends it at once."""
        task, self._task = self._task, None
        if task is None:
            return
        if error is None:
            await task
            return
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def looked_after(self, stored: StoredLead) -> bool:
        """Begin what is due, take note of what is done; whether it was done."""
        if self._task is not None and self._task.done():
            task, self._task = self._task, None
            await task
            return True
        if self._task is None:
            head = await self._parts.relay.money_due(stored)
            if head is not None:
                self._task = asyncio.create_task(self._perform(stored, head))
        return False

    async def is_awaited(self) -> bool:
        """Whether something is under way; looks again after a while, since the customer may write meanwhile."""
        if self._task is None:
            return False
        await asyncio.wait((self._task,), timeout=LISTENS_EVERY)
        return True

    async def _perform(self, stored: StoredLead, head: QueuedEffect) -> None:
        now = await self._parts.clock.business_now()
        for one in await self._parts.relay.perform_money(stored, head, self._token, now):
            await _tell_result(self._parts, stored, one, now)


async def _one_step(parts: Parts, stored: StoredLead, token: str, stamped: list[str]) -> bool:
    """One event or one round of effects; false when nothing is due."""
    waiting = await parts.received.new_for(stored.lead.id)
    # handled and no longer new: stamped, perhaps by somebody who died before it was forgotten
    stamped.extend(stored.handled.difference(stamped, (one.id for one in waiting)))
    known = [one for one in waiting if one.id in stored.handled]
    if known:
        await _stamp(parts, [one.id for one in known], stamped)
        waiting = [one for one in waiting if one.id not in stored.handled]
    now = await parts.clock.business_now()
    if await _hear_next(parts, stored, waiting, now, stamped):
        return True
    if await _fire_timer(parts, stored, now):
        return True
    happened = await parts.relay.perform(stored, token, now)
    for one in happened or ():
        await _tell_result(parts, stored, one, now)
    return happened is not None


async def _tell_result(parts: Parts, stored: StoredLead, one: EffectResult, now: datetime) -> None:
    """What came of an effect, told to its lead; news we cannot digest costs the effect a try, as its doing does."""
    try:
        await tell(parts, stored.lead.id, one.event, settled=[] if one.stays else [one.effect])
    except (PyMongoError, TimeoutError, LostRace):
        raise
    except Exception as error:
        log.exception("result_stumbled", lead=stored.lead.id, problem=type(error).__name__)
        waiting = next(waiting for waiting in stored.outbox if waiting.effect.id == one.effect)
        for failed in await parts.relay.stumbled(stored, waiting, now, type(error).__name__):
            await tell(parts, stored.lead.id, failed.event, settled=[failed.effect])


async def _hear_next(
    parts: Parts, stored: StoredLead, waiting: Sequence[Delivery], now: datetime, stamped: list[str]
) -> bool:
    batch = await inbound.next_batch(parts, waiting)
    if not batch:
        return False
    try:
        await _handle(parts, stored, batch, now, stamped)
    except LostRace:
        return True
    except (PyMongoError, TimeoutError):
        raise
    except Exception as error:
        log.exception("bot_stumbled", lead=stored.lead.id, deliveries=len(batch), problem=type(error).__name__)
        await _stumble(parts, stored, batch, now, type(error).__name__)
    return True


async def _handle(
    parts: Parts, stored: StoredLead, batch: Sequence[Delivery], now: datetime, stamped: list[str]
) -> None:
    if batch[0].kind == MERGE:
        await merge(parts, stored, batch[0], now)
        await _stamp(parts, [one.id for one in batch], stamped)
        return
    event = await inbound.event_of(parts, stored, batch, now)
    if event is None or await commit(parts, stored, event, [one.id for one in batch]):
        await _stamp(parts, [one.id for one in batch], stamped)


async def _stamp(parts: Parts, ids: Sequence[str], stamped: list[str]) -> None:
    from_now = await parts.leads.server_now()
    await parts.received.mark_done([*map(inbound.delivery_id, ids)], from_now)
    stamped.extend(ids)


async def _stumble(parts: Parts, stored: StoredLead, batch: Sequence[Delivery], now: datetime, reason: str) -> None:
    """Count the failure; at the last one say so before the delivery is parked: rather twice than never."""
    server_now = await parts.leads.server_now()
    for delivery in batch:
        if delivery.attempts >= len(RETRY_DELAYS):
            event_id = EventId(f"stumbled:{delivery.id}")
            event = BotStumbled(id=event_id, at=now, delivery=delivery.fingerprint, reason=reason)
            await tell(parts, stored.lead.id, event)
        await parts.received.count_failure(delivery, server_now, reason)


async def _fire_timer(parts: Parts, stored: StoredLead, now: datetime) -> bool:
    due = sorted((due_at, name) for name, due_at in stored.lead.timers.items() if due_at <= now)
    if not due:
        return False
    due_at, name = due[0]
    try:
        await commit(parts, stored, TimerFired(timer_event_id(name, due_at), now, name, due_at), [])
    except (PyMongoError, TimeoutError):
        raise
    except Exception as error:
        log.exception("timer_stumbled", lead=stored.lead.id, timer=name, problem=type(error).__name__)
        await _timer_stumbled(parts, stored, name, now, type(error).__name__)
    return True


async def _timer_stumbled(parts: Parts, stored: StoredLead, name: str, now: datetime, reason: str) -> None:
    """A timer we cannot digest rings again later; after the fifth time it is taken away and a person called."""
    count = await parts.leads.count_stumble(stored.lead.id, name)
    if count <= len(RETRY_DELAYS):
        later = stored.lead.with_timer(name, now + timedelta(seconds=RETRY_DELAYS[count - 1]))
        await parts.leads.commit(stored, Decision(later), [])
        return
    event = BotStumbled(EventId(f"stumbled:timer:{name}:{count}"), now, f"timer:{name}", reason)
    lead = stored.lead.without_timer(name)
    told = decide(lead, event, await context_for(parts, lead, now))
    await parts.leads.commit(stored, told, [])


async def tell(parts: Parts, lead_id: LeadId, event: Event, settled: Sequence[EffectId] = ()) -> StoredLead | None:
    """Decide and commit an event whoever has the lease; the lead it was decided for, none when there is none."""
    for _ in range(COMMIT_TRIES):
        stored = await parts.leads.load(lead_id)
        if stored is None or stored.merged_into is not None:
            return None
        if await commit(parts, stored, event, [], settled):
            return stored
    raise LostRace(f"{COMMIT_TRIES} times in a row")


async def commit(
    parts: Parts,
    stored: StoredLead,
    event: Event,
    deliveries: Sequence[str],
    settled: Sequence[EffectId] = (),
) -> bool:
    """Decide one event and save what comes of it; false when the race was lost."""
    decision = decide(stored.lead, event, await context_for(parts, stored.lead, event.at))
    size = await parts.leads.commit(stored, decision, deliveries, settled)
    if size is not None and size > LARGE_LEAD_BYTES:
        log.error("lead_too_large", lead=stored.lead.id, bytes=size)
    return size is not None
