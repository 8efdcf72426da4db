"""A guest of a stay says themselves that they are there, or have left: asked once on the day, by tap or in words.

Words count on the day alone and where nothing else is asked; a tap names its stay. Whether it is allowed is for the
rules, as for staff.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.context import Context
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import is_one_of
from bot.dialogue.states import staying
from bot.dialogue.triggers import Handler, Trigger
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking, BookingQuestion
from bot.domain.commands import SendText
from bot.domain.events import TimerFired
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import UPCOMING, State
from bot.domain.timers import TimerKind
from bot.lifecycle.verdicts import Actor
from bot.replies import booking as booking_words
from bot.replies import stay_words
from bot.replies import stays as words
from intents.understanding import ExpectedAnswer

READY_BEFORE: Final = timedelta(hours=2)
"""So long before its hour a guest may say that they are there: before, the house is not ready for them."""
ON_THE_DAY: Final = timedelta(hours=12)
"""So long before its hour words are heard as being about it."""


def ask_whether_arrived(lead: Lead, booking: Booking, event: TimerFired, context: Context) -> Outcome:
    """Once, kindly; not while a person has the conversation, nor where they want silence."""
    is_there_to_ask = booking.chosen is not None and event.at < booking.chosen.end
    if not is_there_to_ask or lead.conversation.opted_out or lead.is_with_agent or booking.change is not None:
        return Outcome(lead)
    asked = _asking(lead, booking, BookingQuestion.ARRIVED)
    return Outcome(asked).requesting(words.have_you_arrived(lead, booking, context))


def ask_whether_left(lead: Lead, booking: Booking, event: TimerFired, context: Context) -> Outcome:
    """The same on the day they leave."""
    is_there_to_ask = booking.chosen is not None and event.at < booking.chosen.end
    if not is_there_to_ask or lead.conversation.opted_out or lead.is_with_agent:
        return Outcome(lead)
    asked = _asking(lead, booking, BookingQuestion.LEFT)
    return Outcome(asked).requesting(words.are_you_leaving(lead, booking, context))


def _asking(lead: Lead, booking: Booking, question: BookingQuestion) -> Lead:
    """The lead with that question open: a plain yes answers it."""
    asked = lead.without_questions().with_booking(replace(booking, open_question=question))
    current = asked.open_booking
    is_talked_about = current is not None and current.reference == booking.reference
    return asked.conversing(expecting=ExpectedAnswer.CONFIRMATION) if is_talked_about else asked


def is_tap(tap: str) -> bool:
    """Whether that button says that a guest is there, or has left: a fact, whoever has the conversation."""
    return tap.startswith((words.HERE_TAP, words.LEFT_TAP))


def answer(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """What that tap or these words say of a stay; none where they say nothing of one."""
    here, later, left = (turn.tapped(tap) for tap in (words.HERE_TAP, words.LATER_TAP, words.LEFT_TAP))
    named = here or later or left
    if named is not None:
        booking = lead.booking(named)
        if booking is None:
            # it ended, and has left the lead: nothing is to be noted any more
            return Outcome(lead).requesting(words.noted(lead))
        if later is not None:
            return _not_yet(lead, booking, context)
        return _here(lead, booking, turn.at, context) if here is not None else _left(lead, booking, context)
    if turn.tap is not None or not turn.text.strip() or "?" in turn.text:
        return None
    return _in_words(lead, turn, context)


def _in_words(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    arriving = _about(lead, BookingQuestion.ARRIVED, turn, context)
    if arriving is not None:
        is_asked = arriving.open_question is BookingQuestion.ARRIVED
        if _says(turn.text, stay_words.ARRIVED) or (is_asked and turn.says_yes()):
            return _here(lead, arriving, turn.at, context)
        if is_asked and _says(turn.text, stay_words.NOT_YET):
            return _not_yet(lead, arriving, context)
    leaving = _about(lead, BookingQuestion.LEFT, turn, context)
    if leaving is None:
        return _leaves_early(lead, turn)
    is_asked = leaving.open_question is BookingQuestion.LEFT
    if _says(turn.text, stay_words.LEFT) or (is_asked and turn.says_yes()):
        return _left(lead, leaving, context)
    return None


def _leaves_early(lead: Lead, turn: CustomerTurn) -> Outcome | None:
    """Who says days before that they have left may be out for dinner: a person asks them."""
    stay = next((one for one in lead.bookings if one.state is State.CHECKED_IN), None)
    if stay is None or not _says(turn.text, stay_words.LEFT):
        return None
    told = _answered(lead).alarmed(AlarmReason.WISH_PASSED_ON, turn.at, stay.reference)
    return Outcome(told).requesting(
        booking_words.text_message(lead, "attendance.passed_on", reference=str(stay.reference))
    )


def _about(lead: Lead, question: BookingQuestion, turn: CustomerTurn, context: Context) -> Booking | None:
    """The one stay that could be meant today: asked about it, or the only one whose day it is."""
    found = [one for one in lead.bookings if _is_its_day(one, question, turn.at, context)]
    asked = [one for one in found if one.open_question is question]
    if any(one.open_question not in {None, BookingQuestion.ARRIVED, BookingQuestion.LEFT} for one in lead.bookings):
        # something else was asked since, and is answered first
        return None
    return asked[0] if asked else found[0] if len(found) == 1 else None


def _is_its_day(booking: Booking, question: BookingQuestion, now: datetime, context: Context) -> bool:
    service, slot = context.business.service(booking.service or ""), booking.chosen
    if service is None or not service.is_stay or slot is None or booking.change is not None:
        return False
    if question is BookingQuestion.ARRIVED:
        return booking.state in UPCOMING and slot.start - ON_THE_DAY <= now < slot.end
    return booking.state is State.CHECKED_IN and now >= slot.end - ON_THE_DAY


def _says(text: str, phrases: Iterable[str]) -> bool:
    """Whether the text is one of these phrases, with polite words around it and nothing else."""
    said = text.casefold().replace(",", " ").replace(".", " ").replace("!", " ").split()
    if is_one_of(text, phrases):
        return True
    for first in range(len(said)):
        if first and said[first - 1] not in stay_words.POLITE:
            break
        for last in range(len(said), first, -1):
            if last < len(said) and said[last] not in stay_words.POLITE:
                break
            if is_one_of(" ".join(said[first:last]), phrases):
                return True
    return False


def _here(lead: Lead, booking: Booking, now: datetime, context: Context) -> Outcome:
    """Checked in, where the rules allow it; too early they hear from when the house is theirs."""
    if booking.state is State.CHECKED_IN:
        return Outcome(lead).requesting(_fact(words.welcome(lead, booking, context)))
    if booking.chosen is None or booking.state not in UPCOMING:
        return Outcome(lead).requesting(words.noted(lead))
    if now < booking.chosen.start - READY_BEFORE:
        return Outcome(_answered(lead)).requesting(_fact(words.too_early(lead, booking, context)))
    moved = staying.arrived(lead, booking, Actor.CUSTOMER, context)
    return Outcome(_answered(moved)).requesting(_fact(words.welcome(lead, booking, context)))


def _not_yet(lead: Lead, booking: Booking, context: Context) -> Outcome:
    """No hurry: the button stays where it is, and words are heard as before."""
    return Outcome(_answered(lead)).requesting(_fact(words.no_hurry(lead, booking, context)))


def _left(lead: Lead, booking: Booking, context: Context) -> Outcome:
    if booking.state is not State.CHECKED_IN:
        return Outcome(lead).requesting(words.noted(lead))
    moved = staying.departed(lead, booking, Actor.CUSTOMER, context)
    return Outcome(_answered(moved)).requesting(_fact(words.thanks(lead, booking, context)))


def _answered(lead: Lead) -> Lead:
    return lead.conversing(expecting=ExpectedAnswer.NOTHING, misunderstood=0)


def _fact(body: str) -> EffectRequest:
    return EffectRequest(SendText(body), is_fact=True)


LEAVING: Final[Mapping[Trigger, Handler]] = {TimerKind.DEPARTURE: ask_whether_left}
"""Of CHECKED_IN."""
