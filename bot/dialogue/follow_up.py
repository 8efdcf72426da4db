"""After a visit: some days later one kind message, which offers to come again.

Only where the house says after how many days, and never to who asked for silence, was not happy, or has something
with us already. The booking has left its lead by then: what is said is what the visit remembers.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final

from bot.business.context import Context
from bot.domain.events import TimerFired
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import CLOSED, State
from bot.domain.timers import TimerKind, TimerName, read_timer
from bot.domain.visits import Visit
from bot.replies import follow_up as words

WRITTEN_AT: Final = time(10)
"""Local time at which it is written."""
SAME_DAY: Final = timedelta(hours=9)
"""Later than this it waits for the next morning, and is sent no more."""
FOLLOWED_UP: Final = "followed_up"
"""The audit's name."""


def follow(before: Lead, outcome: Outcome, context: Context) -> Outcome:
    """Follower: what was just completed is followed up after the days of the house, the last of several alone."""
    days, zone = context.business.sop.follow_up_days, context.business.zone
    lead = outcome.lead
    for booking in lead.bookings:
        was = before.booking(booking.reference)
        is_new = booking.state is State.COMPLETED and (was is None or was.state is not State.COMPLETED)
        if not days or not is_new or booking.chosen is None:
            continue
        day = booking.chosen.end.astimezone(zone).date() + timedelta(days=days)
        due = datetime.combine(day, WRITTEN_AT, zone)
        if due > context.now:
            others = {name: at for name, at in lead.timers.items() if not name.startswith(f"{TimerKind.FOLLOW_UP}:")}
            lead = replace(lead, timers=others).with_timer(TimerName(TimerKind.FOLLOW_UP, booking.reference), due)
    return outcome if lead is outcome.lead else replace(outcome, lead=lead)


def due(lead: Lead, event: TimerFired, context: Context) -> Outcome:
    """Written, if it is still kind to write."""
    timer = read_timer(event.name)
    visit = None if timer is None else lead.visit(timer.reference)
    service = None if visit is None else context.business.service(visit.service or "")
    if timer is None or visit is None or service is None or not _is_kind(lead, visit, context):
        return Outcome(lead)
    zone = context.business.zone
    if event.at - event.due_at > SAME_DAY:
        # after hours without a worker it would be said at any hour of the night
        day = event.at.astimezone(zone).date() + timedelta(days=1)
        return Outcome(lead.with_timer(timer, datetime.combine(day, WRITTEN_AT, zone)))
    written = Outcome(lead).requesting(words.come_again(lead, visit, service, context, event.due_at + SAME_DAY))
    return written.recording(FOLLOWED_UP, "system", event.at, booking=str(visit.reference))


def _is_kind(lead: Lead, visit: Visit, context: Context) -> bool:
    """Nobody who wants silence, was not happy, has a person or something else with us, or has come again since."""
    was_happy = visit.rating is None or visit.rating.score >= context.business.sop.rating.good_from
    has_complained = lead.complaint(visit.reference) is not None
    is_busy = lead.is_with_agent or any(one.state not in CLOSED for one in lead.bookings)
    came_again = any(other.ended_at > visit.ended_at for other in lead.visits)
    return was_happy and not (has_complained or is_busy or came_again or lead.conversation.opted_out)
