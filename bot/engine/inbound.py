"""From deliveries to events: which belong together, when they are due, and what their words mean."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import orjson

from bot.domain.commands import Author, Lane, SendTemplate
from bot.domain.contents import Bubble, FormSent, Media, Order, Tap, Text
from bot.domain.events import AddressChanged, AgentWrote, CustomerWrote, EffectFailed, Event, StaffEchoed
from bot.domain.foreign_text import clean
from bot.domain.ids import AgentId, DeliveryId, EffectId, EventId
from bot.domain.inbox import IN_THE_APP
from bot.domain.lead import Address
from bot.domain.outbox import Status, StoredLead
from bot.domain.place_codes import code_in, place_and_room
from bot.engine import block_sweep, task_desk, waiting_sweep, word_courier
from bot.engine.channel import Channel, PartKind
from bot.engine.flow_service import FORM, FlowService
from bot.engine.performers import money
from bot.engine.read_messages import ReadMessage, ReadMessages
from bot.engine.task_desk import TASK_NEWS
from bot.engine.understanding import Interpreter, meant_words
from bot.engine.word_courier import NOT_PASSED, PROVIDER_WORDS
from bot.replies.plain_text import transcript_text
from bot.store.aliases import Aliases
from bot.store.delivery import Delivery
from bot.store.leads import Leads
from bot.store.messages import DeliveryStatus, Messages
from bot.store.place_codes import PlaceCodes
from bot.store.received import Received
from bot.store.vault import Vault

AGENT_WROTE: Final = "agent_wrote"
BURST_QUIET: Final = timedelta(seconds=1.2)
"""Free text waits this long after its last bubble …"""
BURST_AT_MOST: Final = timedelta(seconds=3)
"""… and never longer than this after the first."""

_NEWS: Final[Mapping[str, Callable[[str, str, bytes, datetime], Event]]] = {
    **dict.fromkeys(block_sweep.KINDS, block_sweep.event_of),
    TASK_NEWS: task_desk.event_of,
    waiting_sweep.TIME_KEPT: waiting_sweep.event_of,
    **dict.fromkeys((PROVIDER_WORDS, NOT_PASSED), word_courier.event_of),
}
"""What other parts of the house tell a lead, by the kind of its delivery."""


class UnknownDelivery(Exception):
    """A delivery of a kind this version does not know."""


@dataclass(frozen=True, slots=True)
class BurstTimings:
    """How long free text is waited for."""

    quiet: timedelta = BURST_QUIET
    at_most: timedelta = BURST_AT_MOST


@dataclass(frozen=True, slots=True)
class Addresses:
    """Whether a number is still that lead's: a message may be older than the loss of its number."""

    aliases: Aliases
    vault: Vault

    async def held(self, stored: StoredLead, address: Address) -> Address:
        """The address without a number that is another's by now."""
        if address.wa_id is None or address.wa_id == stored.lead.address.wa_id:
            return address
        owner = await self.aliases.find(self.vault.alias("wa_id", address.wa_id))
        return address if owner in {None, stored.lead.id} else replace(address, wa_id=None)


@dataclass(frozen=True, slots=True)
class Inbound:
    """Reads what waits for a lead."""

    received: Received
    leads: Leads
    vault: Vault
    messages: Messages
    channel: Channel
    forms: FlowService
    interpreter: Interpreter
    read: ReadMessages
    addresses: Addresses
    place_codes: PlaceCodes
    timings: BurstTimings = BurstTimings()

    async def next_batch(self, waiting: Sequence[Delivery]) -> list[Delivery]:
        """What is handled next: one notice, or all bubbles of a burst that is over; empty while one is going on."""
        if not waiting:
            return []
        now = await self.leads.server_now()
        due = [delivery for delivery in waiting if delivery.due_at <= now]
        if not due:
            return []
        notices = [delivery for delivery in due if delivery.kind != PartKind.MESSAGE]
        if notices:
            return notices[:1]
        tried_before = [delivery for delivery in due if delivery.attempts > 1]
        if tried_before:
            return tried_before[:1]
        bubbles = [delivery for delivery in waiting if delivery.kind == PartKind.MESSAGE and delivery.attempts <= 1]
        if not all(delivery.is_free_text for delivery in bubbles):
            return bubbles
        # Free text waits until the customer has been quiet for a moment, but not for ever.
        first = min(delivery.received_at for delivery in bubbles)
        last = max(delivery.received_at for delivery in bubbles)
        over_at = min(last + self.timings.quiet, first + self.timings.at_most)
        if all(delivery.due_at <= delivery.received_at for delivery in bubbles) or over_at <= now:
            return bubbles
        await self.received.defer([delivery.id for delivery in bubbles], over_at)
        return []

    def forget(self, deliveries: list[DeliveryId]) -> None:
        """They are handled."""
        self.read.forget(deliveries)

    async def event_of(self, stored: StoredLead, batch: Sequence[Delivery], now: datetime) -> Event | None:
        """The event these deliveries tell; none when they tell nothing a lead has to know."""
        await self.forms.refresh_ids()
        first = batch[0]
        if first.kind == PartKind.MESSAGE:
            return await self._customer_wrote(stored, batch, now)
        body, event = await self.vault.open_inbound(first.id, first.body), EventId(first.id)
        match first.kind:
            case PartKind.ADDRESS:
                address = await self.addresses.held(stored, self.channel.changed_address(body))
                return AddressChanged(event, now, address)
            case PartKind.ECHO:
                # Words of staff from the messenger's app: they stand in the transcript, and take over like the
                # console.
                bubble = self.channel.message(body, first.received_at).bubble
                if bubble.wamid and await self.messages.knows(bubble.wamid, besides=first.id):
                    # one of ours that comes back is nobody's take-over
                    return None
                text = "(deleted)" if bubble.revokes else transcript_text(bubble)
                await self.messages.record_outbound(
                    stored.lead.id,
                    EffectId(first.id),
                    Author.AGENT,
                    text,
                    now,
                    DeliveryStatus.SENT,
                    bubble.wamid or None,
                )
                return StaffEchoed(EventId(first.id), now, IN_THE_APP, text)
            case PartKind.STATUS:
                news = self.channel.status(body)
                effect = (news.callback_data or "").partition("|")[2]
                if not effect:
                    return None
                reason = "failed_at_meta"
                why = reason if news.remedy is None else news.remedy.value
                await self.messages.record_failure(EffectId(effect), why, news.error_code)
                return EffectFailed(EventId(first.id), now, EffectId(effect), "chat", reason, news.error_code)
            case kind if kind == FORM:
                # A form as its session tells it; what it says stands in the transcript for whoever reads along.
                token = body.decode()
                form = await self.forms.submitted(EventId(first.id), token, now)
                if form is not None:
                    said = await self.forms.told(token)
                    await self.messages.record_inbound(stored.lead.id, first.id, f"(form)\n{said}".strip(), now)
                return form
            case kind if kind == AGENT_WROTE:
                return agent_wrote(event, now, body)
            case kind if kind in _NEWS:
                return _NEWS[kind](first.id, kind, body, now)
            case kind if kind in money.KINDS:
                return money.event_of(first, body, now)
            case _:
                raise UnknownDelivery(first.kind)

    async def _customer_wrote(self, stored: StoredLead, batch: Sequence[Delivery], now: datetime) -> CustomerWrote:
        found = [await self._found(delivery) for delivery in batch]
        heard = [
            read.message.holding(await self._read_further(stored, delivery, read.message.bubble))
            for delivery, read in zip(batch, found, strict=True)
        ]
        real_now = await self.leads.server_now()
        ahead = now - real_now
        bubbles = [_in_business_time(message.bubble, real_now, ahead) for message in heard]
        lines = [
            (delivery.id, transcript_text(bubble), bubble.sent_at)
            for delivery, bubble in zip(batch, bubbles, strict=True)
        ]
        await self.messages.record_all_inbound(stored.lead.id, lines)
        for bubble in bubbles:
            await self._settle_quoted(stored, bubble)
            if bubble.revokes:
                # The delivery a message of a customer came with.
                taken_back = DeliveryId(f"whatsapp:{bubble.revokes}")
                await self.messages.rewrite(stored.lead.id, taken_back, "(deleted by the customer)")
        said = as_it_stands(bubbles)
        address = Address()
        for message in heard:
            address = address.updated(message.address)
        first = found[-1].reading if len(batch) == 1 else None
        code = code_in("\n".join(filter(None, map(_words, said))))
        subject = None if code is None else await self.place_codes.place_of(code)
        place, room = (None, None) if subject is None else place_and_room(subject)
        return CustomerWrote(
            id=EventId(batch[-1].id),
            at=now,
            bubbles=said,
            understanding=await self.interpreter.of_burst(stored, batch, words_of(said), now, first),
            address=await self.addresses.held(stored, address),
            name=next((message.name for message in reversed(heard) if message.name), None),
            place=place,
            room=room,
        )

    async def _found(self, delivery: Delivery) -> ReadMessage:
        """As the router has read it, or read now."""
        known = self.read.get(delivery.id)
        if known is not None:
            return known
        payload = await self.vault.open_inbound(delivery.id, delivery.body)
        return ReadMessage(self.channel.message(payload, delivery.received_at))

    async def _read_further(self, stored: StoredLead, delivery: Delivery, bubble: Bubble) -> Bubble:
        """A voice note with its words, a form with whether it is one of ours."""
        content = bubble.content
        if isinstance(content, Media) and content.what == "audio":
            words = await self.interpreter.spoken_words(stored, delivery.id, content)
            return replace(bubble, content=replace(content, transcript=words))
        if isinstance(content, FormSent) and await self.forms.arrived(stored.lead, content.answers, bubble.quoted):
            return replace(bubble, content=replace(content, is_known=True))
        return bubble

    async def _settle_quoted(self, stored: StoredLead, bubble: Bubble) -> None:
        """A reply that quotes a message of ours we know nothing of proves that the one unknown send arrived."""
        if bubble.quoted is None or await self.messages.knows(bubble.quoted):
            return
        unknown = [queued for queued in stored.in_lane(Lane.CHAT) if queued.status in {Status.UNKNOWN, Status.CLAIMED}]
        if len(unknown) == 1:
            await self.messages.record_status(unknown[0].effect.id, DeliveryStatus.SENT, bubble.quoted)


def as_it_stands(bubbles: Sequence[Bubble]) -> tuple[Bubble, ...]:
    """A burst after its edits and deletions: new words stand where the old ones stood, and what was taken back is gone.

    What is about a message of before stays: new words are then a correction of what was answered.
    """
    said: dict[str, Bubble] = {}
    for number, bubble in enumerate(bubbles):
        if bubble.replaces is not None and bubble.replaces in said:
            former = said[bubble.replaces]
            said[bubble.replaces] = replace(former, content=bubble.content, sent_at=bubble.sent_at)
        elif bubble.revokes is not None and bubble.revokes in said:
            del said[bubble.revokes]
            said[f"{number}"] = bubble
        else:
            said[bubble.wamid or f"{number}"] = bubble
    return tuple(said.values())


def _in_business_time(bubble: Bubble, real_now: datetime, ahead: timedelta) -> Bubble:
    return replace(bubble, sent_at=min(bubble.sent_at, real_now) + ahead)


def words_of(bubbles: Iterable[Bubble]) -> str:
    """What of a burst is to be understood, without referrers' and places' codes unless that is all."""
    return meant_words("\n".join(filter(None, map(_words, bubbles))))


def _words(bubble: Bubble) -> str | None:
    match bubble.content:
        case Text(body=body):
            return body
        case Tap(title=title):
            return title
        case Media(caption=caption, transcript=transcript):
            return transcript or caption
        case Order(text=text):
            return text or None
        case _:
            return None


def agent_wrote(event: EventId, now: datetime, body: bytes) -> AgentWrote:
    """A person's words as they were stored; a template where they chose one."""
    told = orjson.loads(body)
    chosen = told.get("template")
    template = (
        None
        if chosen is None
        else SendTemplate(
            chosen["name"], chosen["language"], tuple(chosen["parameters"]), chosen["url_suffix"], tuple(chosen["taps"])
        )
    )
    return AgentWrote(event, now, AgentId(told["agent"]), clean(told["body"]), told.get("seen"), template)
