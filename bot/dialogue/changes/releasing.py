"""When the parties' shares of a booking may leave, as its service says: one follower.

Where the rule is on_paid the invoice itself says so; every other rule is a word of the lead's.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.business.catalogue import PayoutRelease, Service
from bot.business.context import Context
from bot.dialogue.changes import accounts
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.money_orders import ReleaseShares
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import CLOSED, State
from bot.lifecycle import booking_money

_TAKES_PLACE: Final = frozenset({State.CONFIRMED, State.REMINDER_SENT, State.CHECKED_IN, State.CHECKED_OUT})
_IS_OVER: Final = frozenset({State.COMPLETED, State.NO_SHOW})


def follow(before: Lead, outcome: Outcome, context: Context) -> Outcome:
    """Follower: what a booking has earned its parties leaves when its service says so, and at its end at the latest."""
    for booking in outcome.lead.bookings:
        was = before.booking(booking.reference)
        if was is not None and was.state is booking.state:
            continue
        at = _released_at(was, booking, context)
        if at is not None:
            order = ReleaseShares(accounts.names_of(booking), at)
            outcome = outcome.requesting(EffectRequest(order))
    return outcome


def _released_at(was: Booking | None, booking: Booking, context: Context) -> datetime | None:
    """From when on, if this move says so; none where it does not."""
    rules = [(service.payment.release, service.payment.release_days) for service in _services(booking, context)]
    rules = [rule for rule in rules if rule[0] is not PayoutRelease.ON_PAID]
    if not rules or not booking_money.captured(booking, booking_money.currency_of(booking, context.business.currency)):
        return None
    release, days = rules[0]
    if booking.state in CLOSED:
        # what a cancellation keeps is earned with it: there is nothing more to wait for
        waits = release is PayoutRelease.DAYS_AFTER and booking.state in _IS_OVER and booking.chosen is not None
        if not waits or booking.chosen is None:
            return context.now
        return max(context.now, booking.chosen.end + timedelta(days=days))
    begins = booking.state in _TAKES_PLACE and (was is None or was.state not in _TAKES_PLACE)
    return context.now if begins and release is PayoutRelease.ON_CONFIRMED else None


def _services(booking: Booking, context: Context) -> list[Service]:
    """The service as it is sold to them now, then as it was first: another rule may have been promised by then."""
    known = (one.service(booking.service or "") for one in (context.business_of(booking), context.sold_under(booking)))
    return [service for service in known if service is not None]
