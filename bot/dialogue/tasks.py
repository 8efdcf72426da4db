"""What a booking's move means for the work around it: one follower, whoever made the move.

Confirmed, its tasks are ensured; at another time, place, with another provider or number of guests they are ensured
under the next number of the plan; what ends without having taken place has them withdrawn. A stay that is called off
with its guest in the house leaves work behind: it is cleaned, and what was turned on is turned off.
"""

from dataclasses import replace

from bot.business.context import Context
from bot.dialogue.task_plan import asked_of_change, has_tasks, planned_after_it, planned_tasks
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import State
from bot.domain.task_orders import EnsureTasks, WithdrawTasks


def follow(before: Lead, outcome: Outcome, context: Context) -> Outcome:
    """Follower: every booking that takes place has its tasks, at its time, and no other booking has any."""
    for booking in outcome.lead.bookings:
        was = before.booking(booking.reference)
        if was is not None and _is_called_off_within(was, booking):
            outcome = _left_behind(was, booking, outcome, context)
            continue
        if not has_tasks(booking) or booking.chosen is None:
            outcome = _withdrawn(was, booking, outcome, context)
            continue
        has_plan = booking.plan_no > 0 and (was is None or (has_tasks(was) and _place(was) == _place(booking)))
        if has_plan and (was is None or _asks(was) == _asks(booking)):
            # a booking without a former self came with another lead in a merge, its tasks too
            continue
        planned = replace(booking, plan_no=booking.plan_no if has_plan else booking.plan_no + 1)
        tasks = planned_tasks(planned, context.business)
        if not tasks and booking.plan_no == 0:
            continue
        if planned != booking:
            outcome = replace(outcome, lead=_put(outcome.lead, planned))
        elif was is not None and tasks == planned_tasks(was, context.business):
            # further on, and nothing more to do
            continue
        if booking.plan_no == 0 and booking.chosen.end <= context.now:
            # over before there were tasks: nobody works for it now, and its end is still to come (`timers`)
            continue
        order = EnsureTasks(booking.reference, planned.plan_no, tasks, context.now, _not_asked(was, booking))
        outcome = outcome.requesting(EffectRequest(order))
    return outcome


def _is_called_off_within(was: Booking, booking: Booking) -> bool:
    return booking.state is State.CANCELLED and was.state is not State.CANCELLED and booking.has_begun


def _left_behind(was: Booking, booking: Booking, outcome: Outcome, context: Context) -> Outcome:
    """A stay that ended with its guest in the house: all is withdrawn but what is to be done behind them."""
    # who had checked out has left as it was planned; everybody else leaves now
    left_at = None if was.state is State.CHECKED_OUT else context.now
    tasks = planned_after_it(booking, context.business, left_at)
    if tasks:
        planned = replace(booking, plan_no=booking.plan_no + 1)
        order = EnsureTasks(booking.reference, planned.plan_no, tasks, context.now)
        outcome = replace(outcome, lead=_put(outcome.lead, planned)).requesting(EffectRequest(order))
    # under its former number: what is left to do has the next one by then, and what people made has not
    return _withdrawn(was, booking, outcome, context)


def _withdrawn(was: Booking | None, booking: Booking, outcome: Outcome, context: Context) -> Outcome:
    if was is None or not has_tasks(was):
        return outcome
    # also where none was planned: people may have made some
    reason = booking.cancellation_reason or booking.state.value.lower()
    order = WithdrawTasks(booking.reference, booking.plan_no, reason, context.now)
    return outcome.requesting(EffectRequest(order))


def _asks(booking: Booking) -> tuple[object, ...]:
    """How far it is, and whose yes it or its change waits for."""
    return booking.state, booking.acceptance, asked_of_change(booking)


def _not_asked(was: Booking | None, booking: Booking) -> tuple[str, ...]:
    """The task about a change that ended without it: the plan keeps its number, so it has to be named."""
    asked, asks = None if was is None else asked_of_change(was), asked_of_change(booking)
    is_over = asked is not None and (asks is None or asks.task != asked.task)
    return (asked.task,) if asked is not None and is_over else ()


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
