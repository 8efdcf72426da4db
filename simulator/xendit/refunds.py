"""Refunds by the API: which channels, how much, how long, one at a time (reference: xendit 6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from simulator.xendit.errors import Refused, bad
from simulator.xendit.invoices import Payment

REASONS = frozenset({"FRAUDULENT", "DUPLICATE", "REQUESTED_BY_CUSTOMER", "CANCELLATION", "OTHERS"})


class RefundStatus(StrEnum):
    """SUCCEEDED means handed to the channel."""

    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """What a create call asks for; no amount means all that is left."""

    payment_request_id: str | None
    invoice_id: str | None
    amount: int | None
    currency: str | None
    reason: str
    reference_id: str | None
    text: str
    metadata: str = "{}"


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund, in minor units; `is_void` when it undoes the payment within a day."""

    id: str
    order: RefundOrder
    payment: Payment
    amount: int
    status: RefundStatus
    created: datetime
    updated: datetime
    is_void: bool
    transaction_id: str | None
    failure_code: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether its result is still to come."""
        return self.status is RefundStatus.PENDING


def sum_to_refund(order: RefundOrder, payment: Payment, is_one_open: bool, now: datetime) -> int:
    """The sum this order gives back on the payment, or the refusal in the order Xendit checks."""
    rules = payment.channel.refunds
    if rules is None:
        raise Refused(403, "REFUND_NOT_SUPPORTED", f"{payment.channel.code} does not support refunds")
    if now > payment.paid_at + timedelta(days=rules.days):
        raise bad("INELIGIBLE_TRANSACTION_STATUS", "The refund window of this transaction has passed")
    if is_one_open:
        raise bad("REFUND_IN_PROGRESS", "Another refund of this payment is in progress")
    if not payment.left:
        raise bad("MAXIMUM_REFUND_AMOUNT_REACHED", "The payment has been refunded in full")
    amount = payment.left if order.amount is None else order.amount
    if amount > payment.left:
        raise bad("REFUND_AMOUNT_EXCEEDED", "Refund amount is above the remaining amount")
    if amount < payment.amount and not rules.partial:
        raise Refused(403, "PARTIAL_REFUND_NOT_SUPPORTED", f"{payment.channel.code} refunds in full only")
    return amount


def is_void(payment: Payment, amount: int, now: datetime) -> bool:
    """A full refund of a QRIS payment within 24 h undoes it, fees and all."""
    is_fresh = now <= payment.paid_at + timedelta(hours=24) and not payment.is_settled
    return payment.channel.code == "QRIS" and amount == payment.amount and is_fresh
