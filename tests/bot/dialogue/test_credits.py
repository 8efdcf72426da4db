"""A credit: given by a person in place of money, taken off the next link by itself, and never told of wrongly."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.decide import decide
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.change import Cause, RefundWay, Requester
from bot.domain.commands import (
    CloseInvoice,
    LinkReason,
    OpenInvoice,
    RecordAudit,
    RecordBooking,
    RefundLateMoney,
    SendLink,
    SendText,
)
from bot.domain.complaints import ComplaintState
from bot.domain.credits import MOST_CREDITS, CustomerCredit, SpentCredit, with_credit
from bot.domain.events import AgentTookOver, InvoiceClosed, InvoiceOpened, LeadsMerged, StaffAction, StaffAsked
from bot.domain.ids import AgentId, EventId, LeadId
from bot.domain.lead import Lead
from bot.domain.money_news import CreditNewsCame
from bot.domain.money_orders import GrantCredit, Settle
from bot.domain.outcome import Decision
from bot.domain.states import PaymentStatus, State
from bot.lifecycle import apply, booking_money
from bot.lifecycle.quotes import QuoteDenied, quote
from bot.replies import changes as words
from bot.replies.booking import summary
from intents.understanding import Language
from payments.domain.allocations import CaseKind, OpenCase
from payments.domain.ids import PaymentKey
from payments.domain.invoice import InvoiceStatus
from payments.domain.money import Money
from payments.domain.news import CreditNews
from payments.domain.splits import Party
from tests.bot.changing import a_paid_booking, at, cancelling
from tests.bot.dialogue.test_complaints import answering, delivered, orders
from tests.bot.makers import NOW, context
from tests.bot.paying import PRICE, REFERENCE, URL, a_booking, a_customer, booked, news, told

CREDIT = "BK-OLD~credit"
LATER = NOW + timedelta(days=90)
DAY = "2027-01-31"


def idr(amount: int) -> Money:
    return Money(amount, "IDR")


def a_credit(amount: int = 100_000, until: datetime = LATER, name: str = CREDIT) -> CustomerCredit:
    return CustomerCredit(name, idr(amount), until)


def with_credits(*credits_: CustomerCredit, language: Language = Language.EN) -> Lead:
    lead = a_customer(a_booking(), language)
    return replace(lead, credits=credits_)


def only(decision: Decision, kind: type[Any]) -> Any:
    (found,) = orders(decision, kind)
    return found


def whys(decision: Decision) -> list[str]:
    return [why for one in orders(decision, RecordAudit) if (why := dict(one.facts).get("why"))]


def opened(amount: int) -> InvoiceOpened:
    return InvoiceOpened(EventId("done:open-1"), NOW, REFERENCE, 1, URL, idr(amount), LinkReason.FIRST)


def credit_news(
    revision: int = 1, used: int = 100_000, returned: int = 0, expired: int = 0, until: datetime = LATER
) -> CreditNewsCame:
    told_of = CreditNews(
        CREDIT, revision, idr(100_000), until, ((str(REFERENCE), idr(used)),), idr(returned), idr(expired)
    )
    return CreditNewsCame(EventId(f"credit:{revision}"), NOW, told_of)


# Given --------------------------------------------------------------------------------------------------------------


def given_credit(**said: str) -> tuple[Decision, Booking]:
    lead, booking = delivered()
    usual = {"kind": "credit", "amount": "100000", "expires_on": DAY, "borne_by": "provider", "words": "Cold oil."}
    return answering(lead, booking, **usual | said), booking


def test_it_is_ordered_with_the_answer_charged_to_whose_fault_it_was_and_never_twice() -> None:
    decision, booking = given_credit()
    order = only(decision, GrantCredit)
    assert (order.credit, order.amount, order.charged) == (f"{booking.reference}~credit", idr(100_000), Party.PROVIDER)
    assert (order.keep, order.accounts) == (PRICE, (str(booking.reference),))
    assert order.until.isoformat() == "2027-02-01T00:00:00+08:00"
    assert orders(decision, Settle) == [], "no money goes back"
    assert [one.id for one in decision.lead.credits] == [order.credit]
    complaint = decision.lead.complaint(booking.reference)
    assert complaint is not None
    assert complaint.state is ComplaintState.CREDIT
    assert decision.lead.alarms == ()
    recorded = next(one.booking for one in orders(decision, RecordBooking))
    again = answering(decision.lead, recorded, "staff:2", kind="credit", amount="100000", expires_on=DAY)
    assert whys(again) == ["answered_before"]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "taken off your next booking"), ("id", "otomatis dipotong"), ("vi", "tự động trừ")]
)
def test_the_guest_is_told_in_their_language_what_it_is_and_until_when(language: str, said: str) -> None:
    lead, booking = delivered()
    lead = lead.conversing(language=language, language_chosen=True)
    decision = answering(lead, booking, kind="credit", amount="100000", expires_on=DAY)
    text = only(decision, SendText)
    assert said in text.body
    assert "2027" in text.body
    assert text.outside is not None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"role": "support"}, "may_not"),
        ({"expires_on": "2026-01-01"}, "bad_day"),
        ({"expires_on": "2031-01-01"}, "bad_day"),
        ({"expires_on": "9999-12-31"}, "bad_day"),
        ({"expires_on": "soon"}, "bad_day"),
        ({"amount": "350001"}, "too_much"),
        ({"amount": "0"}, "bad_sum"),
        ({"amount": "100000", "currency": "PHP"}, "bad_sum"),
        ({"borne_by": "referrer"}, "no_share"),
    ],
)
def test_what_cannot_be_given_says_why_and_gives_nothing(said: dict[str, str], why: str) -> None:
    decision, _ = given_credit(**said)
    assert whys(decision) == [why]
    assert orders(decision, GrantCredit) == []
    assert decision.lead.credits == ()


def test_of_what_was_never_paid_or_went_back_no_credit_is_given() -> None:
    lead, booking = delivered(paid=idr(0))
    unpaid = answering(lead, booking, kind="credit", amount="100000", expires_on=DAY)
    assert whys(unpaid) == ["nothing_there"]
    lead, booking = delivered(refund_ordered=idr(300_000), goodwill=idr(300_000))
    refunded = answering(lead, booking, kind="credit", amount="100000", expires_on=DAY)
    assert whys(refunded) == ["too_much"]


def test_what_was_given_as_a_credit_is_not_given_back_as_money_as_well() -> None:
    decision, booking = given_credit()
    recorded = next(one.booking for one in orders(decision, RecordBooking))
    assert recorded.credited == idr(100_000)
    for amount, denied in (("250001", ["too_much"]), ("250000", [])):
        facts = {"role": "finance", "person": "Made", "reason": "kindness", "amount": amount}
        asked = StaffAsked(
            EventId(f"staff:{amount}"),
            NOW + timedelta(days=9),
            "Made",
            StaffAction.REFUND,
            booking.reference,
            tuple(sorted(facts.items())),
            recorded,
        )
        refunded = decide(decision.lead, asked, at(NOW + timedelta(days=9)))
        assert whys(refunded) == denied


# Used ---------------------------------------------------------------------------------------------------------------


def test_the_next_link_asks_what_it_leaves_and_says_so() -> None:
    decision = booked(with_credits(a_credit()))
    order = only(decision, OpenInvoice)
    assert [(one.credit, one.amount) for one in order.credits] == [(CREDIT, idr(100_000))]
    assert order.due == PRICE
    known = decision.lead.credit(CREDIT)
    assert known is not None
    assert not known.left
    linked = told(decision.lead, opened(250_000))
    link = only(linked, SendLink)
    assert "IDR 250,000" in link.body
    assert "Your credit takes off IDR 100,000, so you pay IDR 250,000." in link.body
    # told again by the sweep, with what the credit paid already in it, no other link is asked for
    swept = told(linked.lead, news(paid=idr(100_000), rest=idr(250_000), url=URL))
    assert orders(swept, OpenInvoice) == []


@pytest.mark.parametrize("language", list(Language))
def test_it_is_in_the_price_before_the_yes_in_every_language(language: Language) -> None:
    lead = with_credits(a_credit(), language=language)
    said = summary(lead, a_booking(due=None), at(NOW)).command
    assert "250" in getattr(said, "body", "")
    without = summary(replace(lead, credits=()), a_booking(due=None), at(NOW)).command
    assert "250" not in getattr(without, "body", "")


def test_the_one_that_ends_first_is_used_first_and_only_what_is_due() -> None:
    first, second = a_credit(300_000, NOW + timedelta(days=5), "BK-A~credit"), a_credit(300_000, LATER, "BK-B~credit")
    decision = booked(with_credits(second, first))
    order = only(decision, OpenInvoice)
    assert [(one.credit, one.amount.amount) for one in order.credits] == [
        ("BK-A~credit", 300_000),
        ("BK-B~credit", 50_000),
    ]


@pytest.mark.parametrize(
    "credit",
    [a_credit(until=NOW), CustomerCredit(CREDIT, Money(100_000, "PHP"), LATER), a_credit().using("BK-X", idr(100_000))],
    ids=["over", "other currency", "used up"],
)
def test_what_cannot_be_used_is_not_used(credit: CustomerCredit) -> None:
    assert only(booked(with_credits(credit)), OpenInvoice).credits == ()


def test_covered_whole_it_is_confirmed_by_the_news_alone_and_says_what_paid_it() -> None:
    decision = booked(with_credits(a_credit(500_000)))
    paid = told(decision.lead, news(status=InvoiceStatus.PAID, paid=PRICE, rest=idr(0), channel="CREDIT"))
    booking = paid.lead.booking(REFERENCE)
    assert booking is not None
    assert (booking.state, booking.payment_status) == (State.CONFIRMED, PaymentStatus.PAID)
    receipt = next(one for one in orders(paid, SendText) if "Paid and confirmed" in one.body)
    assert "of it by your credit: IDR 350,000" in receipt.body


def test_where_it_pays_less_than_was_said_the_link_says_what_is_true() -> None:
    decision = booked(with_credits(a_credit()))
    linked = told(decision.lead, opened(350_000))
    link = only(linked, SendLink)
    assert "IDR 350,000" in link.body
    assert "credit" not in link.body
    booking = linked.lead.booking(REFERENCE)
    assert booking is not None
    assert booking_money.set_aside(booking) is None


def test_unpaid_to_the_end_it_goes_back_and_nobody_hears_of_late_money() -> None:
    decision = booked(with_credits(a_credit()))
    linked = told(decision.lead, opened(250_000))
    case = OpenCase(CaseKind.CREDIT, PaymentKey("x"), idr(100_000))
    closed = told(
        linked.lead,
        InvoiceClosed(EventId("closed"), NOW, REFERENCE, news(paid=idr(100_000), open_cases=(case,)).news),
    )
    assert orders(closed, RefundLateMoney) == [RefundLateMoney(REFERENCE)]
    swept = told(closed.lead, news(2, paid=idr(100_000), open_cases=(case,)))
    assert [one.body for one in orders(swept, SendText)] == []
    back = told(swept.lead, credit_news(used=0, returned=100_000))
    assert "IDR 100,000 is back in your credit" in only(back, SendText).body
    known = back.lead.credit(CREDIT)
    assert known is not None
    assert known.left == idr(100_000)


def test_a_link_that_was_never_opened_sets_it_free() -> None:
    decision = booked(with_credits(a_credit()))
    closed = told(decision.lead, InvoiceClosed(EventId("closed"), NOW, REFERENCE, None))
    known = closed.lead.credit(CREDIT)
    assert known is not None
    assert known.left == idr(100_000)


# Told ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"),
    [(Language.EN, "back in your credit"), (Language.ID, "kembali ke saldo"), (Language.VI, "số dư ưu đãi")],
)
def test_what_came_back_is_told_once_and_outside_the_window_as_a_template(language: Language, said: str) -> None:
    lead = with_credits(a_credit().using(str(REFERENCE), idr(100_000)), language=language)
    first = told(lead, credit_news(1, used=100_000))
    assert orders(first, SendText) == []
    back = told(first.lead, credit_news(2, used=0, returned=100_000))
    text = only(back, SendText)
    assert said in text.body
    assert text.outside is not None
    assert orders(told(back.lead, credit_news(2, used=0, returned=100_000)), SendText) == []
    assert orders(told(back.lead, credit_news(1, used=100_000)), SendText) == [], "older news changes nothing"


def test_what_expires_is_told_to_nobody() -> None:
    lead = with_credits(a_credit())
    over = told(lead, credit_news(1, used=0, expired=100_000))
    assert over.effects == ()
    known = over.lead.credit(CREDIT)
    assert known is not None
    assert not known.left


def test_with_a_person_in_charge_the_words_wait_for_them() -> None:
    lead = with_credits(a_credit())
    lead = told(lead, AgentTookOver(EventId("took"), NOW, AgentId("rina"))).lead
    back = told(lead, credit_news(1, used=0, returned=100_000))
    (effect,) = [one for one in back.effects if isinstance(one.command, SendText)]
    assert effect.draft
    assert AlarmReason.DRAFTS_WAIT in {one.reason for one in back.lead.alarms}


# Back ---------------------------------------------------------------------------------------------------------------


def paid_with(amount: int, language: Language = Language.EN) -> tuple[Lead, Booking]:
    """Confirmed, and so much of its price paid by a credit."""
    booking = a_paid_booking()
    spent = SpentCredit(CREDIT, booking.account, idr(amount), NOW, idr(amount))
    booking = replace(booking, credits=(spent,))
    return a_customer(booking, language), booking


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    ("by_credit", "way", "to_credit", "sums"),
    [
        (100_000, RefundWay.INSTRUMENT, idr(100_000), ("250", "100")),
        (350_000, RefundWay.CREDIT, idr(350_000), ("350",)),
    ],
)
def test_a_quote_says_what_comes_back_as_money_and_what_as_credit(
    by_credit: int, way: RefundWay, to_credit: Money, sums: tuple[str, ...], language: Language
) -> None:
    lead, booking = paid_with(by_credit, language)
    found = quote(booking, cancelling(Requester("rina", "operations"), Cause.BUSINESS), at(NOW))
    assert not isinstance(found, QuoteDenied)
    assert (found.to_refund, found.by_way, found.to_credit) == (PRICE, way, to_credit)
    said = words.money_sentence(lead, found, is_cancel=True)
    assert all(sum_ in said for sum_ in sums)
    assert ("350" in said) is (by_credit == 350_000)


@given(st.integers(0, 350_000), st.integers(0, 350_000))
def test_money_goes_back_before_credit_whatever_goes_back(by_credit: int, back: int) -> None:
    _, booking = paid_with(by_credit)
    as_credit = booking_money.back_to_credit(booking, idr(back)).amount
    assert as_credit == max(0, back - (350_000 - by_credit))


def test_moved_before_it_is_paid_the_next_link_asks_what_it_leaves() -> None:
    decision = booked(with_credits(a_credit()))
    booking = decision.lead.booking(REFERENCE)
    assert booking is not None
    counted = booking_money.counting_credit(booking)
    assert booking_money.captured(counted, "IDR") == idr(100_000)
    moved = apply.begin_account(booking_money.former_base(counted), f"{REFERENCE}~2")
    assert booking_money.captured(moved, "IDR") == idr(100_000)
    assert booking_money.by_credit(moved, "IDR") == idr(100_000)
    assert booking_money.set_aside(moved) is None
    assert booking_money.counting_credit(a_booking()) == a_booking()


# Whose it is --------------------------------------------------------------------------------------------------------


def test_two_leads_of_one_person_bring_both_their_credits_and_the_newer_word_of_one() -> None:
    older = replace(a_customer(), credits=(a_credit(),))
    newer = told(older, credit_news(3, used=60_000)).lead.credits
    younger = replace(older, id=LeadId("younger"), credits=(*newer, a_credit(5_000, LATER, "BK-B~credit")))
    merged = decide(older, LeadsMerged(EventId("merge:x"), NOW, younger), context())
    assert {one.id: one.left.amount for one in merged.lead.credits} == {CREDIT: 40_000, "BK-B~credit": 5_000}


@given(st.lists(st.integers(0, 3), max_size=40))
def test_credits_with_something_left_are_never_forgotten_for_used_ones(sums: list[int]) -> None:
    known: tuple[CustomerCredit, ...] = ()
    for number, amount in enumerate(sums):
        known = with_credit(known, a_credit(amount, LATER + timedelta(days=number), f"BK-{number}~credit"))
    assert len(known) <= MOST_CREDITS
    kept = {one.id for one in known if one.left}
    left = [f"BK-{number}~credit" for number, amount in enumerate(sums) if amount]
    assert kept == set(left[-MOST_CREDITS:])


def test_called_off_before_it_is_paid_nothing_of_it_is_kept() -> None:
    decision = booked(with_credits(a_credit()))
    booking = told(decision.lead, opened(250_000)).lead.booking(REFERENCE)
    assert booking is not None
    found = quote(replace(booking, booked_hold="hold-1"), cancelling(), at(NOW))
    assert not isinstance(found, QuoteDenied)
    assert (found.keep, found.to_refund) == (idr(0), idr(0))
    assert orders(decision, CloseInvoice) == []
