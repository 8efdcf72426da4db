"""A provider stands there and finds nobody: the customer is asked at once, and who does not answer is for a person.

Nothing is ended and no money moves by itself: a no-show is proposed, and a person says whether it was one.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.business.context import Context
from bot.dialogue.changes import phrases
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import is_one_of
from bot.dialogue.triggers import Handler, Trigger
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking, BookingQuestion
from bot.domain.events import TimerFired
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.passing import PassToProvider
from bot.domain.states import UPCOMING, Absence
from bot.domain.task import TaskState
from bot.domain.task_events import TaskNewsCame
from bot.domain.timers import TimerKind, TimerName
from bot.replies import absence as words
from bot.replies import stay_words

ANSWERS_WITHIN: Final = timedelta(minutes=15)
"""How long a customer has for the answer."""
LATE_BY: Final = timedelta(minutes=30)
"""So long who runs late is waited for, before a person looks."""
BEFORE: Final = timedelta(minutes=15)
"""So long before its begin nobody has to be there yet."""


class AbsentAnswer(StrEnum):
    """What a customer may answer; the words stand in the keys of what is said of it."""

    HERE = "here"
    LATE = "late"
    CANNOT = "cannot"


def news(lead: Lead, booking: Booking, event: TaskNewsCame, context: Context) -> Outcome:
    """Asked at once; and over as soon as whoever found nobody goes on with it."""
    if event.is_guest_absent:
        return _asked(lead, booking, event, context)
    goes_on = event.state in {TaskState.TAKEN, TaskState.DONE, TaskState.WITHDRAWN}
    if booking.absence is Absence.NONE or not goes_on:
        return Outcome(lead)
    found = replace(_unasked(booking), absence=Absence.NONE)
    return Outcome(lead.with_booking(found).without_timer(_deadline(booking)))


def _asked(lead: Lead, booking: Booking, event: TaskNewsCame, context: Context) -> Outcome:
    slot = booking.chosen
    if booking.state not in UPCOMING or slot is None or event.at < slot.start - BEFORE:
        # the person who is called all the same knows what to do
        return Outcome(lead)
    until = event.at + ANSWERS_WITHIN
    told = replace(booking, absence=Absence.TOLD, absent_task=event.task)
    can_ask = not lead.is_with_agent and not lead.conversation.opted_out
    if can_ask:
        lead, told = lead.without_questions(), replace(told, open_question=BookingQuestion.ABSENT)
    waiting = Outcome(lead.with_booking(told).with_timer(_deadline(booking), until))
    return waiting.requesting(words.question(lead, booking, context, until)) if can_ask else waiting


def propose(lead: Lead, booking: Booking, event: TimerFired, context: Context) -> Outcome:
    """Nobody answered, or they have not come after all: a person decides."""
    return _proposed(lead, booking, event.at)


def _proposed(lead: Lead, booking: Booking, at: datetime) -> Outcome:
    if booking.absence is Absence.NONE:
        return Outcome(lead)
    proposed = lead.with_booking(replace(_unasked(booking), absence=Absence.PROPOSED))
    waiting = Outcome(proposed.alarmed(AlarmReason.NO_SHOW_PROPOSED, at, booking.reference))
    return waiting.recording("no_show_proposed", "system", at, booking=str(booking.reference))


def is_tap(tap: str) -> bool:
    """Whether that button answers the question: a fact, whoever has the conversation."""
    return tap.startswith((words.HERE_TAP, words.LATE_TAP, words.CANNOT_TAP))


def answer(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """What the customer answers, by tap or in words; none where it answers nothing."""
    here, late, cannot = (turn.tapped(tap) for tap in (words.HERE_TAP, words.LATE_TAP, words.CANNOT_TAP))
    named = here or late or cannot
    if named is not None:
        booking = lead.booking(named)
        if booking is None or booking.absence is Absence.NONE:
            return Outcome(lead).requesting(words.noted(lead))
        kind = AbsentAnswer.HERE if here else AbsentAnswer.LATE if late else AbsentAnswer.CANNOT
        return _answered(lead, booking, kind, turn.at, context)
    asked = next((one for one in lead.bookings if one.open_question is BookingQuestion.ABSENT), None)
    if asked is None or turn.tap is not None or not turn.text.strip():
        return None
    said = _said(turn)
    return None if said is None else _answered(lead, asked, said, turn.at, context)


def _said(turn: CustomerTurn) -> AbsentAnswer | None:
    if is_one_of(turn.text, stay_words.LATE):
        return AbsentAnswer.LATE
    if is_one_of(turn.text, (*stay_words.ARRIVED, *stay_words.HERE)) or turn.says_yes():
        return AbsentAnswer.HERE
    return AbsentAnswer.CANNOT if phrases.cannot_come(turn) else None


def _answered(lead: Lead, booking: Booking, kind: AbsentAnswer, at: datetime, context: Context) -> Outcome:
    """Whoever waits hears it, and what happens next has its deadline."""
    name, known = _deadline(booking), _unasked(booking)
    said = words.answered(f"visit.answer_{kind.value}", booking, context)
    tell = EffectRequest(PassToProvider(booking.reference, booking.absent_task, said))
    noted = words.told(f"visit.told_{kind.value}", lead, booking, context)
    lead = lead.conversing(misunderstood=0)
    if kind is AbsentAnswer.CANNOT:
        return _proposed(lead.without_timer(name), known, at).requesting(noted, tell)
    waiting = lead.with_booking(replace(known, absence=Absence.TOLD))
    waiting = waiting.without_timer(name) if kind is AbsentAnswer.HERE else waiting.with_timer(name, at + LATE_BY)
    return Outcome(waiting).requesting(noted, tell)


def _unasked(booking: Booking) -> Booking:
    is_asked = booking.open_question is BookingQuestion.ABSENT
    return replace(booking, open_question=None) if is_asked else booking


def _deadline(booking: Booking) -> TimerName:
    return TimerName(TimerKind.ABSENT_ANSWER, booking.reference)


HANDLERS: Final[Mapping[Trigger, Handler]] = {TimerKind.ABSENT_ANSWER: propose}
"""Of what takes place."""
