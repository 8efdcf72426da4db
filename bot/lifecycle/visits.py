"""Which bookings were delivered, and until when their customers may say how it was; pure."""

from datetime import datetime, timedelta
from typing import Final

from bot.business.definition import Business
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.states import State
from bot.domain.visits import Visit
from bot.lifecycle import booking_money

_TAKES_PLACE: Final = frozenset({State.CONFIRMED, State.REMINDER_SENT, State.CHECKED_IN, State.CHECKED_OUT})


def visit_of(booking: Booking, now: datetime) -> Visit | None:
    """The visit a booking was; none where it has not been delivered: nobody has to have said so once its time is
    over."""
    slot = booking.chosen
    if slot is None:
        return None
    is_over = booking.state in _TAKES_PLACE and slot.end <= now
    if booking.state is not State.COMPLETED and not is_over:
        return None
    place = slot.place or booking.place
    currency = None if booking.price is None else booking.price.currency
    paid = None if currency is None else booking_money.paid(booking, currency)
    by_name = slot.provider is not None and slot.provider == booking.who.only
    return Visit(booking.reference, booking.service, slot.provider, place, slot.end, booking.rating, paid, by_name)


def visits(lead: Lead, now: datetime) -> tuple[Visit, ...]:
    """Every visit that is known of, the last one last."""
    known = {visit.reference: visit for booking in lead.bookings if (visit := visit_of(booking, now)) is not None}
    known |= {visit.reference: visit for visit in lead.visits}
    return tuple(sorted(known.values(), key=lambda visit: (visit.ended_at, visit.reference)))


def may_be_rated(visit: Visit, business: Business, now: datetime) -> bool:
    """Whether a rating of it may still be given, or changed."""
    return now <= visit.ended_at + timedelta(days=business.sop.rating.days)


def unrated(lead: Lead, business: Business, now: datetime) -> Visit | None:
    """The last visit of which its customer has not said how it was."""
    open_ones = [one for one in visits(lead, now) if one.rating is None and may_be_rated(one, business, now)]
    return open_ones[-1] if open_ones else None


def liked_provider(lead: Lead, service: str, business: Business, now: datetime) -> str | None:
    """Who gave them that service before and was rated well or wished by name, the last one first; none where nobody
    was. What they said of somebody last counts, and a bad score more than a wish."""
    ahead = [one for one in lead.bookings if one.service == service and one.booked_hold and one.chosen is not None]
    for booking in reversed(ahead):
        if booking.chosen is not None and booking.chosen.provider == booking.who.only is not None:
            return booking.who.only
    judged: set[str] = set()
    for visit in reversed(visits(lead, now)):
        if visit.service != service or visit.provider is None or visit.provider in judged:
            continue
        if visit.rating is not None:
            judged.add(visit.provider)
        is_good = visit.rating is not None and visit.rating.score >= business.sop.rating.good_from
        if is_good or (visit.asked_for and visit.rating is None):
            return visit.provider
    return None
