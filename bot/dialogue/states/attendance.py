"""CONFIRMED and after: the reminders, the question whether the customer came, and the end of what nobody ended.

Staff end a booking at any time (`bot.dialogue.staff_requests`); what is here happens when nobody says anything. A
conversation that a person has in hand is not judged by the bot: the person is called instead.
"""

from dataclasses import replace
from datetime import datetime

from bot.business.context import Context
from bot.business.timers import BookingTimer
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import is_one_of
from bot.dialogue.timers import UPCOMING, answered_within, booking_timer_of
from bot.domain.booking import Booking
from bot.domain.events import TimerFired
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import IN_PROGRESS, FollowUp, ShowUp, State
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor
from bot.replies import booking as words
from bot.replies import reminders as reminder_words
from bot.replies.reminder_words import ABSENT, CAME
from intents.understanding import ExpectedAnswer, Intent

SHOW_UP_QUESTION = "show_up"
_HALF_AN_ANSWER = frozenset({Intent.CONFIRM, Intent.REJECT, Intent.OOS})


def timer_fired(lead: Lead, event: TimerFired, context: Context) -> Outcome | None:
    """One of the bells of a booking that stands; none when it is no bell."""
    bell = booking_timer_of(event.name)
    if bell is None:
        return None
    booking = lead.booking(event.name.partition(":")[2])
    if booking is None or booking.chosen is None or booking.state not in UPCOMING:
        return Outcome(lead)
    match bell:
        case BookingTimer.DAY_BEFORE | BookingTimer.HOURS_BEFORE:
            return _reminded(lead, booking, bell, event.at, context)
        case BookingTimer.SHOW_UP:
            return _asked_whether_came(lead, booking, event.at, context)
        case BookingTimer.NO_SHOW:
            return _nobody_said(lead, booking, event.at, context)
        case BookingTimer.OVER:
            return _ended(lead, booking, State.COMPLETED, context)


def _reminded(lead: Lead, booking: Booking, bell: BookingTimer, now: datetime, context: Context) -> Outcome:
    """While it is still ahead and the customer wants to hear of us; only the day before moves the booking (C-17)."""
    if booking.chosen is None or now >= booking.chosen.start or lead.conversation.opted_out:
        return Outcome(lead)
    lead, booking = lead.without_questions(), replace(booking, open_question=None)
    moving = bell is BookingTimer.DAY_BEFORE and booking.state is State.CONFIRMED
    if moving and apply.judged(lead, booking, State.REMINDER_SENT, Actor.SYSTEM, context).allowed:
        booking = apply.move(lead, booking, State.REMINDER_SENT, Actor.SYSTEM, context)
    return Outcome(lead.with_booking(booking)).requesting(reminder_words.reminder(lead, bell, booking, context))


def _asked_whether_came(lead: Lead, booking: Booking, now: datetime, context: Context) -> Outcome:
    """Not while a person has the conversation: that person says. The answer has its time, also when we ask late."""
    if booking.show_up is not ShowUp.UNKNOWN or lead.conversation.opted_out:
        return Outcome(lead)
    if lead.is_with_agent:
        return Outcome(lead.conversing(waits_for_person=True))
    booking = replace(booking, show_up=ShowUp.ASKED, open_question=SHOW_UP_QUESTION)
    asked = _with_time_to_answer(lead.without_questions().with_booking(booking), booking, now, context)
    if _is_talked_about(asked, booking):
        asked = asked.conversing(expecting=ExpectedAnswer.CONFIRMATION)
    return Outcome(asked).requesting(reminder_words.did_you_come(lead, booking, context))


def _with_time_to_answer(lead: Lead, booking: Booking, now: datetime, context: Context) -> Lead:
    name = f"{BookingTimer.NO_SHOW}:{booking.reference}"
    due = lead.timers.get(name)
    return lead if due is None else lead.with_timer(name, max(due, now + answered_within(context.business.sop)))


def _is_talked_about(lead: Lead, booking: Booking) -> bool:
    current = lead.open_booking
    return current is not None and current.reference == booking.reference


def _nobody_said(lead: Lead, booking: Booking, now: datetime, context: Context) -> Outcome:
    """Absent, as far as anybody knows; who was never asked, or has said something else, is for a person to judge."""
    if lead.is_with_agent or lead.conversation.waits_for_person or booking.show_up is not ShowUp.ASKED:
        waiting = Outcome(lead.conversing(waits_for_person=True))
        return waiting.recording("show_up_unknown", "system", now, booking=str(booking.reference))
    step = _ended(lead, booking, State.NO_SHOW, context)
    return step if lead.conversation.opted_out else step.requesting(reminder_words.missed_you(lead, booking, context))


def _ended(lead: Lead, booking: Booking, target: State, context: Context) -> Outcome:
    follow_up = FollowUp.DUE if target is State.NO_SHOW else booking.follow_up
    ending = replace(booking, open_question=None, follow_up=follow_up)
    ended = lead.with_booking(apply.move(lead, ending, target, Actor.SYSTEM, context))
    if booking.open_question != SHOW_UP_QUESTION or not _is_talked_about(lead, booking):
        return Outcome(ended)
    return Outcome(ended.conversing(expecting=ExpectedAnswer.NOTHING))


def answer(lead: Lead, heard: CustomerTurn, context: Context) -> Outcome | None:
    """What the customer says to the question whether they came; none when it was not asked or not answered."""
    came, absent = heard.tapped(reminder_words.CAME_TAP), heard.tapped(reminder_words.ABSENT_TAP)
    tapped = came or absent
    booking = _asked_about(lead, tapped)
    if booking is None:
        return _too_late(lead, tapped)
    if came is not None or (absent is None and (heard.says_yes or is_one_of(heard.text, CAME))):
        seen = replace(booking, show_up=ShowUp.CAME)
        return _ended(lead, seen, State.COMPLETED, context).requesting(reminder_words.thanks(lead, booking, context))
    if absent is not None or is_one_of(heard.text, ABSENT):
        seen = replace(booking, show_up=ShowUp.DID_NOT_COME)
        return _ended(lead, seen, State.NO_SHOW, context).requesting(reminder_words.missed_you(lead, booking, context))
    return _unclear(lead, booking, heard, context)


def _asked_about(lead: Lead, tapped: str | None) -> Booking | None:
    """The booking the tap names; words answer the question that was asked last and is still open."""
    if tapped is not None:
        booking = lead.booking(tapped)
        return booking if booking is not None and booking.show_up is ShowUp.ASKED else None
    current = lead.open_booking
    if current is None or (current.state in IN_PROGRESS and current.state is not State.PAYMENT_PENDING):
        return None
    return next((one for one in lead.bookings if one.open_question == SHOW_UP_QUESTION), None)


def _unclear(lead: Lead, booking: Booking, heard: CustomerTurn, context: Context) -> Outcome | None:
    """Half a yes, half a no or a story of what went wrong: the buttons once more, and a person reads it."""
    if heard.tap is not None or not heard.text.strip() or heard.understanding.intent not in _HALF_AN_ANSWER:
        return None
    waiting = Outcome(lead.conversing(waits_for_person=True, misunderstood=0))
    return waiting.requesting(reminder_words.did_you_come(lead, booking, context))


def _too_late(lead: Lead, tapped: str | None) -> Outcome | None:
    """An answer to a question that was closed meanwhile: staff may still correct it (C-04), so a person hears of it."""
    if tapped is None:
        return None
    return Outcome(lead.conversing(waits_for_person=True)).requesting(
        words.plain(lead, "attendance.passed_on", reference=tapped)
    )
