"""A booking whose time is booked: its status, another time, calling it off; each change is quoted before the yes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.business.context import Context
from bot.dialogue import coming_words
from bot.dialogue.changes import phrases, status, turns
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.states import coming, starting
from bot.dialogue.triggers import Handler, Trigger
from bot.domain.booking import Booking
from bot.domain.coming import ComingAnswer
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import UPCOMING
from bot.replies import booking as words
from bot.replies.words import say
from intents import turns as turns_of_words


def customer_turn(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> Outcome:
    """What these words mean for it; what means nothing for it begins a new booking or is answered for itself."""
    # "we can't come" may sound like a cancellation; what can be done is shown, and nothing quoted yet
    about_it = None if turns_of_words.cancels(turn.text) else _absent(lead, booking, turn, context)
    if about_it is not None:
        return about_it
    if booking.chosen is not None and booking.booked_hold is not None:
        about_it = turns.answer(lead, booking, turn, context)
    elif booking.chosen is not None and phrases.asks_for_booking(turn):
        about_it = status.answer(lead, booking, turn, context)
    about_it = about_it or _coming(lead, booking, turn, context) or coming_words.asked_back(lead, turn, context)
    return about_it or starting.customer_turn(lead, turn, context)


def _absent(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> Outcome | None:
    """Who says that they cannot come, or a bare no while nothing is asked: what can be done, and nothing is done."""
    ahead = _ahead(lead, booking, turn)
    if not ahead or not phrases.cannot_come(turn):
        return None
    told = coming.noted(lead, ahead[0], ComingAnswer.NO, turn.at, context) if len(ahead) == 1 else Outcome(lead)
    outcome = status.answer(told.lead, ahead[0], turn, context)
    text = say("booking.cannot_come", lead.language)
    return replace(outcome, requests=(*told.requests, *words.with_before(outcome.requests[0], text)))


def _coming(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> Outcome | None:
    """A plain yes while nothing is asked, most of all after a reminder; and a booking that is to be kept."""
    ahead = _ahead(lead, booking, turn)
    if not ahead:
        return None
    if turns_of_words.keeps_booking(turn.text):
        key = "booking.kept"
    elif turn.says_yes():
        key = "booking.see_you"
    else:
        return None
    meant = coming.asked_last(ahead) or ahead[0]
    told = coming.noted(lead.conversing(misunderstood=0), meant, ComingAnswer.YES, turn.at, context)
    return told.requesting(words.booking_notice(told.lead, key, meant, context))


def _ahead(lead: Lead, booking: Booking, turn: CustomerTurn) -> tuple[Booking, ...]:
    """The bookings that these words may be about, the next one, of which a reminder spoke, first."""
    ahead = tuple(one for one in status.standing(lead) if one.state in UPCOMING)
    is_asked = booking.change is not None or booking.open_question is not None
    return () if is_asked or turn.tap is not None or turn.says_facts or booking not in ahead else ahead


HANDLERS: Final[Mapping[Trigger, Handler]] = {CustomerTurn: customer_turn}
