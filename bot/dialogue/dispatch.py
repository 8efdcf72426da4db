"""Which part of the conversation these words belong to: a booking in the making, one that stands, or a first wish."""

from dataclasses import replace

from bot.business.context import Context
from bot.dialogue import clarification, questions, side_questions
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import services_named
from bot.dialogue.states import awaiting_payment, collecting, confirmed, disambiguation, inquiry, offering, starting
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.side_question import SideQuestion
from bot.domain.states import IN_PROGRESS, State
from bot.replies import booking as words
from bot.replies import first_words
from intents.understanding import Confidence, Intent

ASIDE = frozenset(
    {Intent.GREETING, Intent.HELP, Intent.THANKS, Intent.GOODBYE, Intent.ASK_INFO, Intent.PAY_HELP, Intent.OOS}
)
"""Said beside a booking: answered, and the booking goes on from where it was."""

_NAMING = starting.WISHES | {Intent.CHOOSE_SLOT, Intent.OOS}
"""Readings under which the name of a service means that it is wanted."""
_TALKING = IN_PROGRESS - {State.SLOT_CONFIRMED, State.PAYMENT_PENDING, State.PAID, State.PENDING_CONFIRMATION}


def answer(lead: Lead, heard: CustomerTurn, context: Context) -> Outcome:
    """The bot's answer to all of it, in one message as far as it fits, by what is going on."""
    asked = questions.asked_in(heard, lead, context.business)
    if clarification.is_doubtful(heard) and not asked and not _is_clear_all_the_same(lead, heard, context):
        return clarification.did_you_mean(lead, heard) or inquiry.not_understood(lead)
    step = _answer(lead, heard, context, asked)
    if step.lead.conversation.misunderstood == lead.conversation.misunderstood:
        step = replace(step, lead=step.lead.conversing(misunderstood=0))
    return side_questions.answering(step, asked, context)


def _is_clear_all_the_same(lead: Lead, heard: CustomerTurn, context: Context) -> bool:
    """A service by its name, or facts and a yes or no that the booking in the making can use."""
    if heard.understanding.intent in _NAMING and services_named(context.business, heard.text):
        return True
    booking = lead.open_booking
    if booking is None or booking.state not in _TALKING:
        return False
    yes_or_no = heard.understanding.intent in {Intent.CONFIRM, Intent.REJECT}
    return yes_or_no or heard.says_facts or collecting.learn(lead, booking, heard, context)[0] != booking


def _answer(lead: Lead, heard: CustomerTurn, context: Context, asked: tuple[SideQuestion, ...]) -> Outcome:
    booking = lead.open_booking
    in_the_making = booking if booking is not None and booking.state in _TALKING else None
    if asked and side_questions.only_asks(heard, making_it=in_the_making is not None):
        return side_questions.answer_beside(lead, in_the_making, heard, context)
    if in_the_making is not None:
        return _in_the_making(lead, in_the_making, heard, context)
    if booking is not None:
        lead, booking = disambiguation.by_its_day(lead, booking, heard, context.business.zone)
    stands = None if booking is None else confirmed.answer(lead, booking, heard, context)
    if stands is not None:
        return stands
    if starting.begins(heard, context) or (asked and heard.says_facts):
        return awaiting_payment.unpaid_first(lead, context) or starting.begin(lead, heard, context)
    return inquiry.answer(lead, heard.understanding, context)


def _in_the_making(lead: Lead, booking: Booking, heard: CustomerTurn, context: Context) -> Outcome:
    understanding = heard.understanding
    if heard.tap is not None:
        return _tapped(lead, booking, heard, context)
    says_something = heard.says_facts or offering.says_yes(booking, heard, lead)
    if understanding.confidence is Confidence.ASK_BACK and not says_something:
        return _unclear(lead, booking, heard, context)
    if understanding.intent in ASIDE and not says_something:
        return _aside(lead, booking, heard, context)
    return collecting.answer(lead, booking, heard, context)


def _aside(lead: Lead, booking: Booking, heard: CustomerTurn, context: Context) -> Outcome:
    """Answered beside the booking, unless it names the service or place that was asked for."""
    learned, _ = collecting.learn(lead, booking, heard, context)
    named_service = booking.service is None and learned.service is not None
    named_place = booking.place is None and learned.place is not None
    if named_service or named_place:
        return collecting.answer(lead, booking, heard, context)
    return inquiry.answer(lead, heard.understanding, context)


def _unclear(lead: Lead, booking: Booking, heard: CustomerTurn, context: Context) -> Outcome:
    """Words we are not sure of may still name a service or a place of ours."""
    learned, _ = collecting.learn(lead, booking, heard, context)
    if learned != booking:
        return collecting.answer(lead, booking, heard, context)
    return inquiry.answer(lead, heard.understanding, context)


def _tapped(lead: Lead, booking: Booking, heard: CustomerTurn, context: Context) -> Outcome:
    if heard.tapped(words.OTHER_TAP) == str(booking.reference):
        return collecting.other_time(lead, booking)
    if heard.tapped(words.SERVICES_TAP) is not None:
        return collecting.ask_which_service(lead, booking, heard, context)
    if heard.tap in {first_words.HELP, first_words.START}:
        return inquiry.answer(lead, heard.understanding, context)
    return collecting.answer(lead, booking, heard, context)
