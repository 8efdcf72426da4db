"""Holds that nobody waits for are released at once, so that others can have the time."""

from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.commands import ReleaseHolds
from bot.domain.events import SlotBooked, SlotsFound
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome


def release_holds(outcome: Outcome, holds: tuple[str | None, ...]) -> Outcome:
    """The outcome with these holds released, as far as there are any."""
    known = tuple(hold for hold in holds if hold is not None)
    return outcome.requesting(EffectRequest(ReleaseHolds(known))) if known else outcome


def release_offers(lead: Lead, booking: Booking, event: SlotsFound, context: Context) -> Outcome:
    """Times were found for a booking that does not wait for them any more."""
    return release_forgotten_offers(lead, event, context)


def release_forgotten_offers(lead: Lead, event: SlotsFound, context: Context) -> Outcome:
    """Times were found for a booking that is gone."""
    return release_holds(Outcome(lead), tuple(slot.hold_id for slot in event.offers))


def release_booked(lead: Lead, booking: Booking, event: SlotBooked, context: Context) -> Outcome:
    """A time was booked for a booking that does not take it; the one it has is told again after a crash, and kept."""
    if booking.booked_hold == event.slot.hold_id:
        return Outcome(lead)
    return release_forgotten_booked(lead, event, context)


def release_forgotten_booked(lead: Lead, event: SlotBooked, context: Context) -> Outcome:
    """A time was booked for a booking that is gone."""
    return release_holds(Outcome(lead), (event.slot.hold_id,))
