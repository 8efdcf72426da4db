"""News of money says what an invoice is: told in any order and number it leads to the same booking, said once."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import payment_links
from bot.domain.booking import Booking, SlotUnavailable
from bot.domain.commands import (
    AcceptLateMoney,
    BookSlot,
    CloseInvoice,
    Lane,
    OfferSlots,
    OpenInvoice,
    RecordRefund,
    RefundLateMoney,
    ReleaseHolds,
    SendLink,
    SendTemplate,
)
from bot.domain.contents import Tap, Text
from bot.domain.events import (
    Event,
    InvoiceClosed,
    InvoiceNotOpened,
    SlotBooked,
    SlotLost,
    TimerFired,
    timer_event_id,
)
from bot.domain.ids import EventId
from bot.domain.lead import Lead
from bot.domain.money_news import PaymentNewsCame, PayoutStuck, RefundNewsCame
from bot.domain.outcome import Decision
from bot.domain.states import Mode, PaymentStatus, State
from bot.domain.timers import APPOINTMENT_TIMERS, TimerKind
from bot.lifecycle import apply
from bot.lifecycle.tables import is_legal
from bot.replies import payment as money_words
from bot.store.shapes import pack_order
from intents.understanding import Intent, Language
from payments.domain.allocations import CaseKind, OpenCase
from payments.domain.ids import PaymentKey, RefundId
from payments.domain.invoice import InvoiceStatus
from payments.domain.money import Money
from payments.domain.news import RefundNews
from payments.domain.refund import RefundState
from tests.bot.makers import NOW, meaning, wrote
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
    late,
    money,
    news,
    opened,
    orders,
    paid,
    told,
    waiting,
)

LATE_CASE = (OpenCase(CaseKind.LATE, PaymentKey("p1"), PRICE),)


def the_booking(decision: Decision) -> State:
    (booking,) = decision.lead.bookings
    return booking.state


def rung(lead: Lead, name: str) -> TimerFired:
    due = lead.timers[f"{name}:{REFERENCE}"]
    return TimerFired(timer_event_id(f"{name}:{REFERENCE}", due), due, f"{name}:{REFERENCE}", due)


@pytest.mark.parametrize("language", Language)
def test_the_link_is_sent_once_with_sum_deadline_and_reference(language: Language) -> None:
    lead = booked().lead.conversing(language=language)
    decision = told(lead, opened())
    (effect,) = chat(decision)
    assert isinstance(effect.command, SendLink)
    assert effect.command.url == URL
    assert "350" in body(effect)
    assert str(REFERENCE) in body(effect)
    assert effect.not_after == decision.lead.bookings[0].pay_by
    assert told(decision.lead, opened()).effects == ()


def test_a_link_of_an_older_number_is_not_sent() -> None:
    lead = waiting()
    tapped = Tap(f"{money_words.NEW_LINK_TAP}{REFERENCE}", "New link")
    newer = told(lead, wrote(meaning(Intent.OOS), tapped))
    assert chat(told(newer.lead, opened(1, url="https://old.example.com"))) == []


@pytest.mark.parametrize("language", Language)
def test_paid_is_confirmed_with_a_receipt(language: Language) -> None:
    decision = told(waiting(language), paid())
    (booking,) = decision.lead.bookings
    assert (booking.state, booking.payment_status, booking.paid) == (State.CONFIRMED, PaymentStatus.PAID, PRICE)
    (receipt,) = chat(decision)
    assert "✅" in body(receipt)
    assert all(TimerKind(name.partition(":")[0]) in APPOINTMENT_TIMERS for name in decision.lead.timers)
    assert money(decision) == []


def test_told_again_a_lead_does_nothing() -> None:
    lead = told(waiting(), paid()).lead
    assert told(lead, paid()).effects == ()
    assert told(lead, paid(change=9)).effects == ()


def test_expired_after_paid_and_pending_after_paid_change_nothing() -> None:
    lead = told(waiting(), paid()).lead
    for status in (InvoiceStatus.EXPIRED, InvoiceStatus.PENDING, InvoiceStatus.CLOSED):
        assert told(lead, news(7, status=status)).lead == lead


def test_news_in_any_order_and_number_leads_to_one_receipt() -> None:
    stream: list[Event] = [
        opened(),
        news(1),
        paid(2),
        paid(2),
        news(1, status=InvoiceStatus.EXPIRED, external_id="other.9"),
    ]
    for order in permutations(stream):
        lead, receipts = booked().lead, 0
        for event in order:
            decision = told(lead, event)
            lead = decision.lead
            receipts += sum("✅" in body(effect) for effect in chat(decision))
        assert receipts == 1
        assert lead.bookings[0].state is State.CONFIRMED


def test_less_than_due_is_recorded_and_the_rest_asked_under_the_next_number() -> None:
    part = Money(100_000, "IDR")
    decision = told(waiting(), news(2, status=InvoiceStatus.PARTIALLY_PAID, paid=part, rest=PRICE - part))
    (order,) = money(decision)
    assert isinstance(order, OpenInvoice)
    assert (order.attempt, order.why) == (2, "rest")
    assert decision.lead.bookings[0].payment_status is PaymentStatus.PARTIALLY_PAID
    again = told(decision.lead, news(3, status=InvoiceStatus.PARTIALLY_PAID, paid=part, rest=PRICE - part))
    assert money(again) == []


def test_another_currency_calls_a_person_once() -> None:
    odd = (OpenCase(CaseKind.OTHER_CURRENCY, PaymentKey("p1"), Money(2_000, "USD")),)
    decision = told(waiting(), news(2, open_cases=odd))
    assert decision.lead.waits_for_person
    assert the_booking(decision) is State.PAYMENT_PENDING
    assert len(chat(decision)) == 1
    assert chat(told(decision.lead, news(3, open_cases=odd))) == []


def test_a_surplus_confirms_and_calls_a_person_once() -> None:
    surplus = (OpenCase(CaseKind.SURPLUS, PaymentKey("p2"), Money(50_000, "IDR")),)
    decision = told(waiting(), paid(2, open_cases=surplus))
    assert the_booking(decision) is State.CONFIRMED
    assert decision.lead.waits_for_person
    assert chat(told(decision.lead, paid(3, open_cases=surplus))) == []


def test_outside_the_window_a_dead_link_is_replaced_by_itself_and_after_three_a_person_is_called() -> None:
    lead, reasons = waiting(), []
    (booking,) = lead.bookings
    assert booking.pay_by is not None
    lead = lead.with_booking(replace(booking, pay_by=booking.pay_by + timedelta(days=2)))
    for number in range(1, 7):
        expired = {"status": InvoiceStatus.EXPIRED, "external_id": f"{REFERENCE}.{number}"}
        decision = told(lead, news(number + 1, timedelta(days=1, hours=1), **expired))
        lead = decision.lead
        reasons += [(order.attempt, order.why) for order in money(decision) if isinstance(order, OpenInvoice)]
    assert reasons == [(2, "new_link"), (3, "other_method")]
    assert lead.waits_for_person


def test_half_way_the_customer_is_nudged_unless_silence_was_asked_for() -> None:
    lead = waiting()
    (effect,) = chat(told(lead, rung(lead, "nudge")))
    assert isinstance(effect.command, SendLink)
    silent = lead.conversing(opted_out=True)
    assert chat(told(silent, rung(silent, "nudge"))) == []


def released() -> Decision:
    lead = waiting()
    ringing = told(lead, rung(lead, "pay_by"))
    assert money(ringing) == [CloseInvoice(REFERENCE)]
    closed = news(3, timedelta(hours=2), status=InvoiceStatus.CLOSED)
    return told(ringing.lead, InvoiceClosed(EventId("done:close"), closed.at, REFERENCE, closed.news))


def test_at_the_deadline_the_link_ends_the_time_is_let_go_and_the_customer_told() -> None:
    decision = released()
    assert orders(decision, Lane.SLOTS) == [ReleaseHolds(("hold-1",))]
    (booking,) = decision.lead.bookings
    assert (booking.state, booking.cancellation_reason) == (State.CANCELLED, "payment_expired")
    assert len(chat(decision)) == 1
    assert money(decision) == []


def test_paid_in_the_last_moment_is_paid() -> None:
    lead = waiting()
    closing = InvoiceClosed(EventId("done:close"), NOW + timedelta(hours=2), REFERENCE, paid().news)
    assert the_booking(told(lead, closing)) is State.CONFIRMED


def test_a_released_booking_is_forgotten_after_a_day() -> None:
    lead = released().lead
    due = lead.timers[f"late:{REFERENCE}"]
    name = f"late:{REFERENCE}"
    assert told(lead, TimerFired(timer_event_id(name, due), due, name, due)).lead.bookings == ()


def test_late_money_books_the_same_time_again_under_a_new_reference() -> None:
    decision = told(released().lead, late(LATE_CASE))
    (order,) = orders(decision, Lane.SLOTS)
    assert isinstance(order, BookSlot)
    assert order.slot_id == SLOT.slot_id
    assert order.booking != REFERENCE
    assert told(decision.lead, late(LATE_CASE)).effects == ()
    taken = told(decision.lead, SlotBooked(EventId("done:again"), NOW, order.booking, SLOT))
    assert money(taken) == [AcceptLateMoney(REFERENCE)]
    confirmed = told(taken.lead, paid(6, timedelta(hours=3)))
    assert the_booking(confirmed) is State.CONFIRMED
    assert confirmed.lead.bookings[0].account == REFERENCE


def lost(after: timedelta = timedelta(hours=3)) -> Decision:
    decision = told(released().lead, late(LATE_CASE, at=after))
    (order,) = orders(decision, Lane.SLOTS)
    assert isinstance(order, BookSlot)
    gone = SlotLost(EventId("done:lost"), NOW + after, order.booking, SLOT.slot_id, SlotUnavailable.TAKEN)
    return told(decision.lead, gone)


def test_late_money_for_a_taken_time_looks_for_others_of_the_same_provider() -> None:
    (order,) = orders(lost(), Lane.SLOTS)
    assert isinstance(order, OfferSlots)
    assert order.provider == "ayu"


def test_outside_the_window_a_template_says_so_and_no_time_is_held_for_nobody() -> None:
    decision = lost(timedelta(hours=25))
    assert orders(decision, Lane.SLOTS) == []
    (effect,) = chat(decision)
    assert isinstance(effect.command, SendTemplate)
    assert (effect.command.name, effect.command.parameters) == ("janji_late_taken", (REFERENCE,))


@pytest.mark.parametrize("intent", [Intent.GREETING, Intent.OOS, Intent.BOOK, Intent.CONFIRM])
def test_who_then_writes_sees_other_times_whatever_they_write(intent: Intent) -> None:
    lead = lost(timedelta(hours=25)).lead
    back = told(lead, wrote(meaning(intent), at=NOW + timedelta(hours=26)))
    (order,) = orders(back, Lane.SLOTS)
    assert isinstance(order, OfferSlots)
    assert order.provider == "ayu"


def test_or_calls_it_off_and_has_the_money_back() -> None:
    lead = lost(timedelta(hours=25)).lead
    back = told(lead, wrote(meaning(Intent.CANCEL), at=NOW + timedelta(hours=26)))
    assert money(back) == [RefundLateMoney(REFERENCE)]


def test_late_money_nobody_uses_goes_back_by_itself() -> None:
    lead = lost().lead
    (name,) = [one for one in lead.timers if one.startswith("late:")]
    due = lead.timers[name]
    decision = told(lead, TimerFired(timer_event_id(name, due), due, name, due))
    assert money(decision) == [RefundLateMoney(REFERENCE)]
    assert decision.lead.bookings == ()
    # the template named the booking that was paid, and so does the end of it
    (effect,) = chat(decision)
    assert REFERENCE in repr(effect.command)


def test_late_money_for_nothing_we_remember_goes_back_at_once() -> None:
    stranger = replace(waiting(), bookings=(), timers={})
    decision = told(stranger, late(LATE_CASE))
    assert money(decision) == [RefundLateMoney(REFERENCE)]
    assert len(chat(decision)) == 1


def closing(number: int, event: PaymentNewsCame) -> InvoiceClosed:
    """The link of a called-off booking has ended, and this is what it then was."""
    return InvoiceClosed(EventId(f"done:close-{number}"), event.at, REFERENCE, event.news)


def called_off() -> Lead:
    """The customer has called the booking off a moment ago, while its link was out."""
    asked = told(waiting(), wrote(meaning(Intent.CANCEL), Text("cancel"), event="m1"))
    decision = told(asked.lead, wrote(meaning(Intent.CONFIRM), Text("yes"), event="m2"))
    assert money(decision) == [CloseInvoice(REFERENCE)]
    assert decision.lead.bookings == ()
    return decision.lead


def test_money_in_time_for_a_booking_that_was_called_off_is_a_persons_once() -> None:
    decision = told(told(called_off(), paid()).lead, closing(1, paid()))
    assert decision.lead.waits_for_person
    assert money(decision) == []
    assert len(chat(decision)) == 1
    assert [one.command for one in decision.effects if one.lane is Lane.RECORD]
    again = told(replace(decision.lead, alarms=()), closing(2, paid()))
    assert again.effects == ()
    assert not again.lead.waits_for_person
    (name,) = again.lead.timers
    due = again.lead.timers[name]
    assert told(again.lead, TimerFired(timer_event_id(name, due), due, name, due)).effects == ()


def test_money_of_a_closed_booking_told_again_is_no_news() -> None:
    """As after the second of two payments went back: nothing of it is open, and the booking is long over."""
    over = replace(told(waiting(), paid()).lead, bookings=(), timers={})
    twice = paid(9, timedelta(days=4), paid=Money(2 * PRICE.amount, "IDR"))
    for event in (paid(8, timedelta(days=4)), twice):
        decision = told(over, event)
        assert decision.effects == ()
        assert decision.lead == over


def test_part_of_the_money_goes_back_when_the_time_is_released() -> None:
    part = Money(100_000, "IDR")
    partly = news(3, status=InvoiceStatus.CLOSED, paid=part, rest=PRICE - part).news
    closing = InvoiceClosed(EventId("done:close"), NOW + timedelta(hours=2), REFERENCE, partly)
    assert RefundLateMoney(REFERENCE) in money(told(waiting(), closing))


def test_no_link_from_us_calls_a_person_and_takes_no_time_away() -> None:
    decision = told(booked().lead, InvoiceNotOpened(EventId("done:no"), NOW, REFERENCE, 1, "SharesDoNotFit"))
    assert decision.lead.waits_for_person
    assert decision.lead.timers == {}
    assert the_booking(decision) is State.PAYMENT_PENDING


def test_with_a_person_in_charge_money_moves_the_booking_and_the_words_are_drafts() -> None:
    lead = waiting()
    lead = replace(lead, conversation=replace(lead.conversation, mode=Mode.AGENT, epoch=1))
    decision = told(lead, paid())
    assert the_booking(decision) is State.CONFIRMED
    assert [effect.draft for effect in chat(decision)] == [True]
    assert decision.lead.waits_for_person


@pytest.mark.parametrize(
    ("state", "currency", "words", "person"),
    [
        (RefundState.SUCCEEDED, "IDR", 1, False),
        (RefundState.NEEDS_ACCOUNT, "IDR", 1, False),
        (RefundState.NEEDS_ACCOUNT, "VND", 1, True),
        (RefundState.PERSON, "IDR", 0, True),
        (RefundState.ACCEPTED, "IDR", 0, False),
    ],
)
def test_a_refund_is_told_when_it_is_done_or_needs_somebody(
    state: RefundState, currency: str, words: int, person: bool
) -> None:
    refund = RefundNews(RefundId("rf-1"), 1, REFERENCE, state, Money(350_000, currency), None)
    decision = told(waiting(), RefundNewsCame(EventId("refund"), NOW, refund))
    assert len(chat(decision)) == words
    assert decision.lead.waits_for_person is person


def test_what_money_says_is_a_fact_that_no_later_word_throws_away() -> None:
    link, receipt = chat(told(booked().lead, opened())), chat(told(waiting(), paid()))
    assert all(effect.is_fact for effect in (*link, *receipt))


def test_a_refused_second_link_leaves_the_first_and_its_deadline() -> None:
    lead = waiting()
    more = told(lead, news(2, status=InvoiceStatus.EXPIRED)).lead
    refused = told(more, InvoiceNotOpened(EventId("done:no"), NOW, REFERENCE, 2, "UNAVAILABLE_PAYMENT_METHOD_ERROR"))
    assert refused.lead.waits_for_person
    assert f"pay_by:{REFERENCE}" in refused.lead.timers
    assert chat(refused) == []


def test_no_link_is_said_once_however_often_it_fails() -> None:
    first = told(booked().lead, InvoiceNotOpened(EventId("done:no"), NOW, REFERENCE, 1, "REFUSED"))
    assert len(chat(first)) == 1
    assert told(first.lead, news(2, status=InvoiceStatus.FAILED)).effects == ()
    assert chat(told(first.lead, InvoiceNotOpened(EventId("done:no2"), NOW, REFERENCE, 1, "REFUSED"))) == []


STANDS = sorted(set(State) - {State.INQUIRY, State.SERVICE_SELECTED, State.RESCHEDULED, State.ABANDONED})


@given(
    state=st.sampled_from(STANDS),
    status=st.sampled_from(PaymentStatus),
    due=st.sampled_from([PRICE, Money(5, "USD"), None]),
    links=st.integers(0, 3),
    with_person=st.booleans(),
    invoice=st.sampled_from(InvoiceStatus),
    amount=st.sampled_from([0, 1, 350_000, 999_999]),
    is_late=st.booleans(),
    case=st.sampled_from([None, *CaseKind]),
    account=st.sampled_from([REFERENCE, "BK-OTHER", f"{REFERENCE}~2"]),
)
def test_no_state_and_no_news_make_it_raise_and_every_step_is_of_the_table(
    state: State,
    status: PaymentStatus,
    due: Money | None,
    links: int,
    with_person: bool,
    invoice: InvoiceStatus,
    amount: int,
    is_late: bool,
    case: CaseKind | None,
    account: str,
) -> None:
    booking = a_booking(
        state=state, payment_status=status, due=due, link_count=links, money_account=account, booked_hold="hold-1"
    )
    lead = a_customer(booking, mode=Mode.AGENT if with_person else Mode.BOT)
    cases = () if case is None else (OpenCase(case, PaymentKey("p1"), PRICE),)
    it = news(3, status=invoice, paid=Money(amount, "IDR"), is_late=is_late, open_cases=cases, reference=account)
    events: list[Event] = [
        it,
        opened(links, account=account),
        InvoiceNotOpened(EventId("done:no"), NOW, account, links, "REFUSED"),
        InvoiceClosed(EventId("done:close"), NOW, account, it.news),
        InvoiceClosed(EventId("done:close"), NOW, account, None),
        RefundNewsCame(EventId("r"), NOW, RefundNews(RefundId("rf"), 1, account, RefundState.SUCCEEDED, PRICE, None)),
        *(TimerFired(EventId(f"t:{name}"), NOW, f"{name}:{REFERENCE}", NOW) for name in ("pay_by", "nudge", "late")),
    ]
    for event in events:
        ready = lead.with_timer(event.name, NOW) if isinstance(event, TimerFired) else lead
        decision = told(ready, event)
        assert decision == told(ready, event)
        for after in decision.lead.bookings:
            if after.reference == REFERENCE and after.state is not state:
                through = {State.PAID} if after.state is State.CONFIRMED else set()
                assert is_legal(state, after.state) or all(is_legal(state, one) for one in through)
        for effect in chat(decision):
            assert effect.draft is with_person
            assert pack_order(effect.command)


def test_a_stuck_payout_is_a_persons_and_no_word_to_the_customer() -> None:
    decision = told(waiting(), PayoutStuck(EventId("payout"), NOW, "po-1", REFERENCE, "INVALID_DESTINATION"))
    assert decision.lead.waits_for_person
    assert chat(decision) == []


def test_the_account_of_a_moved_booking_leads_back_to_it() -> None:
    assert payment_links.by_account(waiting(), REFERENCE) is not None
    assert payment_links.by_account(waiting(), "BK-NOBODY") is None


def sent_back(amount: Money = PRICE) -> RefundNewsCame:
    refund = RefundNews(RefundId("rf-1"), 3, REFERENCE, RefundState.SUCCEEDED, amount, None)
    return RefundNewsCame(EventId("refund"), NOW + timedelta(hours=30), refund)


def test_money_that_went_back_is_on_record_though_the_lead_has_forgotten_the_booking() -> None:
    decision = told(a_customer(), sent_back())
    (record,) = [one for one in orders(decision, Lane.RECORD) if isinstance(one, RecordRefund)]
    assert (record.booking, record.amount) == (REFERENCE, PRICE)


def test_a_booking_that_is_still_remembered_says_itself_that_its_money_went_back() -> None:
    released = told(rung_out(), InvoiceClosed(EventId("closed"), NOW + timedelta(hours=2), REFERENCE)).lead
    (booking,) = told(released, sent_back()).lead.bookings
    assert booking.payment_status is PaymentStatus.REFUNDED


def rung_out() -> Lead:
    lead = waiting()
    return told(lead, rung(lead, "pay_by")).lead


@pytest.mark.parametrize(
    ("booking", "amount", "status"),
    [
        (a_booking(state=State.CANCELLED), PRICE, PaymentStatus.REFUNDED),
        (a_booking(state=State.CANCELLED), Money(100_000, "IDR"), PaymentStatus.PARTIALLY_REFUNDED),
        (a_booking(state=State.CANCELLED, paid=Money(100, "IDR")), Money(100, "IDR"), PaymentStatus.REFUNDED),
        (a_booking(state=State.CANCELLED), Money(350_000, "PHP"), PaymentStatus.PARTIALLY_REFUNDED),
        (a_booking(state=State.CONFIRMED, payment_status=PaymentStatus.PAID), PRICE, PaymentStatus.PAID),
    ],
)
def test_what_came_in_decides_whether_all_of_it_went_back(
    booking: Booking, amount: Money, status: PaymentStatus
) -> None:
    assert apply.refunded(booking, amount).payment_status is status
