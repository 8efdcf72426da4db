"""Deliveries from ourselves: news for a lead goes through `received` like everything else (architecture 4)."""

from datetime import datetime
from typing import Final

from bot.domain.ids import LeadId
from bot.store.delivery import Delivery
from bot.store.leads import Leads
from bot.store.received import Received
from bot.store.vault import Vault

MERGE: Final = "merge"


async def internal(
    vault: Vault, kind: str, text: str, lead: LeadId, now: datetime, name: str | None = None
) -> Delivery:
    """A delivery from ourselves to a lead; told again under the same name it is the same delivery."""
    delivery_id = Delivery.internal_id(kind, name or text)
    return Delivery.internal(delivery_id, kind, await vault.seal_inbound(delivery_id, text.encode()), lead, now)


async def order_merge(received: Received, vault: Vault, leads: Leads, one: LeadId, other: LeadId) -> None:
    """The younger of the two is to be merged into the older, whatever order they are named in: who all merge in one
    direction never point at each other."""
    older, younger = sorted((one, other))
    if younger == older:
        return
    now = await leads.server_now()
    await received.record([await internal(vault, MERGE, str(younger), older, now, f"{younger}>{older}")])
