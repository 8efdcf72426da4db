"""Rules of the invoice: what news does, and what it never does again."""

from datetime import timedelta

import pytest

from payments.domain.allocations import CaseKind
from payments.domain.attempt import AttemptState
from payments.domain.events import InvoiceExpired, InvoiceFailed
from payments.domain.ids import ExternalId, InvoiceId
from payments.domain.invoice import Invoice, InvoiceStatus, NotOpen
from payments.domain.money import Money
from payments.domain.splits import Party
from tests.payments.makers import NOON, PAY_BY, expired, idr, invoice, paid, pending, row

AFTER = PAY_BY + timedelta(minutes=1)


def after(*news: object) -> Invoice:
    """The invoice after this news, all of it heard at noon."""
    end = invoice()
    for event in news:
        end = end.apply(event, NOON)  # type: ignore[arg-type] # any invoice news
    return end


def cases(of: Invoice) -> list[tuple[CaseKind, int]]:
    """Its open cases in short."""
    return [(case.kind, case.amount.amount) for case in of.open_cases]


def test_a_payment_of_what_is_due_is_paid_and_shared_out() -> None:
    end = after(paid())
    assert end.status is InvoiceStatus.PAID
    assert {a.party: a.amount.amount for a in end.allocations} == {
        Party.PROVIDER: 350_000,
        Party.FACILITY: 100_000,
        Party.PLATFORM: 50_000,
    }


def test_the_same_news_again_is_the_same_invoice() -> None:
    end = after(paid())
    assert end.apply(paid(), AFTER) is end


def test_paid_beats_expired_in_either_order() -> None:
    assert after(paid(), expired()).status is InvoiceStatus.PAID
    assert after(expired(), paid()).status is InvoiceStatus.PAID


def test_a_look_up_without_a_payment_id_tells_of_the_same_payment() -> None:
    assert len(after(paid(), paid(payment_id=None)).payments) == 1
    assert len(after(paid(payment_id=None), paid()).payments) == 1


def test_one_code_paid_twice_is_two_payments_and_the_second_is_open() -> None:
    end = after(paid(), paid(payment_id="qrpy_2"))
    assert cases(end) == [(CaseKind.SURPLUS, 500_000)]
    assert sum(a.amount.amount for a in end.allocations) == 500_000


def test_more_than_due_is_paid_and_the_surplus_is_open() -> None:
    assert cases(after(paid(500_001))) == [(CaseKind.SURPLUS, 1)]


def test_less_than_due_is_recorded_and_the_rest_is_asked() -> None:
    end = after(paid(200_000))
    assert (end.status, end.rest) == (InvoiceStatus.PARTIALLY_PAID, idr(300_000))
    assert cases(end) == [(CaseKind.PARTIAL, 200_000)]
    again = end.with_attempt(2, (), NOON)
    assert again.attempts[-1].amount == idr(300_000)
    assert not end.allocations


def test_two_parts_that_make_the_whole_are_shared_out_once() -> None:
    end = after(paid(200_000), paid(300_000, payment_id="qrpy_2"))
    assert sum(a.amount.amount for a in end.allocations) == 500_000
    assert cases(end) == []


def test_another_currency_pays_nothing_and_is_open() -> None:
    end = after(paid(paid=Money(500_000, "PHP")))
    assert end.status is InvoiceStatus.PENDING
    assert cases(end) == [(CaseKind.OTHER_CURRENCY, 500_000)]


def test_money_after_the_deadline_waits_for_a_word() -> None:
    end = invoice().apply(paid(paid_at=AFTER), AFTER)
    assert end.is_late
    assert not end.allocations
    assert cases(end) == [(CaseKind.LATE, 500_000)]
    assert end.late_accepted(AFTER).allocations


def test_money_paid_in_time_and_told_late_is_in_time_while_nothing_was_released() -> None:
    assert not invoice().apply(paid(), AFTER).is_late


def test_money_after_the_slot_was_released_is_late_whenever_it_was_paid() -> None:
    assert invoice().closed(NOON).apply(paid(), NOON).is_late


def test_a_paid_invoice_is_not_closed() -> None:
    end = after(paid())
    assert end.closed(AFTER) is end


def test_news_before_the_answer_finds_the_attempt() -> None:
    asked = Invoice("BK1", idr(500_000), PAY_BY, invoice().terms).with_attempt(1, (), NOON)
    end = asked.apply(paid(), NOON).apply(pending(), NOON)
    assert end.status is InvoiceStatus.PAID
    assert end.attempts[0].state is AttemptState.PAID
    assert end.attempts[0].url is not None


def test_the_death_of_a_twin_leaves_our_link_alive() -> None:
    twin = InvoiceExpired(ExternalId("BK1.1"), InvoiceId("inv-2"))
    assert after(twin).status is InvoiceStatus.PENDING


def test_a_failed_attempt_is_failed_and_may_still_be_paid() -> None:
    failed = InvoiceFailed(ExternalId("BK1.1"), InvoiceId("inv-1"), "DECLINED")
    assert after(failed).status is InvoiceStatus.FAILED
    assert after(failed, paid()).status is InvoiceStatus.PAID


def test_news_of_another_invoice_changes_nothing() -> None:
    before = invoice()
    assert before.apply(paid(external_id=ExternalId("BK2.1")), NOON) is before


@pytest.mark.parametrize("state", ["paid", "closed", "past"])
def test_no_link_is_opened_that_should_not_be_paid(state: str) -> None:
    before = {"paid": after(paid()), "closed": invoice().closed(NOON), "past": invoice()}[state]
    with pytest.raises(NotOpen):
        before.with_attempt(2, (), PAY_BY if state == "past" else NOON)


def test_settlement_is_told_once_and_keeps_its_fee() -> None:
    end = after(paid()).settle((row(fee=3_500),), NOON)
    assert end.payments[0].fee == idr(3_500)
    assert end.settle((row(fee=9_999),), AFTER).payments[0].fee == idr(3_500)


def test_a_row_nobody_told_of_is_money_too_and_a_known_one_is_not_twice() -> None:
    end = after(paid()).settle((row(product="1"), row(product="2")), NOON)
    assert [(p.payment_id, p.transaction_id) for p in end.payments] == [("qrpy_1", "txn_1"), ("2", "txn_2")]


def test_open_money_is_set_aside_for_a_refund_once() -> None:
    end = after(paid(), paid(payment_id="qrpy_2")).refunding_open(NOON)
    assert [mark.amount for mark in end.refunds] == [idr(500_000)]
    assert end.refunding_open(AFTER) is end
    assert end.status is InvoiceStatus.PAID


def test_refunded_late_money_leaves_the_invoice_closed() -> None:
    end = invoice().closed(NOON).apply(paid(), NOON).refunding_open(NOON)
    assert end.status is InvoiceStatus.CLOSED


def test_news_comes_until_its_revision_is_acknowledged() -> None:
    end = after(paid())
    assert end.acknowledged < end.revision
    known = end.acknowledge(end.revision)
    assert known.acknowledged == known.revision
    assert known.acknowledge(1) is known
