"""What the rules of the house mean in the conversation: heard before times are looked for, and before one is taken.

They are judged by the same verdict as everything else (`bot.lifecycle.rules.house`); here is only how a customer hears
of it, and that a booking which was refused stays open for another wish.
"""

from dataclasses import replace
from datetime import datetime

from bot.business.context import Context
from bot.dialogue import denials
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.commands import SendText
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import State
from bot.lifecycle import apply
from bot.lifecycle.rules.house import FIELD_MISSING, UNANSWERED, field_of
from bot.lifecycle.rules.rule import Reason
from bot.lifecycle.verdicts import Actor, Verdict
from bot.replies import booking as words
from intents.understanding import ExpectedAnswer


def reasons_of(verdict: Verdict) -> tuple[Reason, ...]:
    """What rules of the house say no with."""
    return tuple(reason for reason in verdict.reasons if reason.words is not None)


def asked_by(verdict: Verdict, booking: Booking) -> tuple[Reason, ...]:
    """What rules of the house ask the customer: until it is answered, or once where it holds nothing back."""
    mild = tuple(reason for reason in verdict.warnings if field_of(reason) not in booking.asked_fields)
    return tuple(reason for reason in (*verdict.reasons, *mild) if reason.fact == UNANSWERED)


def before_times(lead: Lead, booking: Booking, now: datetime, context: Context) -> Outcome | None:
    """What they say or ask before times are looked for; none where they let it pass."""
    refused = refused_times(lead, booking, now, context)
    if refused is not None:
        return refused
    asked = asked_by(apply.judged(lead, booking, State.SLOT_PROPOSED, Actor.SYSTEM, context), booking)
    return _asking(lead, _without_times(booking), asked[0], State.SLOT_PROPOSED, now) if asked else None


def refused_times(lead: Lead, booking: Booking, now: datetime, context: Context) -> Outcome | None:
    """What they refuse before times are looked for; none where they refuse nothing."""
    reasons = _refusing(apply.judged(lead, booking, State.SLOT_PROPOSED, Actor.SYSTEM, context))
    if not reasons:
        return None
    said = EffectRequest(SendText(_said(lead, reasons)))
    return _refused(lead, _without_times(booking), State.SLOT_PROPOSED, reasons, now, said)


def _without_times(booking: Booking) -> Booking:
    return replace(booking, offered=(), chosen=None, asked_when=True)


def shown_in_form(lead: Lead, booking: Booking, context: Context) -> Booking:
    """The booking whose form has shown times already, whatever is still to be asked; TransitionDenied where anything
    else stands in the way."""
    verdict = apply.judged(lead, booking, State.SLOT_PROPOSED, Actor.CUSTOMER, context)
    if verdict.reasons and all(reason.fact == UNANSWERED for reason in verdict.reasons):
        return apply.happened(lead, booking, State.SLOT_PROPOSED, Actor.CUSTOMER, context)
    return apply.move(lead, booking, State.SLOT_PROPOSED, Actor.CUSTOMER, context)


def before_booking(lead: Lead, booking: Booking, now: datetime, context: Context) -> Outcome | None:
    """What they ask between the explicit yes and the booking of the time; none where nothing is asked. The yes counts:
    with the answer it is booked."""
    agreed = replace(booking, explicitly_confirmed=True)
    for target in (State.SLOT_PROPOSED, State.SLOT_CONFIRMED):
        asked = asked_by(apply.judged(lead, agreed, target, Actor.SYSTEM, context), booking)
        if asked:
            return _asking(lead, replace(booking, yes_waits=True), asked[0], target, now)
    return None


def asked_again(lead: Lead, booking: Booking, context: Context) -> Outcome | None:
    """The question that is open, once more; none where none is, or the file asks it no longer."""
    rule = next((one for one in context.business.rules if one.ask == booking.open_field), None)
    if booking.open_field is None or rule is None or rule.text is None:
        return None
    return Outcome(lead.with_booking(booking)).requesting(EffectRequest(SendText(rule.text.say(lead.language))))


def _asking(lead: Lead, booking: Booking, reason: Reason, target: State, now: datetime) -> Outcome:
    field = field_of(reason)
    asked = tuple(dict.fromkeys((*booking.asked_fields, field)))
    waiting = replace(booking, open_field=field, asked_fields=asked)
    asking = lead.with_booking(waiting).conversing(expecting=ExpectedAnswer.BOOKING, misunderstood=0)
    outcome = Outcome(asking).requesting(EffectRequest(SendText(_said(lead, (reason,)))))
    # asked again, or of who need not answer, it holds nothing back for another reason than before
    return outcome if field in booking.asked_fields else denials.recording(outcome, booking, target, (reason,), now)


def before_yes(lead: Lead, booking: Booking, now: datetime, context: Context) -> Outcome | None:
    """What they say to the time that is chosen, priced as it is; none where they let it pass."""
    agreed = replace(booking, explicitly_confirmed=True)
    reasons = _refusing(apply.judged(lead, agreed, State.SLOT_CONFIRMED, Actor.SYSTEM, context))
    return time_refused(lead, booking, reasons, now) if reasons else None


def time_refused(lead: Lead, booking: Booking, reasons: tuple[Reason, ...], now: datetime) -> Outcome:
    """The chosen time is not to be had for these reasons; another one may be."""
    open_again = replace(booking, chosen=None, explicitly_confirmed=False, asked_when=True)
    question = words.text_message(lead, "booking.ask.other_time")
    said = words.with_before(question, _said(lead, reasons))
    return _refused(lead, open_again, State.SLOT_CONFIRMED, reasons, now, *said)


def _refusing(verdict: Verdict) -> tuple[Reason, ...]:
    return tuple(reason for reason in reasons_of(verdict) if reason.fact != UNANSWERED)


def _said(lead: Lead, reasons: tuple[Reason, ...]) -> str:
    return "\n".join(reason.words.say(lead.language) for reason in reasons if reason.words is not None)


def _refused(
    lead: Lead, booking: Booking, target: State, reasons: tuple[Reason, ...], now: datetime, *said: EffectRequest
) -> Outcome:
    if any(reason.fact == FIELD_MISSING for reason in reasons):
        # what WhatsApp does not tell of them only a person can find out
        lead = lead.alarmed(AlarmReason.STEP_DENIED, now, booking.reference)
    # another day may help a time; what is refused before there are times may be anything
    expecting = ExpectedAnswer.WISH if target is State.SLOT_CONFIRMED else ExpectedAnswer.BOOKING
    asking = lead.with_booking(booking).conversing(expecting=expecting, misunderstood=0)
    return denials.recording(Outcome(asking).requesting(*said), booking, target, reasons, now)
