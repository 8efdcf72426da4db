"""The ids of money, and how each is derived from what it stands for, so that doing a thing twice names it
once."""

import hashlib
from typing import NewType

ExternalId = NewType("ExternalId", str)
"""Ours, of one payment attempt; the provider calls it external_id."""
InvoiceId = NewType("InvoiceId", str)
"""The provider's, of its invoice."""
PaymentKey = NewType("PaymentKey", str)
"""Ours, of money that came in once."""
PayableId = NewType("PayableId", str)
PayoutId = NewType("PayoutId", str)
RefundId = NewType("RefundId", str)
PayeeId = NewType("PayeeId", str)
"""The caller's name for who is paid (a provider, a place, an agent)."""
PayoutAccountId = NewType("PayoutAccountId", str)
"""The caller's name for one bank account or wallet of a payee; another account is another id."""
IdempotencyKey = NewType("IdempotencyKey", str)


def external_id(reference: str, attempt_no: int) -> ExternalId:
    """One per attempt, so that two attempts are never confused (reference: xendit 2.7)."""
    return ExternalId(f"{reference}.{attempt_no}")


def reference_of(external: str) -> str | None:
    """The reference an external id was made for; none when it is not one of ours by shape."""
    reference, dot, number = external.rpartition(".")
    return reference if dot and reference and number.isdecimal() else None


def payable_id(payment: PaymentKey, party: str) -> PayableId:
    """A party is owed at most once for one payment."""
    return PayableId(f"{payment}|{party}")


def daily_payout_id(payee: str, account: str, currency: str, day: str) -> PayoutId:
    """One payout per payee, account, currency and day."""
    return PayoutId(f"po-{_digest(payee, account, currency, day)}")


def single_payout_id(payable: PayableId, reopened: int) -> PayoutId:
    """One payout per payable and opening of it."""
    return PayoutId(f"po-{_digest(payable, str(reopened))}")


def refund_id(payment: PaymentKey, number: int) -> RefundId:
    """The `number`-th refund of this payment."""
    return RefundId(f"rf-{_digest(payment, str(number))}")


def send_key(base: str, number: int) -> IdempotencyKey:
    """The key of the `number`-th sending, from 1: the id itself first, another only after a final failure."""
    return IdempotencyKey(base if number == 1 else f"{base}.{number}")


def base_of(key: str) -> str:
    """The payout's or refund's id a sending key belongs to."""
    return key.partition(".")[0]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:24]
