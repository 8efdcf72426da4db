"""The JSON that leaves the simulator: objects of the API and bodies of callbacks."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from simulator.xendit.amounts import to_wire
from simulator.xendit.channels import COUNTRIES, Channel, Method
from simulator.xendit.errors import Refused
from simulator.xendit.invoices import Invoice, Payment
from simulator.xendit.notices import Notice, body

if TYPE_CHECKING:
    from simulator.xendit.payouts import Payout, PayoutChannel
    from simulator.xendit.refunds import Refund
    from simulator.xendit.transactions import Page, Transaction

METHOD_TYPES = {
    Method.BANK_TRANSFER: "VIRTUAL_ACCOUNT",
    Method.EWALLET: "EWALLET",
    Method.QR_CODE: "QR_CODE",
    Method.CREDIT_CARD: "CARD",
    Method.RETAIL_OUTLET: "OVER_THE_COUNTER",
    Method.DIRECT_DEBIT: "DIRECT_DEBIT",
    Method.PAYLATER: "PAYLATER",
}
"""`payment_method_type` of a refund."""

MERCHANT = "Janji Simulator"


def moment(at: datetime) -> str:
    """A time as most replies print it: UTC, three digits."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def long_moment(at: datetime) -> str:
    """A time as refunds print it: nine digits (reference: xendit 6)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z"


def invoice(shown: Invoice, business_id: str) -> dict[str, object]:
    """An invoice as POST and GET give it (reference: xendit 2.3)."""
    order = shown.order
    value: dict[str, object] = {
        "id": shown.id,
        "external_id": order.external_id,
        "user_id": business_id,
        "status": str(shown.status),
        "merchant_name": MERCHANT,
        "merchant_profile_picture_url": "https://simulator.invalid/merchant.png",
        "amount": to_wire(order.amount, order.currency),
        "currency": order.currency,
        "expiry_date": moment(shown.expires_at),
        "invoice_url": shown.url,
        **_available(shown),
        "should_exclude_credit_card": all(c.method is not Method.CREDIT_CARD for c in shown.channels),
        "should_send_email": order.should_send_email,
        "created": moment(shown.created),
        "updated": moment(shown.updated),
        **_optional(shown),
        **json.loads(order.extras),
    }
    if shown.first_payment is not None:
        value |= _paid(shown, shown.first_payment)
    return value


def _optional(shown: Invoice) -> dict[str, object]:
    order = shown.order
    told = {
        "description": order.description,
        "payer_email": order.payer_email,
        "success_redirect_url": order.success_redirect_url,
        "failure_redirect_url": order.failure_redirect_url,
        "locale": order.locale,
    }
    return {name: value for name, value in told.items() if value is not None}


def _available(shown: Invoice) -> dict[str, object]:
    sum_of = to_wire(shown.order.amount, shown.order.currency)

    def codes(method: Method) -> list[Channel]:
        return [channel for channel in shown.channels if channel.method is method]

    banks = [
        {
            "bank_code": channel.code,
            "collection_type": "POOL",
            "transfer_amount": sum_of,
            "bank_branch": "Virtual Account",
            "account_holder_name": MERCHANT.upper(),
            "identity_amount": 0,
        }
        for channel in codes(Method.BANK_TRANSFER)
    ]
    return {
        "available_banks": banks,
        "available_retail_outlets": [{"retail_outlet_name": channel.code} for channel in codes(Method.RETAIL_OUTLET)],
        "available_ewallets": [{"ewallet_type": channel.code} for channel in codes(Method.EWALLET)],
        "available_qr_codes": [{"qr_code_type": channel.code} for channel in codes(Method.QR_CODE)],
        "available_direct_debits": [{"direct_debit_type": channel.code} for channel in codes(Method.DIRECT_DEBIT)],
        "available_paylaters": [{"paylater_type": channel.code} for channel in codes(Method.PAYLATER)],
    }


def _paid(shown: Invoice, payment: Payment) -> dict[str, object]:
    value: dict[str, object] = {
        "initial_amount": to_wire(shown.order.amount, shown.order.currency),
        "paid_amount": to_wire(payment.amount, payment.currency),
        "paid_at": moment(payment.paid_at),
        "payment_method": str(payment.channel.method),
        "payment_channel": payment.channel.code,
        "payment_id": payment.id,
        "payment_method_id": payment.method_id,
    }
    if payment.channel.method is Method.BANK_TRANSFER:
        value |= {"bank_code": payment.channel.code, "payment_destination": payment.destination}
    elif payment.channel.method is Method.QR_CODE:
        value["payment_details"] = {"source": "DANA", "receipt_id": ""}
    elif payment.channel.method is Method.EWALLET:
        value["ewallet_type"] = payment.channel.code
    elif payment.channel.method is Method.CREDIT_CARD:
        value["credit_card_charge_id"] = payment.id.removeprefix("card_")
    return value


def invoice_notice(event: str, shown: Invoice, payment: Payment | None, business_id: str, at: datetime) -> Notice:
    """An invoice's callback: no envelope, and no metadata (reference: xendit 3.3)."""
    order = shown.order
    value: dict[str, object] = {
        "id": shown.id,
        "external_id": order.external_id,
        "user_id": business_id,
        "is_high": False,
        # The second payment of a SETTLED invoice is told as PAID: SETTLED is not pushed.
        "status": "PAID" if event == "invoice.paid" else str(shown.status),
        "merchant_name": MERCHANT,
        "amount": to_wire(order.amount, order.currency),
        "currency": order.currency,
        "created": moment(shown.created),
        "updated": moment(at),
        **_optional(shown),
    }
    value.pop("locale", None)
    extras = json.loads(order.extras)
    value |= {name: extras[name] for name in ("items", "fees", "customer") if name in extras}
    if payment is not None:
        value |= _paid(shown, payment)
        value["currency"] = payment.currency
    return Notice(event, shown.id, at, body(value))


def payout(shown: "Payout", business_id: str) -> dict[str, object]:
    """A payout as POST and GET give it (reference: xendit 4.1)."""
    order = shown.order
    value: dict[str, object] = {
        "id": shown.id,
        "reference_id": order.reference_id,
        "channel_code": order.channel_code,
        "channel_properties": {
            "account_number": order.account_number,
            "account_holder_name": order.account_holder_name,
        },
        "amount": to_wire(order.amount, order.currency),
        "currency": order.currency,
        "business_id": business_id,
        "status": str(shown.status),
        "created": moment(shown.created),
        "updated": moment(shown.updated),
        "estimated_arrival_time": moment(shown.arrives_at),
        **json.loads(order.extras),
    }
    if order.description is not None:
        value["description"] = order.description
    if shown.failure_code is not None:
        value["failure_code"] = shown.failure_code
    return value


def payout_notice(event: str, shown: "Payout", business_id: str, at: datetime) -> Notice:
    """A payout's callback (reference: xendit 3.4)."""
    return _enveloped(event, shown.id, payout(shown, business_id), business_id, at)


def payout_channel(shown: "PayoutChannel") -> dict[str, object]:
    """A row of GET /payouts_channels (reference: xendit 4.2)."""
    return {
        "channel_code": shown.code,
        "channel_category": shown.category,
        "currency": shown.currency,
        "channel_name": shown.name,
        "amount_limits": {
            "minimum": to_wire(shown.minimum, shown.currency),
            "maximum": to_wire(shown.maximum, shown.currency),
            "minimum_increment": to_wire(shown.increment, shown.currency),
        },
    }


def refund(shown: "Refund") -> dict[str, object]:
    """A refund: nine-digit times, empty strings in place of null (reference: xendit 6)."""
    payment = shown.payment
    return {
        "id": shown.id,
        "payment_id": payment.id,
        "payment_request_id": shown.order.payment_request_id or "",
        "invoice_id": payment.invoice_id,
        "amount": to_wire(shown.amount, payment.currency),
        "payment_method_type": METHOD_TYPES[payment.channel.method],
        "channel_code": payment.channel.code,
        "country": COUNTRIES[payment.currency],
        "currency": payment.currency,
        "status": str(shown.status),
        "reason": shown.order.reason,
        "reference_id": shown.order.reference_id or "",
        "failure_code": shown.failure_code or "",
        "refund_fee_amount": 0,
        "refund_method": "VOID" if shown.is_void else "REFUND",
        "created": long_moment(shown.created),
        "updated": long_moment(shown.updated),
        "metadata": json.loads(shown.order.metadata),
    }


def refund_notice(event: str, shown: "Refund", business_id: str, at: datetime) -> Notice:
    """A refund's callback; no external_id inside (reference: xendit 3.4)."""
    return _enveloped(event, shown.id, refund(shown), business_id, at)


def _enveloped(event: str, subject: str, inside: dict[str, object], business_id: str, at: datetime) -> Notice:
    value = {"event": event, "business_id": business_id, "created": moment(at), "data": inside}
    return Notice(event, subject, at, body(value))


def transaction(shown: "Transaction", business_id: str) -> dict[str, object]:
    """A row of the statement (reference: xendit 9.1)."""
    currency = shown.currency
    return {
        "id": shown.id,
        "product_id": shown.product_id,
        "type": str(shown.kind),
        "status": str(shown.status),
        "channel_category": shown.channel_category,
        "channel_code": shown.channel_code,
        "account_identifier": shown.account_identifier,
        "reference_id": shown.reference_id,
        "currency": currency,
        "amount": to_wire(shown.amount, currency),
        "net_amount": to_wire(shown.net, currency),
        "cashflow": "MONEY_IN" if shown.is_money_in else "MONEY_OUT",
        "settlement_status": None if shown.settlement is None else str(shown.settlement),
        "estimated_settlement_time": None if shown.settles_at is None else moment(shown.settles_at),
        "business_id": business_id,
        "created": moment(shown.created),
        "updated": moment(shown.updated),
        "fee": {
            "xendit_fee": to_wire(shown.fee, currency),
            "value_added_tax": to_wire(shown.vat, currency),
            "xendit_withholding_tax": 0,
            "third_party_withholding_tax": 0,
            "status": str(shown.fee_status),
        },
        # Not filled in the recordings of 2022: nobody may rely on it.
        "product_data": None,
    }


def transactions(shown: "Page", business_id: str, next_page: str) -> dict[str, object]:
    """A page of the statement, with the link to the next."""
    links = [{"href": next_page, "rel": "next", "method": "GET"}] if shown.has_more else []
    rows = [transaction(row, business_id) for row in shown.rows]
    return {"has_more": shown.has_more, "data": rows, "links": links}


def refusal(refused: Refused) -> dict[str, object]:
    """An error as Xendit words it (reference: xendit 2.6, 8)."""
    value: dict[str, object] = {"error_code": refused.code, "message": refused.message}
    if refused.problems:
        value["errors"] = [
            {
                "field": [problem.path],
                "location": problem.location,
                "messages": [problem.message],
                "types": [problem.kind],
            }
            for problem in refused.problems
        ]
    return value


def statement_refusal(refused: Refused) -> dict[str, object]:
    """An error of /transactions, which adds its own words to the common ones."""
    value = refusal(refused)
    value.pop("errors", None)
    problems = [{"path": problem.path, "message": problem.message} for problem in refused.problems]
    return value | {
        "error": refused.code,
        "status_code": refused.status,
        "validation": {"errors": problems},
    }
