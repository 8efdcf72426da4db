"""A booking whose time is booked: its status, another time, calling it off; each change is quoted before the yes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.business.context import Context
from bot.dialogue.changes import phrases, status, turns
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.states import starting
from bot.dialogue.triggers import Handler, Trigger
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import State
from bot.replies import booking as words
from bot.replies.words import say
from intents.turns import keeps_booking


def customer_turn(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> Outcome:
    """What these words mean for it; what means nothing for it begins a new booking or is answered for itself."""
    about_it: Outcome | None = None
    if booking.chosen is not None and booking.booked_hold is not None:
        about_it = turns.answer(lead, booking, turn, context)
    elif booking.chosen is not None and phrases.asks_for_booking(turn):
        about_it = status.answer(lead, booking, turn, context)
    return about_it or _whether_coming(lead, booking, turn, context) or starting.customer_turn(lead, turn, context)


def _whether_coming(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> Outcome | None:
    """A plain yes or no while nothing is asked, most of all after a reminder: "see you then", or what can be done."""
    ahead = [one for one in status.standing(lead) if one.state in {State.CONFIRMED, State.REMINDER_SENT}]
    if turn.tap is not None or booking.change is not None or booking not in ahead or turn.says_facts:
        return None
    lead = lead.conversing(misunderstood=0)
    # the next one is what a reminder spoke of
    soonest = ahead[0]
    if keeps_booking(turn.text):
        return Outcome(lead).requesting(words.booking_notice(lead, "booking.kept", soonest, context))
    if phrases.cannot_come(turn):
        outcome = status.answer(lead, soonest, turn, context)
        text = say("booking.cannot_come", lead.language)
        return replace(outcome, requests=words.with_before(outcome.requests[0], text))
    if turn.says_yes():
        return Outcome(lead).requesting(words.booking_notice(lead, "booking.see_you", soonest, context))
    return None


HANDLERS: Final[Mapping[Trigger, Handler]] = {CustomerTurn: customer_turn}
