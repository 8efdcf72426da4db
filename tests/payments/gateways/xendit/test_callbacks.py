"""Recorded and constructed callbacks become our events; what we cannot use is said, not raised."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from payments.domain.events import (
    InvoiceExpired,
    InvoicePaid,
    Malformed,
    MalformedCallback,
    NotUsed,
    PayoutChanged,
    RefundChanged,
    TransferStatus,
    UnknownCallback,
)
from payments.domain.ids import ExternalId, IdempotencyKey, InvoiceId
from payments.domain.money import Money
from payments.gateways.xendit import callbacks
from tests.payments.makers import idr

HOSTILE = ("\ud800", "\x00", "\u202e", "x" * 1_000_000, "1e999999999", "-5", "NaN", "0")
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
        ("invoice_unknown_status", UnknownCallback(NotUsed.UNKNOWN_STATUS)),
        ("invoice_paid_with_fraction", MalformedCallback(Malformed.FRACTION)),
        ("payout_succeeded", payout(TransferStatus.SUCCEEDED)),
        ("payout_failed", payout(TransferStatus.FAILED, "INVALID_DESTINATION")),
        ("payout_failed_new_code", payout(TransferStatus.FAILED, "MOON_IN_WRONG_PHASE")),
        ("payout_reversed", payout(TransferStatus.REVERSED, "REVERSED")),
        ("refund_succeeded", RefundChanged(IdempotencyKey("rf-1"), "rfd-1", TransferStatus.SUCCEEDED)),
        (
            "refund_failed_nested",
            RefundChanged(IdempotencyKey("rf-1"), "rfd-1", TransferStatus.FAILED, "REFUND_FAILED"),
        ),
        ("refund_of_somebody_else", UnknownCallback(NotUsed.NOT_OURS)),
        ("payment_method_expired", UnknownCallback(NotUsed.UNKNOWN_EVENT)),
        ("split_payment", UnknownCallback(NotUsed.UNKNOWN_EVENT)),
        ("disbursement_legacy", UnknownCallback(NotUsed.OTHER_PRODUCT)),
    ],
)
def test_a_callback_says(name: str, event: object) -> None:
    assert callbacks.parse((PAYLOADS / f"{name}.json").read_bytes()) == event


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'"PAID"', b'{"event": "payout.failed"}', b"\xff"])
def test_what_is_no_callback_is_malformed(body: bytes) -> None:
    assert isinstance(callbacks.parse(body), MalformedCallback)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(HOSTILE),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(PAYLOADS.glob("*.json"))), st.data(), anything)
def test_no_body_of_nearly_the_right_shape_raises(path: Path, data: st.DataObject, junk: Any) -> None:
    body = json.loads(path.read_text())
    target = body["data"] if isinstance(body.get("data"), dict) and data.draw(st.booleans()) else body
    target[data.draw(st.sampled_from(sorted(target)))] = junk
    event = callbacks.parse(body)
    # what it says can be stored and logged, whatever the body held
    stored = json.dumps(TypeAdapter(type(event)).dump_python(event, mode="json"), ensure_ascii=False).encode()
    assert len(stored) < 4_000
    if isinstance(event, InvoicePaid):
        assert event.paid.amount > 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"paid_amount": 425_000.4}, Malformed.FRACTION),
        ({"paid_amount": 0}, Malformed.NOT_POSITIVE),
        ({"paid_amount": -5}, Malformed.NOT_POSITIVE),
        ({"currency": "RUPIAH"}, Malformed.UNKNOWN_CURRENCY),
        ({"id": "../v2/invoices/x?y="}, Malformed.WRONG_SHAPE),
        ({"paid_amount": "1e999999999"}, Malformed.WRONG_SHAPE),
        ({"status": ["PAID"]}, Malformed.WRONG_SHAPE),
    ],
)
def test_money_that_cannot_be_counted_is_named_by_a_closed_reason(
    changes: dict[str, object], reason: Malformed
) -> None:
    body = json.loads((PAYLOADS / "invoice_paid_qris.json").read_text()) | changes
    assert callbacks.parse(body) == MalformedCallback(reason)


@given(st.binary(max_size=40))
def test_no_bytes_raise(body: bytes) -> None:
    callbacks.parse(body)
