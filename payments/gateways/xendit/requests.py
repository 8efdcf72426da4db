"""Requests in Xendit's words, and its limits, checked before anything is sent.

Source: reference: xendit 2.2, 2.5, 4.1, 6.
"""

from datetime import timedelta
from typing import Any

from payments.domain.money import Money
from payments.gateway import InvoiceRequest, NotWholeUnits, OutsideLimits, PayoutRequest, RefundRequest

MAX_LIFETIME = timedelta(days=365)
MAX_DESCRIPTION = 100
MAX_KEY = 100
_WHOLE_ONLY_PAYOUTS = frozenset({"IDR", "VND"})
_PAGE_LANGUAGES = frozenset({"en", "id", "vi"})


def check_invoice(request: InvoiceRequest) -> None:
    """Raises NotWholeUnits or OutsideLimits."""
    if request.amount.amount <= 0 or not _is_whole(request.amount):
        raise NotWholeUnits(request.amount)
    if not timedelta(seconds=1) <= request.lifetime <= MAX_LIFETIME:
        raise OutsideLimits(f"a link cannot live for {int(request.lifetime.total_seconds())} seconds")


def check_payout(request: PayoutRequest) -> None:
    """Raises NotWholeUnits or OutsideLimits."""
    whole_only = request.amount.currency in _WHOLE_ONLY_PAYOUTS
    if request.amount.amount <= 0 or (whole_only and not _is_whole(request.amount)):
        raise NotWholeUnits(request.amount)
    if not 1 <= len(request.key) <= MAX_KEY:
        raise OutsideLimits("an idempotency key has 1 to 100 characters")


def _is_whole(amount: Money) -> bool:
    return amount.units == amount.units.to_integral_value()


def invoice_fields(request: InvoiceRequest) -> dict[str, Any]:
    """A payment link; notices are ours to send, so Xendit sends none."""
    fields: dict[str, Any] = {
        "external_id": request.external_id,
        # The SDK takes nothing but floats, and sends 10000 as 10000.0 (reference: xendit 1.5).
        "amount": float(request.amount.units),
        "currency": request.amount.currency,
        "invoice_duration": float(int(request.lifetime.total_seconds())),
        "description": request.description,
        "should_send_email": False,
    }
    # Of a language that Xendit may not know its page is shown in English: a refused link would be no link.
    is_known = request.locale is None or request.locale in _PAGE_LANGUAGES
    optional = {
        "locale": request.locale if is_known else "en",
        "payment_methods": list(request.payment_methods) or None,
        "success_redirect_url": request.return_url,
        "failure_redirect_url": request.return_url,
    }
    return fields | {name: value for name, value in optional.items() if value is not None}


def payout_fields(request: PayoutRequest) -> dict[str, Any]:
    """A payout without its bank account, which needs a model of its own."""
    fields: dict[str, Any] = {
        "reference_id": request.key,
        "channel_code": request.destination.channel_code,
        "amount": float(request.amount.units),
        "currency": request.amount.currency,
    }
    return fields | ({"description": request.description[:MAX_DESCRIPTION]} if request.description else {})


def refund_fields(request: RefundRequest) -> dict[str, Any]:
    """A refund; our key comes back as reference_id in the callback."""
    return {
        "invoice_id": request.invoice_id,
        "reference_id": request.key,
        "amount": float(request.amount.units),
        "currency": request.amount.currency,
        "reason": "CANCELLATION",
    }
