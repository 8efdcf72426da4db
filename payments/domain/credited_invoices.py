"""Credits that pay an invoice: wanted when it is opened, taken from the credit, and then payments like any other, of
which the provider knows nothing."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from payments.domain.corrections import CreditWanted
from payments.domain.credit import CreditUse
from payments.domain.ids import ExternalId, PaymentKey
from payments.domain.invoice import Invoice
from payments.domain.money import zero
from payments.domain.payment import Payment

_BY_CREDIT: Final = "credit"
CHANNEL: Final = "CREDIT"
"""What stands in place of a channel of the provider."""


def credit_key(reference: str, credit: str) -> PaymentKey:
    """The name of that payment for good."""
    return PaymentKey(f"{reference}.{_BY_CREDIT}|{credit}")


def untaken(invoice: Invoice) -> CreditWanted | None:
    """The next credit that it was promised and that was not asked for it yet."""
    return next((one for one in invoice.credits if not one.is_taken), None)


def paid_by_credit(invoice: Invoice, wanted: CreditWanted, use: CreditUse, *, is_covered: bool) -> Invoice:
    """With what that credit pays of it, which may be less than was wanted, or nothing; told again it is the same."""
    taken = replace(wanted, is_taken=True)
    known = tuple(taken if one.credit == wanted.credit else one for one in invoice.credits)
    key, nothing = credit_key(invoice.reference, wanted.credit), zero(use.amount.currency)
    if invoice.payment_by(key) is not None or not use.amount:
        return invoice if known == invoice.credits else replace(invoice, credits=known)
    payment = Payment(
        key=key,
        external_id=ExternalId(f"{invoice.reference}.{_BY_CREDIT}"),
        amount=use.amount,
        seen_at=use.at,
        fee_estimate=nothing,
        expected_settled_at=use.at,
        paid_at=use.at,
        payment_id=key,
        channel=CHANNEL,
        credit=wanted.credit,
    )
    grown = replace(invoice, credits=known, payments=(*invoice.payments, payment), next_at=use.at)
    grown = covered(grown, key, use.at) if is_covered else grown
    return grown.allocated(use.at).revised()


def covered(invoice: Invoice, key: PaymentKey, now: datetime) -> Invoice:
    """The money that credit was given out of is in the provider's account: what is shared of it may leave."""
    payment = invoice.payment_by(key)
    if payment is None or payment.credit is None or payment.settled_at is not None:
        return invoice
    there = replace(payment, settled_at=now, fee=zero(payment.amount.currency))
    others = tuple(there if one.key == key else one for one in invoice.payments)
    return replace(invoice, payments=others, dirty=True)
