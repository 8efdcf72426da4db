"""What is put off follows its booking, sleeps through thanks, and goes as a person's word or not at all."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.dialogue import later, takeover
from bot.dialogue.decide import decide
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.commands import Author, Repeat, SendText
from bot.domain.contents import Text
from bot.domain.events import AgentReleased, Event, TimerFired, timer_event_id
from bot.domain.ids import AgentId, BookingReference, EventId
from bot.domain.inbox import LaterStop, Snooze, SnoozeKind
from bot.domain.inbox_events import ConversationSnoozed, LaterSendDropped, LaterSendPlanned
from bot.domain.lead import Lead
from bot.domain.outcome import Decision, Outcome
from bot.domain.states import PaymentStatus, State
from intents.understanding import Intent
from tests.bot.makers import NOW, context, meaning, with_agent, wrote

AYU = AgentId("ayu")
BK = BookingReference("BK-7QX4-KD")
HOUR = timedelta(hours=1)
START = NOW + timedelta(days=1)


def slot(start: datetime = START) -> OfferedSlot:
    return OfferedSlot("s", start, start + HOUR, provider="ayu", place="spa", hold_id=None, held_until=None)


def a_booking(state: State = State.PAYMENT_PENDING) -> Booking:
    return Booking(BK, state, service="massage", chosen=slot(), booked_hold="h")


def taken(booking: Booking | None = None, last_word: datetime = NOW) -> Lead:
    lead = with_agent(agent=AYU, last_inbound_at=last_word, greeted=True)
    return lead if booking is None else lead.with_booking(booking)


def told(lead: Lead, event: Event) -> Decision:
    return decide(lead, event, context())


def asleep(lead: Lead, kind: SnoozeKind, until: datetime | None = None, booking: str = "") -> Lead:
    event = ConversationSnoozed(EventId("z"), NOW, AYU, Snooze(kind, AYU, NOW, until, booking))
    return told(lead, event).lead


def planned(lead: Lead, at: datetime, booking: str = "") -> Lead:
    event = LaterSendPlanned(EventId("p"), NOW, AYU, "l1", "See you soon", at, booking)
    return told(lead, event).lead


def fired(lead: Lead, name: str) -> Decision:
    due = lead.timers[name]
    return told(lead, TimerFired(timer_event_id(name, due), due, name, due))


@pytest.mark.parametrize("intent", [Intent.THANKS, Intent.GOODBYE])
def test_thanks_do_not_undo_a_snooze(intent: Intent) -> None:
    lead = asleep(taken(), SnoozeKind.ANSWERED)
    assert told(lead, wrote(meaning(intent), Text("ok thanks"), at=NOW + HOUR)).lead.inbox.snooze is not None


@pytest.mark.parametrize("kind", [SnoozeKind.ANSWERED, SnoozeKind.TIME])
def test_a_word_that_wants_an_answer_wakes_it(kind: SnoozeKind) -> None:
    lead = asleep(taken(), kind, START)
    woken = told(lead, wrote(meaning(Intent.ASK_PRICE), Text("how much?"), at=NOW + HOUR)).lead
    assert woken.inbox.snooze is None
    assert woken.inbox.woke_at == NOW + HOUR
    assert str(later.SNOOZE_TIMER) not in woken.timers


def test_it_wakes_at_its_time_and_is_due_at_once() -> None:
    lead = asleep(taken(), SnoozeKind.TIME, NOW + HOUR)
    woken = fired(lead, str(later.SNOOZE_TIMER)).lead
    assert woken.inbox.snooze is None
    assert woken.deadline_at == NOW + HOUR


def test_until_paid_ends_with_the_money_and_with_the_booking() -> None:
    lead = asleep(taken(a_booking()), SnoozeKind.PAID, booking=BK)
    assert lead.inbox.snooze is not None
    paid = lead.with_booking(replace(a_booking(State.CONFIRMED), payment_status=PaymentStatus.PAID))
    thanks = wrote(meaning(Intent.ASK_INFO), Text("x"))
    assert later.noted(_as_is(paid), lead, _some_event(), context()).lead.inbox.snooze is None
    gone = lead.with_booking(a_booking(State.CANCELLED))
    assert later.noted(_as_is(gone), lead, _some_event(), context()).lead.inbox.snooze is None
    assert told(lead, thanks).lead.inbox.snooze is None


def test_two_hours_before_follows_its_booking_to_another_time() -> None:
    lead = asleep(taken(a_booking(State.CONFIRMED)), SnoozeKind.BEFORE_START, booking=BK)
    assert lead.timers[str(later.SNOOZE_TIMER)] == START - 2 * HOUR
    moved = lead.with_booking(replace(a_booking(State.CONFIRMED), chosen=slot(START + 5 * HOUR)))
    followed = later.noted(_as_is(moved), lead, _some_event(), context()).lead
    assert followed.timers[str(later.SNOOZE_TIMER)] == START + 3 * HOUR
    assert followed.inbox.snooze is not None
    assert followed.inbox.snooze.until == START + 3 * HOUR


@pytest.mark.parametrize(
    ("snooze", "why"),
    [
        (Snooze(SnoozeKind.TIME, AYU, NOW, NOW), "not-in-the-future"),
        (Snooze(SnoozeKind.PAID, AYU, NOW, None, "BK-none"), "no-such-booking"),
        (Snooze(SnoozeKind.BEFORE_START, AYU, NOW, None, BK), None),
        (Snooze(SnoozeKind.ANSWERED, AYU, NOW), None),
    ],
)
def test_what_cannot_be_put_off_so_says_why(snooze: Snooze, why: str | None) -> None:
    lead = taken(a_booking(State.CONFIRMED))
    assert later.cannot_sleep(lead, snooze, NOW) == why
    decided = told(lead, ConversationSnoozed(EventId("z"), NOW, AYU, snooze)).lead
    assert (decided.inbox.snooze is None) is (why is not None)


def test_planned_words_go_at_their_time_once_as_their_persons() -> None:
    lead = planned(taken(), NOW + HOUR)
    decision = fired(lead, "send_later:l1")
    (sent,) = [effect for effect in decision.effects if effect.author is Author.AGENT]
    assert (sent.command, sent.repeat) == (SendText("See you soon"), Repeat.ONCE)
    assert decision.lead.inbox.later == ()


def test_planned_words_meet_a_closed_window_as_an_alarm_that_has_them() -> None:
    lead = planned(taken(), START + HOUR)
    decision = fired(lead, "send_later:l1")
    assert [effect for effect in decision.effects if effect.author is Author.AGENT] == []
    (kept,) = decision.lead.inbox.later
    assert (kept.body, kept.stopped) == ("See you soon", LaterStop.WINDOW_CLOSED)
    assert [(one.reason, one.subject) for one in decision.lead.alarms] == [(AlarmReason.LATER_NOT_SENT, "l1")]
    seen_to = told(decision.lead, LaterSendDropped(EventId("x"), START + HOUR, AYU, "l1")).lead
    assert (seen_to.inbox.later, seen_to.alarms) == ((), ())


def test_planned_words_are_off_when_the_bot_has_the_conversation_again() -> None:
    lead = planned(taken(), NOW + HOUR)
    back = told(lead, AgentReleased(EventId("r"), NOW, AYU)).lead
    assert back.inbox.later == ()
    assert "send_later:l1" not in back.timers


def test_planned_words_that_are_tied_to_a_booking_are_off_with_it_and_others_are_not() -> None:
    lead = planned(taken(a_booking(State.CONFIRMED)), NOW + HOUR, BK)
    cancelled = lead.with_booking(a_booking(State.CANCELLED))
    assert later.noted(_as_is(cancelled), lead, _some_event(), context()).lead.inbox.later == ()
    happened = lead.with_booking(a_booking(State.COMPLETED))
    assert len(later.noted(_as_is(happened), lead, _some_event(), context()).lead.inbox.later) == 1


def test_nothing_is_planned_while_the_bot_is_in_charge() -> None:
    event = LaterSendPlanned(EventId("p"), NOW, AYU, "l1", "Hi", NOW + HOUR)
    lead = told(taken(), AgentReleased(EventId("r"), NOW, AYU)).lead
    assert later.cannot_plan(lead, event) == "not-taken-over"
    assert told(lead, event).lead.inbox.later == ()


def test_silence_gives_nothing_back_while_something_is_planned() -> None:
    lead = planned(taken(), NOW + 20 * HOUR).with_timer(takeover.IDLE_TIMER, NOW + 12 * HOUR)
    assert fired(lead, str(takeover.IDLE_TIMER)).lead.is_with_agent


def _as_is(lead: Lead) -> Outcome:
    return Outcome(lead)


def _some_event() -> Event:
    return TimerFired(EventId("t"), NOW, "other", NOW)
