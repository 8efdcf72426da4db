"""What staff enter about a delivered booking: told to the lead, and answered from what that very call brought."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.dialogue.ratings import RATING_DENIED, NotRated
from bot.domain.events import StaffAction, StaffAsked
from bot.domain.ids import EventId
from bot.domain.states import CLOSED
from bot.engine.staff_actions import Done, FoundBooking, StaffActions, signed


@dataclass(frozen=True, slots=True)
class StaffVisits:
    """The front desk, as far as what was delivered is concerned."""

    staff: StaffActions

    async def rate(self, found: FoundBooking, said: Mapping[str, str], name: str) -> Done | NotRated:
        """How the customer said it was; a call made twice is one event."""
        now, event = await self.staff.clock.business_now(), EventId(f"staff:{name}")
        booking, words = found.booking, signed(said)
        asked = StaffAsked(
            event,
            now,
            words["person"],
            StaffAction.RATE,
            booking.reference,
            tuple(sorted(words.items())),
            # ended, it has left the lead: it comes back for this one decision
            booking if booking.state in CLOSED else None,
        )
        done = await self.staff.told(found.lead, asked)
        brought = await self.staff.recorded(done.found.lead, event)
        denied = next((facts for what, facts in brought if what == RATING_DENIED), None)
        return done if denied is None else NotRated(denied["why"])
