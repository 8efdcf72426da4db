"""Questions beside a booking: answered from the business file, and then back to where the booking stood."""

from dataclasses import replace

from bot.business.context import Context
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.questions import ASKING
from bot.dialogue.states import collecting
from bot.domain.booking import Booking
from bot.domain.commands import Lane, OfferSlots, SendText, lane_of
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.side_question import About, SideQuestion
from bot.replies import booking as words
from bot.replies import info
from intents.understanding import Intent

_BESIDE = frozenset(
    {
        *ASKING,
        *(Intent.GREETING, Intent.THANKS, Intent.GOODBYE, Intent.HELP, Intent.REPEAT),
        *(Intent.PAY_HELP, Intent.OOS, Intent.BOOKING_STATUS, Intent.CONFIRM),
    }
)
"""Whoever says nothing else asks, and orders nothing."""


def only_asks(heard: CustomerTurn, *, making_it: bool) -> bool:
    """Whether it is questions and no wish; a day beside a price, or in the middle of a booking, is a wish."""
    intents = heard.understanding.intents
    wishes = heard.says_facts and (making_it or Intent.ASK_PRICE in intents)
    return not wishes and _BESIDE.issuperset(intents)


def answer_beside(lead: Lead, booking: Booking | None, heard: CustomerTurn, context: Context) -> Outcome:
    """What is said behind the answers: the open question of the booking in the making, or nothing."""
    if booking is None:
        return Outcome(lead.conversing(greeted=True))
    learned, _ = collecting.learn(lead, booking, heard, context)
    if (booking.service is None and learned.service) or (booking.place is None and learned.place):
        return collecting.answer(lead, booking, heard, context)
    return collecting.open_question(lead, booking, context)


def answering(step: Outcome, asked: tuple[SideQuestion, ...], context: Context) -> Outcome:
    """The step with all that was asked answered before it: in one bubble, or with the times that are looked for."""
    if not asked:
        return step
    services = tuple(one.what for one in asked if one.about in {About.PRICE, About.EXPECT} and one.what)
    if services:
        step = replace(step, lead=step.lead.conversing(about=services))
    if any(one.about is About.UNKNOWN for one in asked):
        step = replace(step, lead=step.lead.conversing(waits_for_person=True))
    sure = tuple(replace(one, about=About.UNKNOWN, what="") if one.is_guess else one for one in asked)
    step = _said(step, sure, context)
    return _with_guesses(step, tuple(one for one in asked if one.is_guess), context)


def _said(step: Outcome, asked: tuple[SideQuestion, ...], context: Context) -> Outcome:
    if any(isinstance(one.command, OfferSlots) for one in step.requests):
        return _kept_for_the_proposal(step, asked)
    text = info.text(step.lead, asked, context)
    chat = [number for number, one in enumerate(step.requests) if lane_of(one.command) is Lane.CHAT]
    if not text:
        return step
    if not chat:
        return step.requesting(EffectRequest(SendText(text, source=info.source(asked)), supersedable=True))
    first = chat[0]
    before = words.with_before(step.requests[first], text)
    return replace(step, requests=(*step.requests[:first], *before, *step.requests[first + 1 :]))


def _kept_for_the_proposal(step: Outcome, asked: tuple[SideQuestion, ...]) -> Outcome:
    booking = step.lead.open_booking
    if booking is None:
        return step
    names = tuple(dict.fromkeys((*booking.pending_questions, *map(str, asked))))
    return replace(step, lead=step.lead.with_booking(replace(booking, pending_questions=names)))


def _with_guesses(step: Outcome, guesses: tuple[SideQuestion, ...], context: Context) -> Outcome:
    """What only a model thinks was asked: a draft with its source, for the person who was called."""
    if not guesses:
        return step
    draft = EffectRequest(SendText(info.text(step.lead, guesses, context), source=info.source(guesses)), draft=True)
    step = replace(step, lead=step.lead.conversing(waits_for_person=True))
    return step.requesting(draft)
