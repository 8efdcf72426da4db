"""Late money whose time is gone, told by a template: who was told so sees other times as soon as they write.

Times shown where they cannot be tapped would be held for nobody, so outside the customer's window none are looked for.
"""

from typing import Final

from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.states import collecting
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from intents.understanding import Intent

TAKEN: Final = "late_taken"
"""The mark of a booking whose money came late and whose time somebody else has."""
_ELSEWHERE: Final = frozenset({Intent.CANCEL, Intent.REJECT, Intent.TALK_HUMAN})


def answer(lead: Lead, heard: CustomerTurn) -> Outcome | None:
    """Other times, whatever was written; none for who calls it off, names a day, or has been shown times already."""
    booking = lead.open_booking
    if booking is None or not booking.is_rebooked_by_late_payment or booking.error_reason != TAKEN or booking.offered:
        return None
    known = heard.understanding
    if heard.tap is not None or known.intent in _ELSEWHERE or known.entities.dates:
        return None
    return collecting.look_for_times(lead, booking)
