"""A number that is another's now, words of staff in the app, a timer of another version."""

from dataclasses import replace
from datetime import timedelta

from bot.dialogue.decide import decide
from bot.domain.commands import Lane
from bot.domain.events import AgentWrote, NumberLost, StaffEchoed, TimerFired, timer_event_id
from bot.domain.ids import AgentId, EventId, LeadId
from bot.domain.lead import Address, Lead
from bot.domain.outcome import Withdraw
from tests.bot.makers import NOW, context
from tests.bot.paying import a_booking, a_customer

OWNER = replace(a_customer(a_booking()), address=Address(wa_id="62811", user_id="ID.1"))


def test_who_loses_a_number_keeps_all_else_and_nothing_waits_for_that_number() -> None:
    decision = decide(OWNER, NumberLost(EventId("n"), NOW, "62811"), context())
    assert decision.lead.address == Address(user_id="ID.1")
    assert decision.lead.bookings == OWNER.bookings
    assert decision.lead.conversation.epoch == OWNER.conversation.epoch + 1
    assert decision.withdraw is Withdraw.BOT_CHAT
    assert decision.lead.waits_for_person


def test_a_number_lost_twice_or_left_before_changes_nothing() -> None:
    event = NumberLost(EventId("n"), NOW, "62811")
    once = decide(OWNER, event, context()).lead
    assert decide(once, event, context()).lead == once
    moved = replace(OWNER, address=Address(wa_id="62822"))
    after = decide(moved, event, context()).lead
    assert (after.address, after.bookings, after.conversation) == (moved.address, moved.bookings, moved.conversation)


def test_words_of_staff_in_the_app_take_over_as_words_in_the_console_do() -> None:
    lead, agent = Lead(LeadId("lead-1")), AgentId("wayan")
    console = decide(lead, AgentWrote(EventId("a"), NOW, agent, "hello"), context())
    app = decide(lead, StaffEchoed(EventId("a"), NOW, agent, "hello"), context())
    assert (app.lead, app.withdraw) == (console.lead, console.withdraw)
    assert not any(effect.lane is Lane.CHAT for effect in app.effects)


def test_a_timer_of_another_version_is_left_for_it() -> None:
    lead = Lead(LeadId("lead-1")).with_timer("of_tomorrow:x", NOW)
    fired = TimerFired(timer_event_id("of_tomorrow:x", NOW), NOW, "of_tomorrow:x", NOW)
    after = decide(lead, fired, context()).lead
    assert after.timers == {"of_tomorrow:x": NOW + timedelta(minutes=10)}
