"""A callback's body, as the provider sends it, becomes one of our events; nothing of its shape lives on
behind this door.

The token is checked by the door before anything is parsed. What we cannot use is said as `UnknownCallback` or
`MalformedCallback`, never raised: the provider is answered 200 for both (reference: xendit 3.2, 10).
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from payments.domain.events import CallbackEvent, MalformedCallback, UnknownCallback
from payments.gateways.xendit.shapes import InvoiceShape, PayoutShape, RefundShape

_PAYOUTS = frozenset({"payout.succeeded", "payout.failed", "payout.reversed", "payout.expired"})
_REFUNDS = frozenset({"refund.succeeded", "refund.failed"})


def parse(body: bytes | str | Mapping[str, Any]) -> CallbackEvent:
    """What this callback tells us."""
    try:
        payload = body if isinstance(body, Mapping) else json.loads(body)
    except ValueError:
        return MalformedCallback("not JSON")
    if not isinstance(payload, Mapping):
        return MalformedCallback("not an object")
    try:
        return _read(payload)
    except ValidationError as error:
        return MalformedCallback("; ".join(f"{'.'.join(map(str, e['loc']))}: {e['type']}" for e in error.errors()))
    except ValueError as error:
        return MalformedCallback(f"{type(error).__name__}: {error}")


def _read(payload: Mapping[str, Any]) -> CallbackEvent:
    event = payload.get("event")
    if event is None and "external_id" in payload and "status" in payload:
        return _invoice(payload)
    kind = str(event)
    if kind in _PAYOUTS:
        return PayoutShape.model_validate(payload.get("data")).event()
    if kind in _REFUNDS:
        return _refund(payload, kind)
    return UnknownCallback(kind if event is not None else "no event")


def _invoice(payload: Mapping[str, Any]) -> CallbackEvent:
    if "bank_code" in payload and "disbursement_description" in payload:
        return UnknownCallback("disbursement")  # the legacy product's, of the same outer shape
    shape = InvoiceShape.model_validate(payload)
    return shape.event() or UnknownCallback(f"invoice {shape.status}")


def _refund(payload: Mapping[str, Any], kind: str) -> CallbackEvent:
    found = payload.get("data")
    if isinstance(found, Mapping) and isinstance(found.get("data"), Mapping):
        found = found["data"]
    return RefundShape.model_validate(found).event() or UnknownCallback(f"{kind} without our reference")
