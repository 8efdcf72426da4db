"""The desk for payouts: idempotency, the way to a result, reversal, cancellation (reference: xendit 4)."""

from dataclasses import replace
from datetime import datetime, timedelta

from simulator.xendit import payouts, wire
from simulator.xendit.books import Cause, Entry, Purse
from simulator.xendit.errors import bad, not_found
from simulator.xendit.payouts import Payout, PayoutOrder, PayoutStatus
from simulator.xendit.plans import Deed, Plan
from simulator.xendit.transactions import FeeStatus, Kind, Status, Transaction
from simulator.xendit.vault import Vault

_EVENTS = {
    PayoutStatus.SUCCEEDED: "payout.succeeded",
    PayoutStatus.FAILED: "payout.failed",
    PayoutStatus.REVERSED: "payout.reversed",
}

_ROWS = {
    PayoutStatus.SUCCEEDED: (Status.SUCCESS, FeeStatus.COMPLETED),
    PayoutStatus.FAILED: (Status.FAILED, FeeStatus.CANCELED),
    PayoutStatus.CANCELLED: (Status.VOIDED, FeeStatus.CANCELED),
    PayoutStatus.REVERSED: (Status.REVERSED, FeeStatus.REVERSED),
}


class Payouts:
    """Accepts payouts, always, and lets the result come later."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        vault.charge(Deed.PAYOUT_IS_REQUESTED, self._request)
        vault.charge(Deed.PAYOUT_ENDS, self._finish)
        vault.charge(Deed.PAYOUT_COMES_BACK, self._come_back)
        self.payouts: dict[str, Payout] = {}
        self.next_failures: list[str] = []
        """Failure codes the control door has ordered for the coming payouts."""
        self.by_key: dict[str, str] = {}

    def create(self, order: PayoutOrder, key: str, now: datetime) -> Payout:
        """The payout of this key: the same one again for the same body, whatever has become of it."""
        if key in self.by_key:
            earlier = self.payouts[self.by_key[key]]
            if earlier.order.text != order.text:
                raise bad("DUPLICATE_ERROR", "Idempotency key was used with a different request body")
            return earlier
        payouts.find_channel(order.channel_code, order.currency).check(order.amount, order.account_number)
        payout = self._accepted(order, key, now)
        self.payouts[payout.id] = payout
        self.by_key[key] = payout.id
        if payout.is_funded:
            self._move_money(payout, -1, now)
        self._vault.record(_row(payout))
        self._plan(payout, now)
        return payout

    def find(self, payout_id: str) -> Payout:
        """The payout of that id, or 404."""
        if payout_id not in self.payouts:
            raise not_found("the payout")
        return self.payouts[payout_id]

    def of_reference(self, reference_id: str) -> tuple[Payout, ...]:
        """Every payout of that reference, newest first: a reference is not unique."""
        found = [payout for payout in self.payouts.values() if payout.order.reference_id == reference_id]
        return tuple(reversed(found))

    def cancel(self, payout_id: str, now: datetime) -> Payout:
        """Ends a payout that nobody has begun; the money is back at once."""
        payout = self.find(payout_id)
        if not payout.may_be_cancelled:
            raise bad("CANCELLATION_NOT_ALLOWED", f"Payout is {payout.status} and cannot be cancelled")
        return self._become(payout, PayoutStatus.CANCELLED, now)

    def reverse(self, payout_id: str, now: datetime) -> Payout:
        """The bank sends the money back after it had succeeded."""
        payout = self.find(payout_id)
        if not payout.may_become(PayoutStatus.REVERSED):
            raise bad("REVERSAL_NOT_ALLOWED", f"Payout is {payout.status} and cannot be reversed")
        return self._become(payout, PayoutStatus.REVERSED, now)

    def _accepted(self, order: PayoutOrder, key: str, now: datetime) -> Payout:
        charges = payouts.fees(order.currency)
        return Payout(
            id=f"disb-{self._vault.ids.hexes(24)}",
            order=order,
            key=key,
            status=PayoutStatus.ACCEPTED,
            created=now,
            updated=now,
            arrives_at=now + timedelta(minutes=15),
            transaction_id=f"txn_{self._vault.ids.uuid()}",
            fee=charges.fee,
            vat=charges.vat,
            is_funded=self._vault.cash(order.currency) >= order.amount + charges.total,
        )

    def _plan(self, payout: Payout, now: datetime) -> None:
        forced = self.next_failures.pop(0) if self.next_failures else None
        destined = payouts.fate(payout.order.account_number, payout.is_funded, forced)
        if destined.stops_at is PayoutStatus.ACCEPTED:
            return
        delay = self._vault.habits.payout_delay
        self._vault.schedule(now + delay / 2, Deed.PAYOUT_IS_REQUESTED, payout.id)
        if destined.stops_at is None:
            code, comes_back = destined.failure_code, destined.comes_back
            self._vault.schedule(now + delay, Deed.PAYOUT_ENDS, payout.id, code, comes_back=comes_back)

    def _request(self, plan: Plan, at: datetime) -> None:
        payout = self.payouts[plan.subject]
        if payout.may_become(PayoutStatus.REQUESTED):
            self._become(payout, PayoutStatus.REQUESTED, at)

    def _finish(self, plan: Plan, at: datetime) -> None:
        payout = self.payouts[plan.subject]
        if not payout.may_become(PayoutStatus.SUCCEEDED):
            return
        if plan.failure_code is not None:
            failed = replace(payout, failure_code=plan.failure_code)
            self._become(failed, PayoutStatus.FAILED, at)
            return
        self._become(payout, PayoutStatus.SUCCEEDED, at)
        if plan.comes_back:
            self._vault.schedule(at + self._vault.habits.reversal_delay, Deed.PAYOUT_COMES_BACK, payout.id)

    def _come_back(self, plan: Plan, at: datetime) -> None:
        if self.payouts[plan.subject].may_become(PayoutStatus.REVERSED):
            self.reverse(plan.subject, at)

    def _become(self, payout: Payout, status: PayoutStatus, at: datetime) -> Payout:
        moved = replace(payout, status=status, updated=at)
        self.payouts[payout.id] = moved
        if status in _ROWS:
            self._close_row(moved, at)
        if status in (PayoutStatus.FAILED, PayoutStatus.CANCELLED, PayoutStatus.REVERSED) and moved.is_funded:
            self._move_money(moved, 1, at)
        if status in _EVENTS:
            self._vault.tell(wire.payout_notice(_EVENTS[status], moved, self._vault.business_id, at))
        return moved

    def _close_row(self, payout: Payout, at: datetime) -> None:
        status, fee_status = _ROWS[payout.status]
        if payout.status is PayoutStatus.REVERSED and self._vault.habits.reversal_keeps_fee:
            fee_status = FeeStatus.COMPLETED
        row = self._vault.transactions[payout.transaction_id]
        self._vault.record(replace(row, status=status, fee_status=fee_status, updated=at))

    def _move_money(self, payout: Payout, sign: int, at: datetime) -> None:
        books, currency, about = self._vault.books, payout.order.currency, payout.order.reference_id
        books.post(Entry(at, Purse.CASH, currency, sign * payout.order.amount, Cause.PAID_OUT, about))
        if payout.status is PayoutStatus.REVERSED and self._vault.habits.reversal_keeps_fee:
            return
        books.post(Entry(at, Purse.CASH, currency, sign * (payout.fee + payout.vat), Cause.PAYOUT_FEE, about))


def _row(payout: Payout) -> Transaction:
    channel = payouts.find_channel(payout.order.channel_code, payout.order.currency)
    return Transaction(
        id=payout.transaction_id,
        kind=Kind.DISBURSEMENT,
        status=Status.PENDING,
        product_id=payout.id,
        reference_id=payout.order.reference_id,
        channel_category=channel.category,
        channel_code=channel.code,
        account_identifier=payout.order.account_number,
        currency=payout.order.currency,
        amount=payout.order.amount,
        fee=payout.fee,
        vat=payout.vat,
        fee_status=FeeStatus.PENDING,
        created=payout.created,
        updated=payout.created,
    )
