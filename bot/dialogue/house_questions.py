"""A question of the house is open: the next words are its answer, whatever else they could mean.

What is plainly none is left to everybody else: a wish for a person or for another language, a complaint, a word that
drops the booking, a question that the business file answers, a mere greeting. The question is asked again then.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.context import Context
from bot.dialogue import choice, house_rules, questions, receptionist, side_questions
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import says_one_of, services_named
from bot.dialogue.states import collecting
from bot.domain.booking import Booking
from bot.domain.customer_fields import LONGEST_ANSWER, CustomerField
from bot.domain.inbox_events import AnswerNoted
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import State
from bot.replies import booking as booking_words
from intents.turns import is_correction
from intents.understanding import Confidence, Intent

ANSWERED: Final = "field_answered"
"""The name of the record; it names the field, and never says what was answered."""
_OPEN_IN: Final = frozenset({State.INQUIRY, State.SERVICE_SELECTED, State.SLOT_PROPOSED})
_FEW_WORDS: Final = 4
"""So few words may greet, thank or drop it; more of them tell something."""
_NO_ANSWER: Final = (Intent.GREETING, Intent.THANKS, Intent.GOODBYE, Intent.HELP, Intent.REPEAT, Intent.CANCEL)
_SOMETHING_ELSE: Final = (Intent.TALK_HUMAN, Intent.CHANGE_LANGUAGE)
_LATER: Final = (
    *("let me check", "let me ask", "i'll check", "i'll ask", "i will ask", "i will check", "get back to you"),
    *("let you know", "another day", "some other time", "tanya dulu", "tanyakan dulu", "cek dulu", "nanti saya kabari"),
    *("nanti aku kabari", "lain kali", "để mình hỏi", "để em hỏi", "để tôi hỏi", "để anh hỏi", "để chị hỏi", "hỏi lại"),
    *("để hôm khác",),
)
"""Who says so answers another time."""
_WHY: Final = ("why", "what for", "kenapa", "mengapa", "buat apa", "untuk apa", "tại sao", "sao phải", "để làm gì")
_FORGOT: Final = (
    *("i forgot", "forgot", "one more thing", "i should add", "oh wait", "wait, i"),
    *("lupa", "oh iya", "satu lagi", "tambahan"),
    *("quên", "nói thêm", "bổ sung", "còn nữa"),
)
_FIRST: Final = 4
"""Among so many first words it stands where something is added."""
_REMEMBERED: Final = timedelta(days=1)
_A_QUESTION: Final = 3
"""So many words with a question mark ask; fewer of them are an answer in doubt ("asthma?")."""


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
    outcome = _go_on(known, replace(booking, last_activity_at=turn.at), turn.at, context)
    return outcome.recording(ANSWERED, "customer", turn.at, booking=str(booking.reference), field=given.name)


def added(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """What somebody forgot to say in an answer of the last day is kept with it; none for everything else."""
    meant, text = turn.understanding, turn.text.strip()
    is_clear = meant.confidence is Confidence.ACT and meant.intent is not Intent.OOS
    if turn.tap is not None or is_clear or "?" in text or not says_one_of(" ".join(text.split()[:_FIRST]), _FORGOT):
        return None
    asked = {name for one in lead.bookings for name in one.asked_fields}
    given = [one for one in lead.fields if one.name in asked and turn.at - one.at <= _REMEMBERED]
    if not given:
        return None
    last = max(given, key=lambda one: one.at)
    whole = CustomerField(last.name, f"{last.value}\n{text}"[:LONGEST_ANSWER], turn.at)
    known = lead.with_answer(whole).conversing(misunderstood=0)
    outcome = Outcome(known).requesting(booking_words.text_message(known, "booking.answer_added"))
    return outcome.recording(ANSWERED, "customer", turn.at, field=whole.name)


def noted(lead: Lead, event: AnswerNoted, context: Context) -> Outcome:
    """Somebody of the house heard the answer: a booking that waited for it goes on, unless a person has the
    conversation or its customer wants no messages."""
    known = lead.with_answer(CustomerField(event.name, event.value[:LONGEST_ANSWER], event.at))
    waiting = next((one for one in known.bookings if one.open_field == event.name and one.state in _OPEN_IN), None)
    if waiting is None:
        outcome = Outcome(known)
    elif known.is_with_agent or known.conversation.opted_out:
        outcome = Outcome(known.with_booking(replace(waiting, open_field=None, yes_waits=False)))
    else:
        outcome = _go_on(known, waiting, event.at, context)
    return outcome.recording(ANSWERED, str(event.by), event.at, field=event.name)


def _is_something_else(lead: Lead, turn: CustomerTurn, context: Context) -> bool:
    if turn.surely(*_SOMETHING_ELSE) or receptionist.complains(turn):
        return True
    if turn.surely(*_NO_ANSWER) and len(turn.text.split()) <= _FEW_WORDS:
        return True
    if not any(letter.isalnum() for letter in turn.text) or says_one_of(turn.text, _LATER):
        return True
    if _wishes_otherwise(turn, context) or _asks(turn):
        return True
    asked = questions.asked_in(turn, lead, context.business)
    return bool(asked) and "?" in turn.text and side_questions.only_asks(replace(turn, asked=asked), in_progress=True)


def _wishes_otherwise(turn: CustomerTurn, context: Context) -> bool:
    """Whether another service, or another day, is wished in place of an answer, or the whole wish is said again."""
    intent, names = turn.understanding.intent, bool(services_named(context.business, turn.text))
    if names and (intent is Intent.BOOK or turn.surely(Intent.CHOOSE_SERVICE, Intent.RESCHEDULE)):
        return True
    if not turn.understanding.entities.dates:
        return False
    is_other = intent in {Intent.RESCHEDULE, Intent.CHOOSE_SLOT} and is_correction(turn.text)
    return is_other or turn.surely(Intent.RESCHEDULE)


def _asks(turn: CustomerTurn) -> bool:
    is_long = len(turn.text.split()) >= _A_QUESTION
    return turn.text.rstrip().endswith("?") and (is_long or says_one_of(turn.text, _WHY))


def _go_on(lead: Lead, booking: Booking, now: datetime, context: Context) -> Outcome:
    """All else was known when it was asked: times are looked for, or the time that was said yes to is booked."""
    answered = replace(booking, open_field=None)
    if booking.yes_waits and booking.chosen is not None:
        return house_rules.before_booking(lead, answered, now, context) or choice.book_chosen(lead, answered)
    open_again = replace(answered, yes_waits=False)
    return house_rules.before_times(lead, open_again, now, context) or collecting.look_for_times(
        lead, open_again, context
    )
