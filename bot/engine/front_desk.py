"""Stays as the contact of their place sees and moves them: today's arrivals and departures, and a tap for each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from bot.business.contacts import Roles
from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.events import StaffAction, StaffAsked
from bot.domain.front_desk import DeskGuest, DeskStep
from bot.domain.ids import EventId
from bot.domain.lead import Lead
from bot.domain.partner_events import GuestsFound, GuestStepped
from bot.domain.partner_orders import FindGuests, StepGuest
from bot.domain.states import UPCOMING, State
from bot.engine.living import living
from bot.engine.staff_actions import NoSuchBooking, StaffActions

NOT_THEIRS: Final = "no-such-guest"
"""Why nothing was done: nobody of their place has that booking."""
_STEPS: Final = {
    DeskStep.ARRIVED: (StaffAction.CHECK_IN, State.CHECKED_IN),
    DeskStep.LEFT: (StaffAction.CHECK_OUT, State.CHECKED_OUT),
}


@dataclass(frozen=True, slots=True)
class FrontDesk:
    """Staff's way to bookings in one hand, the business file in the other."""

    staff: StaffActions
    context: Callable[[datetime], Context]

    async def perform(
        self, name: EventId, order: FindGuests | StepGuest, roles: Roles | None, now: datetime
    ) -> GuestsFound | GuestStepped:
        """Do it; the event that tells the partner what came of it."""
        if isinstance(order, FindGuests):
            return await self._found(name, roles, now)
        return await self._stepped(name, order, roles, now)

    async def _found(self, name: EventId, roles: Roles | None, now: datetime) -> GuestsFound:
        places = () if roles is None else roles.places
        business = self.context(now).business
        today = now.astimezone(business.zone).date()
        tonight = datetime.combine(today + timedelta(days=1), time(), business.zone)
        most = max((one.nights.most for one in business.services if one.nights is not None), default=0)
        found: list[DeskGuest] = []
        staying = 0
        for recorded in await self.staff.bookings.standing_between(tonight - timedelta(days=most + 1), tonight):
            booking = recorded.booking
            if not self._is_stay_at(booking, places, now):
                continue
            stored = await living(self.staff.leads, recorded.lead)
            lead = None if stored is None else stored.lead
            # what stands in the lead is newer than the read model
            known = None if lead is None else lead.booking(booking.reference)
            guest = _guest(known or booking, lead)
            if guest is None or (guest.next is DeskStep.ARRIVED and guest.at >= tonight):
                continue
            if guest.next is DeskStep.LEFT and guest.at >= tonight:
                staying += 1
            else:
                found.append(guest)
        return GuestsFound(name, now, tuple(sorted(found, key=lambda one: (one.at, one.booking))), staying)

    async def _stepped(self, name: EventId, order: StepGuest, roles: Roles | None, now: datetime) -> GuestStepped:
        places = () if roles is None else roles.places
        try:
            known = await self.staff.find(order.booking)
        except NoSuchBooking:
            return GuestStepped(name, now, order.step, order.booking, None, NOT_THEIRS)
        booking, place = known.booking, _place(known.booking)
        if not self._is_stay_at(booking, places, now) or place is None:
            # somebody else's button, or that of who had the place before
            return GuestStepped(name, now, order.step, order.booking, None, NOT_THEIRS)
        stored = await living(self.staff.leads, known.lead)
        lead = None if stored is None else stored.lead
        guest = _guest(booking, lead, order.step)
        action, target = _STEPS[order.step]
        if booking.state is target or lead is None:
            return GuestStepped(name, now, order.step, order.booking, guest)
        verdict = self.staff.judged(booking, lead, target, now)
        if not verdict.allowed:
            return GuestStepped(name, now, order.step, order.booking, guest, verdict.reasons[0].rule)
        # under the order's own name: done again after a crash it is the same event
        event = EventId(f"staff:{name}")
        asked = StaffAsked(event, now, f"place:{place}", action, booking.reference, ())
        await self.staff.decisions.tell(lead.id, asked)
        return GuestStepped(name, now, order.step, order.booking, guest)

    def _is_stay_at(self, booking: Booking, places: tuple[str, ...], now: datetime) -> bool:
        service = self.context(now).business.service(booking.service or "")
        return service is not None and service.is_stay and _place(booking) in places


def _place(booking: Booking) -> str | None:
    return booking.place if booking.chosen is None else booking.chosen.place


def _guest(booking: Booking, lead: Lead | None, step: DeskStep | None = None) -> DeskGuest | None:
    """The guest of that stay as it stands, or as that step is about; none where nobody comes or leaves."""
    slot, place = booking.chosen, _place(booking)
    if slot is None or place is None:
        return None
    if step is None:
        if booking.state in UPCOMING:
            step = DeskStep.ARRIVED
        elif booking.state is State.CHECKED_IN:
            step = DeskStep.LEFT
        else:
            return None
    at = slot.start if step is DeskStep.ARRIVED else slot.end
    name = None if lead is None else lead.name
    return DeskGuest(str(booking.reference), place, name, booking.guests or 1, at, step)
