"""The desk for refunds (reference: xendit 6)."""

from dataclasses import replace
from datetime import datetime

from simulator.xendit import refunds, wire
from simulator.xendit.books import Cause, Entry, Purse
from simulator.xendit.errors import Refused, bad, not_found
from simulator.xendit.invoices import Payment
from simulator.xendit.payins import Payins
from simulator.xendit.plans import Deed, Plan
from simulator.xendit.refunds import Refund, RefundOrder, RefundStatus
from simulator.xendit.transactions import FeeStatus, Kind, Status, Transaction
from simulator.xendit.vault import Vault


class Refunds:
    """Takes refunds out of the available balance and lets the result come later."""

    def __init__(self, vault: Vault, payins: Payins) -> None:
        self._vault = vault
        self._payins = payins
        vault.charge(Deed.REFUND_ENDS, self._finish)
        self.refunds: dict[str, Refund] = {}
        self.next_failures: list[str] = []
        """Failure codes the control door has ordered for the coming refunds."""
        self.by_key: dict[str, str] = {}

    def create(self, order: RefundOrder, key: str | None, now: datetime) -> Refund:
        """The refund of this key, or a new one when the payment allows it."""
        if key is not None and key in self.by_key:
            earlier = self.refunds[self.by_key[key]]
            if earlier.order.text != order.text:
                raise Refused(409, "IDEMPOTENCY_ERROR", "Idempotency key was used with another body")
            return earlier
        payment = self._payment_of(order)
        if order.currency not in (None, payment.currency):
            raise bad("API_VALIDATION_ERROR", "Currency differs from the payment's")
        amount = refunds.sum_to_refund(order, payment, self._is_one_open(payment.id), now)
        is_void = refunds.is_void(payment, amount, now)
        if not is_void and self._vault.cash(payment.currency) < amount:
            raise bad("INSUFFICIENT_BALANCE", "Not enough balance for this refund")
        refund = self._begin(order, payment, amount, is_void, now)
        if key is not None:
            self.by_key[key] = refund.id
        return refund

    def find(self, refund_id: str) -> Refund:
        """The refund of that id, or 404."""
        if refund_id not in self.refunds:
            raise not_found("the refund")
        return self.refunds[refund_id]

    def of(self, payment_request_id: str | None, invoice_id: str | None) -> tuple[Refund, ...]:
        """Every refund of that payment or invoice, newest first."""
        found = [
            refund
            for refund in self.refunds.values()
            if payment_request_id in (None, refund.payment.id) and invoice_id in (None, refund.payment.invoice_id)
        ]
        return tuple(reversed(found))

    def cancel(self, refund_id: str, now: datetime) -> Refund:
        """Ends a refund that has no result yet."""
        refund = self.find(refund_id)
        if not refund.is_open:
            raise bad("REFUND_CANCELLATION_NOT_ALLOWED", f"Refund is {refund.status}")
        return self._undo(refund, RefundStatus.CANCELLED, None, now)

    def _payment_of(self, order: RefundOrder) -> Payment:
        if order.payment_request_id is not None:
            payment = self._payins.payments.get(order.payment_request_id)
            if payment is None:
                raise not_found("the payment")
            return payment
        invoice = self._payins.invoices.get(order.invoice_id or "")
        if invoice is None:
            raise not_found("the invoice")
        payments = [self._payins.payments[payment_id] for payment_id in invoice.payments]
        if not payments:
            raise bad("INELIGIBLE_TRANSACTION_STATUS", "The invoice has no payment to refund")
        return next((payment for payment in payments if payment.left), payments[0])

    def _is_one_open(self, payment_id: str) -> bool:
        return any(refund.is_open and refund.payment.id == payment_id for refund in self.refunds.values())

    def _begin(self, order: RefundOrder, payment: Payment, amount: int, is_void: bool, now: datetime) -> Refund:
        refund = Refund(
            id=f"rfd-{self._vault.ids.uuid()}",
            order=order,
            payment=payment,
            amount=amount,
            status=RefundStatus.PENDING,
            created=now,
            updated=now,
            is_void=is_void,
            transaction_id=None if is_void else f"txn_{self._vault.ids.uuid()}",
        )
        self.refunds[refund.id] = refund
        if refund.transaction_id is not None:
            self._move_money(refund, -1, now)
            self._vault.record(_row(refund, refund.transaction_id))
        failure = self.next_failures.pop(0) if self.next_failures else None
        finish_at = now + self._vault.habits.refund_delay
        self._vault.schedule(finish_at, Deed.REFUND_ENDS, refund.id, failure)
        return refund

    def _finish(self, plan: Plan, at: datetime) -> None:
        refund, failure = self.refunds[plan.subject], plan.failure_code
        if not refund.is_open:
            return
        if failure is not None:
            self._undo(refund, RefundStatus.FAILED, failure, at)
        elif refund.is_void:
            self._payins.void(refund.payment.id, at)
            self._close(refund, RefundStatus.SUCCEEDED, None, at)
        else:
            payment = self._payins.payments[refund.payment.id]
            self._payins.payments[payment.id] = replace(payment, refunded=payment.refunded + refund.amount)
            self._close(refund, RefundStatus.SUCCEEDED, None, at)

    def _undo(self, refund: Refund, status: RefundStatus, failure: str | None, at: datetime) -> Refund:
        if refund.transaction_id is not None:
            self._move_money(refund, 1, at)
        return self._close(refund, status, failure, at)

    def _close(self, refund: Refund, status: RefundStatus, failure: str | None, at: datetime) -> Refund:
        closed = replace(refund, status=status, failure_code=failure, updated=at)
        self.refunds[refund.id] = closed
        if refund.transaction_id is not None:
            row = self._vault.transactions[refund.transaction_id]
            ended = Status.SUCCESS if status is RefundStatus.SUCCEEDED else Status.FAILED
            self._vault.record(replace(row, status=ended, updated=at))
        if status is not RefundStatus.CANCELLED:
            event = f"refund.{status.lower()}"
            self._vault.tell(wire.refund_notice(event, closed, self._vault.business_id, at))
        return closed

    def _move_money(self, refund: Refund, sign: int, at: datetime) -> None:
        payment = refund.payment
        self._vault.books.post(
            Entry(at, Purse.CASH, payment.currency, sign * refund.amount, Cause.REFUNDED, payment.external_id)
        )


def _row(refund: Refund, transaction_id: str) -> Transaction:
    payment = refund.payment
    return Transaction(
        id=transaction_id,
        kind=Kind.REFUND,
        status=Status.PENDING,
        product_id=refund.id,
        reference_id=refund.order.reference_id or "",
        channel_category=payment.channel.category,
        channel_code=payment.channel.code,
        account_identifier=payment.destination,
        currency=payment.currency,
        amount=refund.amount,
        fee=0,
        vat=0,
        fee_status=FeeStatus.NOT_APPLICABLE,
        created=refund.created,
        updated=refund.created,
    )
