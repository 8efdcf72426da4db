"""A booking whose time is booked: its status, another time, calling it off; each move asked with an explicit yes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.business.context import Context
from bot.dialogue import payment_links
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.holds import release_holds
from bot.dialogue.states import collecting, starting
from bot.dialogue.triggers import Handler, Trigger
from bot.domain.booking import Booking, BookingQuestion, BookingWish
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import RESCHEDULABLE, State
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor, actor_named
from bot.replies import booking as words
from bot.replies import payment as money_words
from intents.understanding import ExpectedAnswer, Intent

CANCEL, RESCHEDULE = BookingQuestion.CANCEL, BookingQuestion.RESCHEDULE
_THEIRS: Final = "customer_request"


def customer_turn(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> Outcome:
    """What these words mean for it; what means nothing for it begins a new booking or is answered for itself."""
    about_it = _about_it(lead, booking, turn, context) if booking.chosen is not None else None
    return about_it or starting.customer_turn(lead, turn, context)


def _about_it(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> Outcome | None:
    # a tap names its booking, words mean the question that is open
    mine, asked = str(booking.reference), booking.open_question in {CANCEL, RESCHEDULE}
    if turn.tapped(words.KEEP_TAP) == mine or (asked and turn.surely(Intent.REJECT)):
        kept = lead.with_booking(replace(booking, open_question=None)).conversing(expecting=ExpectedAnswer.BOOKING)
        return Outcome(kept).requesting(words.told(lead, "booking.kept", booking, context))
    yes = asked and turn.says_yes
    if turn.tapped(words.CANCEL_TAP) == mine or (yes and booking.open_question is CANCEL):
        return cancelled(lead, booking, _THEIRS, "customer", context)
    if turn.tapped(words.CHANGE_TAP) == mine or (yes and booking.open_question is RESCHEDULE):
        return rescheduled(lead, booking, _THEIRS, turn, Actor.CUSTOMER, context)
    match turn.understanding.intent:
        case Intent.CONFIRM if booking.open_question is CANCEL or booking.open_question is RESCHEDULE:
            return _ask_whether_sure(lead, booking, booking.open_question, context)
        case Intent.CANCEL:
            return _ask_whether_sure(lead, booking, CANCEL, context)
        case Intent.RESCHEDULE if booking.state in RESCHEDULABLE:
            return _ask_whether_sure(lead, booking, RESCHEDULE, context)
        case Intent.BOOKING_STATUS:
            return Outcome(lead).requesting(words.told(lead, "booking.status", booking, context))
        case _:
            return None


def _ask_whether_sure(lead: Lead, booking: Booking, question: BookingQuestion, context: Context) -> Outcome:
    is_cancel = question is CANCEL
    # not asked about what the rules would deny afterwards
    with_reason = replace(booking, cancellation_reason=_THEIRS, reschedule_reason=_THEIRS)
    apply.move(lead, with_reason, State.CANCELLED if is_cancel else State.RESCHEDULED, Actor.CUSTOMER, context)
    asking = lead.with_booking(replace(booking, open_question=question))
    key = "booking.cancel.question" if is_cancel else "booking.change.question"
    yes = (
        (words.CANCEL_TAP, "booking.button.yes_cancel")
        if is_cancel
        else (words.CHANGE_TAP, "booking.button.yes_change")
    )
    said = words.yes_or_no(lead, key, booking, context, yes)
    return Outcome(asking.conversing(expecting=ExpectedAnswer.CONFIRMATION, misunderstood=0)).requesting(said)


def cancelled(lead: Lead, booking: Booking, reason: str, by: str, context: Context) -> Outcome:
    """Called off: the slot is free at once, the record stays; what is paid is a person's to end."""
    if by == "customer" and booking.payment_status not in payment_links.UNPAID:
        # money is in it, and how much of it goes back is not ours to say
        kept = lead.with_booking(replace(booking, open_question=None))
        waiting = kept.conversing(expecting=ExpectedAnswer.BOOKING, waits_for_person=True)
        return Outcome(waiting).requesting(
            money_words.plain(lead, "payment.needs_person", reference=str(booking.reference))
        )
    ending = replace(booking, cancellation_reason=reason, cancelled_by=by, open_question=None)
    closed = apply.move(lead, ending, State.CANCELLED, actor_named(by), context)
    outcome = Outcome(lead.with_booking(closed).conversing(expecting=ExpectedAnswer.NOTHING))
    outcome = release_holds(outcome, (booking.booked_hold,))
    if by == "customer":
        return outcome.requesting(words.told(lead, "booking.cancelled", booking, context))
    return outcome.requesting(words.told_with(lead, "booking.staff_cancelled", booking, context, reason=reason))


def rescheduled(lead: Lead, booking: Booking, reason: str, turn: CustomerTurn, by: Actor, context: Context) -> Outcome:
    """The old time is released (the ruled default) and another one is asked for."""
    moved = apply.move(lead, replace(booking, reschedule_reason=reason), State.RESCHEDULED, by, context)
    moving = replace(
        moved,
        reschedule_count=booking.reschedule_count + 1,
        open_question=None,
        chosen=None,
        offered=(),
        booked_hold=None,
        explicitly_confirmed=False,
        wish=BookingWish(),
        asked_when=False,
    )
    asking = collecting.ask_next(lead.with_booking(moving), moving, turn, context)
    return release_holds(asking, (booking.booked_hold,))


HANDLERS: Final[Mapping[Trigger, Handler]] = {CustomerTurn: customer_turn}
