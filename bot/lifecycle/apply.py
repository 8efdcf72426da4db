"""The one way a booking moves: judged, then moved with its verdict on it, or refused with the reasons.

The customer's words, staff's clicks, payments and timers all come through here, so that no booking is anywhere its
rules did not let it go, and its history says which rules were asked. `bot.lifecycle.tables` has the tables,
`bot.lifecycle.verdicts.evaluate` the five questions.

What has already happened cannot be refused: money that came in is in, whatever a rule would have said. Such a move is
made by `happened` and says which rules it overrode; the table binds it all the same.
"""

from dataclasses import replace

from bot.business.context import Context
from bot.domain.booking import Booking, Move
from bot.domain.lead import Lead
from bot.domain.states import State
from bot.lifecycle.rules.rule import Facts
from bot.lifecycle.verdicts import PERMISSION, TRANSITION, Actor, Verdict, evaluate

_DETOURS = frozenset({State.RESCHEDULED, State.ERROR})
"""From where a booking may go back to where it was."""


class TransitionDenied(Exception):
    """The rules do not let that booking go there."""

    def __init__(self, booking: Booking, verdict: Verdict, by: Actor) -> None:
        super().__init__(f"{booking.state} -> {verdict.target}: {', '.join(one.rule for one in verdict.reasons)}")
        self.booking = booking
        self.verdict = verdict
        self.by = by


def begun(booking: Booking, by: Actor) -> Booking:
    """A new booking, with its beginning in its history (T01)."""
    return replace(booking, moves=(Move(None, booking.state, by.value, (PERMISSION,)),))


def judged(lead: Lead, booking: Booking, target: State, by: Actor, context: Context) -> Verdict:
    """What the rules say to that move, by all that is known of lead and business."""
    known = booking.service is not None and context.business.service(booking.service) is not None
    reachable = bool(lead.address.wa_id or lead.address.user_id)
    return evaluate(booking, target, by, Facts(context.now, contact_known=reachable, in_catalogue=known))


def move(lead: Lead, booking: Booking, target: State, by: Actor, context: Context) -> Booking:
    """The booking where it shall be, if every rule says yes; Refused."""
    verdict = judged(lead, booking, target, by, context)
    if not verdict.allowed:
        raise TransitionDenied(booking, verdict, by)
    return _moved(booking, Move(booking.state, target, by.value, verdict.rules))


def happened(lead: Lead, booking: Booking, target: State, by: Actor, context: Context) -> Booking:
    """The booking where a fact has brought it, whatever the rules say; Refused where the table has no such move."""
    verdict = judged(lead, booking, target, by, context)
    overridden = tuple(reason.rule for reason in verdict.reasons)
    if TRANSITION in overridden:
        raise TransitionDenied(booking, verdict, by)
    return _moved(booking, Move(booking.state, target, by.value, verdict.rules, overridden))


def _moved(booking: Booking, made: Move) -> Booking:
    previous = made.origin if made.target in _DETOURS else None
    return replace(booking, state=made.target, previous_state=previous, moves=(*booking.moves, made))
