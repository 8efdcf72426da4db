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
from bot.lifecycle.rules.house import FIELD_MISSING
from bot.lifecycle.rules.rule import Reason
from bot.lifecycle.verdicts import Actor, Verdict
from bot.replies import booking as words
from intents.understanding import ExpectedAnswer


def reasons_of(verdict: Verdict) -> tuple[Reason, ...]:
    """What rules of the house say no with."""
    return tuple(reason for reason in verdict.reasons if reason.words is not None)


def before_times(lead: Lead, booking: Booking, now: datetime, context: Context) -> Outcome | None:
    """What they say before times are looked for; none where they let it pass."""
    reasons = reasons_of(apply.judged(lead, booking, State.SLOT_PROPOSED, Actor.SYSTEM, context))
    if not reasons:
        return None
    open_again = replace(booking, offered=(), chosen=None, asked_when=True)
    return _refused(lead, open_again, State.SLOT_PROPOSED, reasons, now, EffectRequest(SendText(_said(lead, reasons))))


def before_yes(lead: Lead, booking: Booking, now: datetime, context: Context) -> Outcome | None:
    """What they say to the time that is chosen, priced as it is; none where they let it pass."""
    agreed = replace(booking, explicitly_confirmed=True)
    reasons = reasons_of(apply.judged(lead, agreed, State.SLOT_CONFIRMED, Actor.SYSTEM, context))
    return time_refused(lead, booking, reasons, now) if reasons else None


def time_refused(lead: Lead, booking: Booking, reasons: tuple[Reason, ...], now: datetime) -> Outcome:
    """The chosen time is not to be had for these reasons; another one may be."""
    open_again = replace(booking, chosen=None, explicitly_confirmed=False, asked_when=True)
    question = words.text_message(lead, "booking.ask.other_time")
    said = words.with_before(question, _said(lead, reasons))
    return _refused(lead, open_again, State.SLOT_CONFIRMED, reasons, now, *said)


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
