"""Money that a person received, in cash or at the bank: a payment like any other, but the provider has not got it.

Its shares leave the provider's account as all others do, so they wait until finance has put the money there.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from payments.domain.ids import ExternalId, PaymentKey
from payments.domain.invoice import Invoice
from payments.domain.money import zero
from payments.domain.payment import Payment, Receipt

_BY_HAND: Final = "hand"


class NoDeposit(StrEnum):
    """Why nothing was put into the provider's account; the words are shown as they are."""

    UNKNOWN = "there is no such receipt"
    DONE = "it was deposited already"


def receipt_key(reference: str, receipt: str) -> PaymentKey:
    """The name of that payment for good."""
    return PaymentKey(f"{reference}.{_BY_HAND}|{receipt}")


def received(invoice: Invoice, receipt: Receipt, now: datetime) -> Invoice:
    """With that money; told again it is the same. Its live links are ended by the next sweep once all is paid."""
    key = receipt_key(invoice.reference, receipt.id)
    if invoice.payment_by(key) is not None or receipt.amount.amount <= 0:
        return invoice
    payment = Payment(
        key=key,
        external_id=ExternalId(f"{invoice.reference}.{_BY_HAND}"),
        amount=receipt.amount,
        seen_at=now,
        fee_estimate=zero(receipt.amount.currency),
        expected_settled_at=now,
        paid_at=now,
        payment_id=key,
        channel=receipt.way.value.upper(),
        late=not invoice.is_paid and (invoice.closed_at is not None or now >= invoice.pay_by),
        receipt=receipt,
    )
    grown = replace(invoice, payments=(*invoice.payments, payment), next_at=now)
    return grown.allocated(now).revised()


def deposited(invoice: Invoice, key: PaymentKey, now: datetime) -> Invoice:
    """That money is in the provider's account now: what is shared of it may leave. It cost no fee."""
    payment = invoice.payment_by(key)
    if payment is None or payment.receipt is None or payment.settled_at is not None:
        return invoice
    there = replace(payment, settled_at=now, fee=zero(payment.amount.currency))
    others = tuple(there if one.key == key else one for one in invoice.payments)
    return replace(invoice, payments=others, dirty=True)
