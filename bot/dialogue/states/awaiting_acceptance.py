"""PENDING_CONFIRMATION: the time is kept, and somebody has to say yes to it before any money is asked for.

A yes sends the booking on its way; nobody's yes brings other times, or the end of it. Whoever said yes may give it
back as long as it lies ahead: then the same is done, whatever state it has come to. Told again, news changes nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.business.context import Context
from bot.dialogue import acceptance
from bot.dialogue.changes import asking, blocks, phrases, turns
from bot.dialogue.changes.blocks import NOBODY_ACCEPTED
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.money_events import for_agent
from bot.dialogue.states import confirmed, late_payment, offering, staying
from bot.dialogue.states.waiting_phrases import says_already
from bot.dialogue.triggers import Handler, Trigger
from bot.domain import window
from bot.domain.acceptance import Acceptance
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.change import Requester
from bot.domain.commands import ReleaseHolds
from bot.domain.events import TimerFired
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import Modification, PaymentStatus, State
from bot.domain.task import TaskState, booking_named
from bot.domain.task_events import TaskNewsCame
from bot.domain.timers import TimerKind
from bot.lifecycle import apply
from bot.lifecycle.changes import end_change
from bot.lifecycle.verdicts import Actor
from bot.replies import acceptance as words
from intents.understanding import Intent

_US: Final = Requester("system", Actor.SYSTEM.value)
_ASKS_HOW_IT_STANDS: Final = frozenset({Intent.PAY_HELP, Intent.BOOKING_STATUS, Intent.REPEAT})
_REFUSED: Final = frozenset({TaskState.UNFILLED, TaskState.WITHDRAWN})
"""Nobody of those who were asked would, or a person has called it off; what we withdraw ourselves is no news."""


# The customer -------------------------------------------------------------------------------------------------------


def customer_turn(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> Outcome:
    """Who asks how it stands hears it; who wants it no more is asked whether to cancel; else as for any booking."""
    if booking.change is None and turn.tap is None and booking.awaiting:
        is_status = turn.understanding.intent is Intent.BOOKING_STATUS
        if (asks_how_it_stands(booking, turn) and not is_status) or turn.says_yes():
            return _still_asking(lead, booking, context)
        is_asked = booking.open_question is not None or turn.says_facts
        if not is_asked and (phrases.cannot_come(turn) or phrases.drops_it(turn)):
            return turns.begin_cancel(lead, booking, turn, context)
    return confirmed.customer_turn(lead, booking, turn, context)


def answer(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """Who asks in a few words whether somebody has said yes, whatever else those words may mean elsewhere; none for all
    others."""
    booking = lead.open_booking
    if booking is None or booking.change is not None or booking.open_question is not None:
        return None
    return _still_asking(lead, booking, context) if booking.awaiting and says_already(turn) else None


def _still_asking(lead: Lead, booking: Booking, context: Context) -> Outcome:
    return Outcome(lead.conversing(misunderstood=0)).requesting(words.still_asking(lead, booking, context))


def asks_how_it_stands(booking: Booking, turn: CustomerTurn) -> bool:
    """Whether somebody whose booking waits for a yes asks whether it is there, or how to pay."""
    if not booking.awaiting or turn.tap is not None or turn.says_facts:
        return False
    return turn.understanding.intent in _ASKS_HOW_IT_STANDS or says_already(turn)


# A yes, or nobody's --------------------------------------------------------------------------------------------------


def task_news(lead: Lead, booking: Booking, event: TaskNewsCame, context: Context) -> Outcome:
    """Somebody has said yes, or nobody will; what else becomes of its tasks is only noted."""
    yes = _meant(booking, event)
    if yes is not None and yes.is_given:
        return later_news(lead, booking, event, context)
    outcome = staying.task_news_of_ended(lead, event, context)
    if yes is None:
        return outcome
    if event.state in {TaskState.TAKEN, TaskState.DONE}:
        # a yes that comes late counts as long as nothing else was settled
        return _joined(outcome, _accepted(outcome.lead, booking, yes, event, context))
    if event.state in _REFUSED and not yes.is_refused:
        return _joined(outcome, nobody(outcome.lead, booking, event.at, context))
    return outcome


def _meant(booking: Booking, event: TaskNewsCame) -> Acceptance | None:
    """The yes that this news is about; none where it is of other work, or of an arrangement of before."""
    yes = booking.acceptance
    is_its = yes is not None and event.task.startswith(f"{booking.reference}:{yes.task}:")
    return yes if is_its and yes is not None and event.plan_no >= yes.since_plan else None


def _joined(before: Outcome, after: Outcome) -> Outcome:
    return replace(after, requests=(*before.requests, *after.requests))


def _accepted(lead: Lead, booking: Booking, yes: Acceptance, event: TaskNewsCame, context: Context) -> Outcome:
    who = event.who or event.by
    booking = _without_our_change(booking)
    given = _theirs(replace(booking, acceptance=replace(yes, answer=TaskState.TAKEN, who=who)), who)
    lead = lead.with_booking(given)
    said = words.accepted(lead, given, context)
    outcome = offering.go_on(lead, given, event.at, context, said)
    after = outcome.lead.booking(given.reference)
    asks_for_money = after is not None and after.state is State.PAYMENT_PENDING and after.link_count > 0
    if asks_for_money and window.is_open(lead, event.at):
        # outside the window the link itself comes as a template, and says enough
        outcome = replace(outcome, requests=(words.with_link_to_come(lead, given, context), *outcome.requests))
    facts = {"booking": str(booking.reference), "who": who}
    return for_agent(lead, outcome.recording("accepted", event.by, event.at, **facts), event.at)


def _without_our_change(booking: Booking) -> Booking:
    """What the customer was asked because nobody would is asked no more."""
    change = booking.change
    is_ours = change is not None and change.is_for_want_of_a_yes and change.accepted_at is None
    return end_change(booking, Modification.WITHDRAWN) if is_ours else booking


def _theirs(booking: Booking, who: str) -> Booking:
    """The booking with the time of whoever said yes: the claims were swapped to them in the same transaction."""
    slot, yes = booking.chosen, booking.acceptance
    if slot is None or yes is None or not yes.is_of_provider or slot.provider == who:
        return booking
    taken = acceptance.theirs(slot, who)
    only = booking.only_provider if booking.paid is None else who
    return replace(booking, chosen=taken, only_provider=only)


def answer_late(lead: Lead, booking: Booking, event: TimerFired, context: Context) -> Outcome:
    """The last moment has passed, and nothing was heard, as if nobody would: also where the news of it is lost."""
    yes = booking.acceptance
    is_asked = yes is not None and yes.is_refused and booking.change is not None
    return Outcome(lead) if is_asked or not booking.awaiting else nobody(lead, booking, event.at, context)


def nobody(lead: Lead, booking: Booking, at: datetime, context: Context) -> Outcome:
    """Nobody will: a person sees it, and the customer chooses another time, or ends it; what was paid comes back."""
    yes, slot, change = booking.acceptance, booking.chosen, booking.change
    if yes is None or slot is None:
        return Outcome(lead)
    if change is not None and change.accepted_at is not None:
        # a move they said yes to is being made: it asks again, and where it fails this is looked at again
        return Outcome(lead.with_timer(acceptance.timer(booking), at + acceptance.LOOK_AGAIN))
    refused = replace(
        booking,
        acceptance=replace(yes, answer=TaskState.UNFILLED, who=None),
        turned_down=tuple(dict.fromkeys((*booking.turned_down, slot.start))),
    )
    lead = lead.with_booking(refused)
    known = {booking_named(one.subject) for one in lead.alarms if one.reason is AlarmReason.TASK_UNFILLED}
    if booking.reference not in known:
        # the news of its task has raised it otherwise
        lead = lead.alarmed(AlarmReason.TASK_UNFILLED, at, booking.reference)
    if refused.is_rebooked_by_late_payment and refused.payment_status is not PaymentStatus.PAID:
        outcome = _late_money(lead, refused, at, context)
    else:
        if refused.state is State.PAYMENT_PENDING:
            # what nobody gives is not paid for: its link is closed with this move (`payment_links.follow`)
            refused = _back_to_pending(lead, refused, context)
            lead = lead.with_booking(refused)
        outcome = blocks.ask_for_want_of_a_yes(lead, refused, _US, context)
    return for_agent(lead, outcome.recording(NOBODY_ACCEPTED, "system", at, booking=str(booking.reference)), at)


def _late_money(lead: Lead, booking: Booking, at: datetime, context: Context) -> Outcome:
    """Its money is late and undecided: other times of the same provider, or it goes back by itself."""
    asked = replace(booking, reschedule_reason=NOBODY_ACCEPTED, booked_hold=None)
    moved = apply.move(lead, asked, State.RESCHEDULED, Actor.SYSTEM, context)
    outcome = late_payment.time_taken(lead.with_booking(moved), moved, at)
    holds = (booking.booked_hold,) if booking.booked_hold is not None else ()
    # its time is free for others before times are looked for
    return replace(outcome, requests=(EffectRequest(ReleaseHolds(holds)), *outcome.requests)) if holds else outcome


def _back_to_pending(lead: Lead, booking: Booking, context: Context) -> Booking:
    moved = replace(booking, reschedule_reason=NOBODY_ACCEPTED)
    for target in (State.RESCHEDULED, State.SLOT_CONFIRMED, State.PENDING_CONFIRMATION):
        moved = apply.move(lead, moved, target, Actor.SYSTEM, context)
    return moved


# After the yes ------------------------------------------------------------------------------------------------------


def later_news(lead: Lead, booking: Booking, event: TaskNewsCame, context: Context) -> Outcome:
    """Whoever said yes gave it back: another one has it, and the customer hears who; or nobody has. What is said of the
    new time of a change is heard there."""
    of_change = asking.news(lead, booking, event, context)
    if of_change is not None:
        return of_change
    yes = _meant(booking, event)
    if yes is None or not yes.is_of_provider:
        return staying.task_news(lead, booking, event, context)
    if _is_given_back(booking, yes, event):
        noted = staying.task_news_of_ended(lead, event, context)
        return _joined(noted, _looking_again(noted.lead, booking, yes, event.at, context))
    is_others = event.state is TaskState.TAKEN and event.who is not None and event.who != yes.who
    if not is_others and (event.state is not TaskState.UNFILLED or yes.is_refused):
        return staying.task_news(lead, booking, event, context)
    outcome = staying.task_news_of_ended(lead, event, context)
    if not is_others:
        return _joined(outcome, nobody(outcome.lead, booking, event.at, context))
    lead, who, booking = outcome.lead, event.who or "", _without_our_change(booking)
    was_unpaid = booking.state is State.PAYMENT_PENDING
    passed = replace(yes, answer=TaskState.TAKEN, who=who, has_passed_on=yes.has_passed_on or was_unpaid)
    given = _theirs(replace(booking, acceptance=passed), who)
    lead = lead.with_booking(given)
    told = Outcome(lead).recording("accepted", event.by, event.at, booking=str(booking.reference), who=who)
    if window.is_open(lead, event.at) and not lead.conversation.opted_out:
        told = told.requesting(words.another_comes(lead, given, context))
    return _joined(outcome, for_agent(lead, told, event.at))


def _is_given_back(booking: Booking, yes: Acceptance, event: TaskNewsCame) -> bool:
    """Whether whoever said yes has taken it back before it was confirmed, and others are being asked. Told by their own
    word alone: what was told late of the time before their yes is nobody's."""
    is_open = event.state in {TaskState.OPEN, TaskState.OFFERED} and event.by == f"partner:{yes.who}"
    return is_open and booking.state in {State.PAYMENT_PENDING, State.PENDING_CONFIRMATION}


def _looking_again(lead: Lead, booking: Booking, yes: Acceptance, at: datetime, context: Context) -> Outcome:
    """Its link stays: paid meanwhile it waits for the next yes, and is not confirmed before."""
    free = replace(booking, acceptance=replace(yes, answer=TaskState.OFFERED, who=None, has_passed_on=True))
    again = acceptance.searched_longer(free, at, context)
    lead = lead.with_booking(again)
    return Outcome(acceptance.with_timer(lead, again) if again.awaiting else lead)


HANDLERS: Final[Mapping[Trigger, Handler]] = {
    CustomerTurn: customer_turn,
    TaskNewsCame: task_news,
    TimerKind.ANSWER_BY: answer_late,
}
"""PENDING_CONFIRMATION."""
LATER: Final[Mapping[Trigger, Handler]] = {TaskNewsCame: later_news}
"""States that a booking reaches by a yes, as long as it lies ahead."""
