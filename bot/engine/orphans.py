"""Orphans: booked times that their lead does not know; found, alarmed, freed (architecture 4).

A time is booked in the claims a moment before its lead knows it. That is no orphan: the order to book it, or to free
it, waits in the lead's slots lane until the commit that handles what came of it. So the claims are read first, the
lead after them, and before anything is freed both are read once more.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from bot.domain.booking import Booking
from bot.domain.commands import Lane
from bot.domain.states import State
from bot.engine.living import living
from bot.store.bookings import Bookings
from bot.store.claims import Claims, HeldClaim, HoldId
from bot.store.driver import is_outage
from bot.store.leads import Leads

log = structlog.get_logger(__name__)

EVERY: Final = 60.0
"""Seconds between two sweeps."""
AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Orphans:
    """Claims beside the leads they were made for."""

    claims: Claims
    leads: Leads
    bookings: Bookings

    async def sweep(self, now: datetime) -> int:
        """Free every orphan there is at `now` (business time), and tidy what is over; how many orphans were freed."""
        await self.claims.forget_expired(now=now)
        freed = 0
        after: HoldId | None = None
        while page := await self.claims.booked(after, AT_ONCE):
            for holding in page:
                freed += await self._freed(holding, now)
            after = page[-1].hold
        return freed

    async def _freed(self, holding: HeldClaim, now: datetime) -> bool:
        """The same, and one that cannot be judged stays as it is: the others are looked at."""
        try:
            return await self._looked_at(holding, now)
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("holding_not_judged", lead=holding.lead, problem=type(error).__name__)
            return False

    async def _looked_at(self, holding: HeldClaim, now: datetime) -> bool:
        """Whether it was an orphan, and is gone now."""
        if await self._is_known(holding):
            return False
        recorded = None if holding.booking is None else await self.bookings.find(holding.booking)
        # A closed booking has left its lead, and keeps its time until that is over.
        if recorded is not None and (
            recorded.booking.state in {State.COMPLETED, State.NO_SHOW} and recorded.booking.booked_hold == holding.hold
        ):
            if recorded.booking.chosen is not None and recorded.booking.chosen.end <= now:
                await self.claims.release_booked(holding.hold)
            return False
        seen = await self.claims.holding(holding.hold)
        if seen != holding or await self._is_known(holding):
            return False
        claims = await self.claims.release_booked(holding.hold)
        log.error("orphan_freed", lead=holding.lead, booking=holding.booking, claims=claims)
        return claims > 0

    async def _is_known(self, holding: HeldClaim) -> bool:
        """Whether its lead has it, or still has an order about some time."""
        stored = await living(self.leads, holding.lead)
        if stored is None:
            return False
        if stored.in_lane(Lane.SLOTS):
            return True
        return any(holding.hold in _holds_of(booking) for booking in stored.lead.bookings)


def _holds_of(booking: Booking) -> tuple[str | None, ...]:
    """Its own, and the one under which a change keeps its new time until the difference is paid."""
    return booking.booked_hold, None if booking.change is None else booking.change.hold
