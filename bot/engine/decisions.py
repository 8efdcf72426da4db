"""An event is decided and committed, by whoever comes first: what everything that happens to a lead goes through."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import structlog

from bot.business.context import Context
from bot.dialogue.decide import as_known, decide
from bot.domain.booking import Booking
from bot.domain.events import Event
from bot.domain.ids import EffectId, LeadId
from bot.domain.lead import Lead
from bot.domain.outbox import StoredLead, WantedLease
from bot.domain.outcome import Decision
from bot.store.businesses import Businesses
from bot.store.leads import Leads

log = structlog.get_logger(__name__)

COMMIT_TRIES: Final = 20
LARGE_LEAD_BYTES: Final = 64 * 1024


class LostRace(Exception):
    """Somebody else was faster; look again and go on."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """Leads in one hand, the business as it is and as it was in the other."""

    leads: Leads
    businesses: Businesses
    context: Callable[[datetime], Context]
    """What is known now of business and forms."""

    async def context_for(self, lead: Lead, now: datetime) -> Context:
        """What a decision about that lead may know: also the business as it was when its bookings were quoted."""
        context = self.context(now)
        # what is decided names a version that is kept
        await self.businesses.keep(context.business)
        versions = {version for booking in lead.bookings for version in _versions_of(booking)}
        wanted = versions - {None, context.business.version}
        quoted = []
        for version in sorted(str(version) for version in wanted):
            business = await self.businesses.find(version)
            if business is None:
                log.error("business_version_unknown", lead=lead.id, version=version)
            else:
                quoted.append(business)
        return replace(context, quoted=tuple(quoted))

    async def decide(self, lead: Lead, event: Event) -> Decision:
        """What the event means for that lead; nothing is saved."""
        return decide(lead, event, await self.context_for(as_known(lead, event), event.at))

    async def commit(
        self,
        stored: StoredLead,
        event: Event,
        deliveries: Sequence[str],
        settled: Sequence[EffectId] = (),
        under: WantedLease | None = None,
    ) -> StoredLead | None:
        """Decide one event and save what comes of it, under that lease if one is named; the lead as it stands then,
        none when the race was lost."""
        saved = await self.leads.commit(stored, await self.decide(stored.lead, event), deliveries, settled, under)
        if saved is None:
            return None
        if saved.size > LARGE_LEAD_BYTES:
            log.error("lead_too_large", lead=stored.lead.id, bytes=saved.size)
        return saved.stored

    async def tell(self, lead_id: LeadId, event: Event, settled: Sequence[EffectId] = ()) -> StoredLead | None:
        """Decide and commit an event whoever has the lease; the lead it was decided for, none when there is none."""
        for _ in range(COMMIT_TRIES):
            stored = await self.leads.load(lead_id)
            if stored is None or stored.merged_into is not None:
                return None
            if await self.commit(stored, event, [], settled) is not None:
                return stored
        raise LostRace(f"{COMMIT_TRIES} times in a row")


def _versions_of(booking: Booking) -> tuple[str | None, ...]:
    """Every version of the business file that a decision about it may ask for."""
    quote = None if booking.change is None else booking.change.quote
    return booking.business_version, booking.policy_version, None if quote is None else quote.business_version
