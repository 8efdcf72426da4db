"""The official SDK, unchanged, against the simulator."""

from typing import Any

import pytest
import xendit
from xendit.apis import BalanceApi, InvoiceApi, PayoutApi, RefundApi, TransactionApi
from xendit.invoice.model.create_invoice_request import CreateInvoiceRequest
from xendit.payout.model.create_payout_request import CreatePayoutRequest
from xendit.payout.model.digital_payout_channel_properties import DigitalPayoutChannelProperties
from xendit.refund.model.create_refund import CreateRefund

from tests.simulator.xendit.house import KEY, House

IN_TIME = {"_request_timeout": (3, 10)}


def client(house: House, key: str = KEY) -> Any:
    return xendit.ApiClient(xendit.Configuration(host=house.url, api_key=key))


def invoice_request(external_id: str) -> Any:
    return CreateInvoiceRequest(
        external_id=external_id,
        amount=350_000.0,
        currency="IDR",
        description="Balinese massage",
        payment_methods=["QRIS", "BCA", "OVO", "CREDIT_CARD"],
    )


def payout_request(amount: float) -> Any:
    return CreatePayoutRequest(
        reference_id="share-1",
        channel_code="ID_BCA",
        channel_properties=DigitalPayoutChannelProperties(account_number="1234567890", account_holder_name="Wayan"),
        amount=amount,
        currency="IDR",
    )


def test_the_sdk_creates_reads_lists_and_expires_an_invoice(house: House) -> None:
    api = InvoiceApi(client(house))
    made = api.create_invoice(invoice_request("att-1"), **IN_TIME)
    assert made.invoice_url == f"{house.url}/checkout/{made.id}"
    assert api.get_invoice_by_id(made.id, **IN_TIME).amount == 350_000
    assert [one.id for one in api.get_invoices(external_id="att-1", **IN_TIME)] == [made.id]
    assert str(api.expire_invoice(made.id, **IN_TIME).status) == "EXPIRED"


def test_the_sdk_reads_a_paid_invoice(house: House) -> None:
    api = InvoiceApi(client(house))
    made = api.create_invoice(invoice_request("att-1"), **IN_TIME)
    house.post("/pay", {"invoice": "att-1", "channel": "BCA"})
    paid = api.get_invoice_by_id(made.id, **IN_TIME)
    assert str(paid.status) == "PAID"
    assert paid["paid_amount"] == 350_000


def test_the_sdk_makes_and_follows_a_payout(house: House) -> None:
    house.post("/topup", {"amount": 1_000_000})
    api = PayoutApi(client(house))
    made = api.create_payout("key-1", create_payout_request=payout_request(200_000.0), **IN_TIME)
    assert made.status == "ACCEPTED"
    house.advance(seconds=10)
    assert api.get_payout_by_id(made.id, **IN_TIME).status == "SUCCEEDED"
    listed = api.get_payouts(reference_id="share-1", **IN_TIME)
    assert [one.id for one in listed.data] == [made.id]
    channels = api.get_payout_channels(currency="IDR", **IN_TIME)
    assert "ID_BCA" in [channel.channel_code for channel in channels]


def test_the_sdk_cancels_a_payout(house: House) -> None:
    house.post("/topup", {"amount": 1_000_000})
    api = PayoutApi(client(house))
    made = api.create_payout("key-1", create_payout_request=payout_request(200_000.0), **IN_TIME)
    assert api.cancel_payout(made.id, **IN_TIME).status == "CANCELLED"


def test_the_sdk_refunds_and_reads_the_refund(house: House) -> None:
    house.post("/topup", {"amount": 1_000_000})
    invoice_id = house.invoice()["id"]
    house.post("/pay", {"invoice": "att-1", "channel": "OVO"})
    api = RefundApi(client(house))
    request = CreateRefund(
        invoice_id=invoice_id, amount=50_000.0, currency="IDR", reason="CANCELLATION", reference_id="rf-1"
    )
    made = api.create_refund(idempotency_key="rf-1", create_refund=request, **IN_TIME)
    assert made["status"] == "PENDING"
    house.advance(seconds=10)
    assert api.get_refund(made.id, **IN_TIME)["status"] == "SUCCEEDED"
    assert [one.id for one in api.get_all_refunds(**IN_TIME).data] == [made.id]


def test_the_sdk_reads_balance_and_statement(house: House) -> None:
    house.invoice()
    house.post("/pay", {"invoice": "att-1", "channel": "OVO"})
    balances, rows = BalanceApi(client(house)), TransactionApi(client(house))
    assert balances.get_balance(account_type="CASH", **IN_TIME).balance == 0
    assert balances.get_balance(account_type="HOLDING", **IN_TIME).balance == 350_000
    house.advance(days=7)
    listed = rows.get_all_transactions(reference_id="att-1", **IN_TIME)
    [row] = listed.data
    assert (row.settlement_status, row.fee.xendit_fee, row.fee.value_added_tax) == ("SETTLED", 5_250, 578)
    # The SDK's id is a model around the text.
    assert str(rows.get_transaction_by_id(row.id.value, **IN_TIME).reference_id) == "att-1"
    assert balances.get_balance(account_type="CASH", **IN_TIME).balance == 350_000 - 5_250 - 578


def test_the_sdk_is_refused_in_words_it_can_read(house: House) -> None:
    with pytest.raises(xendit.XenditSdkException) as refused:
        InvoiceApi(client(house, "xnd_development_wrong")).get_invoice_by_id("x", **IN_TIME)
    assert refused.value.errorCode == "INVALID_API_KEY"
    with pytest.raises(xendit.XenditSdkException) as missing:
        InvoiceApi(client(house)).get_invoice_by_id("x", **IN_TIME)
    assert missing.value.errorCode == "INVOICE_NOT_FOUND_ERROR"
