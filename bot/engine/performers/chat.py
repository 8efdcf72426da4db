"""The chat lane: one message at a time, claimed right before its request and settled right after.

A claim is one update guarded by lease and epoch. What cannot be known afterwards is said to be unknown, waited out,
and then repeated once or shown to a person (architecture 5.5).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol, assert_never

import structlog

from bot.business.inbox import CODE_DIGITS
from bot.domain import window
from bot.domain.commands import Author, ChatCommand, Repeat, SendFlow, SendTemplate
from bot.domain.events import EffectFailed
from bot.domain.ids import EffectId, EventId, LeadId
from bot.domain.lead import Lead
from bot.domain.message_limits import MessageOverLimit
from bot.domain.outbox import CLAIM_GOOD_FOR, UNKNOWN_WAITS, QueuedEffect, Status, StoredThread
from bot.domain.template_standing import wanted_category
from bot.domain.thread import AnyThread
from bot.engine.channel import Channel, NotDeliverable, NotSent, Payload, Remedy, SendOutcomeUnknown, SendRefused
from bot.engine.retries import GiveUp, TryAgain, after_unsent, next_try
from bot.engine.template_gate import TemplateGate
from bot.engine.visits import outside
from bot.replies.plain_text import as_text
from bot.store.heartbeats import Heartbeats
from bot.store.messages import DeliveryStatus, Messages, TemplateSent
from bot.store.outbox_pause import OutboxPause
from bot.store.outboxes import Outboxes, TryCount
from bot.store.send_budget import SendBudget

log = structlog.get_logger(__name__)

DOOR: Final = "door"
PAUSED_LOOK_SECONDS: Final = 5.0
NO_BUDGET_SECONDS: Final = 1.0


class MessageDone:
    """Nothing is left to do for a message: whoever asked for it takes it out of its outbox."""


DONE: Final = MessageDone()


@dataclass(frozen=True, slots=True)
class SendTimings:
    """How patient sending is; tests shorten the waits, nothing else."""

    claim_good_for: timedelta = CLAIM_GOOD_FOR
    unknown_waits: timedelta = UNKNOWN_WAITS
    sends_per_second: int = 80
    """Throughput of one number, in and out (reference: whatsapp 3.5)."""


class InvitesToForm(Protocol):
    """What sending needs of the form service."""

    async def invited(self, lead: Lead, effect: EffectId, epoch: int, order: SendFlow) -> SendFlow:
        """The order with its token; from here the form may be opened."""


@dataclass(frozen=True, slots=True)
class SendGate:
    """What all senders of one number share: its budget, its pause, and whether a door is up to hear statuses."""

    number: str
    budget: SendBudget
    pause: OutboxPause
    heartbeats: Heartbeats


@dataclass(frozen=True, slots=True)
class ChatPerformer:
    """Sends; knows nothing of why a message was ordered."""

    outboxes: Outboxes
    messages: Messages
    channel: Channel
    gate: SendGate
    timings: SendTimings = field(default_factory=SendTimings)
    invites: InvitesToForm | None = None
    """Without it no form is sent."""
    templates: TemplateGate | None = None
    """Without it every template leaves as it was ordered."""
    monotonic: Callable[[], float] = time.monotonic

    async def perform(
        self, stored: StoredThread[AnyThread], head: QueuedEffect, order: ChatCommand, token: str, now: datetime
    ) -> EffectFailed | MessageDone | None:
        """The next step of that message; whether it is done, or the event that tells its lead that it will not be."""
        match head.status:
            case Status.QUEUED:
                return await self._queued(stored, head, order, token, now)
            case Status.CLAIMED:
                # whoever claimed it is past its deadline: it may have been sent, or not
                await self.outboxes.mark_unknown(stored.thread.id, head.effect.id, 0)
                return None
            case Status.UNKNOWN:
                lead_id, effect = stored.thread.id, head.effect
                if await self.messages.has_tick(effect.id):
                    # a status proved that it left: complete the transcript, then forget the effect
                    left = await self._leaving(stored.thread, order, now) or order
                    await self.messages.record_outbound(
                        *(lead_id, effect.id, effect.author, as_text(left), now, DeliveryStatus.SENT, None),
                        template=_template(left, stored.thread),
                    )
                    return DONE
                if not await self._waited_long_enough(head):
                    await self.outboxes.mark_unknown(lead_id, effect.id, 1.0)
                    return None
                gate_open = effect.author is Author.AGENT or effect.epoch == stored.thread.epoch
                true_still = _is_so(stored, head) and _no_longer_possible(stored, head, order, now) is None
                if effect.repeat is Repeat.REPEATABLE and not head.doubled and gate_open and true_still:
                    await self.messages.doubled(effect.id)
                    await self.outboxes.requeue_doubled(lead_id, effect.id)
                    return None
                return await self._fail(stored, head, order, now, "perhaps_sent")
            case Status.DRAFT:
                return None
            case _:
                assert_never(head.status)

    async def _queued(
        self, stored: StoredThread[AnyThread], head: QueuedEffect, order: ChatCommand, token: str, now: datetime
    ) -> EffectFailed | MessageDone | None:
        lead_id, effect = stored.thread.id, head.effect
        if head.is_bot_chat and effect.epoch != stored.thread.epoch:
            # from before a change of hands: a draft for the person, or no longer true
            if stored.thread.is_with_agent:
                await self.outboxes.to_draft(lead_id, effect.id)
                return None
            return DONE
        if not _is_so(stored, head):
            # its booking has moved or ended while it waited: whoever did that has told it
            log.info("no_longer_so", lead=lead_id, effect=effect.id)
            return DONE
        reason = _no_longer_possible(stored, head, order, now)
        if reason is not None:
            return await self._fail(stored, head, order, now, reason)
        if await self.gate.pause.is_on():
            await self.outboxes.defer(lead_id, effect.id, PAUSED_LOOK_SECONDS)
            return None
        if not await self.gate.budget.may_send(self.gate.number, effect.urgency, self.timings.sends_per_second):
            await self.outboxes.defer(lead_id, effect.id, NO_BUDGET_SECONDS)
            return None
        left = await self._leaving(stored.thread, order, now)
        if left is None:
            code = await self._refused_as(window.leaving(stored.thread, order, now))
            return await self._fail(stored, head, order, now, Remedy.TEMPLATE_REFUSED.value, code)
        order = left
        if isinstance(order, SendFlow) and self.invites is not None and isinstance(stored.thread, Lead):
            order = await self.invites.invited(stored.thread, effect.id, effect.epoch, order)
        try:
            payload = self.channel.render(order, stored.thread.address, callback_data(lead_id, effect.id))
        except MessageOverLimit as error:
            log.error("message_over_limit", lead=lead_id, order=order.kind, problem=str(error))
            return await self._fail(stored, head, order, now, "MessageOverLimit")
        except NotDeliverable:
            log.error("message_without_address", lead=lead_id, order=order.kind)
            return await self._fail(stored, head, order, now, Remedy.UNREACHABLE.value)
        claimed_from = self.monotonic()
        if not await self.outboxes.claim(lead_id, token, effect):
            return None
        if self.monotonic() - claimed_from > self.timings.claim_good_for.total_seconds():
            await self.outboxes.unclaim(lead_id, effect.id, 0)
            return None
        return await self._send(stored, head, order, payload, now)

    async def _send(
        self, stored: StoredThread[AnyThread], head: QueuedEffect, order: ChatCommand, payload: Payload, now: datetime
    ) -> EffectFailed | MessageDone | None:
        lead_id, effect = stored.thread.id, head.effect
        try:
            # a send that hangs holds its lead, and nobody's place among those that are visited
            async with outside():
                wamid = await self.channel.send(payload)
        except NotSent:
            await self.outboxes.unclaim(lead_id, effect.id, after_unsent(head.unsent), TryCount.UNSENT)
        except SendRefused as refusal:
            lead_id, effect = stored.thread.id, head.effect
            log.warning("send_refused", lead=lead_id, code=refusal.code, status=refusal.status, remedy=refusal.remedy)
            if refusal.remedy is Remedy.PAUSE:
                # our account is refused, not this message: it costs no try
                await self.gate.pause.begin("meta_refuses_our_account", refusal.code)
                await self.outboxes.unclaim(lead_id, effect.id, PAUSED_LOOK_SECONDS)
                return None
            if await self._is_stopped(order, refusal.code):
                # not this message's failure: it goes as the template that stands in for it, or to a person
                await self.outboxes.unclaim(lead_id, effect.id, 0)
                return None
            decided = next_try(refusal.remedy, head.attempts + 1, head.waits)
            match decided:
                case TryAgain(seconds=seconds, is_refusal=is_refusal):
                    count = TryCount.ATTEMPTS if is_refusal else TryCount.WAITS
                    await self.outboxes.unclaim(lead_id, effect.id, seconds, count)
                    return None
                case GiveUp(reason=reason):
                    return await self._fail(stored, head, order, now, reason, refusal.code)
                case _:
                    assert_never(decided)
        except SendOutcomeUnknown as error:
            log.warning("send_outcome_unknown", lead=lead_id, effect_kind=order.kind, why=str(error))
            await self.outboxes.mark_unknown(lead_id, effect.id, self.timings.unknown_waits.total_seconds())
        else:
            await self.messages.record_outbound(
                *(lead_id, effect.id, effect.author, as_text(order), now, DeliveryStatus.SENT, wamid),
                template=_template(order, stored.thread),
            )
            return DONE
        return None

    async def _leaving(self, thread: AnyThread, order: ChatCommand, now: datetime) -> ChatCommand | None:
        """The order as it leaves now; none where it would be a template that Meta does not send, and none stands in."""
        left = window.leaving(thread, order, now)
        if not isinstance(left, SendTemplate) or self.templates is None:
            return left
        return await self.templates.usable(left, thread)

    async def _refused_as(self, order: ChatCommand) -> int | None:
        if not isinstance(order, SendTemplate) or self.templates is None:
            return None
        return await self.templates.code_of(order)

    async def _is_stopped(self, order: ChatCommand, code: int) -> bool:
        if not isinstance(order, SendTemplate) or self.templates is None:
            return False
        return await self.templates.refused(order, code, await self.outboxes.server_now())

    async def _waited_long_enough(self, head: QueuedEffect) -> bool:
        """Silence counts only while our door was up to hear a status."""
        up = await self.gate.heartbeats.up_for(DOOR)
        if up is None or head.claimed_at is None:
            return up is not None
        waited = min((await self.outboxes.server_now() - head.claimed_at).total_seconds(), up)
        return waited >= self.timings.unknown_waits.total_seconds()

    async def _fail(
        self,
        stored: StoredThread[AnyThread],
        head: QueuedEffect,
        order: ChatCommand,
        now: datetime,
        reason: str,
        code: int | None = None,
    ) -> EffectFailed:
        """It will not be sent: the transcript and the lead are told."""
        effect = head.effect
        tick = DeliveryStatus.PERHAPS if reason == "perhaps_sent" else DeliveryStatus.FAILED
        await self.messages.record_outbound(stored.thread.id, effect.id, effect.author, as_text(order), now, tick, None)
        await self.messages.record_failure(effect.id, reason, code)
        return EffectFailed(EventId(f"failed:{effect.id}"), now, effect.id, order.kind, reason, code)


def callback_data(lead_id: LeadId, effect: EffectId) -> str:
    """What comes back in every status of this message: whose it is, and which effect."""
    return f"{lead_id}|{effect}"


def _template(order: ChatCommand, thread: AnyThread) -> TemplateSent | None:
    """Which template leaves, if one does."""
    if not isinstance(order, SendTemplate):
        return None
    return TemplateSent(order.name, wanted_category(order.name).lower(), (thread.address.wa_id or "")[:CODE_DIGITS])


def _is_so(stored: StoredThread[AnyThread], head: QueuedEffect) -> bool:
    """Whether the time it speaks of is still its booking's."""
    about = head.effect.about
    if about is None or not isinstance(stored.thread, Lead):
        return True
    return about.is_so(stored.thread.booking(about.booking))


def _no_longer_possible(
    stored: StoredThread[AnyThread], head: QueuedEffect, order: ChatCommand, now: datetime
) -> str | None:
    if head.effect.not_after is not None and now > head.effect.not_after:
        return "no_longer_true"
    if not window.admits(stored.thread, order, now):
        return "window_closed"
    return None
