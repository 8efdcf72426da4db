"""A booking that stands: its status, another time, calling it off; each move asked with an explicit yes."""

from dataclasses import replace

from bot.business.context import Context
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.states import awaiting_payment, collecting
from bot.domain.booking import Booking, BookingWish
from bot.domain.commands import ReleaseHolds
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import RESCHEDULABLE, State
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor, actor_named
from bot.replies import booking as words
from bot.replies import payment as money_words
from intents.understanding import ExpectedAnswer, Intent

CANCEL, CHANGE = "cancel", "reschedule"
_THEIRS = "customer_request"


def answer(lead: Lead, booking: Booking, heard: CustomerTurn, context: Context) -> Outcome | None:
    """What these words mean for a booking that stands; none when they mean nothing for it."""
    if booking.chosen is None:
        return None
    paid_for = awaiting_payment.answer(lead, booking, heard, context)
    if paid_for is not None:
        return paid_for
    decided = _question_answered(lead, booking, heard, context)
    if decided is not None:
        return decided
    match heard.understanding.intent:
        case Intent.CONFIRM if booking.open_question in {CANCEL, CHANGE}:
            return _asked(lead, booking, booking.open_question or CANCEL, context)
        case Intent.CANCEL:
            return _asked(lead, booking, CANCEL, context)
        case Intent.RESCHEDULE if booking.state in RESCHEDULABLE:
            return _asked(lead, booking, CHANGE, context)
        case Intent.BOOKING_STATUS:
            return Outcome(lead).requesting(words.told(lead, "booking.status", booking, context))
        case _:
            return None


def _asked(lead: Lead, booking: Booking, question: str, context: Context) -> Outcome:
    """Are you sure? Not asked about what the rules would refuse afterwards."""
    target = State.CANCELLED if question == CANCEL else State.RESCHEDULED
    with_reason = replace(booking, cancellation_reason=_THEIRS, reschedule_reason=_THEIRS)
    apply.move(lead, with_reason, target, Actor.CUSTOMER, context)
    asking = lead.with_booking(replace(booking, open_question=question))
    key = "booking.cancel.question" if question == CANCEL else "booking.change.question"
    yes = (
        (words.CANCEL_TAP, "booking.button.yes_cancel")
        if question == CANCEL
        else (words.CHANGE_TAP, "booking.button.yes_change")
    )
    said = words.yes_or_no(lead, key, booking, context, yes)
    return Outcome(asking.conversing(expecting=ExpectedAnswer.CONFIRMATION, misunderstood=0)).requesting(said)


def _question_answered(lead: Lead, booking: Booking, heard: CustomerTurn, context: Context) -> Outcome | None:
    """The yes or no to an open question; a tap names its booking, words mean the question that is open."""
    mine = str(booking.reference)
    asked = booking.open_question in {CANCEL, CHANGE}
    if heard.tapped(words.KEEP_TAP) == mine or (asked and heard.surely(Intent.REJECT)):
        kept = lead.with_booking(replace(booking, open_question=None)).conversing(expecting=ExpectedAnswer.BOOKING)
        return Outcome(kept).requesting(words.told(lead, "booking.kept", booking, context))
    yes = asked and heard.says_yes
    if heard.tapped(words.CANCEL_TAP) == mine or (yes and booking.open_question == CANCEL):
        return cancelled(lead, booking, _THEIRS, "customer", context)
    if heard.tapped(words.CHANGE_TAP) == mine or (yes and booking.open_question == CHANGE):
        return rescheduled(lead, booking, _THEIRS, heard, Actor.CUSTOMER, context)
    return None


def cancelled(lead: Lead, booking: Booking, reason: str, by: str, context: Context) -> Outcome:
    """Called off: the slot is free at once, the record stays (S3-086, S3-089); what is paid is a person's to end."""
    if by == "customer" and booking.payment_status not in awaiting_payment.UNPAID:
        return _person_decides(lead, booking)
    ending = replace(booking, cancellation_reason=reason, cancelled_by=by, open_question=None)
    closed = apply.move(lead, ending, State.CANCELLED, actor_named(by), context)
    step = Outcome(lead.with_booking(closed).conversing(expecting=ExpectedAnswer.NOTHING))
    if booking.booked_hold is not None:
        step = step.requesting(EffectRequest(ReleaseHolds((booking.booked_hold,))))
    if by == "customer":
        return step.requesting(words.told(lead, "booking.cancelled", booking, context))
    return step.requesting(words.told_with(lead, "booking.staff_cancelled", booking, context, reason=reason))


def _person_decides(lead: Lead, booking: Booking) -> Outcome:
    """Money is in it, and how much of it goes back is not ours to say."""
    kept = lead.with_booking(replace(booking, open_question=None))
    waiting = kept.conversing(expecting=ExpectedAnswer.BOOKING, waits_for_person=True)
    return Outcome(waiting).requesting(
        money_words.plain(lead, "payment.needs_person", reference=str(booking.reference))
    )


def rescheduled(lead: Lead, booking: Booking, reason: str, heard: CustomerTurn, by: Actor, context: Context) -> Outcome:
    """The old time is let go (C-10, the ruled default) and another one is asked for (T22)."""
    held = booking.booked_hold
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
    asking = collecting.ask_next(lead.with_booking(moving), moving, heard, context)
    return asking if held is None else asking.requesting(EffectRequest(ReleaseHolds((held,))))
