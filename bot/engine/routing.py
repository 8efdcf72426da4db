"""From a delivery to its lead: whose it is, when it is due, and what needs no lead at all."""

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from pymongo.errors import PyMongoError

from bot.dialogue.burst import answers_fully
from bot.domain.events import Text
from bot.domain.ids import DeliveryId, EffectId, LeadId
from bot.domain.lead import Lead
from bot.engine.channel import InboundMessage, PartKind
from bot.engine.parts import Parts
from bot.store.messages import DeliveryStatus
from bot.store.received import Delivery, NotStored

log = structlog.get_logger(__name__)

INTERNAL = "internal"
WHATSAPP = "whatsapp"
XENDIT = "xendit"
"""Callbacks about money are of no lead: the cashier hears them, and its news goes to the leads."""
MERGE = "merge"

_TICKS = {
    "sent": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.READ,
    "played": DeliveryStatus.READ,
    "failed": DeliveryStatus.FAILED,
}


async def route_all(parts: Parts) -> int:
    """Route everything that waits; how many deliveries that were."""
    waiting = await parts.received.unrouted(besides=[XENDIT])
    for delivery in waiting:
        await _route_or_park(parts, delivery)
    return len(waiting)


async def _route_or_park(parts: Parts, delivery: Delivery) -> None:
    try:
        await _route(parts, delivery)
    except (PyMongoError, TimeoutError, NotStored):
        raise
    except Exception as error:
        log.exception("delivery_not_routable", kind=delivery.kind, problem=type(error).__name__)
        await parts.received.park(delivery.id, await parts.leads.server_now(), f"not routable: {type(error).__name__}")


async def _route(parts: Parts, delivery: Delivery) -> None:
    if delivery.source != WHATSAPP:
        await _park(parts, delivery, "another_number" if delivery.source.startswith(WHATSAPP) else "unknown_source")
        return
    match PartKind(delivery.kind):
        case PartKind.MESSAGE | PartKind.ADDRESS:
            await _route_message(parts, delivery)
        case PartKind.STATUS:
            await _route_status(parts, delivery)
        case PartKind.ERROR:
            log.error("meta_reports_an_error", delivery=delivery.fingerprint)
            await _done(parts, delivery)
        case PartKind.OTHER | PartKind.ECHO | PartKind.GROUP | PartKind.ACCOUNT:
            log.info("change_not_used", delivery=delivery.fingerprint)
            await _done(parts, delivery)


async def _route_message(parts: Parts, delivery: Delivery) -> None:
    if not delivery.aliases:
        await _park(parts, delivery, "no_sender")
        return
    resolved = await parts.aliases.resolve(delivery.aliases, _new_lead(parts, delivery.received_at))
    leads = [await _living(parts, one) for one in (resolved.lead, *resolved.others)]
    lead = min(leads, key=lambda one: one.id)
    for other in leads:
        await order_merge(parts, other.id, lead.id)
    due_at = delivery.due_at
    if delivery.kind == PartKind.MESSAGE:
        heard = parts.channel.message(await parts.vault.open_inbound(delivery.id, delivery.body), delivery.received_at)
        if not lead.is_with_agent and heard.bubble.wamid:
            parts.channel.mark_read(heard.bubble.wamid)
        if await _answers_fully(parts, lead, heard):
            due_at = delivery.received_at
    # last, so that a crash before it routes the delivery again
    await parts.received.assign(delivery.id, lead.id, due_at)


async def _answers_fully(parts: Parts, lead: Lead, heard: InboundMessage) -> bool:
    """Whether these words need no waiting for more of them."""
    if not isinstance(heard.bubble.content, Text):
        return False
    talk = lead.conversation
    local = (await parts.clock.business_now()).astimezone(ZoneInfo(parts.timezone))
    try:
        meant = parts.understand(heard.bubble.content.body, talk.expecting, local.date(), local, talk.language)
    except Exception as error:
        # only a short cut fails here; the visit stumbles over the same words and counts it
        log.warning("not_understood_at_the_door", lead=lead.id, problem=type(error).__name__)
        return False
    return answers_fully(meant, talk.expecting)


async def _living(parts: Parts, lead_id: LeadId) -> Lead:
    """The lead itself, made if this is its first word, or the one it was merged into."""
    stored = await parts.leads.load(lead_id)
    if stored is None:
        await parts.leads.create(Lead(id=lead_id))
        return Lead(id=lead_id)
    if stored.merged_into is not None:
        return await _living(parts, LeadId(stored.merged_into))
    return stored.lead


def _new_lead(parts: Parts, at: datetime) -> LeadId:
    """An id nobody can guess that sorts by its moment: of two leads all know which is the older, for good."""
    return LeadId(f"{int(at.timestamp() * 1000):011x}-{parts.new_id()}")


async def order_merge(parts: Parts, one: LeadId, other: LeadId) -> None:
    """The younger of the two shall be merged into the older, whatever order they are named in: who all merge in one
    direction never point at each other. News for a lead goes through `received` too (DESIGN 4)."""
    older, younger = sorted((one, other))
    if younger == older:
        return
    now = await parts.leads.server_now()
    order = await internal(parts, MERGE, str(younger), older, now, f"{younger}>{older}")
    await parts.received.record([order])


async def internal(
    parts: Parts, kind: str, text: str, lead: LeadId, now: datetime, name: str | None = None
) -> Delivery:
    """A delivery from ourselves to a lead; told again under the same name it is the same delivery."""
    delivery_id = DeliveryId(f"{INTERNAL}:{kind}:{name or text}")
    return Delivery(
        id=delivery_id,
        source=INTERNAL,
        kind=kind,
        body=await parts.vault.seal_inbound(delivery_id, text.encode()),
        fingerprint="",
        aliases=(),
        received_at=now,
        due_at=now,
        sent_at=now,
        lead=lead,
    )


async def _route_status(parts: Parts, delivery: Delivery) -> None:
    """Statuses go to the transcript alone; a failure becomes news for the lead."""
    news = parts.channel.status(await parts.vault.open_inbound(delivery.id, delivery.body))
    tick = _TICKS.get(news.status)
    lead_id, _, effect_id = (news.callback_data or "").partition("|")
    if tick is None:
        await _done(parts, delivery)
        return
    if effect_id:
        await parts.messages.record_status(EffectId(effect_id), tick, news.wamid)
    else:
        await parts.messages.told_of(news.wamid, tick)
    if effect_id:
        await parts.leads.look_now(LeadId(lead_id), EffectId(effect_id))
    if tick is DeliveryStatus.FAILED and effect_id and await parts.leads.exists(LeadId(lead_id)):
        await parts.received.assign(delivery.id, LeadId(lead_id), delivery.due_at)
        return
    await _done(parts, delivery)


async def _done(parts: Parts, delivery: Delivery) -> None:
    await parts.received.mark_done([delivery.id], await parts.leads.server_now())


async def _park(parts: Parts, delivery: Delivery, reason: str) -> None:
    log.error("delivery_parked", reason=reason, kind=delivery.kind, delivery=delivery.fingerprint)
    await parts.received.park(delivery.id, await parts.leads.server_now(), reason)
