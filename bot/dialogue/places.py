"""What a booking's move means for its place: one follower, whoever made the move.

Its contact hears of it when it is confirmed, moved or called off, never before, and as the place wants it: each one, or
in the digest of the evening before.
"""

from bot.business.context import Context
from bot.domain.arrival import PlaceNews
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.lifecycle.place_notices import arrival_of, digests_told_until, is_told_at_once, place_notices


def follow(before: Lead, outcome: Outcome, context: Context) -> Outcome:
    """Follower: the contact of a place knows of every booking there that stands, and of no other."""
    told_until = digests_told_until(context.now, context.business.sop.partner, context.business.zone)
    for booking in outcome.lead.bookings:
        known = before.booking(booking.reference)
        if known is None and not booking.moves:
            # came with another lead in a merge, which has told of it
            continue
        was, now = arrival_of(known), arrival_of(booking)
        for order in place_notices(was, now):
            place = context.business.place(order.arrival.place)
            if place is None or not is_told_at_once(place.notices, was, now, told_until):
                continue
            if order.news is not PlaceNews.CALLED_OFF and order.arrival.ends_at <= context.now:
                # over before anybody said so: nobody has to expect it
                continue
            outcome = outcome.requesting(EffectRequest(order))
    return outcome
