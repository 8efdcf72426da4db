"""Two leads, one person: the younger is frozen for good, then the older takes over what it had, each step once."""

from datetime import datetime

import structlog

from bot.dialogue.decide import decide
from bot.domain.events import LeadsMerged, merge_event_id
from bot.domain.ids import LeadId
from bot.domain.outbox import StoredLead
from bot.engine.decision_context import context_for
from bot.engine.parts import LostRace, Parts
from bot.engine.routing import order_merge
from bot.store.received import Delivery

log = structlog.get_logger(__name__)


async def merge(parts: Parts, older: StoredLead, delivery: Delivery, now: datetime) -> None:
    """Carry out a merge the router ordered.

    Killed anywhere, doing it again ends the same: the event is committed last, and what goes before it is idempotent.
    """
    younger_id = LeadId((await parts.vault.open_inbound(delivery.id, delivery.body)).decode())
    if not await parts.leads.exists(younger_id):
        return
    way = await _way(parts, younger_id)
    if way[-1] != older.lead.id and (len(way) > 1 or older.lead.id > younger_id):
        # it is another's already, or itself the older one: those two are one person
        await order_merge(parts, way[-1], older.lead.id)
        return
    younger = await _frozen(parts, younger_id, older.lead.id)
    if younger is None:
        return
    await _adopt(parts, older, younger)
    for one in way:
        if one != older.lead.id:
            await _reassign(parts, one, older.lead.id)
    event = LeadsMerged(merge_event_id(younger_id), now, younger.lead)
    decision = decide(older.lead, event, await context_for(parts, older.lead, now))
    if await parts.leads.commit(older, decision, [delivery.id]) is None:
        raise LostRace("somebody committed to the older lead")
    await parts.leads.mark_merged(younger_id)
    log.info("leads_merged", lead=older.lead.id, younger=younger_id)


async def _way(parts: Parts, lead_id: LeadId) -> list[LeadId]:
    """That lead, and every one it was merged into since, the living one last."""
    way = [lead_id]
    while (stored := await parts.leads.load(way[-1])) is not None and stored.merged_into is not None:
        way.append(LeadId(stored.merged_into))
    return way


async def _reassign(parts: Parts, younger: LeadId, older: LeadId) -> None:
    """Everything that is kept beside the lead; also what another merge that did not end has brought half way."""
    await parts.aliases.repoint(younger, older)
    await parts.received.reassign(younger, older)
    await parts.messages.reassign(younger, older)
    await parts.bookings.reassign(younger, older)
    await parts.forms.forms.reassign(younger, older)
    await parts.claims.reassign(younger, older)


async def _frozen(parts: Parts, younger_id: LeadId, older: LeadId) -> StoredLead | None:
    """The younger lead as it stood when nothing of it could be claimed any more; none where nothing is to merge."""
    younger = await parts.leads.load(younger_id)
    if younger is None or younger_id == older or await parts.leads.has_merged(younger_id):
        return None
    if younger.merged_into is None and not await parts.leads.freeze(younger, older):
        raise LostRace("somebody committed to the younger lead")
    # a claim does not change the version: only what is read after the freeze is the last word
    return await parts.leads.load(younger_id)


async def _adopt(parts: Parts, older: StoredLead, younger: StoredLead) -> None:
    """What the younger lead had not settled is the older one's: unsent words, drafts, and sends nobody knows of."""
    for waiting in younger.outbox:
        arrived = await parts.messages.has_tick(waiting.effect.id)
        if not arrived and not await parts.leads.adopt(older.lead.id, waiting):
            raise LostRace("the older lead was merged meanwhile")
        await parts.leads.settle(younger.lead.id, [waiting.effect.id])
