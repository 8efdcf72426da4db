"""Who moves, calls off or stays away again and again: staff see it, and the house may want to say yes first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.context import Context
from bot.business.definition import Business
from bot.domain.booking import Booking
from bot.domain.change import Cause
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.slips import Slip, SlipKind, with_slips
from bot.domain.states import Modification, State

COUNTED_FOR: Final = timedelta(days=365)
"""What is longer ago says nothing any more."""
FLAGGED: Final = "customer_unstable"
"""The audit's name."""
_NOT_KEPT_YET: Final = frozenset({State.INQUIRY, State.SERVICE_SELECTED, State.SLOT_PROPOSED})


def follow(before: Lead, outcome: Outcome, context: Context) -> Outcome:
    """Follower: each slip of a customer is counted once; who has too many is flagged, and what they book from then on
    waits for the house where the house wants that."""
    rules, lead = context.business.sop.unstable, outcome.lead
    new = tuple(slip for booking in lead.bookings for slip in _slips(before, booking, context.now))
    slips = with_slips(lead.slips, new)
    lately = [slip for slip in slips if context.now - slip.at < COUNTED_FOR]
    is_unstable = bool(rules.after) and len(lately) > rules.after
    since = (lead.unstable_since or context.now) if is_unstable else None
    if (slips, since) != (lead.slips, lead.unstable_since):
        if since is not None and lead.unstable_since is None:
            outcome = outcome.recording(FLAGGED, "system", context.now, slips=str(len(lately)))
        outcome = replace(outcome, lead=replace(lead, slips=slips, unstable_since=since))
    return _asking_first(outcome, wants_yes=is_asked_first(outcome.lead, context.business))


def is_asked_first(lead: Lead, business: Business) -> bool:
    """Whether what that customer books now waits for the house's yes."""
    return lead.unstable_since is not None and business.sop.unstable.ask_first


def _slips(before: Lead, booking: Booking, now: datetime) -> Iterator[Slip]:
    was = before.booking(booking.reference)
    if was is None or was.booked_hold is None:
        return
    done = [one for one in booking.ended_changes if one.end is Modification.CONFIRMED and one.cause is Cause.CUSTOMER]
    if booking.reschedule_count > was.reschedule_count and done:
        yield Slip(booking.reference, SlipKind.MOVED, now)
    if booking.state is State.CANCELLED and was.state is not State.CANCELLED and done:
        yield Slip(booking.reference, SlipKind.CANCELLED, now)
    if booking.state is State.NO_SHOW and was.state is not State.NO_SHOW:
        yield Slip(booking.reference, SlipKind.NO_SHOW, now)


def _asking_first(outcome: Outcome, *, wants_yes: bool) -> Outcome:
    """What has no time yet waits for the house or not, as its customer stands now; what has one stays as it is."""
    lead = outcome.lead
    for booking in lead.bookings:
        if booking.state in _NOT_KEPT_YET and booking.needs_yes != wants_yes:
            lead = lead.with_booking(replace(booking, needs_yes=wants_yes))
    return outcome if lead is outcome.lead else replace(outcome, lead=lead)
