"""From deliveries to events: which belong together, when they are due, and what their words mean."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import orjson

from bot.dialogue import referrals
from bot.domain.commands import Lane
from bot.domain.events import (
    AddressChanged,
    AgentWrote,
    Bubble,
    CustomerWrote,
    EffectFailed,
    Event,
    FormSent,
    Location,
    Media,
    Other,
    Reaction,
    Tap,
    Text,
)
from bot.domain.ids import AgentId, DeliveryId, EffectId, EventId
from bot.domain.lead import Address
from bot.domain.outbox import Status, StoredLead
from bot.engine import understanding
from bot.engine.channel import InboundMessage, PartKind, StatusNews
from bot.engine.flow_service import FORM
from bot.engine.parts import Parts
from bot.engine.performers import money
from bot.store.messages import DeliveryStatus
from bot.store.received import Delivery

AGENT_WROTE = "agent_wrote"


def delivery_id(text: str) -> DeliveryId:
    """The id of a delivery."""
    return DeliveryId(text)


async def next_batch(parts: Parts, waiting: Sequence[Delivery]) -> list[Delivery]:
    """What is handled next: one notice, or all bubbles of a burst that is over; empty while one is going on."""
    now = await parts.leads.server_now()
    due = [one for one in waiting if one.due_at <= now]
    if not due:
        return []
    notices = [one for one in due if one.kind != PartKind.MESSAGE]
    if notices:
        return notices[:1]
    tried_before = [one for one in due if one.attempts > 1]
    if tried_before:
        return tried_before[:1]
    bubbles = [one for one in waiting if one.kind == PartKind.MESSAGE and one.attempts <= 1]
    if not all(one.is_free_text for one in bubbles):
        return bubbles
    return await _burst(parts, bubbles, now)


async def _burst(parts: Parts, bubbles: list[Delivery], now: datetime) -> list[Delivery]:
    """Free text waits until the customer has been quiet for a moment, but not for ever."""
    first = min(one.received_at for one in bubbles)
    last = max(one.received_at for one in bubbles)
    over_at = min(last + parts.burst_quiet, first + parts.burst_at_most)
    if all(one.due_at <= one.received_at for one in bubbles) or over_at <= now:
        return bubbles
    await parts.received.defer([one.id for one in bubbles], over_at)
    return []


async def event_of(parts: Parts, stored: StoredLead, batch: Sequence[Delivery], now: datetime) -> Event | None:
    """The event these deliveries tell; none when they tell nothing a lead has to know."""
    await parts.forms.refresh_ids()
    first = batch[0]
    body = await parts.vault.open_inbound(first.id, first.body)
    match first.kind:
        case PartKind.MESSAGE:
            return await _customer_wrote(parts, stored, batch, now)
        case PartKind.ADDRESS:
            return AddressChanged(EventId(first.id), now, parts.channel.changed_address(body))
        case PartKind.STATUS:
            return _send_failed(first, parts.channel.status(body), now)
        case kind if kind == FORM:
            return await _form_submitted(parts, stored, first, body.decode(), now)
        case kind if kind == AGENT_WROTE:
            told = orjson.loads(body)
            return AgentWrote(EventId(first.id), now, AgentId(told["agent"]), told["body"])
        case kind if kind in money.KINDS:
            return money.event_of(first, body, now)
        case _:
            raise UnknownDelivery(first.kind)


async def _form_submitted(
    parts: Parts, stored: StoredLead, delivery: Delivery, token: str, now: datetime
) -> Event | None:
    """A form as its session tells it; what it says stands in the transcript for whoever reads along."""
    event = await parts.forms.submitted(EventId(delivery.id), token, now)
    if event is not None:
        said = ", ".join(filter(None, [event.service, event.slot_id, str(event.guests), event.name, event.notes]))
        await parts.messages.record_inbound(stored.lead.id, delivery.id, f"(form) {said}", now)
    return event


class UnknownDelivery(Exception):
    """A delivery of a kind this version does not know."""


def _send_failed(delivery: Delivery, news: StatusNews, now: datetime) -> Event | None:
    effect = (news.callback_data or "").partition("|")[2]
    if not effect:
        return None
    reason = "failed_at_meta"
    return EffectFailed(EventId(delivery.id), now, EffectId(effect), "chat", reason, news.error_code)


async def _customer_wrote(parts: Parts, stored: StoredLead, batch: Sequence[Delivery], now: datetime) -> CustomerWrote:
    heard = [await _heard(parts, stored, one) for one in batch]
    real_now = await parts.leads.server_now()
    ahead = now - real_now
    bubbles = tuple(_in_business_time(one.bubble, real_now, ahead) for one in heard)
    for delivery, bubble in zip(batch, bubbles, strict=True):
        await parts.messages.record_inbound(stored.lead.id, delivery.id, transcript_text(bubble), bubble.sent_at)
        await _settle_quoted(parts, stored, bubble)
    address = Address()
    for one in heard:
        address = address.updated(one.address)
    return CustomerWrote(
        id=EventId(batch[-1].id),
        at=now,
        bubbles=bubbles,
        understanding=await understanding.of_burst(parts, stored, batch, words_of(bubbles), now),
        address=address,
        name=next((one.name for one in reversed(heard) if one.name), None),
    )


async def _heard(parts: Parts, stored: StoredLead, delivery: Delivery) -> InboundMessage:
    heard = parts.channel.message(await parts.vault.open_inbound(delivery.id, delivery.body), delivery.received_at)
    form = heard.bubble.content
    if isinstance(form, Media) and form.what == "audio":
        words = await understanding.spoken_words(parts, stored, delivery.id, form)
        return replace(heard, bubble=replace(heard.bubble, content=replace(form, transcript=words)))
    if not isinstance(form, FormSent) or not await parts.forms.arrived(stored.lead, form.answers, heard.bubble.quoted):
        return heard
    return replace(heard, bubble=replace(heard.bubble, content=replace(form, is_known=True)))


def _in_business_time(bubble: Bubble, real_now: datetime, ahead: timedelta) -> Bubble:
    sent_at = min(bubble.sent_at, real_now) + ahead
    return Bubble(wamid=bubble.wamid, sent_at=sent_at, content=bubble.content, quoted=bubble.quoted)


async def _settle_quoted(parts: Parts, stored: StoredLead, bubble: Bubble) -> None:
    """A reply that quotes a message of ours we know nothing of proves that the one unknown send arrived."""
    if bubble.quoted is None or await parts.messages.knows(bubble.quoted):
        return
    unknown = [one for one in stored.in_lane(Lane.CHAT) if one.status in {Status.UNKNOWN, Status.CLAIMED}]
    if len(unknown) == 1:
        await parts.messages.record_status(unknown[0].effect.id, DeliveryStatus.SENT, bubble.quoted)


def words_of(bubbles: Iterable[Bubble]) -> str:
    """What of a burst is to be understood, without the word of who sent them unless that is all."""
    said = "\n".join(filter(None, map(_words, bubbles)))
    return referrals.without(said) or said


def _words(bubble: Bubble) -> str | None:
    match bubble.content:
        case Text(body=body):
            return body
        case Tap(title=title):
            return title
        case Media(caption=caption, transcript=transcript):
            return transcript or caption
        case _:
            return None


def transcript_text(bubble: Bubble) -> str:
    """A bubble as one line of the transcript."""
    match bubble.content:
        case Text(body=body):
            return body
        case Tap(title=title):
            return f"[{title}]"
        case Media(what=what, caption=caption, transcript=transcript):
            return f"({what}) {transcript or caption or ''}".strip()
        case Location(name=name):
            return f"(location) {name or ''}".strip()
        case Reaction(emoji=emoji):
            return f"(reaction) {emoji or 'taken back'}"
        case FormSent():
            return "(form)"
        case Other(type=kind):
            return f"({kind})"
