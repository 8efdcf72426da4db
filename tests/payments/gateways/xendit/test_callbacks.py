"""Recorded and constructed callbacks become our events; what we cannot use is said, not raised."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.domain.events import (
    InvoiceExpired,
    InvoicePaid,
    MalformedCallback,
    PayoutChanged,
    RefundChanged,
    TransferStatus,
    UnknownCallback,
)
from payments.domain.ids import ExternalId, IdempotencyKey, InvoiceId
from payments.domain.money import Money
from payments.gateways.xendit import callbacks
from tests.payments.makers import idr

PAYLOADS = Path(__file__).parents[2] / "payloads"
INVOICE = InvoiceId("692beb52aa01bb02cc03dd04")
PAID_AT = datetime(2026, 11, 20, 5, 5, 0, 856_000, tzinfo=UTC)
OURS = ExternalId("BK1.1")


def paid(amount: Money, payment_id: str | None = "qrpy_1", channel: str = "QRIS") -> InvoicePaid:
    """As most payloads say it."""
    return InvoicePaid(OURS, INVOICE, amount, PAID_AT, payment_id, channel)


def payout(status: TransferStatus, code: str | None = None) -> PayoutChanged:
    """Of the one payout in the payloads."""
    return PayoutChanged(IdempotencyKey("po-1"), "disb-571f3644d2b55bf0654f", status, code)


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("invoice_paid_qris", paid(idr(500_000))),
        ("invoice_settled", paid(idr(500_000))),
        ("invoice_paid_va", paid(idr(500_000), None, "MANDIRI")),
        ("invoice_paid_ovo_old_names", paid(idr(500_000), "ewc_7", "OVO")),
        ("invoice_paid_more", paid(idr(500_001))),
        ("invoice_paid_other_currency", paid(Money(50_000, "PHP"))),
        ("invoice_paid_after_expiry", paid(idr(500_000))),
        ("invoice_expired", InvoiceExpired(OURS, INVOICE)),
        ("invoice_unknown_status", UnknownCallback("invoice ON_HOLD")),
        ("invoice_paid_with_fraction", MalformedCallback("FractionOfMinorUnit: 4550.5 IDR")),
        ("payout_succeeded", payout(TransferStatus.SUCCEEDED)),
        ("payout_failed", payout(TransferStatus.FAILED, "INVALID_DESTINATION")),
        ("payout_failed_new_code", payout(TransferStatus.FAILED, "MOON_IN_WRONG_PHASE")),
        ("payout_reversed", payout(TransferStatus.REVERSED, "REVERSED")),
        ("refund_succeeded", RefundChanged(IdempotencyKey("rf-1"), "rfd-1", TransferStatus.SUCCEEDED)),
        (
            "refund_failed_nested",
            RefundChanged(IdempotencyKey("rf-1"), "rfd-1", TransferStatus.FAILED, "REFUND_FAILED"),
        ),
        ("refund_of_somebody_else", UnknownCallback("refund.succeeded without our reference")),
        ("payment_method_expired", UnknownCallback("payment_method.expired")),
        ("split_payment", UnknownCallback("split.payment")),
        ("disbursement_legacy", UnknownCallback("disbursement")),
    ],
)
def test_a_callback_says(name: str, event: object) -> None:
    assert callbacks.parse((PAYLOADS / f"{name}.json").read_bytes()) == event


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'"PAID"', b'{"event": "payout.failed"}', b"\xff"])
def test_what_is_no_callback_is_malformed(body: bytes) -> None:
    assert isinstance(callbacks.parse(body), MalformedCallback)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(PAYLOADS.glob("*.json"))), st.data(), anything)
def test_no_body_of_nearly_the_right_shape_raises(path: Path, data: st.DataObject, junk: Any) -> None:
    body = json.loads(path.read_text())
    target = body["data"] if isinstance(body.get("data"), dict) and data.draw(st.booleans()) else body
    target[data.draw(st.sampled_from(sorted(target)))] = junk
    callbacks.parse(body)


@given(st.binary(max_size=40))
def test_no_bytes_raise(body: bytes) -> None:
    callbacks.parse(body)
