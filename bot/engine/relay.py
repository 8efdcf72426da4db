"""The relay: takes what `decide` ordered out of the outbox and has it done, lane by lane, under the lead's lease.

An order whose kind this version does not know is never done and never deleted, in any lane: it stays queued for the
version that wrote it, and after a while a person is called.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, assert_never

import structlog

from bot.dialogue.failures import FAILED_IN_OUR_CODE
from bot.domain.arrival import TellPlace
from bot.domain.commands import (
    AcceptLateMoney,
    BookSlot,
    CloseInvoice,
    Lane,
    MoneyCommand,
    MoveSlot,
    OfferSlots,
    OpenInvoice,
    RecordAudit,
    RecordBooking,
    RecordCommand,
    RecordRefund,
    RefundLateMoney,
    ReleaseHolds,
    SendButtons,
    SendFlow,
    SendLink,
    SendList,
    SendTemplate,
    SendText,
    SlotCommand,
    UnknownCommand,
)
from bot.domain.complaints import KeepPhoto, RecordComplaint
from bot.domain.events import EffectFailed, Event, InvoiceNotOpened
from bot.domain.ids import BookingReference, EffectId, EventId, LeadId
from bot.domain.money_orders import GrantCredit, PayRedo, ReceiveMoney, ReleaseShares, SendRefundTo, Settle
from bot.domain.notes import RecordNote
from bot.domain.outbox import QueuedEffect, StoredThread
from bot.domain.partner_events import AnyEvent, PartnerEvent
from bot.domain.partner_orders import (
    PartnerOrder,
)
from bot.domain.passing import PassToProvider
from bot.domain.task_orders import EnsureTasks, WithdrawTasks
from bot.domain.thread import AnyThread
from bot.domain.visits import RecordVisit
from bot.domain.waiting import RecordWaiting
from bot.engine.performers.chat import ChatPerformer, MessageDone
from bot.engine.performers.records import RecordPerformer, subject_of
from bot.engine.retries import TryLater
from bot.store.claims import TooBusy
from bot.store.driver import is_outage
from bot.store.outboxes import Outboxes
from bot.store.received import RETRY_DELAYS

log = structlog.get_logger(__name__)

TOO_BUSY_SECONDS: Final = 0.2
TRIES_IN_OUR_CODE: Final = 5
"""Tries of an effect that fails in our own code; then a person."""
UNKNOWN_KIND_DELAYS: Final = (5.0, 30.0, 120.0)
"""Seconds between the first looks at an order of unknown kind: the time a release takes to reach every process."""
UNKNOWN_KIND_LATER: Final = 600.0
UNKNOWN_KIND: Final = "unknown_kind"
AT_ITS_PACE: Final = (Lane.OTHER, Lane.SLOTS, Lane.TASKS, Lane.CHAT)
"""The lanes of which one order a round is done, in this order."""


@dataclass(frozen=True, slots=True)
class EffectResult:
    """What came of an effect; it leaves the outbox in the commit that handles this event, unless it stays queued."""

    event: AnyEvent
    effect: EffectId
    stays: bool = False


@dataclass(frozen=True, slots=True)
class PerformedRound:
    """What one round of effects came to."""

    results: tuple[EffectResult, ...]
    settled: frozenset[EffectId]
    is_all: bool
    """Whether nothing else was tried: what else waits in the outbox is as it was."""


class PerformsSlots(Protocol):
    """What the relay needs of the slot performer."""

    async def perform(self, lead: LeadId, effect: EffectId, order: SlotCommand, now: datetime) -> Event | None:
        """Do it; the event that tells the lead what came of it."""


class PerformsPartnerOrders(Protocol):
    """What the relay needs of whoever looks things up for partners."""

    async def perform(self, effect: EffectId, order: PartnerOrder, now: datetime, tries: int = 0) -> PartnerEvent:
        """Do it, which was tried that often before; the event that tells the partner what came of it. TryLater."""


class PerformsMoney(Protocol):
    """What the relay needs of the money performer."""

    async def perform(self, effect: EffectId, order: MoneyCommand, now: datetime) -> Event | None:
        """Do it; the event that tells the lead what came of it."""


@dataclass(slots=True)
class Relay:
    """Performs effects; knows nothing of why they were ordered."""

    outboxes: Outboxes
    chat: ChatPerformer
    records: RecordPerformer
    slots: PerformsSlots | None = None
    """None where nobody books."""
    money: PerformsMoney | None = None
    """None where no payment provider is set up: links are then a person's to send."""
    partners: PerformsPartnerOrders | None = None

    async def perform(self, stored: StoredThread[AnyThread], token: str, now: datetime) -> PerformedRound | None:
        """Do what can be done now, a lane at a time; none when nothing moved. What is done leaves the outbox in one
        write. Money has its own pace: see `money_due`."""
        if not stored.outbox:
            return None
        server_now = await self.outboxes.server_now()
        done: list[EffectId] = []
        results = await self._records(stored, now, server_now, done)
        head = next(
            (
                head
                for lane in (Lane.OTHER, Lane.SLOTS, Lane.TASKS, Lane.CHAT)
                if (head := _head(stored, lane, server_now))
            ),
            None,
        )
        if head is None and results is None:
            return None
        tried = {queued.effect.id for queued in stored.in_lane(Lane.RECORD) if queued.look_at <= server_now}
        try:
            if head is not None:
                tried.add(head.effect.id)
                results = (*(results or ()), *await self._guarded(stored, head, token, now, done))
        finally:
            # also when the head met an outage: what was recorded need not be recorded again
            if done:
                await self.outboxes.settle(stored.thread.id, done)
        return PerformedRound(results or (), frozenset(done), tried == set(done))

    async def money_due(self, stored: StoredThread[AnyThread]) -> QueuedEffect | None:
        """The order of money that wants to be done now; its answer may take as long as a provider takes."""
        return _head(stored, Lane.MONEY, await self.outboxes.server_now()) if stored.in_lane(Lane.MONEY) else None

    async def perform_money(
        self, stored: StoredThread[AnyThread], head: QueuedEffect, token: str, now: datetime
    ) -> tuple[EffectResult, ...]:
        """Do that order; it is idempotent under its own name, so nothing is lost with whoever does it."""
        done: list[EffectId] = []
        results = await self._guarded(stored, head, token, now, done)
        if done:
            await self.outboxes.settle(stored.thread.id, done)
        return results

    async def _guarded(
        self, stored: StoredThread[AnyThread], head: QueuedEffect, token: str, now: datetime, done: list[EffectId]
    ) -> tuple[EffectResult, ...]:
        """The head of a lane; an error of our own costs a try, and the last one sets the effect aside."""
        try:
            return await self._performed(stored, head, token, now, done)
        except TooBusy:
            await self.outboxes.defer(stored.thread.id, head.effect.id, TOO_BUSY_SECONDS)
            return ()
        except TryLater as later:
            # how often is counted in the outbox: whoever goes on after a death begins no new row of tries
            await self.outboxes.count_failure(stored.thread.id, head.effect.id, later.seconds)
            return ()
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("effect_failed_here", lead=stored.thread.id, order=head.effect.command.kind)
            return await self.stumbled(stored, head, now, type(error).__name__)

    async def stumbled(
        self, stored: StoredThread[AnyThread], head: QueuedEffect, now: datetime, problem: str
    ) -> tuple[EffectResult, ...]:
        """Count the failure and look again later; after the fifth it is set aside and a person called."""
        if head.attempts + 1 < TRIES_IN_OUR_CODE:
            await self.outboxes.count_failure(stored.thread.id, head.effect.id, RETRY_DELAYS[head.attempts])
            return ()
        log.error("effect_set_aside", lead=stored.thread.id, order=head.effect.command.kind, problem=problem)
        return (EffectResult(_failed(head, now, FAILED_IN_OUR_CODE), head.effect.id),)

    async def _performed(
        self, stored: StoredThread[AnyThread], head: QueuedEffect, token: str, now: datetime, done: list[EffectId]
    ) -> tuple[EffectResult, ...]:
        """Do it; `done` grows by what is to leave the outbox without a word to the lead."""
        effect, order = head.effect, head.effect.command
        event: Event | None
        if isinstance(order, PartnerOrder):
            assert self.partners is not None
            return (EffectResult(await self.partners.perform(effect.id, order, now, head.attempts), effect.id),)
        match order:
            case UnknownCommand():
                return await self._left_queued(stored, head, now)
            case SendText() | SendButtons() | SendList() | SendLink() | SendFlow() | SendTemplate():
                sent = await self.chat.perform(stored, head, order, token, now)
                if sent is None:
                    return ()
                event = None if isinstance(sent, MessageDone) else sent
            case OfferSlots() | BookSlot() | MoveSlot() | ReleaseHolds():
                assert self.slots is not None
                event = await self.slots.perform(stored.thread.id, effect.id, order, now)
            case (
                OpenInvoice()
                | CloseInvoice()
                | AcceptLateMoney()
                | RefundLateMoney()
                | SendRefundTo()
                | Settle()
                | ReceiveMoney()
                | ReleaseShares()
                | PayRedo()
                | GrantCredit()
            ):
                if self.money is not None:
                    event = await self.money.perform(effect.id, order, now)
                elif isinstance(order, OpenInvoice):
                    name = EventId(f"done:{effect.id}")
                    event = InvoiceNotOpened(name, now, order.account, order.attempt, "no_provider")
                else:
                    event = None
            case (
                RecordAudit()
                | RecordNote()
                | RecordBooking()
                | RecordRefund()
                | EnsureTasks()
                | WithdrawTasks()
                | RecordVisit()
                | RecordComplaint()
                | KeepPhoto()
                | TellPlace()
                | PassToProvider()
                | RecordWaiting()
            ):
                await self.records.perform(stored.thread.id, effect.id, order)
                event = None
            case _:
                assert_never(order)
        if event is not None:
            return (EffectResult(event, effect.id),)
        done.append(effect.id)
        return ()

    async def _records(
        self, stored: StoredThread[AnyThread], now: datetime, server_now: datetime, done: list[EffectId]
    ) -> tuple[EffectResult, ...] | None:
        """All records that are due; one that fails holds back only what is said later of the same booking."""
        waiting = stored.in_lane(Lane.RECORD)
        if not any(queued.look_at <= server_now for queued in waiting):
            return None
        results: list[EffectResult] = []
        held: set[BookingReference] = set()
        # lines of the audit have no order among each other: they leave together
        audit = [one for one in waiting if isinstance(one.effect.command, RecordAudit) and one.look_at <= server_now]
        for outcome in await asyncio.gather(*(self._recorded(stored, line, now, done) for line in audit)):
            results += outcome or ()
        for queued in waiting:
            order = queued.effect.command
            if isinstance(order, RecordAudit):
                continue
            if not isinstance(order, RecordCommand):
                if queued.look_at <= server_now:
                    results += await self._left_queued(stored, queued, now)
                continue
            subject = subject_of(order)
            if queued.look_at > server_now or subject in held:
                # an older word must never be written after a newer one
                held |= set() if subject is None else {subject}
                continue
            failed = await self._recorded(stored, queued, now, done)
            if failed is not None:
                held |= set() if subject is None else {subject}
                results += failed
        return tuple(results)

    async def _recorded(
        self, stored: StoredThread[AnyThread], queued: QueuedEffect, now: datetime, done: list[EffectId]
    ) -> tuple[EffectResult, ...] | None:
        """Write it, and it is `done`; else what its failure has to say."""
        order = queued.effect.command
        assert isinstance(order, RecordCommand)
        try:
            await self.records.perform(stored.thread.id, queued.effect.id, order)
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("record_failed", lead=stored.thread.id, order=order.kind, problem=type(error).__name__)
            # kept for good: a record that is dropped is a history that lies
            return await self._kept(stored, queued, now, FAILED_IN_OUR_CODE)
        done.append(queued.effect.id)
        return None

    async def _left_queued(
        self, stored: StoredThread[AnyThread], head: QueuedEffect, now: datetime
    ) -> tuple[EffectResult, ...]:
        """Another version's order, for that version to do."""
        log.error(
            "order_of_unknown_kind", lead=stored.thread.id, order=head.effect.command.kind, looks=head.attempts + 1
        )
        return await self._kept(stored, head, now, UNKNOWN_KIND)

    async def _kept(
        self, stored: StoredThread[AnyThread], head: QueuedEffect, now: datetime, reason: str
    ) -> tuple[EffectResult, ...]:
        """Leave it where it is with its reason, look again ever later, and call a person when it stays so."""
        looks = head.attempts
        delay = UNKNOWN_KIND_DELAYS[looks] if looks < len(UNKNOWN_KIND_DELAYS) else UNKNOWN_KIND_LATER
        await self.outboxes.count_failure(stored.thread.id, head.effect.id, delay, reason)
        if looks != len(UNKNOWN_KIND_DELAYS):
            return ()
        return (EffectResult(_failed(head, now, reason), head.effect.id, stays=True),)


def _failed(head: QueuedEffect, now: datetime, reason: str) -> EffectFailed:
    effect = head.effect
    return EffectFailed(EventId(f"failed:{effect.id}"), now, effect.id, effect.command.kind, reason)


def _head(stored: StoredThread[AnyThread], lane: Lane, server_now: datetime) -> QueuedEffect | None:
    """The first of a lane, if somebody has to look at it now; a waiting one holds its lane.

    An order of unknown kind holds nothing: the customer does not wait for a release.
    """
    waiting = stored.in_lane(lane)
    for queued in waiting:
        if queued.look_at <= server_now:
            return queued
        if not isinstance(queued.effect.command, UnknownCommand):
            return None
    return None
