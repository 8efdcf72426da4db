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
from bot.business.timers import absent_after
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import State
from bot.domain.timers import APPOINTMENT_TIMERS, TimerKind, TimerName, read_timer

REMINDERS: Final = frozenset({TimerKind.DAY_BEFORE, TimerKind.HOURS_BEFORE})
UPCOMING: Final = frozenset({State.CONFIRMED, State.REMINDER_SENT})
STAYING: Final = frozenset({State.CHECKED_IN, State.CHECKED_OUT})
"""Begun, and over when its time is: nothing else is timed any more."""
TIMED: Final = UPCOMING | STAYING
_OF_STAYING: Final = {
    State.CHECKED_IN: frozenset({TimerKind.DEPARTURE, TimerKind.OVER}),
    State.CHECKED_OUT: frozenset({TimerKind.OVER}),
}
DEPARTURE_BEFORE: Final = timedelta(hours=2)
"""So long before their check-out is due guests are asked to say that they leave."""
NOTHING_NEW: Final = timedelta(hours=1)
"""A reminder so soon after the booking tells nothing new."""


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
        timers = {str(TimerName(kind, booking.reference)): due for kind, due in planned} | timers
    return outcome if timers == outcome.lead.timers else replace(outcome, lead=replace(outcome.lead, timers=timers))


def answered_within(sop: Sop) -> timedelta:
    """How long the customer has for the answer."""
    return absent_after(sop) - timedelta(minutes=sop.no_show.check_after_minutes)


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


def _planned(booking: Booking, business: Business, now: datetime) -> Iterator[tuple[TimerKind, datetime]]:
    service = business.service(booking.service or "")
    if service is None:
        return
    for kind, due in _hours(booking, service, business.sop):
        if due > (now + NOTHING_NEW if kind in REMINDERS else now):
            yield kind, due


def _overdue(booking: Booking, before: Lead, context: Context) -> Iterator[tuple[TimerKind, datetime]]:
    """What was due before the booking became an upcoming one, after hours without a worker: asked late, not dropped."""
    was, service = before.booking(booking.reference), context.business.service(booking.service or "")
    if service is None or was is None:
        return
    # a stay that an earlier version let stand beyond its end is planned for the first time, and ends now
    is_first_planned = was.plan_no == 0 and booking.plan_no > 0
    if was.state in TIMED and was.chosen == booking.chosen and not is_first_planned:
        return
    for kind, due in _hours(booking, service, context.business.sop):
        if kind not in REMINDERS and due <= context.now:
            late = answered_within(context.business.sop) if kind is TimerKind.NO_SHOW else timedelta()
            yield kind, context.now + late


def _hours(booking: Booking, service: Service, sop: Sop) -> Iterator[tuple[TimerKind, datetime]]:
    slot = booking.chosen
    if slot is None:
        return
    if service.ends is not None:
        yield TimerKind.OVER, slot.end
    if booking.state is State.CHECKED_IN and service.is_stay:
        yield TimerKind.DEPARTURE, slot.end - DEPARTURE_BEFORE
    if booking.state in STAYING:
        return
    if sop.reminder.day_before_hours:
        yield TimerKind.DAY_BEFORE, slot.start - timedelta(hours=sop.reminder.day_before_hours)
    if service.is_stay:
        yield TimerKind.SHOW_UP, slot.start + timedelta(minutes=sop.no_show.check_after_minutes)
    elif service.ends is None:
        if sop.reminder.hours_before:
            yield TimerKind.HOURS_BEFORE, slot.start - timedelta(hours=sop.reminder.hours_before)
        yield TimerKind.SHOW_UP, slot.start + timedelta(minutes=sop.no_show.check_after_minutes)
        yield TimerKind.NO_SHOW, slot.start + absent_after(sop)
