"""PAYMENT_PENDING: how money is asked for, who gets how much, and what the customer may say meanwhile."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.business.catalogue import Commission
from bot.dialogue import choice, payment_links
from bot.domain.commands import CloseInvoice, OpenInvoice, ReleaseHolds, SendButtons
from bot.domain.contents import Tap
from bot.domain.events import SlotBooked
from bot.domain.ids import EventId
from bot.domain.lead import Lead
from bot.domain.outcome import Decision
from bot.domain.states import PaymentStatus, State
from bot.replies import booking as words
from bot.replies import changes as change_words
from bot.replies import payment as money_words
from intents.understanding import Intent, Language
from payments.domain.money import Money
from payments.domain.splits import FixedPayoutSplit, Party, PercentSplit
from tests.bot.business.makers import sample
from tests.bot.makers import NOW, context, meaning, wrote
from tests.bot.paying import (
    PRICE,
    REFERENCE,
    SLOT,
    URL,
    a_booking,
    a_customer,
    body,
    booked,
    chat,
    money,
    opened,
    paid,
    told,
    waiting,
)


def the_link(decision: Decision) -> OpenInvoice:
    (order,) = money(decision)
    assert isinstance(order, OpenInvoice)
    return order


def test_a_booked_time_with_something_due_waits_for_its_money_until_pay_by() -> None:
    decision = booked()
    (booking,) = decision.lead.bookings
    assert (booking.state, booking.payment_method) == (State.PAYMENT_PENDING, "invoice")
    assert booking.payment_status is PaymentStatus.PENDING
    assert booking.pay_by == NOW + timedelta(hours=2)
    assert decision.lead.timers[f"pay_by:{REFERENCE}"] == booking.pay_by
    assert chat(decision) == []
    order = the_link(decision)
    assert (order.account, order.attempt, order.due, order.pay_by) == (REFERENCE, 1, PRICE, booking.pay_by)


def test_the_deadline_ends_an_hour_before_the_customers_window() -> None:
    lead = a_customer(a_booking(), last_inbound_at=NOW - timedelta(hours=22))
    assert booked(lead).lead.bookings[0].pay_by == NOW + timedelta(hours=1)


def test_a_service_that_gives_days_may_pass_the_end_of_the_customers_window() -> None:
    stay = replace(SLOT, start=NOW + timedelta(days=9), end=NOW + timedelta(days=12), provider=None, nights=3)
    booking = a_booking(service="kamboja-stay", place="villa-kamboja", chosen=stay, offered=(stay,))
    lead = a_customer(booking, last_inbound_at=NOW - timedelta(hours=22))
    (pending,) = told(lead, SlotBooked(EventId("done:1:0"), NOW, REFERENCE, stay)).lead.bookings
    assert pending.pay_by == NOW + timedelta(days=2)


def test_the_deadline_keeps_the_notice_before_the_start() -> None:
    soon = replace(SLOT, start=NOW + timedelta(hours=3), end=NOW + timedelta(hours=4))
    lead = a_customer(a_booking(chosen=soon, offered=(soon,)))
    decision = told(lead, SlotBooked(EventId("done:1:0"), NOW, REFERENCE, soon))
    assert decision.lead.bookings[0].pay_by == NOW + timedelta(hours=1, minutes=30)


def test_with_no_time_left_to_pay_a_person_decides() -> None:
    lead = a_customer(a_booking(), last_inbound_at=NOW - timedelta(hours=23))
    decision = booked(lead)
    assert decision.lead.bookings[0].state is State.SLOT_CONFIRMED
    assert decision.lead.waits_for_person
    assert money(decision) == []


def test_what_costs_nothing_is_confirmed_at_once() -> None:
    free = a_booking(price=None, due=None, service="planning-call")
    decision = booked(a_customer(free))
    assert decision.lead.bookings[0].state is State.CONFIRMED
    assert money(decision) == []


def test_a_fixed_payout_is_the_providers_and_the_rest_is_shared() -> None:
    terms = the_link(booked()).terms
    assert terms.rule == FixedPayoutSplit(Money(250_000, "IDR"), facility=6_500, platform=3_500)
    assert {(one.party, one.payee) for one in terms.payees} == {
        (Party.PROVIDER, "provider:ayu"),
        (Party.FACILITY, "place:villa-melati"),
    }
    assert sum(share.amount.amount for share in terms.shares_of(PRICE)) == PRICE.amount


def test_a_place_with_a_percent_of_its_own_has_it_in_the_split_that_is_frozen_with_the_link() -> None:
    here = context()
    own_percent = (Commission("vendor-first", Decimal("40.5")),)
    places = tuple(
        replace(place, commissions=own_percent) if place.id == "villa-melati" else place
        for place in here.business.places
    )
    own = replace(here, business=replace(here.business, places=places))
    terms = payment_links.terms_of(booked().lead.bookings[0], own)
    assert terms.rule == FixedPayoutSplit(Money(250_000, "IDR"), facility=4_050, platform=5_950)
    elsewhere = replace(booked().lead.bookings[0], chosen=replace(SLOT, place="villa-senja"))
    assert payment_links.terms_of(elsewhere, own).rule == payment_links.terms_of(elsewhere, here).rule


def test_a_percent_split_becomes_hundredths_of_a_percent() -> None:
    chef = replace(SLOT, slot_id="private-chef|x", provider="nyoman")
    due = Money(850_000, "IDR")
    booking = a_booking(service="private-chef", guests=2, chosen=chef, price=due, due=due)
    decision = told(a_customer(booking), SlotBooked(EventId("done:1:0"), NOW, REFERENCE, chef))
    assert the_link(decision).terms.rule == PercentSplit(7_500, 1_250, platform=750, referring_agent=500)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("intent", [Intent.PAY_HELP, Intent.BOOKING_STATUS])
def test_who_asks_about_the_payment_gets_link_sum_and_ways_to_go_on(language: Language, intent: Intent) -> None:
    decision = told(waiting(language), wrote(meaning(intent, language)))
    (effect,) = chat(decision)
    assert isinstance(effect.command, SendButtons)
    assert URL in body(effect)
    assert len(effect.command.buttons) == 3


@pytest.mark.parametrize(
    ("tap", "why"), [(money_words.NEW_LINK_TAP, "new_link"), (money_words.OTHER_WAY_TAP, "other_method")]
)
def test_another_link_on_request_has_the_next_number(tap: str, why: str) -> None:
    order = the_link(told(waiting(), wrote(meaning(Intent.OOS), Tap(f"{tap}{REFERENCE}", "x"))))
    assert (order.attempt, order.why) == (2, why)
    assert bool(order.methods) is (why == "other_method")


def test_at_most_three_steps_of_recovery_are_taken_on_request() -> None:
    lead, asked = waiting(), 0
    for number in range(6):
        tapped = wrote(meaning(Intent.OOS), Tap(f"{money_words.NEW_LINK_TAP}{REFERENCE}", "x"), event=f"m{number}")
        decision = told(lead, tapped)
        lead, asked = decision.lead, asked + len(money(decision))
    assert asked == 3


def test_a_second_booking_waits_until_the_first_is_paid() -> None:
    decision = told(waiting(), wrote(meaning(Intent.BOOK)))
    assert [one.reference for one in decision.lead.bookings] == [REFERENCE]
    assert str(REFERENCE) in body(chat(decision)[0])


def asked_to(tap: str, lead: Lead) -> Decision:
    """A button of version 0.1, which carries no quote."""
    return told(lead, wrote(meaning(Intent.OOS), Tap(f"{tap}{REFERENCE}", "x"), event="m8"))


def said_yes(lead: Lead) -> Decision:
    change = lead.bookings[0].change
    assert change is not None
    assert change.quote is not None
    tap = f"{change_words.YES_TAP}{REFERENCE}:{change.id}:{change.quote.number}"
    return told(lead, wrote(meaning(Intent.OOS), Tap(tap, "x"), event="m9"))


def test_calling_off_while_unpaid_lets_go_of_time_and_link_after_a_yes() -> None:
    asked = asked_to(words.CANCEL_TAP, waiting())
    assert (money(asked), asked.lead.bookings[0].state) == ([], State.PAYMENT_PENDING)
    decision = said_yes(asked.lead)
    assert money(decision) == [CloseInvoice(REFERENCE)]
    assert ReleaseHolds(("hold-1",)) in [effect.command for effect in decision.effects]
    assert decision.lead.bookings == ()
    assert decision.lead.timers == {}


def test_the_link_lives_on_while_another_time_is_looked_for() -> None:
    decision = asked_to(words.CHANGE_TAP, waiting())
    assert money(decision) == []
    (booking,) = decision.lead.bookings
    assert (booking.state, booking.account, booking.pay_url) == (State.PAYMENT_PENDING, REFERENCE, URL)
    confirmed = told(decision.lead, paid())
    assert confirmed.lead.bookings[0].state is State.CONFIRMED
    assert confirmed.lead.bookings[0].change is not None


def test_a_link_that_comes_after_the_end_is_not_sent() -> None:
    gone = said_yes(asked_to(words.CANCEL_TAP, waiting()).lead).lead
    assert told(gone, opened(2)).effects == ()


def test_who_has_paid_is_quoted_under_the_file_they_paid_under_and_nobody_else() -> None:
    old = replace(sample(), version="old", prices=(replace(sample().prices[0], amount=100_000), *sample().prices[1:]))
    knowing = replace(context(), quoted=(old,))
    booking = a_booking(business_version="old")
    unpaid = choice.priced_for(booking, SLOT, knowing)
    paid_for = choice.priced_for(replace(booking, payment_status=PaymentStatus.PAID), SLOT, knowing)
    assert (unpaid.price, unpaid.business_version) == (PRICE, sample().version)
    assert (paid_for.price, paid_for.business_version) == (Money(100_000, "IDR"), "old")
