"""Money that moves beside bookings: read from the provider's rows, booked once on an account of its own."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from payments.domain import check, postings
from payments.domain.events import MovementKind, MovementSeen, RowStatus
from payments.domain.ledger import LedgerAccount
from payments.domain.movement import Movement, movement_of, opening
from payments.domain.statement_cursor import LONGEST_SPAN, StatementCursor
from payments.gateways.xendit.shapes import TransactionShape
from tests.payments.makers import NOON, idr

LATER = NOON + timedelta(days=1)
HOUR = timedelta(hours=1)


def row(kind: MovementKind, amount: int, status: RowStatus = RowStatus.DONE, fee: int = 0) -> MovementSeen:
    """The provider's row."""
    return MovementSeen("txn_1", kind, kind.value.upper(), idr(amount), status, idr(fee))


def sums(movement: Movement) -> dict[LedgerAccount, int]:
    """What it comes to on each account."""
    found: dict[LedgerAccount, int] = {}
    for posting in postings.of_movement(movement):
        for entry in posting.entries:
            found[entry.account] = found.get(entry.account, 0) + entry.amount
    return {account: amount for account, amount in found.items() if amount}


@pytest.mark.parametrize(
    ("word", "cashflow", "kind", "amount"),
    [
        ("TOPUP", "MONEY_IN", MovementKind.TOP_UP, 100),
        ("WITHDRAWAL", "MONEY_OUT", MovementKind.WITHDRAWAL, -100),
        ("ADJUSTMENT_ADD", "MONEY_IN", MovementKind.ADJUSTMENT, 100),
        ("ADJUSTMENT_DEDUCT", "MONEY_OUT", MovementKind.ADJUSTMENT, -100),
        ("CHARGEBACK", "MONEY_OUT", MovementKind.CHARGEBACK, -100),
        ("TRANSFER_IN", "MONEY_IN", MovementKind.UNMATCHED, 100),
        ("RESERVES_HOLD", "MONEY_OUT", MovementKind.UNMATCHED, -100),
        ("A_WORD_OF_TOMORROW", None, MovementKind.UNMATCHED, -100),
    ],
)
def test_each_type_of_row_has_its_kind_and_its_sign(
    word: str, cashflow: str | None, kind: MovementKind, amount: int
) -> None:
    told: dict[str, Any] = {"id": "txn_1", "type": word, "status": "SUCCESS", "amount": 100, "currency": "IDR"}
    seen = TransactionShape.model_validate({**told, "cashflow": cashflow}).row()
    assert isinstance(seen, MovementSeen)
    assert (seen.kind, seen.amount, seen.status, seen.word) == (kind, idr(amount), RowStatus.DONE, word)


def test_a_fee_counts_when_it_is_charged_for_good() -> None:
    told = {"id": "t", "type": "WITHDRAWAL", "status": "SUCCESS", "amount": 100, "currency": "IDR"}
    for status, fee in (("PENDING", None), ("CANCELED", None), ("COMPLETED", idr(7))):
        shape = TransactionShape.model_validate({**told, "fee": {"xendit_fee": 7, "status": status}})
        seen = shape.moved()
        assert seen is not None
        assert seen.fee == fee


@pytest.mark.parametrize(
    ("kind", "amount", "account"),
    [
        (MovementKind.TOP_UP, 900, LedgerAccount.TOP_UPS),
        (MovementKind.WITHDRAWAL, -900, LedgerAccount.WITHDRAWALS),
        (MovementKind.ADJUSTMENT, -900, LedgerAccount.ADJUSTMENTS),
        (MovementKind.ADJUSTMENT, 900, LedgerAccount.ADJUSTMENTS),
    ],
)
def test_each_kind_has_an_account_of_its_own_and_its_fee_another(
    kind: MovementKind, amount: int, account: LedgerAccount
) -> None:
    found = sums(movement_of(row(kind, amount, fee=30), NOON))
    assert found == {LedgerAccount.CASH: amount - 30, account: -amount, LedgerAccount.OTHER_FEES: 30}


def test_money_on_its_way_in_is_not_there_and_money_on_its_way_out_is_gone() -> None:
    assert sums(movement_of(row(MovementKind.TOP_UP, 900, RowStatus.PENDING), NOON)) == {}
    out = movement_of(row(MovementKind.WITHDRAWAL, -900, RowStatus.PENDING), NOON)
    assert sums(out)[LedgerAccount.CASH] == -900
    assert sums(out.with_row(row(MovementKind.WITHDRAWAL, -900, RowStatus.BACK), LATER)) == {}


def test_a_row_that_failed_before_we_saw_it_moved_nothing() -> None:
    assert postings.of_movement(movement_of(row(MovementKind.TOP_UP, 900, RowStatus.BACK), NOON)) == ()


def test_told_again_nothing_changes() -> None:
    once = movement_of(row(MovementKind.TOP_UP, 900), NOON)
    assert once.with_row(row(MovementKind.TOP_UP, 900), LATER) is once


def test_what_nobody_ordered_enters_the_books_only_when_a_person_accepts_it() -> None:
    stray = movement_of(row(MovementKind.UNMATCHED, -900, fee=10), NOON)
    assert (stray.is_unmatched, postings.of_movement(stray)) == (True, ())
    known = stray.accepted(LATER)
    assert sums(known) == {LedgerAccount.CASH: -910, LedgerAccount.UNMATCHED: 900, LedgerAccount.OTHER_FEES: 10}
    assert not known.is_unmatched
    assert known.accepted(LATER + HOUR) is known


def test_a_movement_of_a_known_kind_needs_no_word() -> None:
    known = movement_of(row(MovementKind.TOP_UP, 900), NOON)
    assert not known.is_unmatched
    assert known.accepted(LATER) is known


def test_the_opening_is_what_lay_there_before_us() -> None:
    found = sums(opening(idr(700), idr(300), NOON))
    assert found == {LedgerAccount.CASH: 700, LedgerAccount.PENDING: 300, LedgerAccount.OPENING: -1_000}


def test_the_check_tells_a_movement_without_its_posting() -> None:
    moved = replace(movement_of(row(MovementKind.TOP_UP, 900), NOON), dirty=False)
    held = check.check(postings.of_movement(moved), check.MoneyRecords((), (), (), (), (moved,)))
    assert held.holds
    (missing,) = check.check((), check.MoneyRecords((), (), (), (), (moved,))).differences
    assert (missing.term, missing.in_ledger, missing.in_records) == ("moved:txn_1", 0, 900)
    (strange,) = check.check(postings.of_movement(moved), check.MoneyRecords((), (), (), ())).differences
    assert (strange.term, strange.in_records) == ("moved:txn_1", 0)


def test_a_statement_is_read_on_with_an_overlap_in_spans_of_a_day() -> None:
    reading = StatementCursor(NOON, NOON)
    spans = reading.spans(NOON + timedelta(days=2), HOUR)
    assert (spans[0][0], spans[-1][1]) == (NOON - HOUR, NOON + timedelta(days=2))
    assert all(until - since <= LONGEST_SPAN for since, until in spans)
    assert [until for _, until in spans[:-1]] == [since for since, _ in spans[1:]]


def test_nothing_before_the_opening_is_read() -> None:
    reading = StatementCursor(NOON, NOON, opened_at=NOON)
    assert reading.spans(NOON + HOUR, timedelta(days=1)) == ((NOON, NOON + HOUR),)
