"""A booking whose time is booked: its status, another time, calling it off; each change is quoted before the yes."""

from collections.abc import Mapping
from typing import Final

from bot.business.context import Context
from bot.dialogue.changes import phrases, status, turns
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.states import starting
from bot.dialogue.triggers import Handler, Trigger
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome


def customer_turn(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> Outcome:
    """What these words mean for it; what means nothing for it begins a new booking or is answered for itself."""
    about_it: Outcome | None = None
    if booking.chosen is not None and booking.booked_hold is not None:
        about_it = turns.answer(lead, booking, turn, context)
    elif booking.chosen is not None and phrases.asks_for_booking(turn):
        about_it = status.answer(lead, booking, turn, context)
    return about_it or starting.customer_turn(lead, turn, context)


HANDLERS: Final[Mapping[Trigger, Handler]] = {CustomerTurn: customer_turn}
