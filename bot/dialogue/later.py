"""What is put off in a conversation: the conversation itself (snoozed), and a person's words that go at a time.

Both are timers of the lead, so that no process has to be alive to remember them, and both follow the booking they are
tied to wherever it goes.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.business.context import Context
from bot.dialogue import takeover
from bot.dialogue.bubbles import to_answer
from bot.dialogue.inbox import POLITE
from bot.domain import window
from bot.domain.alarms import AlarmReason
from bot.domain.commands import Author, Repeat, SendText
from bot.domain.events import CustomerWrote, Event, TimerFired
from bot.domain.inbox import BEFORE_START, MOST_LATER, LaterSend, LaterStop, Snooze, SnoozeKind
from bot.domain.inbox_events import ConversationSnoozed, LaterSendDropped, LaterSendPlanned
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import CLOSED, PaymentStatus, State
from bot.domain.timers import TimerKind, TimerName, read_timer

SNOOZE_TIMER: Final = TimerName(TimerKind.SNOOZE)
CALLED_OFF: Final = frozenset({State.CANCELLED, State.ABANDONED, State.NO_SHOW})
"""A message that is tied to such a booking is not sent any more; after a visit that took place it is."""


def snoozed(lead: Lead, event: ConversationSnoozed, context: Context) -> Outcome:
    """Put off until something happens; none takes it up again. `cannot_sleep` says why it may stay as it is."""
    if event.snooze is None:
        return Outcome(_awake(lead)) if lead.inbox.snooze is not None else Outcome(lead)
    if cannot_sleep(lead, event.snooze, event.at) is not None:
        return Outcome(lead)
    changed = replace(lead, inbox=replace(lead.inbox, snooze=event.snooze, woke_at=None))
    outcome = Outcome(_timed(changed, event.at))
    return outcome.recording("snoozed", str(event.by), event.at, until=event.snooze.kind.value)


def cannot_sleep(lead: Lead, snooze: Snooze, now: datetime) -> str | None:
    """Why a conversation cannot be put off so, as a stable word; none: it can."""
    if snooze.kind is SnoozeKind.TIME:
        return "not-in-the-future" if snooze.until is None or snooze.until <= now else None
    if snooze.kind is SnoozeKind.ANSWERED:
        return None
    booking = lead.booking(snooze.booking)
    if booking is None or booking.state in CLOSED:
        return "no-such-booking"
    if snooze.kind is SnoozeKind.PAID:
        return "paid-already" if booking.payment_status is PaymentStatus.PAID else None
    due = None if booking.chosen is None else booking.chosen.start - BEFORE_START
    return "not-in-the-future" if due is None or due <= now else None


def slept(lead: Lead, event: TimerFired, context: Context) -> Outcome:
    """Its time has come."""
    return Outcome(lead) if lead.inbox.snooze is None else _woken(Outcome(lead), "its time has come", event.at)


def cannot_plan(lead: Lead, event: LaterSendPlanned) -> str | None:
    """Why words cannot be planned so, as a stable word; none: they can."""
    if not lead.is_with_agent:
        return "not-taken-over"
    if event.send_at <= event.at:
        return "not-in-the-future"
    if event.booking and lead.booking(event.booking) is None:
        return "no-such-booking"
    if len(lead.inbox.later) >= MOST_LATER:
        return "too-many-planned"
    return None


def planned(lead: Lead, event: LaterSendPlanned, context: Context) -> Outcome:
    """A person's words wait for their time, whatever becomes of every process meanwhile."""
    if lead.inbox.later_of(event.later) is not None or cannot_plan(lead, event) is not None:
        return Outcome(lead)
    message = LaterSend(event.later, event.by, event.body, event.send_at, event.booking)
    changed = replace(lead, inbox=replace(lead.inbox, later=(*lead.inbox.later, message)))
    outcome = Outcome(changed.with_timer(_timer(event.later), event.send_at))
    return outcome.recording("send_planned", str(event.by), event.at, later=event.later)


def dropped(lead: Lead, event: LaterSendDropped, context: Context) -> Outcome:
    """It is not to go any more; the alarm of one that could not go is over with it."""
    if lead.inbox.later_of(event.later) is None:
        return Outcome(lead)
    outcome = Outcome(_without(lead, event.later))
    return outcome.recording("send_dropped", str(event.by), event.at, later=event.later)


def due(lead: Lead, event: TimerFired, context: Context) -> Outcome:
    """Its time has come: out it goes as its person's word, or a person sees it with the reason and its words."""
    timer = read_timer(event.name)
    message = None if timer is None else lead.inbox.later_of(timer.reference)
    if message is None or not lead.is_with_agent:
        return Outcome(lead)
    stop = _stop(lead, event.at)
    if stop is not None:
        stopped = tuple(replace(one, stopped=stop) if one.id == message.id else one for one in lead.inbox.later)
        kept = replace(lead, inbox=replace(lead.inbox, later=stopped))
        kept = kept.alarmed(AlarmReason.LATER_NOT_SENT, event.at, message.id)
        facts = {"later": message.id, "reason": stop.value}
        return Outcome(kept).recording("send_stopped", "system", event.at, **facts)
    entry = lead.inbox.spoken(message.by, event.at, message.body).without_later(message.id)
    sent = replace(lead, inbox=entry).conversing(unanswered=None)
    sent = sent.with_timer(takeover.IDLE_TIMER, event.at + takeover.idle_after(context))
    return Outcome(sent, (EffectRequest(SendText(message.body), author=Author.AGENT, repeat=Repeat.ONCE),))


def _stop(lead: Lead, now: datetime) -> LaterStop | None:
    if lead.conversation.opted_out:
        return LaterStop.OPTED_OUT
    return None if window.is_open(lead, now) else LaterStop.WINDOW_CLOSED


def noted(outcome: Outcome, before: Lead, event: Event, context: Context) -> Outcome:
    """The outcome with all that was put off where this event leaves it."""
    lead = outcome.lead
    for message in lead.inbox.later:
        why = _is_off(lead, message)
        if why is not None:
            outcome = replace(outcome, lead=_without(outcome.lead, message.id))
            outcome = outcome.noting("later_not_sent", f"Not sent ({why}): {message.body}", event.at)
    snooze = lead.inbox.snooze
    if snooze is None:
        return outcome
    if not lead.is_with_agent and before.is_with_agent:
        return replace(outcome, lead=_awake(outcome.lead))
    if isinstance(event, CustomerWrote):
        wants_answer = bool(to_answer(event.bubbles, context)) and event.understanding.intent not in POLITE
        return _woken(outcome, "the customer wrote", event.at) if wants_answer else outcome
    if snooze.kind in {SnoozeKind.PAID, SnoozeKind.BEFORE_START}:
        booking = lead.booking(snooze.booking)
        if booking is None or booking.state in CLOSED:
            return _woken(outcome, f"{snooze.booking} is over", event.at)
        if snooze.kind is SnoozeKind.PAID and booking.payment_status is PaymentStatus.PAID:
            return _woken(outcome, f"{snooze.booking} is paid", event.at)
        return replace(outcome, lead=_timed(outcome.lead, event.at))
    return outcome


def _is_off(lead: Lead, message: LaterSend) -> str | None:
    """Why it will never go, in words; what was stopped already waits for a person."""
    if not lead.is_with_agent:
        return "the conversation is the bot's again"
    booking = lead.booking(message.booking) if message.booking else None
    if message.stopped is None and booking is not None and booking.state in CALLED_OFF:
        return f"{message.booking} does not take place"
    return None


def _timed(lead: Lead, now: datetime) -> Lead:
    """The lead with the timer of its snooze, wherever its booking has gone."""
    snooze = lead.inbox.snooze
    assert snooze is not None
    until = snooze.until
    if snooze.kind is SnoozeKind.BEFORE_START:
        booking = lead.booking(snooze.booking)
        slot = None if booking is None else booking.chosen
        # a booking whose time is being looked for has none: it is asked again when it has one
        until = None if slot is None else max(slot.start - BEFORE_START, now)
    if until is None:
        return lead.without_timer(SNOOZE_TIMER)
    timed = replace(lead, inbox=replace(lead.inbox, snooze=replace(snooze, until=until)))
    return timed.with_timer(SNOOZE_TIMER, until)


def _woken(outcome: Outcome, why: str, now: datetime) -> Outcome:
    """Shown again, on top: somebody has to look."""
    awake = _awake(outcome.lead)
    shown = replace(awake, inbox=replace(awake.inbox, woke_at=now))
    return replace(outcome, lead=shown).noting("woke", f"No longer put off: {why}.", now)


def _awake(lead: Lead) -> Lead:
    return replace(lead, inbox=replace(lead.inbox, snooze=None)).without_timer(SNOOZE_TIMER)


def _without(lead: Lead, later: str) -> Lead:
    return replace(lead, inbox=lead.inbox.without_later(later)).without_timer(_timer(later))


def _timer(later: str) -> TimerName:
    return TimerName(TimerKind.SEND_LATER, later)
