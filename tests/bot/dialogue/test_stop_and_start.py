"""STOP and START as ruled: the bare word or a button, obeyed at once, and nothing said uncalled between but facts."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from bot.dialogue.decide import decide
from bot.domain.commands import Author, Lane, RecordAudit, ReleaseHolds
from bot.domain.events import CustomerWrote, Event, LeadsMerged, SlotsFound
from bot.domain.form_events import ChangeFormSubmitted, FormSubmitted
from bot.domain.ids import EventId
from bot.domain.lead import Lead
from bot.domain.offers import Fit
from bot.domain.outcome import Decision
from bot.domain.states import LatePayment, State
from bot.replies import first_words
from intents.understanding import Intent
from tests.bot.anything import EVENTS, LEADS
from tests.bot.dialogue.states.talk import Talk
from tests.bot.makers import NOW, a_lead, context, conversing, meaning, wrote
from tests.bot.paying import REFERENCE, a_booking, a_customer
from tests.conftest import PROVE

SEE = settings(max_examples=2_000 if PROVE else 150, deadline=None)
LATER = replace(context(), now=NOW + timedelta(hours=1))
OF_THEIRS = CustomerWrote | FormSubmitted | ChangeFormSubmitted | LeadsMerged
"""What a customer does themselves is answered, and a merge repeats what was said to the other lead."""


@pytest.mark.parametrize(
    "text",
    [
        *("STOP", "stop.", "Stop!", "please stop", "unsubscribe"),
        *("berhenti", "BERHENTI", "hentikan", "tolong stop", "stop ya"),
        *("huỷ đăng ký", "HỦY ĐĂNG KÝ", "ngừng nhắn tin"),
    ],
)
def test_a_bare_stop_is_obeyed(text: str) -> None:
    stopped = Talk().writes(text)
    assert stopped.lead.conversation.opted_out
    assert "START" in stopped.last or "MULAI" in stopped.last or "BẮT ĐẦU" in stopped.last


@pytest.mark.parametrize("text", ["START", "start!", "START please", "mulai", "mulai lagi", "bắt đầu", "BẮT ĐẦU"])
def test_a_bare_start_or_its_button_ends_the_silence(text: str) -> None:
    assert not Talk().writes("STOP").writes(text).lead.conversation.opted_out
    assert not Talk().writes("STOP").taps(first_words.START).lead.conversation.opted_out


@pytest.mark.parametrize(
    "text",
    [
        *("let's start at 9", "start tomorrow please", "can we start?", "start the massage at 10"),
        *("mulai jam berapa?", "bắt đầu lúc mấy giờ?", "hello"),
    ],
)
def test_a_sentence_with_start_in_it_ends_no_silence(text: str) -> None:
    assert Talk().writes("STOP").writes(text).lead.conversation.opted_out


def test_who_writes_all_the_same_is_told_once_a_day_how_to_end_it() -> None:
    lead, said = a_lead(opted_out=True, reminded_of_opt_out_at=NOW - timedelta(hours=25), language="en"), []
    for number, hours in enumerate((0, 1, 23, 25)):
        event = wrote(meaning(Intent.GREETING), at=NOW + timedelta(hours=hours), event=f"m{number}")
        decision = decide(lead, event, replace(context(), now=event.at))
        lead = decision.lead
        said.append(sum(effect.lane is Lane.CHAT for effect in decision.effects))
    assert said == [1, 0, 0, 1]


@SEE
@given(LEADS, EVENTS)
def test_after_stop_nothing_but_facts_is_said_uncalled(lead: Lead, event: Event) -> None:
    """Facts are what became of their money and of a booking that stands; reminders, questions and offers are none."""
    if isinstance(event, OF_THEIRS):
        return
    decision = decide(conversing(lead, opted_out=True), event, LATER)
    said = [
        effect
        for effect in decision.effects
        if effect.lane is Lane.CHAT and effect.author is Author.BOT and not effect.draft
    ]
    assert all(effect.is_fact for effect in said)


def found_after_stop(**of_booking: Any) -> Decision:
    """A search is under way, they say STOP, and then its times are found."""
    wish = {"state": State.SERVICE_SELECTED, "chosen": None, "offered": (), "explicitly_confirmed": False}
    lead = a_customer(a_booking(**wish | of_booking)).conversing(opted_out=True)
    return decide(lead, SlotsFound(EventId("found"), NOW, REFERENCE, a_booking().offered, Fit.WISHED), LATER)


def test_times_that_are_found_after_stop_are_neither_offered_nor_held() -> None:
    decision = found_after_stop()
    assert [type(effect.command) for effect in decision.effects] == [ReleaseHolds]
    assert decision.lead.bookings[0].state is State.SERVICE_SELECTED


def test_whose_money_came_too_late_is_told_after_stop_too() -> None:
    decision = found_after_stop(late_payment=LatePayment.TIME_TAKEN)
    (said,) = [effect for effect in decision.effects if effect.lane is Lane.CHAT]
    assert said.is_fact


def test_both_are_on_record_once() -> None:
    lead, kept = a_lead(greeted=True), []
    for number, intent in enumerate((Intent.OPT_OUT, Intent.OPT_OUT, Intent.OPT_IN, Intent.OPT_IN)):
        decision = decide(lead, wrote(meaning(intent), event=f"m{number}"), context())
        lead = decision.lead
        orders = [effect.command for effect in decision.effects]
        kept += [order.what for order in orders if isinstance(order, RecordAudit)]
    assert [what for what in kept if what.startswith("opted")] == ["opted_out", "opted_in"]
