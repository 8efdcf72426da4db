"""What a reconciliation says: equal, unequal with an excuse, or unequal, by how much and since when."""

from datetime import timedelta

from payments.domain.ledger import Position
from payments.domain.reconciliation import BalanceVerdict, Reconciliation, compare
from tests.payments.makers import NOON, idr


def look(cash: int, pending: int, moving: tuple[str, ...] = ()) -> Reconciliation:
    """Ours are 1 000 in cash and 200 pending."""
    ours = Position("IDR", pending=200, cash=1_000)
    since = NOON - timedelta(days=1)
    return compare(ours, idr(cash), idr(pending), NOON, since=since, moving=moving, unmatched=())


def test_equal_balances_hold_also_while_money_moves() -> None:
    assert look(1_000, 200).verdict is BalanceVerdict.HOLDS
    assert look(1_000, 200, ("po-1",)).holds
    assert look(1_000, 200).in_words == ()


def test_a_difference_is_named_by_account_sum_and_last_good_day() -> None:
    found = look(995, 201)
    assert found.verdict is BalanceVerdict.DIFFERS
    assert [(line.account, line.difference) for line in found.lines] == [("CASH", -5), ("HOLDING", 1)]
    assert found.in_words == (
        "IDR CASH: the provider has 5 less than our books (995 against 1000); it held on 2026-11-19 05:00 UTC",
        "IDR HOLDING: the provider has 1 more than our books (201 against 200); it held on 2026-11-19 05:00 UTC",
    )


def test_two_differences_that_cancel_out_do_not_hold() -> None:
    assert look(900, 300).verdict is BalanceVerdict.DIFFERS


def test_a_transfer_on_its_way_excuses_a_difference_but_not_for_long() -> None:
    found = look(900, 200, ("po-1",))
    assert found.verdict is BalanceVerdict.MOVING
    assert found.next_at - found.at < look(900, 200).next_at - NOON < look(1_000, 200).next_at - NOON
