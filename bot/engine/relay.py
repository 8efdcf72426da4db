"""The relay: takes what `decide` ordered out of the outbox and does it, lane by lane, under the lead's lease.

A chat effect is claimed by one update guarded by lease and epoch, right before its request. What cannot be known
afterwards is said to be unknown, waited out, and then repeated once or shown to a person (DESIGN 5.5).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, assert_never

import structlog
from pymongo.errors import PyMongoError

from bot.adapters.whatsapp import errors, render
from bot.adapters.whatsapp.client import NotSent, SendOutcomeUnknown, SendRefused
from bot.adapters.whatsapp.errors import GiveUp, Remedy, TryAgain
from bot.adapters.whatsapp.render import Payload, Unreachable
from bot.dialogue.failures import FAILED_IN_OUR_CODE
from bot.domain import window
from bot.domain.commands import (
    Author,
    BookSlot,
    ChatCommand,
    Lane,
    MoneyCommand,
    OfferSlots,
    OpenInvoice,
    RecordAudit,
    RecordBooking,
    RecordRefund,
    ReleaseHolds,
    Repeat,
    SendFlow,
    SlotCommand,
)
from bot.domain.events import EffectFailed, Event, InvoiceNotOpened
from bot.domain.ids import EffectId, EventId, LeadId, Wamid
from bot.domain.lead import Lead
from bot.domain.message_limits import MessageOverLimit
from bot.domain.outbox import CLAIM_GOOD_FOR, UNKNOWN_WAITS, QueuedEffect, Status, StoredLead
from bot.store.audit import Audit
from bot.store.bookings import Bookings
from bot.store.claims import TooBusy
from bot.store.house import House
from bot.store.leads import Leads
from bot.store.messages import DeliveryStatus, Messages
from bot.store.received import RETRY_DELAYS

log = structlog.get_logger(__name__)

DOOR = "door"
NOT_SENT_CAP_SECONDS = 60.0
PAUSED_LOOK_SECONDS = 5.0
NO_BUDGET_SECONDS = 1.0
TOO_BUSY_SECONDS = 0.2
TRIES_IN_OUR_CODE = 5
"""Tries of an effect that fails in our own code; then a person."""


class Sender(Protocol):
    """What the relay needs of a channel."""

    async def send(self, payload: Payload) -> Wamid:
        """Hand one message over, or say why not."""


@dataclass(frozen=True, slots=True)
class SendTimings:
    """How patient the relay is; tests shorten the waits, nothing else."""

    claim_good_for: timedelta = CLAIM_GOOD_FOR
    unknown_waits: timedelta = UNKNOWN_WAITS
    sends_per_second: int = 80
    """Throughput of one number, in and out (reference: whatsapp 3.5)."""


@dataclass(frozen=True, slots=True)
class EffectResult:
    """What came of an effect; it leaves the outbox in the commit that handles this event."""

    event: Event
    effect: EffectId


class PerformsSlots(Protocol):
    """What the relay needs of the booking desk."""

    async def perform(self, lead: LeadId, effect: EffectId, order: SlotCommand, now: datetime) -> Event | None:
        """Do it; the event that tells the lead what came of it."""


class InvitesToForm(Protocol):
    """What the relay needs of the form desk."""

    async def invited(self, lead: Lead, effect: EffectId, epoch: int, order: SendFlow) -> SendFlow:
        """The order with its token; from here the form may be opened."""


class PerformsMoney(Protocol):
    """What the relay needs of the till."""

    async def perform(self, effect: EffectId, order: MoneyCommand, now: datetime) -> Event | None:
        """Do it; the event that tells the lead what came of it."""


@dataclass(slots=True)
class Relay:
    """Performs effects; knows nothing of why they were ordered."""

    leads: Leads
    messages: Messages
    audit: Audit
    house: House
    bookings: Bookings
    desk: PerformsSlots
    sender: Sender
    number: str
    manners: SendTimings = field(default_factory=SendTimings)
    invites: InvitesToForm | None = None
    """Without it no form is sent."""
    monotonic: Callable[[], float] = time.monotonic
    till: PerformsMoney | None = None
    """None where no payment provider is set up: links are then a person's to send."""

    async def perform(self, stored: StoredLead, token: str, now: datetime) -> tuple[EffectResult, ...] | None:
        """Do what can be done now, a lane at a time; what came of it comes back, none when nothing moved. Money has its
        own pace: see `money_due`."""
        server_now = await self.leads.server_now()
        moved = await self._record(stored, server_now)
        for lane in (Lane.SLOTS, Lane.CHAT):
            head = _head(stored, lane, server_now)
            if head is not None:
                return await self._guarded(stored, head, token, now, server_now)
        return () if moved else None

    async def money_due(self, stored: StoredLead) -> QueuedEffect | None:
        """The order of money that wants to be done now; its answer may take as long as a provider takes."""
        return _head(stored, Lane.MONEY, await self.leads.server_now()) if stored.in_lane(Lane.MONEY) else None

    async def perform_money(
        self, stored: StoredLead, head: QueuedEffect, token: str, now: datetime
    ) -> tuple[EffectResult, ...]:
        """Do that order; it is idempotent under its own name, so nothing is lost with whoever does it."""
        return await self._guarded(stored, head, token, now, await self.leads.server_now())

    async def _guarded(
        self, stored: StoredLead, head: QueuedEffect, token: str, now: datetime, server_now: datetime
    ) -> tuple[EffectResult, ...]:
        """The head of a lane; an error of our own costs a try, and the last one sets the effect aside."""
        try:
            return await self._of_lane(stored, head, token, now, server_now)
        except (PyMongoError, TimeoutError):
            raise
        except Exception as error:
            log.exception(
                "effect_stumbled", lead=stored.lead.id, order=head.effect.command.kind, tries=head.attempts + 1
            )
            return await self.stumbled(stored, head, now, type(error).__name__)

    async def stumbled(
        self, stored: StoredLead, head: QueuedEffect, now: datetime, problem: str
    ) -> tuple[EffectResult, ...]:
        """Count the failure and look again later; after the fifth it is set aside and a person called."""
        if head.attempts + 1 < TRIES_IN_OUR_CODE:
            await self.leads.count_failure(stored.lead.id, head.effect.id, RETRY_DELAYS[head.attempts])
            return ()
        log.error("effect_set_aside", lead=stored.lead.id, order=head.effect.command.kind, problem=problem)
        event_id = EventId(f"failed:{head.effect.id}")
        failed = EffectFailed(event_id, now, head.effect.id, head.effect.command.kind, FAILED_IN_OUR_CODE)
        return (EffectResult(failed, head.effect.id),)

    async def _of_lane(
        self, stored: StoredLead, head: QueuedEffect, token: str, now: datetime, server_now: datetime
    ) -> tuple[EffectResult, ...]:
        match head.effect.lane:
            case Lane.SLOTS:
                return await self._slots(stored, now, server_now)
            case Lane.MONEY:
                return await self._money(stored, head, now)
            case _:
                failed = await self._chat(stored, head, token, now, server_now)
                return () if failed is None else (EffectResult(failed, failed.effect),)

    async def _record(self, stored: StoredLead, server_now: datetime) -> bool:
        waiting = [one for one in stored.in_lane(Lane.RECORD) if one.look_at <= server_now]
        for one in waiting:
            match one.effect.command:
                case RecordAudit() as record:
                    await self.audit.write(stored.lead.id, one.effect.id, record)
                case RecordBooking(booking=booking, at=at):
                    await self.bookings.record(booking, stored.lead.id, at)
                case RecordRefund(booking=reference, amount=amount, at=at):
                    await self.bookings.refunded(reference, amount, at)
        if waiting:
            await self.leads.settle(stored.lead.id, [one.effect.id for one in waiting])
        return bool(waiting)

    async def _slots(self, stored: StoredLead, now: datetime, server_now: datetime) -> tuple[EffectResult, ...]:
        """The first order of the slots lane; done twice it ends the same, so no claim is needed."""
        head = _head(stored, Lane.SLOTS, server_now)
        if head is None:
            return ()
        order = head.effect.command
        if not isinstance(order, OfferSlots | BookSlot | ReleaseHolds):
            return (EffectResult(await self._fail(stored, head, now, "unknown_kind"), head.effect.id),)
        try:
            event = await self.desk.perform(stored.lead.id, head.effect.id, order, now)
        except TooBusy:
            await self.leads.defer(stored.lead.id, head.effect.id, TOO_BUSY_SECONDS)
            return ()
        if event is not None:
            return (EffectResult(event, head.effect.id),)
        await self.leads.settle(stored.lead.id, [head.effect.id])
        return ()

    async def _money(self, stored: StoredLead, head: QueuedEffect, now: datetime) -> tuple[EffectResult, ...]:
        """The first order of the money lane; each is idempotent under its own name, so no claim is needed."""
        order = head.effect.command
        if not isinstance(order, MoneyCommand):
            return (EffectResult(await self._fail(stored, head, now, "unknown_kind"), head.effect.id),)
        event = _no_till(head.effect.id, order, now) if self.till is None else None
        if self.till is not None:
            event = await self.till.perform(head.effect.id, order, now)
        if event is not None:
            return (EffectResult(event, head.effect.id),)
        await self.leads.settle(stored.lead.id, [head.effect.id])
        return ()

    async def _chat(
        self, stored: StoredLead, head: QueuedEffect, token: str, now: datetime, server_now: datetime
    ) -> EffectFailed | None:
        match head.status:
            case Status.QUEUED:
                return await self._queued(stored, head, token, now)
            case Status.CLAIMED:
                # whoever claimed it is past its deadline: it may have been sent, or not
                await self.leads.mark_unknown(stored.lead.id, head.effect.id, 0)
                return None
            case Status.UNKNOWN:
                return await self._unknown(stored, head, now, server_now)
            case Status.DRAFT:
                return None
            case _:
                assert_never(head.status)

    async def _queued(self, stored: StoredLead, head: QueuedEffect, token: str, now: datetime) -> EffectFailed | None:
        if await self._refused_by_gate(stored, head):
            return None
        reason = _no_longer_possible(stored, head, now)
        if reason is not None:
            return await self._fail(stored, head, now, reason)
        if await self.house.paused() is not None:
            await self.leads.defer(stored.lead.id, head.effect.id, PAUSED_LOOK_SECONDS)
            return None
        if not await self.house.may_send(self.number, head.effect.urgency, self.manners.sends_per_second):
            await self.leads.defer(stored.lead.id, head.effect.id, NO_BUDGET_SECONDS)
            return None
        return await self._render_and_send(stored, head, token, now)

    async def _refused_by_gate(self, stored: StoredLead, head: QueuedEffect) -> bool:
        """A word of the bot from before a change of hands: a draft for the person, or no longer true."""
        if not head.is_bot_chat or head.effect.epoch == stored.lead.conversation.epoch:
            return False
        if stored.lead.is_with_agent:
            await self.leads.to_draft(stored.lead.id, head.effect.id)
        else:
            await self.leads.settle(stored.lead.id, [head.effect.id])
        return True

    async def _render_and_send(
        self, stored: StoredLead, head: QueuedEffect, token: str, now: datetime
    ) -> EffectFailed | None:
        order = head.effect.command
        if not isinstance(order, ChatCommand):
            return await self._fail(stored, head, now, "unknown_kind")
        order = window.leaving(stored.lead, order, now)
        if isinstance(order, SendFlow) and self.invites is not None:
            order = await self.invites.invited(stored.lead, head.effect.id, head.effect.epoch, order)
        try:
            payload = render.message(order, stored.lead.address, callback_data(stored.lead.id, head))
        except (MessageOverLimit, Unreachable) as error:
            log.error("message_not_renderable", lead=stored.lead.id, order=order.kind, problem=str(error))
            return await self._fail(stored, head, now, type(error).__name__)
        claimed_from = self.monotonic()
        if not await self.leads.claim(stored.lead.id, token, head.effect):
            return None
        if self.monotonic() - claimed_from > self.manners.claim_good_for.total_seconds():
            await self.leads.unclaim(stored.lead.id, head.effect.id, 0)
            return None
        return await self._send(stored, head, order, payload, now)

    async def _send(
        self, stored: StoredLead, head: QueuedEffect, order: ChatCommand, payload: Payload, now: datetime
    ) -> EffectFailed | None:
        lead_id, effect = stored.lead.id, head.effect
        try:
            wamid = await self.sender.send(payload)
        except NotSent:
            delay = min(2.0**head.attempts, NOT_SENT_CAP_SECONDS)
            await self.leads.unclaim(lead_id, effect.id, delay)
        except SendRefused as refusal:
            return await self._refused(stored, head, refusal, now)
        except SendOutcomeUnknown as error:
            log.warning("send_outcome_unknown", lead=lead_id, effect_kind=order.kind, why=str(error))
            await self.leads.mark_unknown(lead_id, effect.id, self.manners.unknown_waits.total_seconds())
        else:
            text = render.as_text(order)
            await self.messages.record_outbound(
                lead_id, effect.id, effect.author, text, now, DeliveryStatus.SENT, wamid
            )
            await self.leads.settle(lead_id, [effect.id])
        return None

    async def _refused(
        self, stored: StoredLead, head: QueuedEffect, refusal: SendRefused, now: datetime
    ) -> EffectFailed | None:
        remedy = errors.remedy_for(refusal.code)
        log.warning("send_refused", lead=stored.lead.id, code=refusal.code, status=refusal.status, remedy=remedy)
        if remedy is Remedy.PAUSE:
            await self.house.pause("meta_refuses_our_account", refusal.code)
            await self.leads.unclaim(stored.lead.id, head.effect.id, PAUSED_LOOK_SECONDS)
            return None
        match errors.next_try(remedy, head.attempts + 1):
            case TryAgain(seconds=seconds):
                await self.leads.unclaim(stored.lead.id, head.effect.id, seconds)
                return None
            case GiveUp(reason=reason):
                return await self._fail(stored, head, now, reason, refusal.code)

    async def _unknown(
        self, stored: StoredLead, head: QueuedEffect, now: datetime, server_now: datetime
    ) -> EffectFailed | None:
        lead_id, effect = stored.lead.id, head.effect
        if await self.messages.has_tick(effect.id):
            await self._settle_sent(stored, head, now)
            return None
        if not await self._waited_long_enough(head, server_now):
            await self.leads.mark_unknown(lead_id, effect.id, 1.0)
            return None
        gate_open = effect.author is Author.AGENT or effect.epoch == stored.lead.conversation.epoch
        true_still = _no_longer_possible(stored, head, now) is None
        if effect.repeat is Repeat.REPEATABLE and not head.doubled and gate_open and true_still:
            await self.messages.doubled(effect.id)
            await self.leads.requeue_doubled(lead_id, effect.id)
            return None
        return await self._fail(stored, head, now, "perhaps_sent")

    async def _settle_sent(self, stored: StoredLead, head: QueuedEffect, now: datetime) -> None:
        """A status proved that it left: complete the transcript, then forget the effect."""
        effect = head.effect
        if isinstance(effect.command, ChatCommand):
            text = render.as_text(window.leaving(stored.lead, effect.command, now))
            await self.messages.record_outbound(
                stored.lead.id, effect.id, effect.author, text, now, DeliveryStatus.SENT, None
            )
        await self.leads.settle(stored.lead.id, [effect.id])

    async def _waited_long_enough(self, head: QueuedEffect, server_now: datetime) -> bool:
        """Silence counts only while our door was up to hear a status."""
        up = await self.house.up_for(DOOR)
        if up is None or head.claimed_at is None:
            return up is not None
        waited = min((server_now - head.claimed_at).total_seconds(), up)
        return waited >= self.manners.unknown_waits.total_seconds()

    async def _fail(
        self, stored: StoredLead, head: QueuedEffect, now: datetime, reason: str, code: int | None = None
    ) -> EffectFailed:
        order = head.effect.command
        if isinstance(order, ChatCommand):
            tick = DeliveryStatus.PERHAPS if reason == "perhaps_sent" else DeliveryStatus.FAILED
            text = render.as_text(order)
            await self.messages.record_outbound(
                stored.lead.id, head.effect.id, head.effect.author, text, now, tick, None
            )
        return EffectFailed(
            id=EventId(f"failed:{head.effect.id}"),
            at=now,
            effect=head.effect.id,
            order=order.kind,
            reason=reason,
            code=code,
        )


def _head(stored: StoredLead, lane: Lane, server_now: datetime) -> QueuedEffect | None:
    """The first of a lane, if somebody has to look at it now; a waiting one holds its lane."""
    first = next(iter(stored.in_lane(lane)), None)
    return first if first is not None and first.look_at <= server_now else None


def _no_till(effect: EffectId, order: MoneyCommand, now: datetime) -> Event | None:
    if not isinstance(order, OpenInvoice):
        return None
    return InvoiceNotOpened(EventId(f"done:{effect}"), now, order.account, order.attempt, "no_provider")


def callback_data(lead_id: LeadId, head: QueuedEffect) -> str:
    """What comes back in every status of this message: whose it is, and which effect."""
    return f"{lead_id}|{head.effect.id}"


def _no_longer_possible(stored: StoredLead, head: QueuedEffect, now: datetime) -> str | None:
    if head.effect.not_after is not None and now > head.effect.not_after:
        return "no_longer_true"
    if not window.admits(stored.lead, head.effect.command, now):
        return "window_closed"
    return None
