"""Two leads, one person: the younger is frozen for good, then the older takes over what it had, each step once."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.domain.events import LeadsMerged, merge_event_id
from bot.domain.ids import LeadId
from bot.domain.outbox import StoredLead
from bot.engine.decisions import Decisions, LostRace
from bot.engine.internal import order_merge
from bot.store.aliases import Aliases
from bot.store.bookings import Bookings
from bot.store.claims import Claims
from bot.store.delivery import Delivery
from bot.store.flow_sessions import FlowSessions
from bot.store.leads import Leads
from bot.store.messages import Messages
from bot.store.photos import SealedPhotos
from bot.store.received import Received
from bot.store.vault import Vault

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Belongings:
    """Everything that is kept next to a lead, under its name."""

    aliases: Aliases
    received: Received
    messages: Messages
    bookings: Bookings
    forms: FlowSessions
    claims: Claims
    photos: SealedPhotos

    async def reassign(self, younger: LeadId, older: LeadId) -> None:
        """All of it is the older one's; also what another merge that did not end has brought half way."""
        await self.aliases.repoint(younger, older)
        await self.received.reassign(younger, older)
        await self.messages.reassign(younger, older)
        await self.bookings.reassign(younger, older)
        await self.forms.reassign(younger, older)
        await self.claims.reassign(younger, older)
        await self.photos.reassign(younger, older)


@dataclass(frozen=True, slots=True)
class Merges:
    """Carries out the merges the router ordered.

    Killed anywhere, doing it again ends the same: the event is committed last, and what goes before it is idempotent.
    """

    leads: Leads
    belongings: Belongings
    vault: Vault
    decisions: Decisions

    async def merge(self, older: StoredLead, delivery: Delivery, now: datetime) -> None:
        """The lead named in that delivery becomes part of this one."""
        younger_id = LeadId((await self.vault.open_inbound(delivery.id, delivery.body)).decode())
        if not await self.leads.exists(younger_id):
            return
        # That lead, and every one it was merged into since, the living one last.
        way = [younger_id]
        while (stored := await self.leads.load(way[-1])) is not None and stored.merged_into is not None:
            way.append(LeadId(stored.merged_into))
        if way[-1] != older.lead.id and (len(way) > 1 or older.lead.id > younger_id):
            # it is another's already, or itself the older one: those two are one person
            await order_merge(self.belongings.received, self.vault, self.leads, way[-1], older.lead.id)
            return
        younger = await self._frozen(younger_id, older.lead.id)
        if younger is None:
            return
        # What the younger lead had not settled is the older one's: unsent words, drafts, sends nobody knows of.
        for waiting in younger.outbox:
            arrived = await self.belongings.messages.has_tick(waiting.effect.id)
            if not arrived and not await self.leads.adopt(older.lead.id, waiting):
                raise LostRace("the older lead was merged meanwhile")
            await self.leads.settle(younger.lead.id, [waiting.effect.id])
        for merged in way:
            if merged != older.lead.id:
                await self.belongings.reassign(merged, older.lead.id)
        decision = await self.decisions.decide(older.lead, LeadsMerged(merge_event_id(younger_id), now, younger.lead))
        if await self.leads.commit(older, decision, [delivery.id]) is None:
            raise LostRace("somebody committed to the older lead")
        await self.leads.mark_merged(younger_id)
        log.info("leads_merged", lead=older.lead.id, younger=younger_id)

    async def follow(self, younger: LeadId, older: LeadId) -> None:
        """What came to the younger lead while the two became one; lines that a visit wrote meanwhile before the
        deliveries they are of."""
        await self.belongings.messages.reassign(younger, older)
        await self.belongings.received.reassign(younger, older)

    async def _frozen(self, younger_id: LeadId, older: LeadId) -> StoredLead | None:
        """The younger lead as it stood when nothing of it could be claimed any more; none where nothing is to merge."""
        younger = await self.leads.load(younger_id)
        if younger is None or younger_id == older or await self.leads.has_merged(younger_id):
            return None
        if younger.merged_into is None and not await self.leads.freeze(younger, older):
            raise LostRace("somebody committed to the younger lead")
        # a claim does not change the version: only what is read after the freeze is the last word
        return await self.leads.load(younger_id)
