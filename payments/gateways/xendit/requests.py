"""What we ask the provider for, checked before it is sent: limits, whole units, and the duration that is
left.

Source: reference: xendit 2.2, 2.5, 4.1, 6.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from payments.domain.ids import IdempotencyKey
from payments.domain.money import Money
from payments.domain.payout import Destination

LONGEST_DURATION = 365 * 86_400
LONGEST_DESCRIPTION = 100
LONGEST_KEY = 100
_WHOLE_ONLY_PAYOUTS = frozenset({"IDR", "VND"})


class NotWholeUnits(ValueError):
    """The provider takes this sum in whole units of the currency only."""


class OutsideLimits(ValueError):
    """The provider would refuse this field."""


@dataclass(frozen=True, slots=True)
class InvoiceRequest:
    """A payment link."""

    external_id: str
    amount: Money
    duration_seconds: int
    description: str
    locale: str | None = None
    payment_methods: tuple[str, ...] = ()
    success_url: str | None = None
    failure_url: str | None = None

    def fields(self) -> dict[str, Any]:
        """By the provider's names; notices are ours to send, so it sends none."""
        fields: dict[str, Any] = {
            "external_id": self.external_id,
            "amount": float(self.amount.units),
            "currency": self.amount.currency,
            "invoice_duration": float(self.duration_seconds),
            "description": self.description,
            "should_send_email": False,
        }
        optional = {
            "locale": self.locale,
            "payment_methods": list(self.payment_methods) or None,
            "success_redirect_url": self.success_url,
            "failure_redirect_url": self.failure_url,
        }
        return fields | {name: value for name, value in optional.items() if value is not None}


@dataclass(frozen=True, slots=True)
class PayoutRequest:
    """Money to an account; the key is also the reference, so that a sending can be found by either."""

    key: IdempotencyKey
    amount: Money
    destination: Destination = field(repr=False)
    description: str = ""

    def fields(self) -> dict[str, Any]:
        """By the provider's names, without the account, which needs a model of its own."""
        fields: dict[str, Any] = {
            "reference_id": self.key,
            "channel_code": self.destination.channel_code,
            "amount": float(self.amount.units),
            "currency": self.amount.currency,
        }
        return fields | ({"description": self.description} if self.description else {})


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Money of a payment link back to where it came from."""

    key: IdempotencyKey
    invoice_id: str
    amount: Money
    reason: str = "CANCELLATION"

    def fields(self) -> dict[str, Any]:
        """By the provider's names; our key comes back as reference_id in the callback."""
        return {
            "invoice_id": self.invoice_id,
            "reference_id": self.key,
            "amount": float(self.amount.units),
            "currency": self.amount.currency,
            "reason": self.reason,
        }


def invoice(
    external_id: str,
    amount: Money,
    expires_at: datetime,
    now: datetime,
    *,
    description: str,
    locale: str | None = None,
    payment_methods: tuple[str, ...] = (),
    return_url: str | None = None,
) -> InvoiceRequest:
    """The link of one attempt, alive for what is left until `expires_at`."""
    if amount.amount <= 0 or amount.units != amount.units.to_integral_value():
        raise NotWholeUnits(f"{amount.units} {amount.currency}")
    left = int((expires_at - now).total_seconds())
    if not 1 <= left <= LONGEST_DURATION:
        raise OutsideLimits(f"a link cannot live for {left} seconds")
    return InvoiceRequest(
        external_id,
        amount,
        left,
        description,
        locale,
        payment_methods,
        success_url=return_url,
        failure_url=return_url,
    )


def payout(key: IdempotencyKey, amount: Money, destination: Destination, description: str) -> PayoutRequest:
    """One sending of a payout."""
    whole = amount.units == amount.units.to_integral_value()
    if amount.amount <= 0 or (amount.currency in _WHOLE_ONLY_PAYOUTS and not whole):
        raise NotWholeUnits(f"{amount.units} {amount.currency}")
    if not 1 <= len(key) <= LONGEST_KEY:
        raise OutsideLimits("an idempotency key has 1 to 100 characters")
    return PayoutRequest(key, amount, destination, description[:LONGEST_DESCRIPTION])


def refund(key: IdempotencyKey, invoice_id: str, amount: Money) -> RefundRequest:
    """One sending of a refund."""
    return RefundRequest(key, invoice_id, amount)
