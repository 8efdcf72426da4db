"""From an event or the words of a customer to the state that deals with them (`bot.dialogue.states.table`)."""

from dataclasses import replace
from typing import Final

from bot.business.context import Context
from bot.dialogue import (
    clarification,
    coming_words,
    credit_use,
    disambiguation,
    failed_payments,
    house_questions,
    pauses,
    questions,
    refused_cards,
    running_late,
    side_questions,
    small_talk,
    standing,
    waiting,
    why_not,
)
from bot.dialogue.changes import menu, phrases, routing, turns
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import services_named
from bot.dialogue.payment_links import by_account
from bot.dialogue.states import awaiting_acceptance, collecting, starting
from bot.dialogue.states.table import NO_BOOKING, STATES
from bot.dialogue.triggers import booking_of, trigger_of
from bot.domain.booking import Booking, BookingQuestion
from bot.domain.events import Event, InvoiceClosed
from bot.domain.lead import Lead
from bot.domain.money_news import PaymentNewsCame
from bot.domain.outcome import Outcome
from bot.domain.states import State
from intents.understanding import Intent
from payments.domain.invoice import InvoiceStatus

_NAMING: Final = starting.WISHES | {Intent.CHOOSE_SLOT, Intent.OOS}
"""Readings under which the name of a service means that it is wanted."""
_NO_OTHER_QUESTION: Final = frozenset(
    {Intent.OOS, Intent.BOOK, Intent.CHOOSE_SERVICE, Intent.CHOOSE_SLOT, Intent.HELP, Intent.REPEAT, Intent.GREETING}
)
"""Likely readings that are not asked about while the explicit yes is: that question is put again in short."""
_WITHOUT_TIME: Final = frozenset({State.INQUIRY, State.SERVICE_SELECTED, State.SLOT_PROPOSED, State.RESCHEDULED})
"""States in which the booking is what the conversation is about."""


def handle(lead: Lead, event: Event | CustomerTurn, context: Context, booking: Booking | None = None) -> Outcome:
    """What the state of its booking does on that event; nothing where the table has no such pair."""
    if not isinstance(event, CustomerTurn):
        of_a_change = routing.handle(lead, event, context)
        if of_a_change is not None:
            return of_a_change
    if isinstance(event, InvoiceClosed):
        lead = lead if event.news is not None else credit_use.never_opened(lead, event.account)
        event = _as_payment(lead, event)
    trigger = trigger_of(event)
    if trigger is None:
        return Outcome(lead)
    booking = booking or booking_of(lead, event)
    if booking is None:
        begin = NO_BOOKING.get(trigger)
        return Outcome(lead) if begin is None else begin(lead, event, context)
    handler = STATES[booking.state].get(trigger)
    return Outcome(lead) if handler is None else handler(lead, booking, event, context)


def _as_payment(lead: Lead, event: InvoiceClosed) -> InvoiceClosed | PaymentNewsCame:
    """A link that was closed because it is paid is news of a payment, except in time for a booking that is gone."""
    news = event.news
    if news is None or news.status is not InvoiceStatus.PAID:
        return event
    is_plain = news.is_paid and not news.open_cases and news.dispute is None
    if is_plain and by_account(lead, event.account) is None:
        return event
    return PaymentNewsCame(event.id, event.at, news)


def answer(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome:
    """The bot's answer to all of it, in one message as far as it fits, by where the booking stands."""
    of_a_change = turns.tapped(lead, turn, context)
    if of_a_change is not None:
        return of_a_change
    of_a_booking = (
        menu.tapped(lead, turn, context)
        or waiting.answer(lead, turn, context)
        or why_not.answer(lead, turn, context)
        or menu.noted(lead, turn, context)
        or failed_payments.answer(lead, turn, context)
        or refused_cards.answer(lead, turn, context)
        or awaiting_acceptance.answer(lead, turn, context)
        or running_late.answer(lead, turn, context)
        or house_questions.added(lead, turn, context)
        or coming_words.said(lead, turn, context)
        or starting.again_instead(lead, turn, context)
    )
    if of_a_booking is not None:
        return of_a_booking
    asked = questions.asked_in(turn, lead, context.business)
    paused = None if asked or phrases.drops_it(turn) else pauses.answer(lead, turn, context)
    if paused is not None:
        return paused
    if clarification.is_doubtful(turn) and not asked and not _is_clear_all_the_same(lead, turn, context):
        back = coming_words.asked_back(lead, turn, context)
        return back or clarification.did_you_mean(lead, turn) or small_talk.not_understood(lead)
    outcome = _answer(lead, replace(turn, asked=asked), context)
    if outcome.lead.conversation.misunderstood == lead.conversation.misunderstood:
        outcome = replace(outcome, lead=outcome.lead.conversing(misunderstood=0))
    return side_questions.answering(outcome, asked, context)


def _is_clear_all_the_same(lead: Lead, turn: CustomerTurn, context: Context) -> bool:
    """A service by its name, or facts and a yes or no that the booking in progress can use."""
    # a service by its name with a day or a number of people is wished, whatever else it looks like
    is_wish = turn.understanding.intent in _NAMING or (turn.says_facts and "?" not in turn.text)
    if is_wish and services_named(context.business, turn.text):
        return True
    if phrases.names_booking(turn):
        return True
    booking = lead.open_booking
    if booking is not None and awaiting_acceptance.asks_how_it_stands(booking, turn):
        return True
    if booking is not None and booking.booked_hold is not None:
        # it brings what can be done about the booking, and changes nothing
        if phrases.cannot_come(turn):
            return True
        # Words about changing what stands need no "did you mean": they only bring a quote, which needs its own yes.
        if turn.understanding.intent is Intent.RESCHEDULE or phrases.means_the_same_hour(turn):
            return True
        if booking.change is None or booking.open_question is None:
            return False
        if phrases.drops_it(turn):
            return True
        is_asked_to_cancel = booking.open_question is BookingQuestion.CANCEL
        return is_asked_to_cancel or turn.says_facts or turn.understanding.intent in {Intent.CONFIRM, Intent.REJECT}
    if booking is None or booking.state not in _WITHOUT_TIME:
        return False
    if booking.chosen is not None and turn.understanding.intent in _NO_OTHER_QUESTION:
        return True
    yes_or_no = turn.understanding.intent in {Intent.CONFIRM, Intent.REJECT}
    says_when = turn.says_facts or bool(turn.understanding.entities.relations)
    return yes_or_no or says_when or collecting.learn(lead, booking, turn, context)[0] != booking


def _answer(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome:
    booking = lead.open_booking
    in_progress = booking if booking is not None and booking.state in _WITHOUT_TIME else None
    spoken_of = standing.spoken_of(lead, turn, context.business.zone)
    if spoken_of is not None:
        return handle(lead.without_questions(), spoken_of[1], context, spoken_of[0])
    if turn.asked and side_questions.only_asks(turn, in_progress=in_progress is not None):
        return side_questions.answer_alone(lead, in_progress, turn, context)
    if booking is not None and in_progress is None:
        lead, booking = disambiguation.by_its_day(lead, booking, turn, context.business.zone)
    return handle(lead, turn, context, booking)
