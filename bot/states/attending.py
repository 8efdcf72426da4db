"""CONFIRMED and after: the reminders, the question whether the customer came, and the end of what nobody ended.

Staff's word ends a booking at any time (`bot.staff`); what is here happens when nobody says anything (C-03, C-04). A
conversation that a person has in hand is not judged by the bot: the person is called instead.
"""

from dataclasses import replace
from datetime import datetime

from bot import moves
from bot.booking import Booking
from bot.decision import Context, Step
from bot.events import TimerFired
from bot.heard import Heard
from bot.lead import Lead
from bot.reminders import STANDING, Bell, bell_of
from bot.replies import booking as words
from bot.replies import reminders as reminder_words
from bot.transitions import FollowUp, ShowUp, State
from bot.verdicts import Actor
from intents.understanding import Expecting, Intent

SHOW_UP_QUESTION = "show_up"


def timer_fired(lead: Lead, event: TimerFired, context: Context) -> Step | None:
    """One of the bells of a booking that stands; none when it is no bell."""
    bell = bell_of(event.name)
    if bell is None:
        return None
    booking = lead.booking(event.name.partition(":")[2])
    if booking is None or booking.chosen is None or booking.state not in STANDING:
        return Step(lead)
    match bell:
        case Bell.DAY_BEFORE | Bell.HOURS_BEFORE:
            return _reminded(lead, booking, bell, event.at, context)
        case Bell.SHOW_UP:
            return _asked_whether_came(lead, booking, context)
        case Bell.NO_SHOW:
            return _nobody_said(lead, booking, event.at, context)
        case Bell.OVER:
            return _ended(lead, booking, State.COMPLETED, context)


def _reminded(lead: Lead, booking: Booking, bell: Bell, now: datetime, context: Context) -> Step:
    """While it is still ahead and the customer wants to hear of us; only the day before moves the booking (C-17)."""
    if booking.chosen is None or now >= booking.chosen.start or lead.conversation.opted_out:
        return Step(lead)
    moving = bell is Bell.DAY_BEFORE and booking.state is State.CONFIRMED
    if moving and moves.judged(lead, booking, State.REMINDER_SENT, Actor.SYSTEM, context).allowed:
        booking = moves.move(lead, booking, State.REMINDER_SENT, Actor.SYSTEM, context)
    return Step(lead.with_booking(booking)).saying(reminder_words.reminder(lead, bell, booking, context))


def _asked_whether_came(lead: Lead, booking: Booking, context: Context) -> Step:
    if booking.show_up is not ShowUp.UNKNOWN or lead.conversation.opted_out:
        return Step(lead)
    asked = lead.with_booking(replace(booking, show_up=ShowUp.ASKED, question=SHOW_UP_QUESTION))
    current = asked.open_booking
    if current is not None and current.reference == booking.reference:
        asked = asked.conversing(expecting=Expecting.CONFIRMATION)
    return Step(asked).saying(reminder_words.did_you_come(lead, booking, context))


def _nobody_said(lead: Lead, booking: Booking, now: datetime, context: Context) -> Step:
    """Absent, as far as anybody knows; with a person in charge, that person says."""
    if lead.is_with_agent:
        waiting = Step(lead.conversing(waits_for_person=True))
        return waiting.recording("show_up_unknown", "system", now, booking=str(booking.reference))
    step = _ended(lead, booking, State.NO_SHOW, context)
    return step if lead.conversation.opted_out else step.saying(reminder_words.missed_you(lead, booking, context))


def _ended(lead: Lead, booking: Booking, target: State, context: Context) -> Step:
    follow_up = FollowUp.DUE if target is State.NO_SHOW else booking.follow_up
    ending = replace(booking, question=None, follow_up=follow_up)
    ended = lead.with_booking(moves.move(lead, ending, target, Actor.SYSTEM, context))
    if booking.question != SHOW_UP_QUESTION:
        return Step(ended)
    return Step(ended.conversing(expecting=Expecting.NOTHING))


def answer(lead: Lead, heard: Heard, context: Context) -> Step | None:
    """What the customer says to the question whether they came; none when it was not asked or not answered."""
    came, absent = heard.tapped(reminder_words.CAME_TAP), heard.tapped(reminder_words.ABSENT_TAP)
    booking = _asked_about(lead, came or absent)
    if booking is None:
        return _too_late(lead, came or absent)
    if came is not None or (absent is None and (heard.says_yes or heard.surely(Intent.CONFIRM))):
        seen = replace(booking, show_up=ShowUp.CAME)
        return _ended(lead, seen, State.COMPLETED, context).saying(reminder_words.thanks(lead, booking, context))
    if absent is not None or heard.surely(Intent.REJECT):
        seen = replace(booking, show_up=ShowUp.DID_NOT_COME)
        return _ended(lead, seen, State.NO_SHOW, context).saying(reminder_words.missed_you(lead, booking, context))
    return None


def _asked_about(lead: Lead, tapped: str | None) -> Booking | None:
    """The booking the tap names; words answer about the one the conversation is about."""
    booking = lead.open_booking if tapped is None else lead.booking(tapped)
    return booking if booking is not None and booking.question == SHOW_UP_QUESTION else None


def _too_late(lead: Lead, tapped: str | None) -> Step | None:
    """An answer to a question that was closed meanwhile: staff may still correct it (C-04), so a person hears of it."""
    if tapped is None:
        return None
    return Step(lead.conversing(waits_for_person=True)).saying(words.plain(lead, "show_up_passed_on", reference=tapped))
