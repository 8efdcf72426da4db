"""CONFIRMED and after: the reminders, the question whether the customer came, and the end of what nobody ended.

Staff end a booking at any time (`bot.dialogue.staff_requests`); what is here happens when nobody says anything. A
conversation that a person has in hand is not judged by the bot: the person is called instead.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.business.context import Context
from bot.business.timers import DAY_BEFORE, absent_after
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import is_one_of, names_only
from bot.dialogue.states import absence, arrivals, coming, confirmed, staying
from bot.dialogue.timers import answered_within, is_said
from bot.dialogue.triggers import Handler, Trigger
from bot.domain.alarms import OF_CONVERSATION, AlarmReason
from bot.domain.booking import Booking, BookingQuestion
from bot.domain.coming import ComingAnswer
from bot.domain.events import TimerFired
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import IN_PROGRESS, Absence, FollowUp, ShowUp, State
from bot.domain.timers import REMINDERS, TimerKind, TimerName, read_timer, which_reminder
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor
from bot.replies import booking as words
from bot.replies import reminders as reminder_words
from bot.replies.reminder_words import ABSENT, AROUND_CAME, CAME, CAME_IN_PART
from intents.understanding import ExpectedAnswer, Intent

_HALF_AN_ANSWER = frozenset({Intent.CONFIRM, Intent.REJECT, Intent.OOS})


def remind(lead: Lead, booking: Booking, event: TimerFired, context: Context) -> Outcome:
    """While it tells something and the customer wants to hear of us; only the day before moves the booking.

    What we were too late for is a person's to know: nothing is dropped in silence.
    """
    name, slot = read_timer(event.name), booking.chosen
    timer = None if name is None else context.business.booking_timer(which_reminder(name))
    if name is None or timer is None or slot is None or lead.conversation.opted_out:
        # one that the file knows no more says nothing
        return Outcome(lead)
    if not is_said(timer, booking, slot):
        return Outcome(lead)
    if event.at >= timer.last_moment(slot.start, slot.end):
        missed = Outcome(lead.alarmed(AlarmReason.REMINDER_MISSED, event.at, booking.reference))
        facts = {"booking": str(booking.reference), "reminder": timer.id.replace("-", "_")}
        return missed.recording("reminder_missed", "system", event.at, **facts)
    if _next_is_due(lead, booking, event.at):
        # so late that the next reminder is due as well: that one tells it
        return Outcome(lead)
    lead, booking = lead.without_questions(), replace(booking, open_question=None)
    moving = timer.id == DAY_BEFORE and booking.state is State.CONFIRMED
    if moving and apply.judged(lead, booking, State.REMINDER_SENT, Actor.SYSTEM, context).allowed:
        booking = apply.move(lead, booking, State.REMINDER_SENT, Actor.SYSTEM, context)
    asks = timer.asks and booking.change is None and booking.coming_now.answer is not ComingAnswer.YES
    if asks:
        # each reminder asks as often as the file says
        first = replace(booking, coming=replace(booking.coming_now, times=0))
        reminded = coming.asked(lead, first, event.at, context)
    else:
        reminded = lead.with_booking(booking)
    said = reminder_words.reminder(lead, timer, booking, context, asks=asks)
    return Outcome(reminded).requesting(said)


def _next_is_due(lead: Lead, booking: Booking, now: datetime) -> bool:
    due_now = (read_timer(name) for name, due in lead.timers.items() if due <= now)
    reminders = (one for one in due_now if one is not None and one.kind in REMINDERS)
    return any(one.reference == booking.reference for one in reminders)


def ask_whether_came(lead: Lead, booking: Booking, event: TimerFired, context: Context) -> Outcome:
    """Not while a person has the conversation: that person says."""
    service = context.business.service(booking.service or "")
    if service is not None and service.is_stay:
        return arrivals.ask_whether_arrived(lead, booking, event, context)
    # whom their provider does not find has been asked already
    is_unknown = booking.chosen is not None and booking.show_up is ShowUp.UNKNOWN and booking.absence is Absence.NONE
    if not is_unknown or lead.conversation.opted_out:
        return Outcome(lead)
    if lead.is_with_agent:
        return Outcome(lead.alarmed(AlarmReason.SHOW_UP_UNKNOWN, event.at, booking.reference))
    booking = replace(apply.set_facet(booking, ShowUp.ASKED), open_question=BookingQuestion.SHOW_UP)
    asked = lead.without_questions().with_booking(booking)
    name = TimerName(TimerKind.NO_SHOW, booking.reference)
    due = asked.due_at(name)
    if due is not None:
        # the answer has its time, also when we ask late
        asked = asked.with_timer(name, max(due, event.at + answered_within(context.business.sop)))
    if _is_talked_about(asked, booking):
        asked = asked.conversing(expecting=ExpectedAnswer.CONFIRMATION)
    return Outcome(asked).requesting(reminder_words.did_you_come(lead, booking, context))


def _is_talked_about(lead: Lead, booking: Booking) -> bool:
    current = lead.open_booking
    return current is not None and current.reference == booking.reference


def mark_absent(lead: Lead, booking: Booking, event: TimerFired, context: Context) -> Outcome:
    """Absent, as far as anybody knows; who was never asked, or has said something else, is for a person to judge."""
    if booking.chosen is None:
        return Outcome(lead)
    if booking.absence is not Absence.NONE:
        # their provider said so: a person decides, and hears of it at the end of the answer's time
        return Outcome(lead)
    # what they said, or what is known of this booking, may be the reason why they did not come
    is_in_hand = any(one.reason in OF_CONVERSATION or one.subject == booking.reference for one in lead.alarms)
    was_asked = booking.show_up is ShowUp.ASKED or coming.is_silent(lead, booking, context)
    if not was_asked and event.at < booking.chosen.start + absent_after(context.business.sop):
        # they wrote since they were counted silent: judged at the usual hour
        return Outcome(lead)
    if lead.is_with_agent or is_in_hand or not was_asked:
        waiting = Outcome(lead.alarmed(AlarmReason.SHOW_UP_UNKNOWN, event.at, booking.reference))
        return waiting.recording("show_up_unknown", "system", event.at, booking=str(booking.reference))
    outcome = _ended(lead, booking, State.NO_SHOW, context)
    if lead.conversation.opted_out:
        return outcome
    return outcome.requesting(reminder_words.missed_you(lead, booking, context))


def _ended(lead: Lead, booking: Booking, target: State, context: Context) -> Outcome:
    ending = replace(booking, open_question=None)
    if target is State.NO_SHOW:
        ending = apply.set_facet(ending, FollowUp.DUE)
    ended = lead.with_booking(apply.move(lead, ending, target, Actor.SYSTEM, context))
    if booking.open_question is not BookingQuestion.SHOW_UP or not _is_talked_about(lead, booking):
        return Outcome(ended)
    return Outcome(ended.conversing(expecting=ExpectedAnswer.NOTHING))


def answer(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """What the customer says to the question whether they came; none when it was not asked or not answered."""
    came, absent = turn.tapped(reminder_words.CAME_TAP), turn.tapped(reminder_words.ABSENT_TAP)
    tapped = came or absent
    booking = _asked_about(lead, tapped)
    if booking is None:
        # An answer to a question that was closed meanwhile: staff may still correct it, so a person hears of it.
        if tapped is None:
            return None
        return Outcome(lead.alarmed(AlarmReason.LATE_ANSWER, turn.at, tapped)).requesting(
            words.text_message(lead, "attendance.passed_on", reference=tapped)
        )
    if came is not None or (absent is None and (turn.says_yes() or _says_came(turn))):
        seen = apply.set_facet(booking, ShowUp.CAME, Actor.CUSTOMER)
        return _ended(lead, seen, State.COMPLETED, context).requesting(reminder_words.thanks(lead, booking, context))
    if absent is not None or is_one_of(turn.text, ABSENT):
        seen = apply.set_facet(booking, ShowUp.DID_NOT_COME, Actor.CUSTOMER)
        return _ended(lead, seen, State.NO_SHOW, context).requesting(reminder_words.missed_you(lead, booking, context))
    # Half a yes, half a no or a story of what went wrong: the buttons once more, and a person reads it.
    if turn.tap is not None or not turn.text.strip() or turn.understanding.intent not in _HALF_AN_ANSWER:
        return None
    waiting = Outcome(lead.conversing(misunderstood=0).alarmed(AlarmReason.HALF_ANSWER, turn.at, booking.reference))
    if booking.chosen is not None and turn.at >= booking.chosen.start + absent_after(context.business.sop):
        # too late for the question, and the person who reads it answers
        said = words.text_message(lead, "attendance.passed_on", reference=str(booking.reference))
        return waiting.requesting(said)
    return waiting.requesting(reminder_words.did_you_come(lead, booking, context))


def _says_came(turn: CustomerTurn) -> bool:
    is_whole = is_one_of(turn.text, CAME) or names_only(turn.text, CAME_IN_PART, AROUND_CAME)
    return turn.tap is None and "?" not in turn.text and is_whole


def _asked_about(lead: Lead, tapped: str | None) -> Booking | None:
    """The booking the tap names; words answer the question that was asked last and is still open."""
    if tapped is not None:
        booking = lead.booking(tapped)
        return booking if booking is not None and booking.show_up is ShowUp.ASKED else None
    current = lead.open_booking
    if current is None or (current.state in IN_PROGRESS and current.state is not State.PAYMENT_PENDING):
        return None
    return next((other for other in lead.bookings if other.open_question is BookingQuestion.SHOW_UP), None)


STAYING: Final[Mapping[Trigger, Handler]] = {TimerKind.REMIND: remind}
"""Of CHECKED_IN."""
HANDLERS: Final[Mapping[Trigger, Handler]] = {
    **confirmed.HANDLERS,
    TimerKind.DAY_BEFORE: remind,
    TimerKind.HOURS_BEFORE: remind,
    TimerKind.REMIND: remind,
    TimerKind.SHOW_UP: ask_whether_came,
    TimerKind.NO_SHOW: mark_absent,
    **coming.HANDLERS,
    **absence.HANDLERS,
    **staying.HANDLERS,
}
"""CONFIRMED and REMINDER_SENT."""
