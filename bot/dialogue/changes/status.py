"""How their booking stands: its card, or which one is meant where there are several."""

from bot.business.context import Context
from bot.dialogue.customer_turn import CustomerTurn
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import CLOSED
from bot.replies import cards


def standing(lead: Lead) -> tuple[Booking, ...]:
    """Every booking that has its time, the next one first."""
    mine = [
        (booking.chosen.start, booking)
        for booking in lead.bookings
        if booking.state not in CLOSED and booking.booked_hold is not None and booking.chosen is not None
    ]
    return tuple(booking for _, booking in sorted(mine, key=lambda known: (known[0], known[1].reference)))


def answer(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> Outcome:
    """The card of that booking; of several, where no day says which, a list of them."""
    lead, mine = lead.conversing(misunderstood=0), standing(lead)
    if len(mine) > 1 and turn.tap is None and not turn.understanding.entities.dates:
        return Outcome(lead).requesting(cards.several(lead, mine, context))
    return Outcome(lead).requesting(cards.card(lead, booking, context))
