"""A bank takes a payment back: out of our cash at once, decided later, and nobody is paid from it meanwhile."""

from dataclasses import replace
from datetime import timedelta

from payments.domain import check, payables, postings
from payments.domain.allocations import CaseKind, ChargebackOutcome
from payments.domain.events import MovementKind, MovementSeen, RowStatus
from payments.domain.invoice import Invoice, InvoiceStatus
from payments.domain.ledger import Books, LedgerAccount, books_of
from payments.domain.money import Money
from tests.payments.makers import NOON, expired, idr, invoice, paid, row

LATER = NOON + timedelta(days=20)


def taken(amount: int = 500_000, status: RowStatus = RowStatus.PENDING, fee: Money | None = None) -> MovementSeen:
    """The provider's row of a chargeback."""
    return MovementSeen("txn_cb", MovementKind.CHARGEBACK, "CHARGEBACK", idr(-amount), status, fee, "BK1.1", "chb-1")


def shared() -> Invoice:
    """Paid, and every party has its part."""
    return invoice().apply(paid(), NOON)


def late() -> Invoice:
    """Paid after the time was given up: all of it is open."""
    return invoice().apply(expired(), NOON).closed(NOON).apply(paid(), NOON)


def books(of: Invoice) -> Books:
    """The terms of its only booking."""
    (found,) = books_of(postings.of_invoice(of))
    assert found.holds
    return found


def holds(of: Invoice) -> bool:
    """Whether ledger and record say the same."""
    owed = payables.payables_of(of)
    return check.check(postings.of_invoice(of), check.MoneyRecords([replace(of, dirty=False)], owed, (), ())).holds


def cash(of: Invoice) -> int:
    """What the chargeback has done to our cash."""
    entries = [e for p in postings.of_invoice(of) if "captured" not in p.key for e in p.entries]
    return sum(e.amount for e in entries if e.account is LedgerAccount.CASH)


def test_a_chargeback_takes_the_cash_at_once_and_no_booking_loses_yet() -> None:
    end = shared().charged_back(taken(), LATER)
    assert (cash(end), books(end).refunded, books(end).platform) == (-500_000, 0, 50_000)
    assert end.status is InvoiceStatus.PAID
    assert holds(end)


def test_nobody_is_paid_from_a_payment_that_is_disputed() -> None:
    end = shared().settle((row(),), NOON).charged_back(taken(), LATER)
    assert [p.is_due(LATER + timedelta(days=9)) for p in payables.payables_of(end)] == [False, False]
    won = end.charged_back(taken(status=RowStatus.BACK), LATER)
    assert all(p.is_due(LATER + timedelta(days=9)) for p in payables.payables_of(won))


def test_won_everything_is_as_it_was() -> None:
    end = shared().charged_back(taken(), LATER).charged_back(taken(status=RowStatus.BACK), LATER)
    assert (cash(end), books(end)) == (0, books(shared()))
    assert end.chargebacks[0].outcome is ChargebackOutcome.WON
    assert holds(end)


def test_lost_it_is_refunded_and_the_platform_bears_what_was_shared_out() -> None:
    end = shared().charged_back(taken(), LATER).charged_back(taken(status=RowStatus.DONE), LATER)
    found = books(end)
    assert (found.refunded, found.platform, found.held) == (500_000, 50_000 - 500_000, 450_000)
    assert holds(end)


def test_lost_open_money_is_what_goes_first() -> None:
    end = late().charged_back(taken(300_000), LATER)
    assert [(c.kind, c.amount) for c in end.open_cases] == [(CaseKind.LATE, idr(200_000))]
    assert (books(end).open, books(end).refunded) == (500_000, 0)
    lost = end.charged_back(taken(300_000, RowStatus.DONE), LATER)
    assert (books(lost).open, books(lost).refunded, books(lost).platform) == (200_000, 300_000, 0)
    assert holds(end)
    assert holds(lost)


def test_disputed_money_neither_goes_back_to_the_guest_nor_is_shared_out() -> None:
    disputed = late().charged_back(taken(300_000), LATER)
    assert [mark.amount for mark in disputed.refunding_open(LATER).refunds] == [idr(200_000)]
    assert disputed.late_accepted(LATER).allocations == ()
    won = disputed.late_accepted(LATER).charged_back(taken(300_000, RowStatus.BACK), LATER)
    assert sum(part.amount.amount for part in won.allocations) == 500_000


def test_told_again_or_backward_nothing_changes() -> None:
    opened = shared().charged_back(taken(), LATER)
    assert opened.charged_back(taken(), LATER) is opened
    lost = opened.charged_back(taken(status=RowStatus.DONE), LATER)
    for status in RowStatus:
        assert lost.charged_back(taken(status=status), LATER + timedelta(days=1)) is lost


def test_its_fee_is_charged_once_whoever_wins() -> None:
    fee = idr(9_000)
    end = shared().charged_back(taken(fee=fee), LATER).charged_back(taken(status=RowStatus.BACK, fee=fee), LATER)
    assert cash(end) == -9_000
    assert holds(end)


def test_a_chargeback_of_a_link_that_was_never_paid_is_not_ours() -> None:
    assert invoice().charged_back(taken(), LATER) == invoice()
