"""Orphans: booked times that their lead does not know; found, alarmed, freed (DESIGN 4).

A time is booked in the claims a moment before its lead knows it. That is no orphan: the order to book it, or to free
it, waits in the lead's slots lane until the commit that handles what came of it. So the claims are read first, the
lead after them, and before anything is freed both are read once more.
"""

from datetime import datetime
from typing import Final

import structlog

from bot.domain.booking import Booking
from bot.domain.commands import Lane
from bot.domain.ids import LeadId
from bot.domain.outbox import StoredLead
from bot.domain.states import State
from bot.engine.parts import Parts
from bot.store.claims import HoldId, Holding

log = structlog.get_logger(__name__)

EVERY: Final = 60.0
"""Seconds between two sweeps."""
AT_ONCE: Final = 500


async def sweep(parts: Parts, now: datetime) -> int:
    """Free every orphan there is at `now` (business time), and tidy what is over; how many orphans were freed."""
    await parts.claims.forget_expired(now=now)
    freed = 0
    after: HoldId | None = None
    while page := await parts.claims.booked(after, AT_ONCE):
        for holding in page:
            freed += await _looked_at(parts, holding, now)
        after = page[-1].hold
    return freed


async def _looked_at(parts: Parts, holding: Holding, now: datetime) -> bool:
    """Whether it was an orphan, and is gone now."""
    if await _is_known(parts, holding):
        return False
    recorded = None if holding.booking is None else await parts.bookings.find(holding.booking)
    if recorded is not None and _has_taken_place(recorded.booking, holding):
        if recorded.booking.chosen is not None and recorded.booking.chosen.end <= now:
            await parts.claims.release_booked(holding.hold)
        return False
    seen = await parts.claims.holding(holding.hold)
    if seen != holding or await _is_known(parts, holding):
        return False
    claims = await parts.claims.release_booked(holding.hold)
    log.error("orphan_freed", lead=holding.lead, booking=holding.booking, claims=claims)
    return claims > 0


async def _is_known(parts: Parts, holding: Holding) -> bool:
    """Whether its lead has it, or still has an order about some time."""
    stored = await _lead(parts, holding.lead)
    if stored is None:
        return False
    return bool(stored.in_lane(Lane.SLOTS)) or any(one.booked_hold == holding.hold for one in stored.lead.bookings)


def _has_taken_place(booking: Booking, holding: Holding) -> bool:
    """A closed booking has left its lead, and keeps its time until that is over."""
    return booking.state in {State.COMPLETED, State.NO_SHOW} and booking.booked_hold == holding.hold


async def _lead(parts: Parts, lead: LeadId) -> StoredLead | None:
    stored = await parts.leads.load(lead)
    if stored is not None and stored.merged_into is not None:
        return await _lead(parts, LeadId(stored.merged_into))
    return stored
