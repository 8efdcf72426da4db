"""Whether they come: asked with a reminder, asked again while nobody answers, and answered by tap or in words.

A yes is kept with the booking; a no brings what can be done, each with its price; another time begins the change of
it. Who has written anything since the question is there, and is not asked again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.context import Context
from bot.business.timers import out_of_quiet_hours
from bot.dialogue.changes import menu
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.triggers import Handler, Trigger
from bot.domain.booking import Booking
from bot.domain.coming import Coming, ComingAnswer
from bot.domain.events import TimerFired
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import UPCOMING
from bot.domain.timers import TimerKind, TimerName
from bot.lifecycle.actions import ActionType
from bot.replies import booking as booking_words
from bot.replies import cards
from bot.replies import coming as words
from bot.replies.words import say


def asked(lead: Lead, booking: Booking, now: datetime, context: Context) -> Lead:
    """The lead with that booking, of which the customer is being asked whether they come."""
    if booking.chosen is None:
        return lead.with_booking(booking)
    times = booking.coming_now.times + 1
    known = replace(
        booking.coming_now, answer=ComingAnswer.ASKED, start=booking.chosen.start, asked_at=now, times=times
    )
    waiting = lead.with_booking(replace(booking, coming=known)).without_timer(_again(booking))
    rules = context.business.sop.reminder
    due = out_of_quiet_hours(
        now + timedelta(hours=rules.resend_hours), booking.chosen.start, context.business.zone, rules
    )
    # just before quiet hours an answer would not have all of its hours
    is_whole = now + timedelta(hours=rules.resend_hours) <= due < booking.chosen.start
    return waiting.with_timer(_again(booking), due) if is_whole else waiting


def _again(booking: Booking) -> TimerName:
    return TimerName(TimerKind.ASK_AGAIN, booking.reference)


def ask_again(lead: Lead, booking: Booking, event: TimerFired, context: Context) -> Outcome:
    """Nobody answered: counted, asked once more as often as the file says; too often, and nobody is waited for at the
    start."""
    known, slot = booking.coming_now, booking.chosen
    is_open = known.answer is ComingAnswer.ASKED and slot is not None and event.at < slot.start
    if slot is None or not is_open or booking.change is not None or lead.conversation.opted_out or lead.is_with_agent:
        return Outcome(lead)
    if _has_written(lead, known):
        return Outcome(lead)
    rules, limit = context.business.sop.reminder, context.business.sop.no_show.unanswered_limit
    counted = replace(booking, coming=replace(known, unanswered=known.unanswered + 1))
    service = context.business.service(booking.service or "")
    is_met = service is not None and service.ends is None
    if is_met and limit and counted.coming.unanswered >= limit:
        lead = lead.with_timer(TimerName(TimerKind.NO_SHOW, booking.reference), slot.start)
    outcome = Outcome(lead.with_booking(counted)).recording(
        "unanswered", "system", event.at, booking=str(booking.reference), count=str(counted.coming.unanswered)
    )
    if known.times > rules.resend_max or event.at + timedelta(hours=rules.resend_hours) > slot.start:
        # an answer has all of its hours, or is not asked for: what comes now tells that it is soon
        return outcome
    waiting = asked(outcome.lead, counted, event.at, context)
    return replace(outcome, lead=waiting).requesting(words.again(lead, booking, context))


def _has_written(lead: Lead, known: Coming) -> bool:
    """Whether they wrote of something else since they were asked, and so are there."""
    last = lead.conversation.last_inbound_at
    return last is not None and known.asked_at is not None and last > known.asked_at


def is_silent(lead: Lead, booking: Booking, context: Context) -> bool:
    """Whether so many questions about its time were left without an answer that nobody is waited for."""
    limit = context.business.sop.no_show.unanswered_limit
    return 0 < limit <= booking.coming_now.unanswered and not _has_written(lead, booking.coming_now)


def asked_last(bookings: Iterable[Booking]) -> Booking | None:
    """The one of these of which the customer was asked last, and has not answered; none where nothing is asked."""
    asked_of = [(one.coming_now.asked_at, one) for one in bookings if one.coming_now.answer is ComingAnswer.ASKED]
    known = [(at, one) for at, one in asked_of if at is not None]
    return max(known, key=lambda pair: pair[0])[1] if known else None


def is_tap(tap: str) -> bool:
    """Whether that button answers the question: a fact, whoever has the conversation."""
    return tap.startswith((words.YES_TAP, words.CHANGE_TAP, words.NO_TAP))


def answer(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """What a tap on one of its buttons brings; none for every other turn."""
    yes, change, no = (turn.tapped(tap) for tap in (words.YES_TAP, words.CHANGE_TAP, words.NO_TAP))
    named = yes or change or no
    if named is None:
        return None
    booking, lead = lead.booking(named), lead.conversing(misunderstood=0)
    if booking is None or booking.chosen is None:
        return Outcome(lead).requesting(cards.nothing_booked(lead))
    if booking.state not in UPCOMING or booking.change is not None or booking.chosen.start <= turn.at:
        # it is as it is by now
        return Outcome(lead).requesting(cards.card(lead, booking, context))
    if booking.coming_now.answer is ComingAnswer.NOT_ASKED and change is None:
        # the button spoke of another time: this one is shown, and asked about when its day comes
        return Outcome(lead).requesting(cards.card(lead, booking, context))
    if yes is not None:
        told = noted(lead, booking, ComingAnswer.YES, turn.at, context)
        return told.requesting(booking_words.booking_notice(told.lead, "booking.see_you", booking, context))
    if change is not None:
        told = noted(lead, booking, ComingAnswer.CHANGE, turn.at, context)
        tap = f"{cards.ACTION_TAP}{ActionType.CHANGE_TIME.value}:{booking.reference}"
        begun = menu.tapped(told.lead, replace(turn, tap=tap), context)
        return told if begun is None else replace(begun, requests=(*told.requests, *begun.requests))
    told = noted(lead, booking, ComingAnswer.NO, turn.at, context)
    text = say("booking.cannot_come", lead.language)
    card = cards.card(told.lead, booking, context)
    return told.requesting(*booking_words.with_before(card, text))


def noted(lead: Lead, booking: Booking, said: ComingAnswer, at: datetime, context: Context) -> Outcome:
    """The answer kept with its booking, and on record; nobody is asked again, and silence before it counts no more."""
    if booking.chosen is None:
        return Outcome(lead)
    is_early = lead.due_at(TimerName(TimerKind.NO_SHOW, booking.reference)) == booking.chosen.start
    known = Coming(said, booking.chosen.start, booking.coming_now.asked_at, answered_at=at)
    heard = lead.with_booking(replace(booking, coming=known)).without_timer(_again(booking))
    if is_early:
        # at its usual hour again
        heard = heard.without_timer(TimerName(TimerKind.NO_SHOW, booking.reference))
    return Outcome(heard).recording("coming", "customer", at, booking=str(booking.reference), answer=said.value)


HANDLERS: Final[Mapping[Trigger, Handler]] = {TimerKind.ASK_AGAIN: ask_again}
"""Of what takes place."""
