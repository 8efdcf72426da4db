"""What waits for a person has a reason, and is over by itself when its cause is gone, whoever has seen to it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from bot.dialogue.decide import decide
from bot.domain.alarms import MOST_ALARMS, OF_CONVERSATION, AlarmReason, LeadAlarm, with_alarm
from bot.domain.commands import RecordAudit
from bot.domain.contents import Media
from bot.domain.events import (
    AgentReleased,
    AgentTookOver,
    AgentWrote,
    AlarmsFound,
    BotStumbled,
    Event,
    InvoiceClosed,
    InvoiceNotOpened,
    LeadsMerged,
    StaffEchoed,
)
from bot.domain.ids import AgentId, EventId, LeadId
from bot.domain.lead import Lead
from bot.domain.money_news import PayoutStuck, PayoutWentOn, RefundNewsCame
from bot.domain.outcome import Decision
from bot.domain.states import CLOSED
from bot.store.shapes import pack_lead, unpack_lead
from intents.understanding import Intent
from payments.domain.allocations import CaseKind, ChargebackOutcome, OpenCase
from payments.domain.ids import PaymentKey, RefundId
from payments.domain.money import Money
from payments.domain.news import RefundNews
from payments.domain.refund import RefundState
from tests.bot.anything import EVENTS, LEADS
from tests.bot.makers import NOW, a_lead, context, meaning, wrote
from tests.bot.paying import PRICE, REFERENCE, a_booking, booked, news, opened, paid, told, waiting
from tests.conftest import PROVE

SEE = settings(max_examples=1_000 if PROVE else 100, deadline=None)
RINA = AgentId("rina")
TAKEN = AgentTookOver(EventId("take"), NOW, RINA)


def reasons(found: Decision | Lead) -> list[tuple[AlarmReason, str]]:
    """What is open, in the order it was raised."""
    lead = found if isinstance(found, Lead) else found.lead
    return [(alarm.reason, alarm.subject) for alarm in lead.alarms]


def refund(state: RefundState, currency: str = "IDR") -> RefundNewsCame:
    told_of = RefundNews(RefundId("rf-1"), 1, REFERENCE, state, Money(350_000, currency), None)
    return RefundNewsCame(EventId(f"refund-{state}"), NOW, told_of)


def asked_for_person() -> Lead:
    return told(a_lead(last_inbound_at=NOW), wrote(meaning(Intent.TALK_HUMAN))).lead


# Raised and over ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "seen",
    [TAKEN, AgentWrote(EventId("w"), NOW, RINA, "Hello"), StaffEchoed(EventId("e"), NOW, RINA)],
    ids=["takes over", "writes", "writes in the app"],
)
def test_who_asked_for_a_person_waits_until_one_is_there(seen: Event) -> None:
    lead = asked_for_person()
    assert reasons(lead) == [(AlarmReason.ASKED_FOR_PERSON, "")]
    assert reasons(told(lead, seen)) == []


def test_a_picture_waits_for_eyes_and_handing_back_says_that_they_were_there() -> None:
    lead = told(a_lead(last_inbound_at=NOW), wrote(meaning(Intent.GREETING), Media("image", "1", "image/png"))).lead
    assert reasons(lead) == [(AlarmReason.CONTENT_TO_SEE, "")]
    taken = told(lead, TAKEN).lead
    # what comes while a person has it is raised again, and is over when it is handed back
    more = told(taken, BotStumbled(EventId("s"), NOW, "whatsapp", "KeyError")).lead
    assert reasons(more) == [(AlarmReason.DELIVERY_FAILED, "whatsapp")]
    assert reasons(told(more, AgentReleased(EventId("r"), NOW, RINA))) == []


def test_a_refund_that_failed_waits_until_it_has_arrived_whoever_talks_meanwhile() -> None:
    failed = told(waiting(), refund(RefundState.PERSON)).lead
    assert reasons(failed) == [(AlarmReason.REFUND_FAILED, "rf-1")]
    # a person in the chat sends no money
    taken = told(failed, TAKEN).lead
    assert reasons(taken) == [(AlarmReason.REFUND_FAILED, "rf-1")]
    # and what the bot would say about it waits for them as a draft
    assert reasons(told(taken, refund(RefundState.SUCCEEDED))) == [(AlarmReason.DRAFTS_WAIT, "")]


def test_a_refund_without_an_account_waits_until_it_has_one() -> None:
    asked = told(waiting(), refund(RefundState.NEEDS_ACCOUNT, "VND")).lead
    assert reasons(asked) == [(AlarmReason.REFUND_NEEDS_ACCOUNT, "rf-1")]
    assert reasons(told(asked, refund(RefundState.READY, "VND"))) == []


def test_a_stuck_payout_waits_until_it_goes_on() -> None:
    stuck = told(waiting(), PayoutStuck(EventId("p"), NOW, "po-1", REFERENCE, "INVALID_DESTINATION")).lead
    other = told(stuck, PayoutStuck(EventId("q"), NOW, "po-2", REFERENCE, "INVALID_DESTINATION")).lead
    assert reasons(told(other, PayoutWentOn(EventId("g"), NOW, "po-1"))) == [(AlarmReason.PAYOUT_STUCK, "po-2")]


def test_a_link_that_was_not_opened_waits_until_one_is() -> None:
    refused = told(booked().lead, InvoiceNotOpened(EventId("no"), NOW, REFERENCE, 1, "REFUSED")).lead
    assert reasons(refused) == [(AlarmReason.LINK_NOT_OPENED, REFERENCE)]
    assert reasons(told(refused, opened())) == []


def test_a_second_link_that_was_refused_waits_until_there_is_money() -> None:
    refused = told(waiting(), InvoiceNotOpened(EventId("no"), NOW, REFERENCE, 2, "REFUSED")).lead
    assert reasons(refused) == [(AlarmReason.LINK_NOT_OPENED, REFERENCE)]
    assert reasons(told(refused, paid())) == []


def test_odd_money_waits_until_it_is_settled() -> None:
    surplus = (OpenCase(CaseKind.SURPLUS, PaymentKey("p2"), Money(50_000, "IDR")),)
    odd = told(waiting(), paid(open_cases=surplus)).lead
    assert reasons(odd) == [(AlarmReason.ODD_MONEY, REFERENCE)]
    assert reasons(told(odd, paid(4, open_cases=surplus))) == [(AlarmReason.ODD_MONEY, REFERENCE)]
    assert reasons(told(odd, paid(5))) == []


def test_paid_and_called_off_at_once_waits_until_the_money_is_back() -> None:
    gone = replace(waiting(), bookings=())
    found = told(gone, InvoiceClosed(EventId("closed"), NOW, REFERENCE, paid().news)).lead
    assert reasons(found) == [(AlarmReason.PAID_AND_CLOSED, REFERENCE)]
    assert reasons(told(found, refund(RefundState.ACCEPTED))) == [(AlarmReason.PAID_AND_CLOSED, REFERENCE)]
    assert reasons(told(found, refund(RefundState.SUCCEEDED))) == []


def test_a_dispute_waits_until_it_is_decided_and_a_lost_one_until_it_is_seen() -> None:
    confirmed = told(waiting(), paid()).lead
    disputed = told(confirmed, paid(7, dispute=ChargebackOutcome.OPEN)).lead
    assert reasons(disputed) == [(AlarmReason.CHARGEBACK, REFERENCE)]
    assert reasons(told(disputed, paid(8, dispute=ChargebackOutcome.WON))) == []
    lost = told(disputed, paid(8, dispute=ChargebackOutcome.LOST)).lead
    assert reasons(lost) == [(AlarmReason.CHARGEBACK_LOST, REFERENCE)]
    assert reasons(told(lost, TAKEN)) == []


def test_paid_without_a_time_waits_until_it_has_one() -> None:
    found = AlarmsFound(EventId("m"), NOW, ((AlarmReason.PAID_WITHOUT_TIME, REFERENCE),))
    timeless = replace(a_lead(), bookings=(a_booking(paid=PRICE),))
    lead = told(timeless, found).lead
    assert reasons(lead) == [(AlarmReason.PAID_WITHOUT_TIME, REFERENCE)]
    # found again it is the same
    assert told(lead, replace(found, at=NOW + timedelta(hours=1))).lead == lead
    # one that has its time by now needs nobody
    assert reasons(told(replace(timeless, bookings=(a_booking(booked_hold="hold-1"),)), found)) == []


def test_what_closed_is_on_record_with_its_reason() -> None:
    decision = told(asked_for_person(), TAKEN)
    (record,) = [
        effect.command
        for effect in decision.effects
        if isinstance(effect.command, RecordAudit) and effect.command.what == "alarm_closed"
    ]
    assert dict(record.facts) == {"reason": "asked_for_person", "subject": "", "since": NOW.isoformat()}


# Kept ---------------------------------------------------------------------------------------------------------------


def test_raised_again_it_keeps_since_when() -> None:
    lead = a_lead().alarmed(AlarmReason.EFFECT_FAILED, NOW, "a:0")
    assert lead.alarmed(AlarmReason.EFFECT_FAILED, NOW + timedelta(hours=1), "a:0") == lead


def test_a_lead_keeps_twenty_and_says_that_there_are_more() -> None:
    lead = a_lead()
    for number in range(30):
        lead = lead.alarmed(AlarmReason.EFFECT_FAILED, NOW + timedelta(minutes=number), f"a:{number}")
    assert len(lead.alarms) == MOST_ALARMS
    assert lead.alarms[-1] == LeadAlarm(AlarmReason.MANY, "", NOW + timedelta(minutes=MOST_ALARMS - 1))


def test_two_leads_that_are_one_have_the_alarms_of_both() -> None:
    older = a_lead().alarmed(AlarmReason.PAYOUT_STUCK, NOW, "po-1").alarmed(AlarmReason.ASKED_FOR_PERSON, NOW)
    younger = replace(a_lead(), id=LeadId("lead-2")).alarmed(AlarmReason.PAYOUT_STUCK, NOW - timedelta(hours=1), "po-1")
    lead = told(older, LeadsMerged(EventId("merge"), NOW, younger)).lead
    assert lead.alarms == (
        LeadAlarm(AlarmReason.PAYOUT_STUCK, "po-1", NOW - timedelta(hours=1)),
        LeadAlarm(AlarmReason.ASKED_FOR_PERSON, "", NOW),
    )


def stored(lead: Lead, **alarm: Any) -> bytes:
    """The lead as another version has stored it."""
    (known,) = lead.alarms
    return pack_lead(lead).replace(f'"reason":"{known.reason}"'.encode(), f'"reason":"{alarm["reason"]}"'.encode())


def test_a_reason_of_a_later_version_is_kept_for_it_under_its_own_name() -> None:
    packed = stored(a_lead().alarmed(AlarmReason.PAYOUT_STUCK, NOW, "x"), reason="roof_leaks")
    lead = unpack_lead(packed)
    assert lead.alarms == (LeadAlarm(AlarmReason.OF_LATER_VERSION, "x", NOW, "roof_leaks"),)
    assert told(lead, TAKEN).lead.alarms == lead.alarms
    # the version that knows it has it back
    back = pack_lead(lead).replace(b'"named":"roof_leaks"', b'"named":"payout_stuck"')
    assert unpack_lead(back).alarms == (LeadAlarm(AlarmReason.PAYOUT_STUCK, "x", NOW),)


def test_of_before_alarms_waiting_for_a_person_is_one_and_not_waiting_is_none() -> None:
    plain = pack_lead(a_lead(last_inbound_at=NOW)).replace(b'"alarms":[],', b"")
    assert b"alarms" not in plain
    assert unpack_lead(plain).alarms == ()
    waited = plain.replace(b'"conversation":{', b'"conversation":{"waits_for_person":true,')
    assert unpack_lead(waited).alarms == (LeadAlarm(AlarmReason.BEFORE, "", NOW),)
    assert reasons(told(unpack_lead(waited), TAKEN)) == []


# Laws ---------------------------------------------------------------------------------------------------------------


@SEE
@given(LEADS, EVENTS)
def test_no_alarm_is_about_a_booking_that_has_ended_and_none_is_too_many(lead: Lead, event: Event) -> None:
    subjects = {
        AlarmReason.NO_TIME_TO_PAY: "BK-1",
        AlarmReason.PRICE_DIFFERS: "BK-1",
        AlarmReason.PAID_TOO_MUCH: "BK-2",
        AlarmReason.PAID_WITHOUT_TIME: "BK-1",
        AlarmReason.REMINDER_MISSED: "BK-2",
        AlarmReason.SHOW_UP_UNKNOWN: "BK-1",
        AlarmReason.CHANGE_FAILED: "BK-2",
        AlarmReason.LINK_NOT_OPENED: "BK-1",
    }
    for reason, subject in subjects.items():
        lead = lead.alarmed(reason, NOW, subject)
    decision = decide(lead, event, replace(context(), now=NOW))
    standing = [booking for booking in decision.lead.bookings if booking.state not in CLOSED]
    alive = {str(name) for booking in standing for name in (booking.reference, booking.account)}
    for alarm in decision.lead.alarms:
        if alarm.reason in subjects:
            assert alarm.subject in alive
    assert len(decision.lead.alarms) <= MOST_ALARMS


@SEE
@given(LEADS)
def test_taking_over_leaves_nothing_of_the_conversation_open(lead: Lead) -> None:
    for reason in AlarmReason:
        lead = replace(lead, alarms=with_alarm(lead.alarms[:10], LeadAlarm(reason, "", NOW)))
    decision = decide(lead, TAKEN, context())
    assert not OF_CONVERSATION & {alarm.reason for alarm in decision.lead.alarms}


def test_news_of_an_unpaid_link_leaves_what_waits_as_it_is() -> None:
    lead = waiting().alarmed(AlarmReason.PAYOUT_STUCK, NOW, "po-1")
    assert reasons(told(lead, news(3))) == [(AlarmReason.PAYOUT_STUCK, "po-1")]
