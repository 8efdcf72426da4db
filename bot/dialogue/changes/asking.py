"""The new time of a change, which somebody has to say yes to: until then the booking keeps the one it has.

Nobody's yes leaves everything as it was; the customer hears so, with other times and the way to call it off.
"""

from dataclasses import replace
from typing import Final

from bot.business.context import Context
from bot.dialogue import acceptance
from bot.dialogue.changes import accounts, applying, quoting, searching, slot_events
from bot.dialogue.holds import release_holds
from bot.dialogue.money_events import for_agent
from bot.domain import window
from bot.domain.acceptance import Acceptance
from bot.domain.booking import Booking
from bot.domain.change import Change
from bot.domain.commands import CloseInvoice
from bot.domain.events import TimerFired
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import Modification
from bot.domain.task import TaskState
from bot.domain.task_events import TaskNewsCame
from bot.lifecycle.changes import begin_change, end_change
from bot.lifecycle.quotes import as_paid_now
from bot.replies import acceptance as words
from intents.understanding import ExpectedAnswer

_NO: Final = frozenset({TaskState.UNFILLED, TaskState.WITHDRAWN})
_GIVEN_BACK: Final = frozenset({TaskState.OPEN, TaskState.OFFERED, TaskState.UNFILLED, TaskState.WITHDRAWN})


def news(lead: Lead, booking: Booking, event: TaskNewsCame, context: Context) -> Outcome | None:
    """What became of the task that asks about the new time; none where it is of other work."""
    change = booking.change
    yes = None if change is None else change.acceptance
    if change is None or yes is None or not event.task.startswith(f"{booking.reference}:{yes.task}:"):
        return None
    facts = {"booking": str(booking.reference), "task": event.task, "state": event.state.value}
    noted = Outcome(lead).recording("task_moved", event.by, event.at, **facts)
    if event.state in {TaskState.TAKEN, TaskState.DONE}:
        heard = _accepted(lead, booking, change, yes, event, context)
    elif yes.is_given and event.state in _GIVEN_BACK:
        heard = _given_back(lead, booking, change, yes, event)
    elif event.state in _NO:
        heard = nobody(lead, booking, change, context)
    else:
        return noted
    return replace(heard, requests=(*noted.requests, *heard.requests))


def _accepted(
    lead: Lead, booking: Booking, change: Change, yes: Acceptance, event: TaskNewsCame, context: Context
) -> Outcome:
    """The first yes: the difference is asked for, or the move is made at once."""
    assert change.after is not None
    who, was_given = event.who or event.by, yes.is_given
    slot = acceptance.theirs(change.after.slot, who) if yes.is_of_provider else change.after.slot
    given = replace(
        change,
        acceptance=replace(yes, answer=TaskState.TAKEN, who=who),
        after=replace(change.after, slot=slot),
        # it may have been paid for, as it was, while they were asked
        quote=as_paid_now(booking, quoting.given(change), event.at),
    )
    booking = replace(booking, change=given)
    lead = lead.with_booking(booking)
    facts = {"booking": str(booking.reference), "change": change.id, "who": who}
    if was_given:
        # told again, or taken over from who had it: its money, or its time, is on its way
        return Outcome(lead)
    if quoting.given(given).to_pay and not applying.owes(booking):
        outcome = slot_events.ask_for_difference(lead, booking, given, event.at, context)
    else:
        outcome = applying.swap(lead, booking, given, given.hold)
    return for_agent(lead, outcome.recording("accepted", event.by, event.at, **facts), event.at)


def _given_back(lead: Lead, booking: Booking, change: Change, yes: Acceptance, event: TaskNewsCame) -> Outcome:
    """Whoever said yes takes it back while the difference is waited for: its link is closed, and what comes of that
    ends the change; where the move is being made already it is what they give back afterwards."""
    if booking.modification is not Modification.AWAITING_PAYMENT or event.by != f"partner:{yes.who}":
        return Outcome(lead)
    free = replace(change, acceptance=replace(yes, answer=TaskState.OFFERED, who=None))
    waits = lead.with_booking(replace(booking, change=free))
    return Outcome(waits).requesting(EffectRequest(CloseInvoice(accounts.account_of(booking, change))))


def answer_late(lead: Lead, booking: Booking, event: TimerFired, context: Context) -> Outcome:
    """The last moment has passed, and nothing was heard: as if nobody would, also where the news of it is lost."""
    change = booking.change
    is_waited_for = change is not None and change.awaits_yes and booking.modification is Modification.REQUESTED
    return nobody(lead, booking, change, context) if change is not None and is_waited_for else Outcome(lead)


def nobody(lead: Lead, booking: Booking, change: Change, context: Context) -> Outcome:
    """Nobody will: the booking stays as it was, its customer hears so, and other times are looked for while they are
    there to choose one."""
    if change.after is None or booking.modification is not Modification.REQUESTED:
        return Outcome(lead)
    turned_down = tuple(dict.fromkeys((*booking.turned_down, change.after.slot.start)))
    ended = end_change(replace(booking, turned_down=turned_down), Modification.REJECTED)
    kept = lead.with_booking(ended).conversing(expecting=ExpectedAnswer.BOOKING)
    said = words.nobody_at(lead, replace(booking, change=change), context)
    told = change.asked or change.by.is_customer
    if not told:
        # nobody but staff knows of it, and the API tells them
        return Outcome(kept)
    outcome = Outcome(kept).requesting(said)
    looks = change.by.is_customer and window.is_open(lead, context.now) and not lead.conversation.opted_out
    if not looks or lead.is_with_agent:
        return for_agent(lead, outcome, context.now)
    begun = begin_change(ended, change.kind, change.cause, change.by, context.now, wish=change.wish)
    assert begun.change is not None
    # the old change's time is free for others before times are looked for
    free = release_holds(outcome, (change.hold,))
    looked = searching.look_for_times(kept.with_booking(begun), begun, begun.change, context)
    return replace(looked, requests=(*free.requests, *looked.requests))
