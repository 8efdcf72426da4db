"""From a delivery to its lead: whose it is, when it is due, and what needs no lead at all.

What one person sent is looked up and assigned together, so that five hundred texts of one number cost everybody else
no more than one.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

import structlog

from bot.dialogue.burst import answers_fully
from bot.domain.contents import Text
from bot.domain.events import NumberLost
from bot.domain.ids import DeliveryId, EffectId, EventId, LeadId, Wamid, new_lead_id
from bot.domain.lead import Lead
from bot.domain.partner import is_partner
from bot.engine.channel import AccountChange, Channel, Gravity, InboundMessage, PartKind
from bot.engine.decisions import Decisions
from bot.engine.internal import order_merge
from bot.engine.living import living
from bot.engine.partner_routing import PartnerRouting
from bot.engine.read_messages import FirstReading, ReadMessage, ReadMessages
from bot.engine.template_gate import TemplateGate
from bot.engine.understanding import Interpreter
from bot.store.aliases import USER_ID, WA_ID, Aliases
from bot.store.clock import Clock
from bot.store.delivery import Delivery, NotStored
from bot.store.driver import is_outage
from bot.store.leads import Leads
from bot.store.messages import RANK, DeliveryStatus, Messages
from bot.store.operator_notices import OperatorNotice, OperatorNotices
from bot.store.outbox_pause import OutboxPause
from bot.store.outboxes import Outboxes
from bot.store.received import Received
from bot.store.vault import Vault

log = structlog.get_logger(__name__)

WHATSAPP: Final = "whatsapp"
XENDIT: Final = "xendit"
"""Callbacks about money are of no lead: the cashier hears them, and its news goes to the leads."""
ROUTED_AT_ONCE: Final = 500
"""Deliveries of one page: the visits of those before them begin in between."""
ANOTHER_NUMBER: Final = "another-number"
BANNED: Final = "account_banned"

_STATUSES: Final = {
    "sent": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.READ,
    "played": DeliveryStatus.READ,
    "failed": DeliveryStatus.FAILED,
}
_OF_A_PERSON: Final = frozenset({PartKind.MESSAGE, PartKind.ADDRESS, PartKind.ECHO})


@dataclass(frozen=True, slots=True)
class People:
    """Who is who: leads, their addresses, and what must be told when one of them loses a number."""

    leads: Leads
    aliases: Aliases
    received: Received
    vault: Vault
    decisions: Decisions
    new_id: Callable[[], str]


@dataclass(slots=True)
class Router:
    """Takes what came in and says whose it is."""

    people: People
    received: Received
    messages: Messages
    vault: Vault
    clock: Clock
    channel: Channel
    interpreter: Interpreter
    read: ReadMessages
    notices: OperatorNotices
    pause: OutboxPause
    burst_at_most: timedelta
    partners: PartnerRouting
    templates: TemplateGate | None = None
    """Who goes by what Meta says of our templates."""

    async def route_all(self) -> int:
        """Route the oldest that wait, a page of them; how many deliveries that were."""
        waiting = await self.received.unrouted(ROUTED_AT_ONCE, besides=[XENDIT])
        told = await self._ticked([delivery for delivery in waiting if _is_tick(delivery)])
        groups: dict[tuple[str, ...], list[Delivery]] = {}
        for delivery in waiting:
            if delivery.id in told:
                continue
            together = delivery.source == WHATSAPP and delivery.kind == PartKind.MESSAGE and delivery.aliases
            groups.setdefault(delivery.aliases if together else (delivery.id,), []).append(delivery)
        # strangers to each other at the same time, so that what they ask of the database leaves together
        ended = await asyncio.gather(*map(self._in_turn, _chained(groups.values())), return_exceptions=True)
        for error in ended:
            if error is not None:
                raise error
        return len(waiting)

    async def _in_turn(self, groups: Sequence[Sequence[Delivery]]) -> None:
        for group in groups:
            if not await self._routed(group) and len(group) > 1:
                for delivery in group:
                    await self._routed([delivery])

    async def _routed(self, group: Sequence[Delivery]) -> bool:
        """Whether they are routed; a single one that cannot be is parked, and the others go on."""
        try:
            await self._route(group)
        except Exception as error:
            if is_outage(error) or isinstance(error, NotStored):
                raise
            if len(group) == 1:
                log.exception("delivery_not_routable", kind=group[0].kind, problem=type(error).__name__)
                await self._parked(group[0], f"not routable: {type(error).__name__}")
            return False
        return True

    async def _parked(self, delivery: Delivery, reason: str) -> None:
        log.error("delivery_parked", reason=reason, kind=delivery.kind, delivery=delivery.fingerprint)
        await self.received.park(delivery.id, await self.people.leads.server_now(), reason)

    async def _done(self, delivery: Delivery) -> None:
        await self.received.mark_done([delivery.id], await self.people.leads.server_now())

    async def _route(self, group: Sequence[Delivery]) -> None:
        first = group[0]
        if first.source != WHATSAPP:
            reason = "another_number" if first.source.startswith(WHATSAPP) else "unknown_source"
            await self._parked(first, reason)
            return
        kind = PartKind(first.kind)
        match kind:
            case PartKind.MESSAGE | PartKind.ADDRESS | PartKind.ECHO:
                if first.aliases:
                    left = await self.partners.routed(group, kind)
                    if left:
                        await self._route_to_lead(left, kind)
                else:
                    await self._parked(first, "no_sender")
            case PartKind.STATUS:
                await self._route_status(first)
            case PartKind.GROUP:
                await self._noted(first, "group_message", Gravity.NOTICE, ())
            case PartKind.ACCOUNT | PartKind.OTHER:
                await self._of_account(first)
            case PartKind.ERROR:
                log.error("channel_reports_an_error", delivery=first.fingerprint)
                await self._noted(first, "error", Gravity.WARNING, ())
            case _:
                assert_never(kind)

    async def _of_account(self, delivery: Delivery) -> None:
        news = self.channel.account_news(await self.vault.open_inbound(delivery.id, delivery.body))
        if news.change is AccountChange.BANNED:
            await self.pause.begin(BANNED, None)
        if news.change is AccountChange.FREED:
            await self.pause.end()
        if self.templates is not None:
            await self.templates.heard(news, delivery.sent_at)
        await self._noted(delivery, news.kind, news.gravity, news.facts)

    # Messages of a person -----------------------------------------------------------------------------------------

    async def _route_to_lead(self, group: Sequence[Delivery], kind: PartKind) -> None:
        lead = await self._lead_of(group[0], kind)
        last = group[-1]
        if kind is not PartKind.MESSAGE:
            await self.received.assign(last.id, lead.id, last.due_at)
            return
        # a mark shows what came before as read too (reference: whatsapp 3.2), and a burst is over when its last is
        message = await self._message(last)
        if not lead.is_with_agent and message.bubble.wamid:
            self.channel.mark_read(message.bubble.wamid)
        reading = self._first_reading(lead, message, await self.clock.business_now())
        self.read.keep(last.id, ReadMessage(message, reading))
        if len(group) > 1:
            ids = [delivery.id for delivery in group]
            await self.received.assign_all(ids, lead.id, last.due_at, self.burst_at_most)
            return
        fully = reading is not None and answers_fully(reading.understanding, reading.expecting)
        kept = None if reading is None else await self.interpreter.sealed_if_final(last.id, reading)
        due_at = last.received_at if fully else last.due_at
        burst = self.burst_at_most if last.is_free_text and not fully else None
        # last, so that a crash before it routes the delivery again
        await self.received.assign(last.id, lead.id, due_at, kept, burst)

    async def _message(self, delivery: Delivery) -> InboundMessage:
        known = self.read.get(delivery.id)
        if known is not None:
            return known.message
        payload = await self.vault.open_inbound(delivery.id, delivery.body)
        return self.channel.message(payload, delivery.received_at)

    def _first_reading(self, lead: Lead, message: InboundMessage, now: datetime) -> FirstReading | None:
        """Our own rules' reading of typed words: whether they need no waiting for more of them."""
        if not isinstance(message.bubble.content, Text):
            return None
        try:
            return self.interpreter.first_reading(lead, message.bubble.content.body, now)
        except Exception as error:
            # only a short cut fails here; the visit fails over the same words and counts it
            log.warning("not_understood_at_the_door", lead=lead.id, problem=type(error).__name__)
            return None

    async def _lead_of(self, delivery: Delivery, kind: PartKind) -> Lead:
        """Whose it is; the surest id wins: a number under another user id is another person's now."""
        people, hashes = self.people, delivery.aliases
        known = await people.aliases.known(hashes)
        lost = await self._recycled(hashes, known)
        kept = [alias for alias in hashes if alias not in lost]
        still = {alias: lead for alias, lead in known.items() if alias not in lost}
        resolved = await people.aliases.resolve(kept, new_lead_id(delivery.received_at, people.new_id()), still)
        for alias, former in lost.items():
            await self._number_lost(delivery, kind, former)
            # after the former owner's commit: nothing of theirs is sent there any more
            await people.aliases.move(alias, former, resolved.lead)
        if resolved.is_new and not resolved.others:
            # its first word, and the alias is ours: nobody has made it
            new = Lead(id=resolved.lead)
            await people.leads.create(new)
            return new
        leads = [await self._made(lead) for lead in (resolved.lead, *resolved.others)]
        oldest = min(leads, key=lambda lead: lead.id)
        for other in leads:
            await order_merge(people.received, people.vault, people.leads, other.id, oldest.id)
        return oldest

    async def _recycled(self, hashes: Sequence[str], known: dict[str, LeadId]) -> dict[str, LeadId]:
        """Numbers in it whose lead is known by a user id, and by none of those named here."""
        named = [alias for alias in hashes if alias.startswith(USER_ID)]
        if not named:
            return {}
        same = {known[alias] for alias in named if alias in known}
        numbers = {alias: known[alias] for alias in hashes if alias.startswith(WA_ID) and alias in known}
        return {
            alias: lead
            for alias, lead in numbers.items()
            if lead not in same and await self.people.aliases.has_user_id(lead)
        }

    async def _number_lost(self, delivery: Delivery, kind: PartKind, former: LeadId) -> None:
        payload = await self.vault.open_inbound(delivery.id, delivery.body)
        if kind is PartKind.ADDRESS:
            numbers = {self.channel.changed_address(payload).wa_id}
        else:
            numbers = {self.channel.message(payload, delivery.received_at).address.wa_id}
        stored = await living(self.people.leads, former)
        if stored is None:
            return
        now = await self.clock.business_now()
        for number in numbers - {None}:
            event = NumberLost(EventId(f"number_lost:{delivery.id}"), now, str(number))
            log.warning("number_recycled", lead=stored.lead.id)
            await self.people.decisions.tell(stored.lead.id, event)

    async def _made(self, lead_id: LeadId) -> Lead:
        """The living lead, made if this is its first word."""
        stored = await living(self.people.leads, lead_id)
        if stored is not None:
            return stored.lead
        await self.people.leads.create(Lead(id=lead_id))
        return Lead(id=lead_id)

    # What is for no lead ------------------------------------------------------------------------------------------

    async def _ticked(self, waiting: Sequence[Delivery]) -> set[DeliveryId]:
        """How far our messages got, all that came in together in one write each to transcript, leads and deliveries;
        what was told. Failures and what cannot be read are left for a look of their own."""
        told: dict[DeliveryId, tuple[LeadId, EffectId, DeliveryStatus, Wamid]] = {}
        for delivery in waiting:
            try:
                news = self.channel.status(await self.vault.open_inbound(delivery.id, delivery.body))
            except Exception as error:
                if is_outage(error):
                    raise
                continue
            status = _STATUSES.get(news.status)
            lead_id, _, effect_id = (news.callback_data or "").partition("|")
            if status not in {None, DeliveryStatus.FAILED} and effect_id:
                told[delivery.id] = LeadId(lead_id), EffectId(effect_id), status, news.wamid
        # of one message the furthest that was told: the others would change nothing
        furthest: dict[EffectId, tuple[LeadId, DeliveryStatus, Wamid]] = {}
        for lead, effect, status, wamid in told.values():
            if effect not in furthest or RANK[furthest[effect][1]] < RANK[status]:
                furthest[effect] = lead, status, wamid
        try:
            await self.messages.record_statuses(
                (effect, status, wamid) for effect, (_, status, wamid) in furthest.items()
            )
            named = [(lead, effect) for effect, (lead, _, _) in furthest.items()]
            await self.people.leads.look_now(*(pair for pair in named if not is_partner(pair[0])))
            await self.partners.directory.threads.look_now(*(pair for pair in named if is_partner(pair[0])))
        except Exception as error:
            if is_outage(error):
                raise
            # one of them cannot be written; each is looked at by itself
            log.warning("ticks_not_written_together", problem=type(error).__name__)
            return set()
        await self.received.mark_done(list(told), await self.people.leads.server_now())
        return set(told)

    async def _route_status(self, delivery: Delivery) -> None:
        """A status that is not one of many: a failure becomes news for its lead."""
        news = self.channel.status(await self.vault.open_inbound(delivery.id, delivery.body))
        status = _STATUSES.get(news.status)
        lead_id, _, effect_id = (news.callback_data or "").partition("|")
        if status is None:
            await self._done(delivery)
            return
        if not effect_id:
            await self.messages.told_of(news.wamid, status)
            await self._done(delivery)
            return
        await self.messages.record_status(EffectId(effect_id), status, news.wamid)
        is_of_partner = is_partner(lead_id)
        outboxes: Outboxes = self.partners.directory.threads if is_of_partner else self.people.leads
        await outboxes.look_now((LeadId(lead_id), EffectId(effect_id)))
        # what was read before it failed has arrived: its failure is nobody's news
        if status is DeliveryStatus.FAILED and await self.messages.has_failed(EffectId(effect_id)):
            stored = None if is_of_partner else await living(self.people.leads, LeadId(lead_id))
            owner = LeadId(lead_id) if is_of_partner else None if stored is None else stored.lead.id
            if owner is not None:
                await self.received.assign(delivery.id, owner, delivery.due_at)
                return
        await self._done(delivery)

    async def _noted(self, delivery: Delivery, kind: str, gravity: Gravity, facts: tuple[tuple[str, str], ...]) -> None:
        """Kept for whoever runs the house; loud where it is grave."""
        say = log.error if gravity is Gravity.CRITICAL else log.warning if gravity is Gravity.WARNING else log.info
        say("operator_notice", kind=kind, gravity=gravity.value, delivery=delivery.fingerprint)
        await self.notices.record(OperatorNotice(delivery.id, kind, gravity.value, facts, delivery.sent_at))
        await self._done(delivery)


def _chained(groups: Iterable[Sequence[Delivery]]) -> list[list[Sequence[Delivery]]]:
    """Groups that must go one after the other, as they came: those that share an address, and those that have none."""
    chains: list[tuple[set[str], list[Sequence[Delivery]]]] = []
    of_address: dict[str, int] = {}
    for group in groups:
        addresses = set(group[0].aliases) or {""}
        known = sorted({of_address[address] for address in addresses if address in of_address})
        place = known[0] if known else len(chains)
        if not known:
            chains.append((set(), []))
        for other in known[1:]:
            # two that were strangers until somebody came with both their addresses
            addresses |= chains[other][0]
            chains[place][1].extend(chains[other][1])
            chains[other] = (set(), [])
        chains[place][0].update(addresses)
        chains[place][1].append(group)
        of_address |= dict.fromkeys(addresses, place)
    return [chain for _, chain in chains if chain]


def _is_tick(delivery: Delivery) -> bool:
    return delivery.source == WHATSAPP and delivery.kind == PartKind.STATUS
