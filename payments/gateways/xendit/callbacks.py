"""A callback's body, as the provider sends it, becomes one of our events; nothing of its shape lives on
behind this door.

The token is checked by the door before anything is parsed. What we cannot use is said as `UnknownCallback` or
`MalformedCallback`, never raised: the provider is answered 200 for both (reference: xendit 3.2, 10).
"""

import json
from collections.abc import Mapping
from typing import Any

from payments.domain.events import CallbackEvent, Malformed, MalformedCallback, NotUsed, UnknownCallback
from payments.domain.money import FractionOfMinorUnit, UnknownCurrency
from payments.gateways.xendit.shapes import InvoiceShape, NotPositive, PayoutShape, RefundShape

_PAYOUTS = ("payout.succeeded", "payout.failed", "payout.reversed", "payout.expired")
_REFUNDS = ("refund.succeeded", "refund.failed")


def parse(body: bytes | str | Mapping[str, Any]) -> CallbackEvent:
    """What this callback tells us."""
    try:
        payload = body if isinstance(body, Mapping) else json.loads(body)
    except (ValueError, RecursionError):
        return MalformedCallback(Malformed.NOT_JSON)
    if not isinstance(payload, Mapping):
        return MalformedCallback(Malformed.NOT_AN_OBJECT)
    try:
        return _read(payload)
    except FractionOfMinorUnit:
        return MalformedCallback(Malformed.FRACTION)
    except UnknownCurrency:
        return MalformedCallback(Malformed.UNKNOWN_CURRENCY)
    except NotPositive:
        return MalformedCallback(Malformed.NOT_POSITIVE)
    except (ValueError, ArithmeticError, RecursionError):  # what pydantic says of it would repeat foreign text
        return MalformedCallback(Malformed.WRONG_SHAPE)


def _read(payload: Mapping[str, Any]) -> CallbackEvent:
    event = payload.get("event")
    if event is None and "external_id" in payload and "status" in payload:
        if "bank_code" in payload and "disbursement_description" in payload:
            return UnknownCallback(NotUsed.OTHER_PRODUCT)  # the legacy product's, of the same outer shape
        return InvoiceShape.model_validate(payload).event() or UnknownCallback(NotUsed.UNKNOWN_STATUS)
    if event in _PAYOUTS:
        return PayoutShape.model_validate(payload.get("data")).event()
    if event in _REFUNDS:
        found = payload.get("data")
        # The reference page nests it twice, recorded ones do not (reference: xendit 3.4).
        if isinstance(found, Mapping) and isinstance(found.get("data"), Mapping):
            found = found["data"]
        return RefundShape.model_validate(found).event() or UnknownCallback(NotUsed.NOT_OURS)
    return UnknownCallback(NotUsed.NO_EVENT if event is None else NotUsed.UNKNOWN_EVENT)
