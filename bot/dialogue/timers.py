"""What time brings to a booking that stands: which bells ring, and when (S3-070 to S3-075, S3-037, C-03, C-04, C-55).

The bells are timers of the lead, found anew after every decision from where its bookings stand: a new time has new
bells, a booking that ended has none, and one that has rung is not set again, because its hour is past.
What is said and done when one rings is in `bot.dialogue.states.attendance`.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.catalogue import Kind
from bot.business.context import Context
from bot.business.definition import Business
from bot.business.sop import Sop
from bot.business.timers import BookingTimer, absent_after
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import State

REMINDERS: Final = frozenset({BookingTimer.DAY_BEFORE, BookingTimer.HOURS_BEFORE})
UPCOMING: Final = frozenset({State.CONFIRMED, State.REMINDER_SENT})
BY_SHOW_UP: Final = frozenset({Kind.APPOINTMENT, Kind.GROUP_EVENT, Kind.VIRTUAL})
"""Kinds that are completed by somebody having come; a stay by its check-out, a journey by its end (C-03)."""
NOTHING_NEW: Final = timedelta(hours=1)
"""A reminder so soon after the booking tells nothing new."""


def replanned(before: Lead, step: Outcome, context: Context) -> Outcome:
    """The step with the bells of every booking set as it stands now."""
    standing = {str(one.reference): one for one in step.lead.bookings if one.state in UPCOMING}
    timers = {
        name: due
        for name, due in step.lead.timers.items()
        if booking_timer_of(name) is None or _still_rings(name, standing, before)
    }
    for booking in standing.values():
        timers = dict(_planned(booking, context.business, context.now)) | timers
    return step if timers == step.lead.timers else replace(step, lead=replace(step.lead, timers=timers))


def booking_timer_of(timer: str) -> BookingTimer | None:
    """Which bell that timer is; none when it is another's."""
    name = timer.partition(":")[0]
    return BookingTimer(name) if name in set(BookingTimer) else None


def answered_within(sop: Sop) -> timedelta:
    """How long the customer has for the answer."""
    return absent_after(sop) - timedelta(minutes=sop.no_show.check_after_minutes)


def _still_rings(timer: str, standing: dict[str, Booking], before: Lead) -> bool:
    """A bell stays as it was set, also when it was put off, as long as its booking stands at the same time."""
    booking = standing.get(timer.partition(":")[2])
    if booking is None:
        return False
    was = before.booking(booking.reference)
    # none: it came with another lead in a merge, its bells too
    return was is None or was.chosen == booking.chosen


def _planned(booking: Booking, business: Business, now: datetime) -> Iterator[tuple[str, datetime]]:
    service = business.service(booking.service or "")
    if service is None or booking.chosen is None:
        return
    for bell, due in _hours(booking, service.kind, business.sop):
        if due > (now + NOTHING_NEW if bell in REMINDERS else now):
            yield f"{bell}:{booking.reference}", due


def _hours(booking: Booking, kind: Kind, sop: Sop) -> Iterator[tuple[BookingTimer, datetime]]:
    slot = booking.chosen
    if slot is None:
        return
    if sop.reminder.day_before_hours:
        yield BookingTimer.DAY_BEFORE, slot.start - timedelta(hours=sop.reminder.day_before_hours)
    if kind in BY_SHOW_UP:
        if sop.reminder.hours_before:
            yield BookingTimer.HOURS_BEFORE, slot.start - timedelta(hours=sop.reminder.hours_before)
        yield BookingTimer.SHOW_UP, slot.start + timedelta(minutes=sop.no_show.check_after_minutes)
        yield BookingTimer.NO_SHOW, slot.start + absent_after(sop)
    if kind is Kind.TRAVEL:
        yield BookingTimer.OVER, slot.end
