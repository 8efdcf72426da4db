"""A question of the house is open: the next words are its answer, whatever else they could mean.

What is plainly none is left to everybody else: a wish for a person or for another language, a complaint, a word that
drops the booking, a question that the business file answers, a mere greeting. The question is asked again then.
"""

from dataclasses import replace
from typing import Final

from bot.business.context import Context
from bot.dialogue import choice, house_rules, questions, receptionist, side_questions
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.states import collecting
from bot.domain.booking import Booking
from bot.domain.customer_fields import LONGEST_ANSWER, CustomerField
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import State
from intents.understanding import Intent

ANSWERED: Final = "field_answered"
"""The name of the record; it names the field, and never says what was answered."""
_OPEN_IN: Final = frozenset({State.INQUIRY, State.SERVICE_SELECTED, State.SLOT_PROPOSED})
_FEW_WORDS: Final = 4
"""So few words may greet, thank or drop it; more of them tell something."""
_NO_ANSWER: Final = (Intent.GREETING, Intent.THANKS, Intent.GOODBYE, Intent.HELP, Intent.REPEAT, Intent.CANCEL)
_SOMETHING_ELSE: Final = (Intent.TALK_HUMAN, Intent.CHANGE_LANGUAGE)


def answer(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """What comes of an answer: it is kept with the customer, and the booking goes on; none where these words are no
    answer."""
    booking = lead.open_booking
    if booking is None or booking.open_field is None or booking.state not in _OPEN_IN or lead.is_with_agent:
        return None
    if not turn.text.strip() or turn.tap is not None or _is_something_else(lead, turn, context):
        return None
    given = CustomerField(booking.open_field, turn.text.strip()[:LONGEST_ANSWER], turn.at)
    known = lead.with_answer(given)
    outcome = _go_on(known, replace(booking, open_field=None, last_activity_at=turn.at), turn, context)
    return outcome.recording(ANSWERED, "customer", turn.at, booking=str(booking.reference), field=given.name)


def _is_something_else(lead: Lead, turn: CustomerTurn, context: Context) -> bool:
    if turn.surely(*_SOMETHING_ELSE) or receptionist.complains(turn):
        return True
    if turn.surely(*_NO_ANSWER) and len(turn.text.split()) <= _FEW_WORDS:
        return True
    asked = questions.asked_in(turn, lead, context.business)
    return bool(asked) and "?" in turn.text and side_questions.only_asks(replace(turn, asked=asked), in_progress=True)


def _go_on(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> Outcome:
    if booking.yes_waits and booking.chosen is not None:
        asked = house_rules.before_booking(lead, booking, turn.at, context)
        return asked or choice.book_chosen(lead, booking)
    # the words are an answer and no wish: what is asked next does not read them
    answered = replace(turn, text="", tap="answered")
    return collecting.ask_next(lead, replace(booking, yes_waits=False), answered, context)
