"""Whatever happens, in any order: the simulator's books hold, and the statement explains the balance."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.xendit import channels
from simulator.xendit.account import Account, new_account
from simulator.xendit.books import Purse, figures
from simulator.xendit.errors import Refused
from simulator.xendit.ids import Ids
from simulator.xendit.invoices import InvoiceOrder
from simulator.xendit.payouts import MAGIC_ACCOUNTS, PayoutOrder
from simulator.xendit.refunds import RefundOrder
from simulator.xendit.transactions import FeeStatus, Kind, Settlement, Status
from tests.simulator.xendit.house import START

AMOUNTS = st.integers(10_000, 3_000_000)
ACTS = st.one_of(
    st.tuples(st.just("open"), AMOUNTS),
    st.tuples(st.just("pay"), AMOUNTS),
    st.tuples(st.sampled_from(["top_up", "withdraw", "adjust", "charge_back", "decide"]), AMOUNTS),
    st.tuples(st.just("payout"), AMOUNTS),
    st.tuples(st.just("refund"), AMOUNTS),
    st.tuples(st.just("cancel"), AMOUNTS),
    st.tuples(st.just("wait"), st.integers(1, 400_000)),
)
ACCOUNTS = ("1234567890", *sorted(MAGIC_ACCOUNTS))


def act(account: Account, verb: str, number: int, now: datetime, turn: int) -> None:
    payments = list(account.payins.payments)
    payouts = list(account.payouts.payouts)
    match verb:
        case "open":
            account.payins.open(InvoiceOrder(f"att-{turn}", number, "IDR", timedelta(hours=1)), now)
        case "pay" if account.payins.invoices:
            invoice = list(account.payins.invoices)[number % len(account.payins.invoices)]
            ways = channels.of("IDR")
            account.payins.pay(invoice, ways[number % len(ways)], number, now)
        case "top_up":
            account.beside.top_up(number, "IDR", now)
        case "withdraw":
            account.beside.withdraw(number, "IDR", now, fee=number % 3_000)
        case "adjust":
            account.beside.adjust(number if number % 2 else -number, "IDR", now)
        case "charge_back" if payments:
            amount = number if number % 2 else None
            account.beside.charge_back(payments[number % len(payments)], amount, number % 9_000, now)
        case "decide":
            disputed = [row.id for row in account.vault.transactions.values() if row.kind is Kind.CHARGEBACK]
            if disputed:
                account.beside.decide(disputed[number % len(disputed)], bool(number % 2), now)
        case "payout":
            who = ACCOUNTS[number % len(ACCOUNTS)]
            order = PayoutOrder(f"po-{turn}", "ID_BCA", who, "Wayan", number, "IDR", str(turn))
            account.payouts.create(order, f"key-{turn}", now)
        case "refund" if payments:
            amount = number if number % 2 else None
            order_back = RefundOrder(payments[number % len(payments)], None, amount, None, "OTHERS", None, str(turn))
            account.refunds.create(order_back, None, now)
        case "cancel" if payouts:
            account.payouts.cancel(payouts[number % len(payouts)], now)
        case _:
            return


def explained_cash(account: Account) -> int:
    """The cash that the statement's rows add up to."""
    total = 0
    for row in account.vault.transactions.values():
        charged = row.fee + row.vat if row.fee_status is FeeStatus.COMPLETED else 0
        match row.kind:
            case Kind.PAYMENT:
                total += row.amount - charged if row.settlement is Settlement.SETTLED else 0
            case Kind.TOPUP | Kind.ADJUSTMENT_ADD:
                total += row.amount
            case Kind.WITHDRAWAL | Kind.ADJUSTMENT_DEDUCT:
                total -= row.amount + charged
            case Kind.CHARGEBACK:
                total -= charged + (0 if row.status is Status.REVERSED else row.amount)
            case Kind.REFUND:
                total -= row.amount if row.status in (Status.PENDING, Status.SUCCESS) else 0
            case Kind.DISBURSEMENT:
                total -= disbursed(account, row.product_id) + charged
    return total


def disbursed(account: Account, payout_id: str) -> int:
    payout = account.payouts.payouts[payout_id]
    row = account.vault.transactions[payout.transaction_id]
    if row.status is Status.SUCCESS:
        return payout.order.amount
    if row.status is Status.PENDING and payout.is_funded:
        return payout.order.amount + payout.fee + payout.vat
    return 0


@settings(max_examples=100, deadline=None)
@given(st.lists(ACTS, max_size=40))
def test_books_hold_and_the_statement_explains_the_balance(acts: list[tuple[str, int]]) -> None:
    account = new_account("http://xendit.invalid", Ids(1))
    now = START
    for turn, (verb, number) in enumerate(acts):
        now += timedelta(seconds=number) if verb == "wait" else timedelta(seconds=1)
        account.advance(now)
        try:
            act(account, verb, number, now, turn)
        except Refused:
            continue
        assert figures(account.vault.books, "IDR").holds
        assert account.vault.cash("IDR") == explained_cash(account)
    account.advance(now + timedelta(days=30))
    end = figures(account.vault.books, "IDR")
    assert end.holds
    assert (account.vault.cash("IDR"), end.pending) == (explained_cash(account), 0)
    deducted = sum(row.amount for row in account.vault.transactions.values() if row.kind is Kind.ADJUSTMENT_DEDUCT)
    taken = end.fees + deducted + end.charged_back + end.other_fees
    assert account.vault.books.balance(Purse.CASH, "IDR") >= -taken, "nobody may spend what is not there"
