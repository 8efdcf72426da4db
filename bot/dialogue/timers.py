"""What time brings to an upcoming booking: which timers fire, and when.

The timers of an appointment are planned again after every decision from where its booking stands: a new time has new
timers, a booking that ended has none, and one that has fired is not set again, because its hour is past. What is said
and done when one fires is in `bot.dialogue.states.attendance`.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.catalogue import Service
from bot.business.context import Context
from bot.business.definition import Business
from bot.business.sop import Sop
from bot.business.timers import BookingTimer, absent_after
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import UPCOMING, State
from bot.domain.timers import APPOINTMENT_TIMERS, REMINDERS, TimerKind, TimerName, read_timer, reminder_name

STAYING: Final = frozenset({State.CHECKED_IN, State.CHECKED_OUT})
"""Begun, and over when its time is: nothing else is timed any more."""
TIMED: Final = UPCOMING | STAYING
_OF_STAYING: Final = {
    State.CHECKED_IN: frozenset({TimerKind.DEPARTURE, TimerKind.OVER, TimerKind.REMIND}),
    State.CHECKED_OUT: frozenset({TimerKind.OVER}),
}
DEPARTURE_BEFORE: Final = timedelta(hours=2)
"""So long before their check-out is due guests are asked to say that they leave."""
NOTHING_NEW: Final = timedelta(hours=1)
"""A reminder so soon after the booking tells nothing new."""
FAR_AHEAD: Final = timedelta(hours=48)
"""One that is so long before its time tells nothing new for a day."""


def follow(before: Lead, outcome: Outcome, context: Context) -> Outcome:
    """Follower: every booking that takes place has the timers of its time, and no other booking has any."""
    upcoming = {
        str(booking.reference): booking
        for booking in outcome.lead.bookings
        # what cannot take place is not reminded of, until its customer has chosen
        if booking.state in TIMED and (booking.change is None or booking.change.block is None)
    }
    timers = {name: due for name, due in outcome.lead.timers.items() if _stays(name, upcoming, before)}
    for booking in upcoming.values():
        planned = [*_planned(booking, context.business, context.now), *_overdue(booking, before, context)]
        timers = {str(name): due for name, due in planned} | timers
    return outcome if timers == outcome.lead.timers else replace(outcome, lead=replace(outcome.lead, timers=timers))


def answered_within(sop: Sop) -> timedelta:
    """How long the customer has for the answer."""
    return absent_after(sop) - timedelta(minutes=sop.no_show.check_after_minutes)


def is_said(timer: BookingTimer, booking: Booking, slot: OfferedSlot) -> bool:
    """Whether that timer speaks of what is still to come."""
    is_after_start = timer.last_moment(slot.start, slot.end) > slot.start
    return booking.state in UPCOMING or (booking.state is State.CHECKED_IN and is_after_start)


def _stays(name: str, upcoming: dict[str, Booking], before: Lead) -> bool:
    """A timer stays as it was set, also when it was put off, as long as its booking stands at the same time."""
    timer = read_timer(name)
    if timer is None or timer.kind not in APPOINTMENT_TIMERS:
        return True
    booking = upcoming.get(timer.reference)
    if booking is None:
        return False
    if booking.state in STAYING and timer.kind not in _OF_STAYING[booking.state]:
        return False
    was = before.booking(booking.reference)
    # none: it came with another lead in a merge, its timers too
    return was is None or was.chosen == booking.chosen


def _planned(booking: Booking, business: Business, now: datetime) -> Iterator[tuple[TimerName, datetime]]:
    service = business.service(booking.service or "")
    if service is None or booking.chosen is None:
        return
    for name, due in _moments(booking, booking.chosen, service, business):
        if due > now + _nothing_new(name, due, booking.chosen):
            yield name, due


def _nothing_new(name: TimerName, due: datetime, slot: OfferedSlot) -> timedelta:
    if name.kind not in REMINDERS:
        return timedelta()
    return timedelta(days=1) if slot.start - due >= FAR_AHEAD else NOTHING_NEW


def _overdue(booking: Booking, before: Lead, context: Context) -> Iterator[tuple[TimerName, datetime]]:
    """What was due before the booking became an upcoming one, after hours without a worker: asked late, not dropped."""
    was, service = before.booking(booking.reference), context.business.service(booking.service or "")
    if service is None or was is None or booking.chosen is None:
        return
    # a stay that an earlier version let stand beyond its end is planned for the first time, and ends now
    is_first_planned = was.plan_no == 0 and booking.plan_no > 0
    if was.state in TIMED and was.chosen == booking.chosen and not is_first_planned:
        return
    for name, due in _moments(booking, booking.chosen, service, context.business):
        if name.kind not in REMINDERS and due <= context.now:
            late = answered_within(context.business.sop) if name.kind is TimerKind.NO_SHOW else timedelta()
            yield name, context.now + late


def _moments(
    booking: Booking, slot: OfferedSlot, service: Service, business: Business
) -> Iterator[tuple[TimerName, datetime]]:
    for kind, due in _questions(booking, slot, service, business.sop):
        yield TimerName(kind, booking.reference), due
    for timer in business.booking_timers:
        if timer.enabled and timer.is_for(service) and is_said(timer, booking, slot):
            due = timer.moment(slot.start, slot.end, business.zone, business.sop.reminder, booking.reference)
            yield reminder_name(timer.id, booking.reference), due


def _questions(booking: Booking, slot: OfferedSlot, service: Service, sop: Sop) -> Iterator[tuple[TimerKind, datetime]]:
    """Whether they came, or are there, and when that is over."""
    if service.ends is not None:
        yield TimerKind.OVER, slot.end
    if booking.state is State.CHECKED_IN and service.is_stay:
        yield TimerKind.DEPARTURE, slot.end - DEPARTURE_BEFORE
    if booking.state in STAYING:
        return
    if service.is_stay or service.ends is None:
        yield TimerKind.SHOW_UP, slot.start + timedelta(minutes=sop.no_show.check_after_minutes)
    if service.ends is None:
        yield TimerKind.NO_SHOW, slot.start + absent_after(sop)
