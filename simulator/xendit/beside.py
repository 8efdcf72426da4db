"""Money that moves beside payments, payouts and refunds: the owner's top-ups and withdrawals, Xendit's
adjustments, the banks' chargebacks.

The types of their rows are documented, their manners are not (reference: xendit 9.1): what is decided here is
ours. Nothing of it happens unless the control door orders it.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from simulator.xendit.books import Cause, Entry, Purse
from simulator.xendit.errors import Refused, bad, not_found
from simulator.xendit.invoices import Payment
from simulator.xendit.payins import Payins
from simulator.xendit.transactions import FeeStatus, Kind, Status, Transaction
from simulator.xendit.vault import Vault

_CAUSES = {
    Kind.TOPUP: Cause.TOPPED_UP,
    Kind.WITHDRAWAL: Cause.WITHDRAWN,
    Kind.ADJUSTMENT_ADD: Cause.ADJUSTED,
    Kind.ADJUSTMENT_DEDUCT: Cause.ADJUSTED,
    Kind.CHARGEBACK: Cause.CHARGED_BACK,
}


@dataclass(frozen=True, slots=True)
class Movement:
    """What is to move, in minor units; the fee is taken beside it."""

    kind: Kind
    amount: int
    currency: str
    about: str
    product_id: str
    fee: int = 0
    status: Status = Status.SUCCESS


class Beside:
    """Each movement changes the cash at once and is a row of the statement."""

    def __init__(self, vault: Vault, payins: Payins) -> None:
        self._vault = vault
        self._payins = payins

    def top_up(self, amount: int, currency: str, now: datetime) -> Transaction:
        """Puts money of the owner's own into the balance."""
        about = f"topup-{self._vault.ids.hexes(8)}"
        return self._move(Movement(Kind.TOPUP, amount, currency, about, about), now)

    def withdraw(self, amount: int, currency: str, now: datetime, fee: int = 0) -> Transaction:
        """The owner takes money out to the company's bank; never more than there is."""
        if self._vault.cash(currency) < amount + fee:
            raise bad("INSUFFICIENT_BALANCE", "Not enough balance for this withdrawal")
        about = f"withdrawal-{self._vault.ids.hexes(8)}"
        return self._move(Movement(Kind.WITHDRAWAL, amount, currency, about, about, fee), now)

    def adjust(self, amount: int, currency: str, now: datetime) -> Transaction:
        """Xendit corrects the balance, either way, also below nothing."""
        if not amount:
            raise bad("API_VALIDATION_ERROR", "An adjustment of nothing")
        kind = Kind.ADJUSTMENT_ADD if amount > 0 else Kind.ADJUSTMENT_DEDUCT
        about = f"adjustment-{self._vault.ids.hexes(8)}"
        return self._move(Movement(kind, abs(amount), currency, about, about), now)

    def charge_back(self, payment_id: str, amount: int | None, fee: int, now: datetime) -> Transaction:
        """The customer's bank takes money back: out of the cash at once, PENDING until it is decided."""
        payment = self._payment(payment_id)
        taken = payment.amount if amount is None else amount
        if not 0 < taken <= payment.amount:
            raise bad("API_VALIDATION_ERROR", "A chargeback is of the payment or of a part of it")
        about, product = payment.external_id, f"chb-{self._vault.ids.hexes(24)}"
        ordered = Movement(Kind.CHARGEBACK, taken, payment.currency, about, product, fee, Status.PENDING)
        return self._move(ordered, now)

    def decide(self, transaction_id: str, is_won: bool, now: datetime) -> Transaction:
        """Won: the money comes back and the row is REVERSED; lost: SUCCESS. The fee is gone either way."""
        row = self._vault.transactions.get(transaction_id)
        if row is None or row.kind is not Kind.CHARGEBACK:
            raise not_found("the chargeback")
        if row.status is not Status.PENDING:
            raise bad("CHARGEBACK_DECIDED", f"Chargeback is {row.status}")
        decided = replace(row, status=Status.REVERSED if is_won else Status.SUCCESS, updated=now)
        self._vault.record(decided)
        if is_won:
            self._post(row.currency, row.amount, Cause.CHARGED_BACK, row.reference_id, now)
        return decided

    def _payment(self, payment_id: str) -> Payment:
        if payment_id in self._payins.payments:
            return self._payins.payments[payment_id]
        payments = self._payins.named(payment_id).payments
        if not payments:
            raise Refused(400, "INELIGIBLE_TRANSACTION_STATUS", "The invoice has no payment to take back")
        return self._payins.payments[payments[0]]

    def _move(self, ordered: Movement, now: datetime) -> Transaction:
        row = _row(ordered, f"txn_{self._vault.ids.uuid()}", now)
        sign = 1 if row.is_money_in else -1
        self._post(ordered.currency, sign * ordered.amount, _CAUSES[ordered.kind], ordered.about, now)
        self._post(ordered.currency, -ordered.fee, Cause.OTHER_FEE, ordered.about, now)
        self._vault.record(row)
        return row

    def _post(self, currency: str, amount: int, cause: Cause, about: str, now: datetime) -> None:
        self._vault.books.post(Entry(now, Purse.CASH, currency, amount, cause, about))


def _row(ordered: Movement, transaction_id: str, now: datetime) -> Transaction:
    return Transaction(
        id=transaction_id,
        kind=ordered.kind,
        status=ordered.status,
        product_id=ordered.product_id,
        reference_id=ordered.about,
        channel_category="BANK",
        channel_code=None,
        account_identifier=None,
        currency=ordered.currency,
        amount=ordered.amount,
        fee=ordered.fee,
        vat=0,
        fee_status=FeeStatus.COMPLETED if ordered.fee else FeeStatus.NOT_APPLICABLE,
        created=now,
        updated=now,
    )
