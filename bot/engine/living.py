"""The lead that lives: itself, or the one it was merged into."""

from bot.domain.ids import LeadId
from bot.domain.outbox import StoredLead
from bot.store.leads import Leads


async def living(leads: Leads, lead_id: LeadId) -> StoredLead | None:
    """That lead, or the one it was merged into since; none when there is no such lead."""
    stored = await leads.load(lead_id)
    while stored is not None and stored.merged_into is not None:
        stored = await leads.load(LeadId(stored.merged_into))
    return stored
