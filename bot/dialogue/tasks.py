"""What a booking's move means for the work around it: one follower, whoever made the move.

Confirmed, its tasks are ensured; at another time, place, with another provider or number of guests they are ensured
under the next number of the plan; what ends without having taken place has them withdrawn.
"""

from dataclasses import replace

from bot.business.context import Context
from bot.dialogue.task_plan import HAVE_TASKS, planned_tasks
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.task_orders import EnsureTasks, WithdrawTasks


def follow(before: Lead, outcome: Outcome, context: Context) -> Outcome:
    """Follower: every booking that takes place has its tasks, at its time, and no other booking has any."""
    for booking in outcome.lead.bookings:
        was = before.booking(booking.reference)
        if booking.state not in HAVE_TASKS or booking.chosen is None:
            outcome = _withdrawn(was, booking, outcome, context)
            continue
        has_plan = booking.plan_no > 0 and (was is None or (was.state in HAVE_TASKS and _place(was) == _place(booking)))
        if has_plan and (was is None or was.state is booking.state):
            # a booking without a former self came with another lead in a merge, its tasks too
            continue
        planned = replace(booking, plan_no=booking.plan_no if has_plan else booking.plan_no + 1)
        tasks = planned_tasks(planned, context.business)
        if not tasks and booking.plan_no == 0:
            continue
        if planned != booking:
            outcome = replace(outcome, lead=_put(outcome.lead, planned))
        elif tasks == planned_tasks(booking, context.business, (was or booking).state):
            # further on, and nothing more to do
            continue
        if booking.plan_no == 0 and booking.chosen.end <= context.now:
            # over before there were tasks: nobody works for it now, and its end is still to come (`timers`)
            continue
        order = EnsureTasks(booking.reference, planned.plan_no, tasks, context.now)
        outcome = outcome.requesting(EffectRequest(order))
    return outcome


def _withdrawn(was: Booking | None, booking: Booking, outcome: Outcome, context: Context) -> Outcome:
    if was is None or was.state not in HAVE_TASKS:
        return outcome
    # also where none was planned: people may have made some
    reason = booking.cancellation_reason or booking.state.value.lower()
    order = WithdrawTasks(booking.reference, booking.plan_no, reason, context.now)
    return outcome.requesting(EffectRequest(order))


def _place(booking: Booking) -> tuple[object, ...]:
    """What of a booking its work depends on."""
    slot = booking.chosen
    time = None if slot is None else (slot.start, slot.end, slot.place, slot.provider)
    return booking.service, booking.place, booking.guests, time


def _put(lead: Lead, booking: Booking) -> Lead:
    """The lead with that booking where its former self stood: the order of bookings means something."""
    return replace(
        lead, bookings=tuple(booking if one.reference == booking.reference else one for one in lead.bookings)
    )
