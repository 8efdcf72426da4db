"""Somebody on call in their own thread: told at once, passed on where they cannot be told, their taps answered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.business.attention import OnCall
from bot.business.context import Context
from bot.business.hours import Minute, OpeningSpan, Week
from bot.business.words import WordLanguage
from bot.dialogue.partners.decide import decide
from bot.domain.alarms import AlarmReason
from bot.domain.attention import AttentionEnd, Severity
from bot.domain.attention_news import (
    AttentionBrief,
    AttentionEnded,
    AttentionFound,
    AttentionResult,
    AttentionStep,
    AttentionStepped,
    AttentionTold,
    FindAttention,
    OwnerDigestTold,
    StepAttention,
    WaitingReason,
)
from bot.domain.commands import Lane, SendButtons, SendTemplate, SendText
from bot.domain.events import EffectFailed
from bot.domain.ids import EffectId, EventId
from bot.domain.outcome import Decided
from bot.domain.partner import Consent, Partner
from bot.replies import attention as words
from bot.replies.notices import as_text
from bot.replies.partner import ATTENTION_TAP
from bot.store.shapes import pack_order, unpack_order
from payments.domain.money import Money
from tests.bot.dialogue.partners.makers import a_partner, tapped, wrote
from tests.bot.makers import NOW, context

PHONE = "+6281200000901"
BRIEF = AttentionBrief("at-1", "asked_for_person", Severity.CRITICAL, NOW, NOW + timedelta(minutes=15), "Emma")
ALWAYS = Week(daily=(OpeningSpan(Minute(0), Minute(1440)),))
TOLD = AttentionTold(EventId("internal:attention_news:at-1:2"), NOW, BRIEF, 2)


def here(language: str = "en") -> Context:
    known = context()
    person = OnCall("Ayu", PHONE, ALWAYS, WordLanguage(language))
    return replace(known, business=replace(known.business, on_call=(person,)))


def on_call(**more: object) -> Partner:
    return replace(a_partner(PHONE), **{"consent": Consent.GIVEN, **more})  # type: ignore[arg-type]


def orders(decided: Decided[Partner]) -> list[object]:
    return [effect.command for effect in decided.effects]


@pytest.mark.parametrize("language", ["en", "id", "vi"])
def test_told_with_the_reason_and_two_buttons_and_outside_the_window_as_a_template(language: str) -> None:
    decided = decide(on_call(), TOLD, here(language))
    (order,) = orders(decided)
    assert isinstance(order, SendButtons)
    assert words.why("asked_for_person", language) in order.body
    assert "Emma" in order.body
    assert [button.id for button in order.buttons] == ["work:attention:take:at-1:2", "work:attention:pass:at-1:2"]
    assert isinstance(order.outside, SendTemplate)
    assert order.outside.taps == tuple(button.id for button in order.buttons)
    assert words.why("asked_for_person", language) in as_text(order.outside)
    assert decided.lead.templates == 1


@pytest.mark.parametrize(
    "person", [on_call(consent=Consent.REFUSED), on_call(is_locked=True)], ids=["stopped", "number lost"]
)
def test_who_cannot_be_told_here_is_passed_over_at_once_and_a_person_sees_it(person: Partner) -> None:
    decided = decide(person, TOLD, here())
    assert orders(decided) == [StepAttention(PHONE, "at-1", 2, AttentionStep.PASS_ON)]
    assert [alarm.reason for alarm in decided.lead.alarms] == [AlarmReason.PARTNER_NOT_TOLD]


def test_a_message_that_did_not_reach_them_passes_it_on_and_other_failures_do_not() -> None:
    def failed(effect: str) -> list[object]:
        event = EffectFailed(EventId("e"), NOW, EffectId(effect), "chat", "failed_at_meta", 131026)
        return orders(decide(on_call(), event, here()))

    assert failed("internal:attention_news:at-1:2:0") == [StepAttention(PHONE, "at-1", 2, AttentionStep.PASS_ON)]
    assert failed("internal:attention_news:at-1:ended:0") == []
    # what is said of a step, under the name of the order that took it
    assert failed("internal:attention_news:at-1:2:0:0:0") == []
    assert failed("internal:job_news:BK-1:clean:1:3:4:0") == []
    assert failed("x") == []


@pytest.mark.parametrize("step", list(AttentionStep))
def test_a_tap_orders_its_step_and_the_order_is_stored_and_read_again(step: AttentionStep) -> None:
    decided = decide(on_call(), tapped(f"work:attention:{step.value}:at-1:2"), here())
    wanted = StepAttention(PHONE, "at-1", 2, step)
    assert orders(decided) == [wanted]
    assert unpack_order(pack_order(wanted), wanted.kind, Lane.RECORD) == wanted
    broken = decide(on_call(), tapped(f"work:attention:{step.value}:at-1"), here())
    assert orders(broken) == [StepAttention(PHONE, "", 0, step)], "a button of nobody's is answered, and harmless"


@pytest.mark.parametrize("result", list(AttentionResult))
@pytest.mark.parametrize("language", ["en", "id", "vi"])
def test_what_came_of_a_tap_is_said(result: AttentionResult, language: str) -> None:
    brief = replace(BRIEF, owner="Made")
    for ended in AttentionEnd:
        event = AttentionStepped(EventId("done:e"), NOW, result, brief, ended)
        (order,) = orders(decide(on_call(), event, here(language)))
        assert isinstance(order, SendText)
        if result is AttentionResult.ANOTHERS:
            assert "Made" in order.body


def test_good_news_wakes_nobody() -> None:
    ended = AttentionEnded(EventId("internal:attention_news:at-1:ended"), NOW, BRIEF)
    assert orders(decide(on_call(last_inbound_at=None), ended, here())) == []
    assert len(orders(decide(on_call(last_inbound_at=NOW - timedelta(hours=1)), ended, here()))) == 1


def test_what_waits_is_shown_to_who_is_on_call_and_to_nobody_else() -> None:
    for asked in (tapped(ATTENTION_TAP), wrote("queue"), wrote("Antrean"), wrote("hàng chờ")):
        assert orders(decide(on_call(), asked, here())) == [FindAttention(PHONE)]
    found = AttentionFound(EventId("done:e"), NOW, (replace(BRIEF, owner="Made"),), 3)
    (order,) = orders(decide(on_call(), found, here()))
    assert isinstance(order, SendText)
    assert "A customer asks for a person · Emma · (Made)" in order.body
    assert "… and 3 more" in order.body
    (nothing,) = orders(decide(on_call(), replace(found, briefs=(), more=0), here()))
    assert isinstance(nothing, SendText)
    assert nothing.body == "Nothing waits for a person."
    cleaner = here().business.staff[0].contact.phone
    (menu,) = orders(decide(replace(a_partner(cleaner), consent=Consent.GIVEN), found, here()))
    assert not isinstance(menu, SendText)


@pytest.mark.parametrize("language", ["en", "id", "vi"])
def test_the_owners_morning_has_reasons_sums_bookings_and_money_and_nothing_is_no_message(language: str) -> None:
    day = NOW.date()
    told = OwnerDigestTold(
        EventId("internal:owner_digest:1"),
        NOW,
        day,
        (WaitingReason("payout_stuck", 2, 1, (Money(350_000, "IDR"),)), WaitingReason("roof_leaks", 1)),
        4,
        (Money(1_000_000, "IDR"),),
    )
    (order,) = orders(decide(on_call(), told, here(language)))
    assert isinstance(order, SendButtons)
    assert words.why("payout_stuck", language) in order.body
    assert words.why("of_later_version", language) in order.body
    assert "350" in order.body
    assert isinstance(order.outside, SendTemplate)
    assert words.why("payout_stuck", language) in as_text(order.outside)
    nothing = OwnerDigestTold(EventId("e"), NOW, day)
    assert orders(decide(on_call(), nothing, here(language))) == []
    assert orders(decide(on_call(consent=Consent.REFUSED), told, here(language))) == []
