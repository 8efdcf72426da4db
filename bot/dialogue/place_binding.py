"""Where a customer is: the place whose code they sent, for as long as they stay there."""

from dataclasses import replace
from datetime import timedelta

from bot.business.catalogue import Place
from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.events import CustomerWrote
from bot.domain.lead import Lead
from bot.domain.place_codes import BoundPlace
from bot.domain.states import CLOSED, IN_PROGRESS


def bound(lead: Lead, event: CustomerWrote, context: Context) -> Lead:
    """The lead at the place of that code: until their stay there ends, else for the days of the business file."""
    place = context.business.place(event.place)
    if place is None:
        return lead
    ends = [
        booking.chosen.end
        for booking in lead.bookings
        if booking.chosen is not None and booking.chosen.end > event.at and _is_stay_at(booking, place, context)
    ]
    until = max(ends, default=event.at + timedelta(days=context.business.sop.place_code_days))
    # greeted once more, so that who has been here before sees that the place is known
    return replace(lead, bound_place=BoundPlace(place.id, until, event.room)).conversing(greeted=False)


def _is_stay_at(booking: Booking, place: Place, context: Context) -> bool:
    service = context.business_of(booking).service(booking.service or "")
    is_there = booking.chosen is not None and booking.chosen.place == place.id
    return service is not None and service.is_stay and is_there and booking.state not in IN_PROGRESS | CLOSED


def known_at(lead: Lead, booking: Booking, context: Context) -> Booking:
    """The booking with where they are, if no place was named: what a form begins with."""
    place = context.place_of(lead.bound_place)
    if place is None or booking.place is not None or booking.chosen is not None:
        return booking
    return replace(booking, place=place.id)
