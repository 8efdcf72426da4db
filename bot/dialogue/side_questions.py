"""Questions that are no wish: answered from the business file, and then back to where the booking stood."""

from dataclasses import replace

from bot.business.context import Context
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.questions import ASKING
from bot.dialogue.states import collecting
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.commands import Lane, OfferSlots, SendText, lane_of
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.side_question import About, SideQuestion
from bot.replies import booking as words
from bot.replies import info
from intents.understanding import Intent

_NO_WISH = frozenset(
    {
        *ASKING,
        *(Intent.GREETING, Intent.THANKS, Intent.GOODBYE, Intent.HELP, Intent.REPEAT),
        *(Intent.PAY_HELP, Intent.OOS, Intent.BOOKING_STATUS, Intent.CONFIRM),
    }
)
"""Whoever says nothing else asks, and orders nothing."""


_BY_WORDS = frozenset({About.BOT, About.DISCOUNT, About.PEOPLE, About.PAID, About.PHONE})
"""Questions known by their very words, so that no other reading of the whole counts."""


def only_asks(turn: CustomerTurn, *, in_progress: bool) -> bool:
    """Whether it is questions and no wish; a day with a price, or in the middle of a booking, is a wish."""
    intents = turn.understanding.intents
    wishes = turn.says_facts and (in_progress or Intent.ASK_PRICE in intents)
    by_words = all(question.about in _BY_WORDS for question in turn.asked)
    return not wishes and (by_words or _NO_WISH.issuperset(intents))


def answer_alone(lead: Lead, booking: Booking | None, turn: CustomerTurn, context: Context) -> Outcome:
    """What is said behind the answers: the open question of the booking in progress, or nothing."""
    if booking is None:
        return Outcome(lead.conversing(greeted=True))
    learned, _ = collecting.learn(lead, booking, turn, context)
    if collecting.names_what_is_asked(booking, learned):
        return collecting.answer(lead, booking, turn, context)
    return collecting.open_question(lead, booking, context)


def answering(outcome: Outcome, asked: tuple[SideQuestion, ...], context: Context) -> Outcome:
    """The outcome with all that was asked answered before it: in one bubble, or with the times that are looked for."""
    if not asked:
        return outcome
    of_services = (question for question in asked if question.about in {About.PRICE, About.EXPECT})
    services = tuple(dict.fromkeys(question.what for question in of_services if question.what))
    if services:
        outcome = replace(outcome, lead=outcome.lead.conversing(about=services))
    if any(question.about is About.UNKNOWN for question in asked):
        outcome = replace(outcome, lead=outcome.lead.alarmed(AlarmReason.UNKNOWN_QUESTION, context.now))
    sure = tuple(replace(each, about=About.UNKNOWN, what="") if each.is_guess else each for each in asked)
    outcome = _said(outcome, sure, context)
    # What only a model thinks was asked: a draft with its source, for the person who was called.
    guesses = tuple(question for question in asked if question.is_guess)
    if not guesses:
        return outcome
    draft = EffectRequest(SendText(info.text(outcome.lead, guesses, context), source=info.source(guesses)), draft=True)
    outcome = replace(outcome, lead=outcome.lead.alarmed(AlarmReason.UNKNOWN_QUESTION, context.now))
    return outcome.requesting(draft)


def _said(outcome: Outcome, asked: tuple[SideQuestion, ...], context: Context) -> Outcome:
    if any(isinstance(request.command, OfferSlots) for request in outcome.requests):
        booking = outcome.lead.open_booking
        if booking is None:
            return outcome
        names = tuple(dict.fromkeys((*booking.pending_questions, *map(str, asked))))
        return replace(outcome, lead=outcome.lead.with_booking(replace(booking, pending_questions=names)))
    text = info.text(outcome.lead, asked, context)
    chat = [number for number, request in enumerate(outcome.requests) if lane_of(request.command) is Lane.CHAT]
    if not text:
        return outcome
    if not chat:
        return outcome.requesting(EffectRequest(SendText(text, source=info.source(asked)), supersedable=True))
    first = chat[0]
    before = words.with_before(outcome.requests[first], text)
    return replace(outcome, requests=(*outcome.requests[:first], *before, *outcome.requests[first + 1 :]))
