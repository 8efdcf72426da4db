"""One thread at a time: hear what waits, decide, commit, perform under its lease, until nothing is due.

The lease is taken with the commit that is made anyway; where something is to be performed without one, by itself. Two
workers may hear the same words: the version lets one of them commit, the other finds the lease taken and leaves.
Killed anywhere, the next visit goes on from what is stored: an event that was committed is in `handled`, one that was
not is decided again and names the same effects.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Generic, Protocol

import structlog

from bot.domain.events import BotStumbled, TimerFired, timer_event_id
from bot.domain.ids import DeliveryId, EventId, LeadId
from bot.domain.outbox import QueuedEffect, Status, StoredThread, WantedLease
from bot.domain.outcome import Decided
from bot.domain.partner_events import AnyEvent
from bot.domain.thread import AnyThread
from bot.engine.decisions import LostRace, ThreadDecisions
from bot.engine.internal import MERGE
from bot.engine.relay import EffectResult, Relay
from bot.engine.visits import outside, without_place
from bot.store.clock import Clock
from bot.store.delivery import Delivery
from bot.store.driver import ended, is_outage
from bot.store.outboxes import LEASE_SECONDS
from bot.store.received import RETRY_DELAYS, Received
from bot.store.threads import Threads

log = structlog.get_logger(__name__)

LOOKS_EVERY: Final = 0.5
"""Seconds for which a visit goes by its last look for news."""
LISTENS_EVERY: Final = 0.2
"""Seconds between two looks for news while money is under way."""
ROUNDS: Final = 50
"""Rounds of one visit; what is left is done at the next."""


class ReadsDeliveries(Protocol[AnyThread]):
    """What a worker needs of whoever reads what came in for its sort of thread."""

    async def next_batch(self, waiting: Sequence[Delivery]) -> list[Delivery]:
        """What is handled next."""

    async def event_of(
        self, stored: StoredThread[AnyThread], batch: Sequence[Delivery], now: datetime
    ) -> AnyEvent | None:
        """What these deliveries tell; none when they tell nothing."""

    def forget(self, deliveries: list[DeliveryId]) -> None:
        """They are handled."""


class MergesThreads(Protocol[AnyThread]):
    """What a worker needs of whoever makes one thread of two."""

    async def merge(self, older: StoredThread[AnyThread], delivery: Delivery, now: datetime) -> None:
        """The thread named in that delivery becomes part of this one."""

    async def follow(self, younger: LeadId, older: LeadId) -> None:
        """What came to the younger one while the two became one."""


@dataclass(slots=True)
class ThreadWorker(Generic[AnyThread]):
    """Visits threads."""

    threads: Threads[AnyThread]
    received: Received
    clock: Clock
    inbound: ReadsDeliveries[AnyThread]
    decisions: ThreadDecisions[AnyThread]
    relay: Relay
    new_id: Callable[[], str]
    merges: MergesThreads[AnyThread] | None = None
    """None where two threads never turn out to be one person's."""
    lease_seconds: float = LEASE_SECONDS

    async def work(self, lead_id: LeadId) -> bool:
        """Visit one thread; false when there is none, or somebody else has its lease."""
        visit = _Visit(self, lead_id, self.new_id())
        try:
            async with self._renewing(visit):
                await visit.rounds()
        finally:
            await self.threads.release(lead_id, visit.token if visit.wants_release else None, visit.stamped)
        return not visit.is_refused

    @asynccontextmanager
    async def _renewing(self, visit: "_Visit[AnyThread]") -> AsyncIterator[None]:
        async def renew() -> None:
            while True:
                await asyncio.sleep(self.lease_seconds / 3)
                if visit.is_leased and not await self.threads.renew(visit.lead_id, visit.token, self.lease_seconds):
                    return

        task = asyncio.create_task(renew())
        try:
            yield
        finally:
            await ended(task)


@dataclass(slots=True)
class _Visit(Generic[AnyThread]):
    """One visit, under its lease from its first commit on, or from what it performs without one."""

    worker: ThreadWorker[AnyThread]
    lead_id: LeadId
    token: str
    stored: StoredThread[AnyThread] | None = None
    """The lead as this visit left it; none when it has to be read. What others change meanwhile costs a commit its
    race, an effect its claim, and wakes the worker for another visit."""
    stamped: list[str] = field(default_factory=list)
    """Handled events whose deliveries are done: forgotten as the lease is given back."""
    waiting: list[Delivery] | None = None
    """What still waits of the last look for news; none when it is time to look."""
    looked_at: float = 0.0
    wants_release: bool = False
    """Whether the lease was asked for: it is given back also where the answer never came."""
    is_leased: bool = False
    """Whether the lease was had; only the database can say whether it still is."""
    is_refused: bool = False
    """Whether there is no lead, or somebody else has it."""

    async def rounds(self) -> None:
        """Until nothing is due, or the next visit is to go on."""
        async with _Money(self) as money:
            rounds = 0
            while rounds < ROUNDS:
                stored = self.stored or await self.worker.threads.load(self.lead_id)
                if stored is None or stored.is_anothers(self.token, await self.worker.threads.server_now()):
                    self.is_refused = not self.is_leased
                    return
                if not self.is_leased and any(queued.status is not Status.DRAFT for queued in stored.outbox):
                    # to be performed perhaps, and nothing is committed that would take the lease with it
                    stored = await self._leased()
                    if stored is None:
                        return
                if stored.merged_into is not None and self.worker.merges is not None:
                    await self.worker.merges.follow(self.lead_id, LeadId(stored.merged_into))
                    return
                # until somebody says what it is now
                self.stored = None
                moved = await money.looked_after(stored)
                if moved or await self._one_step(stored):
                    rounds += 1
                elif not await money.is_awaited():
                    return
                else:
                    self.waiting = None

    async def _leased(self) -> StoredThread[AnyThread] | None:
        """The lead under our lease, as it stands; none when somebody else has it."""
        self.wants_release = True
        stored = await self.worker.threads.acquire(self.lead_id, self.token, self.worker.lease_seconds)
        self.is_leased, self.is_refused = stored is not None, stored is None
        return stored

    async def _committed(
        self, stored: StoredThread[AnyThread], event: AnyEvent, deliveries: Sequence[str]
    ) -> StoredThread[AnyThread] | None:
        """The lead after that event, under our lease; none when somebody was faster, or has the lease."""
        self.wants_release = True
        under = WantedLease(self.token, self.worker.lease_seconds)
        saved = await self.worker.decisions.commit(stored, event, deliveries, under=under)
        self.is_leased = self.is_leased or saved is not None
        return saved

    async def _one_step(self, stored: StoredThread[AnyThread]) -> bool:
        """One event or one round of effects; false when nothing is due."""
        waiting = await self._news_for(stored)
        now = await self.worker.clock.business_now()
        if await self._hear_next(stored, waiting, now):
            return True
        if await self._fire_timer(stored, now):
            return True
        done = await self.worker.relay.perform(stored, self.token, now)
        if done is None:
            return False
        for result in done.results:
            await self.tell_result(stored, result, now)
        if done.is_all and not done.results:
            left = tuple(queued for queued in stored.outbox if queued.effect.id not in done.settled)
            self.stored = replace(stored, outbox=left)
        return True

    async def _news_for(self, stored: StoredThread[AnyThread]) -> list[Delivery]:
        """What waits for the lead and was not handled; looked up now and then, since news wakes the worker anyway."""
        if self.waiting is not None and time.monotonic() - self.looked_at < LOOKS_EVERY:
            return self.waiting
        waiting = await self.worker.received.new_for(stored.thread.id)
        # handled and no longer new: stamped, perhaps by somebody who died before it was forgotten
        self.stamped.extend(stored.handled.difference(self.stamped, (delivery.id for delivery in waiting)))
        known = [delivery for delivery in waiting if delivery.id in stored.handled]
        if known:
            await self._stamp(known)
            waiting = [delivery for delivery in waiting if delivery.id not in stored.handled]
        self.waiting, self.looked_at = waiting, time.monotonic()
        return waiting

    async def tell_result(self, stored: StoredThread[AnyThread], result: EffectResult, now: datetime) -> None:
        """What came of an effect, told to its lead; news we cannot digest costs the effect a try, as its doing does."""
        decisions, settled = self.worker.decisions, [] if result.stays else [result.effect]
        try:
            await decisions.tell(stored.thread.id, result.event, settled=settled)
        except Exception as error:
            if is_outage(error) or isinstance(error, LostRace) or result.stays:
                raise
            log.exception("result_failed_here", lead=stored.thread.id, problem=type(error).__name__)
            waiting = next(queued for queued in stored.outbox if queued.effect.id == result.effect)
            for failed in await self.worker.relay.stumbled(stored, waiting, now, type(error).__name__):
                await decisions.tell(stored.thread.id, failed.event, settled=[failed.effect])

    async def _hear_next(self, stored: StoredThread[AnyThread], waiting: Sequence[Delivery], now: datetime) -> bool:
        batch = await self.worker.inbound.next_batch(waiting)
        # whatever becomes of them now, only the database can say what still waits; but for those that are handled
        self.waiting = None if batch or waiting else []
        if not batch:
            return False
        try:
            await self._handle(stored, batch, now)
        except LostRace:
            return True
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("bot_stumbled", lead=stored.thread.id, deliveries=len(batch), problem=type(error).__name__)
            # Count the failure; at the last one say so before the delivery is parked: rather twice than never.
            reason = type(error).__name__
            server_now = await self.worker.threads.server_now()
            for delivery in batch:
                if delivery.attempts >= len(RETRY_DELAYS):
                    event_id = EventId(f"stumbled:{delivery.id}")
                    event = BotStumbled(id=event_id, at=now, delivery=delivery.fingerprint, reason=reason)
                    await self.worker.decisions.tell(stored.thread.id, event)
                await self.worker.received.count_failure(delivery, server_now, reason)
            return True
        if self.stored is not None and len(batch) == len(waiting):
            self.waiting = []
        return True

    async def _handle(self, stored: StoredThread[AnyThread], batch: Sequence[Delivery], now: datetime) -> None:
        merges = self.worker.merges
        if batch[0].kind == MERGE and merges is not None:
            held = stored if self.is_leased else await self._leased()
            # changed before it was ours: what was seen of it, and of what waits, is to be seen again
            if held is not None and held.version == stored.version:
                await merges.merge(held, batch[0], now)
                await self._stamp(batch)
            return
        event = await self.worker.inbound.event_of(stored, batch, now)
        ids = [delivery.id for delivery in batch]
        self.stored = stored if event is None else await self._committed(stored, event, ids)
        if self.stored is not None:
            await self._stamp(batch)
            self.worker.inbound.forget(ids)

    async def _stamp(self, deliveries: Sequence[Delivery]) -> None:
        ids: list[DeliveryId] = [delivery.id for delivery in deliveries]
        await self.worker.received.mark_done(ids, await self.worker.threads.server_now())
        self.stamped.extend(ids)

    async def _fire_timer(self, stored: StoredThread[AnyThread], now: datetime) -> bool:
        due = sorted((due_at, name) for name, due_at in stored.thread.timers.items() if due_at <= now)
        if not due:
            return False
        due_at, name = due[0]
        event = TimerFired(timer_event_id(name, due_at), now, name, due_at)
        try:
            self.stored = await self._committed(stored, event, [])
            if self.stored is not None:
                await self.worker.threads.forgive_stumbles(stored.thread.id, name)
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("timer_failed_here", lead=stored.thread.id, timer=name, problem=type(error).__name__)
            await self._timer_failed(stored, name, now, type(error).__name__)
        return True

    async def _timer_failed(self, stored: StoredThread[AnyThread], name: str, now: datetime, reason: str) -> None:
        """A timer we cannot digest fires again later; after the fifth time it is taken away and a person called."""
        threads = self.worker.threads
        count = await threads.count_stumble(stored.thread.id, name)
        if count <= len(RETRY_DELAYS):
            later = stored.thread.with_timer(name, now + timedelta(seconds=RETRY_DELAYS[count - 1]))
            await threads.commit(stored, Decided(later), [])
            return
        event = BotStumbled(EventId(f"stumbled:timer:{name}:{count}"), now, f"timer:{name}", reason)
        told = await self.worker.decisions.decide(stored.thread.without_timer(name), event)
        await threads.commit(stored, told, [])


class _Money(Generic[AnyThread]):
    """The money lane of one visit, at its own pace: a provider that does not answer keeps nobody from being heard."""

    def __init__(self, visit: _Visit[AnyThread]) -> None:
        self._visit = visit
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "_Money[AnyThread]":
        return self

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """What is begun ends with the visit, under its lease; an error of the visit ends it at once."""
        task, self._task = self._task, None
        if task is None:
            return
        if error is None:
            async with outside():
                await task
            return
        await ended(task)

    async def looked_after(self, stored: StoredThread[AnyThread]) -> bool:
        """Begin what is due, take note of what is done; whether it was done."""
        if self._task is not None and self._task.done():
            task, self._task = self._task, None
            await task
            return True
        if self._task is None:
            head = await self._visit.worker.relay.money_due(stored)
            if head is not None:
                self._task = asyncio.create_task(self._perform(stored, head))
        return False

    async def is_awaited(self) -> bool:
        """Whether something is under way; looks again after a while, since the customer may write meanwhile."""
        if self._task is None:
            return False
        async with outside():
            await asyncio.wait((self._task,), timeout=LISTENS_EVERY)
        return True

    async def _perform(self, stored: StoredThread[AnyThread], head: QueuedEffect) -> None:
        without_place()
        worker = self._visit.worker
        now = await worker.clock.business_now()
        for result in await worker.relay.perform_money(stored, head, self._visit.token, now):
            await self._visit.tell_result(stored, result, now)
