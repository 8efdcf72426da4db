"""Refunds by plain HTTP: which channels, how much, how long, one at a time."""

from typing import Any

import httpx
import pytest

from tests.simulator.xendit.house import House


def paid(house: House, channel: str, amount: int = 100_000) -> Any:
    house.post("/topup", {"amount": 1_000_000})
    invoice = house.invoice(amount=amount)
    house.post("/pay", {"invoice": "att-1", "channel": channel})
    return invoice


def refund(house: House, invoice: Any, key: str | None = None, **body: object) -> httpx.Response:
    headers = {} if key is None else {"idempotency-key": key}
    return house.api.post("/refunds", json={"invoice_id": invoice["id"], **body}, headers=headers)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error_code"]


def test_a_refund_without_an_amount_gives_all_back(house: House) -> None:
    answer = refund(house, paid(house, "OVO"), reason="CANCELLATION", reference_id="rf-1").json()
    assert (answer["status"], answer["amount"]) == ("PENDING", 100_000)
    assert answer["created"].endswith("000000000Z")
    assert answer["failure_code"] == ""
    house.advance(seconds=5)
    [_, (_, told)] = house.ear.heard
    assert (told["event"], told["data"]["reference_id"]) == ("refund.succeeded", "rf-1")
    assert "external_id" not in told["data"]


@pytest.mark.parametrize("channel", ["BCA", "BNI", "ALFAMART", "ASTRAPAY"])
def test_some_channels_know_no_refund(house: House, channel: str) -> None:
    assert refusal(refund(house, paid(house, channel))) == (403, "REFUND_NOT_SUPPORTED")


@pytest.mark.parametrize("channel", ["QRIS", "LINKAJA", "DD_BRI"])
def test_some_channels_refund_in_full_only(house: House, channel: str) -> None:
    answer = refund(house, paid(house, channel), amount=50_000)
    assert refusal(answer) == (403, "PARTIAL_REFUND_NOT_SUPPORTED")


def test_one_refund_at_a_time_and_never_more_than_is_left(house: House) -> None:
    invoice = paid(house, "DANA")
    assert refund(house, invoice, amount=60_000).status_code == 200
    assert refusal(refund(house, invoice, amount=10_000)) == (400, "REFUND_IN_PROGRESS")
    house.advance(seconds=5)
    assert refusal(refund(house, invoice, amount=40_001)) == (400, "REFUND_AMOUNT_EXCEEDED")
    assert refund(house, invoice).json()["amount"] == 40_000
    house.advance(seconds=5)
    assert refusal(refund(house, invoice, amount=1)) == (400, "MAXIMUM_REFUND_AMOUNT_REACHED")


def test_the_window_closes(house: House) -> None:
    invoice = paid(house, "OVO")
    house.advance(days=14, seconds=1)
    assert refusal(refund(house, invoice)) == (400, "INELIGIBLE_TRANSACTION_STATUS")


def test_what_was_not_paid_cannot_be_refunded(house: House) -> None:
    assert refusal(refund(house, house.invoice())) == (400, "INELIGIBLE_TRANSACTION_STATUS")
    assert refusal(refund(house, {"id": "nobody"})) == (404, "DATA_NOT_FOUND")


def test_a_refund_needs_money_in_the_balance(house: House) -> None:
    invoice = house.invoice()
    house.post("/pay", {"invoice": "att-1", "channel": "OVO"})
    assert refusal(refund(house, invoice)) == (400, "INSUFFICIENT_BALANCE")


def test_a_refund_key_gives_the_same_refund_or_a_conflict(house: House) -> None:
    invoice = paid(house, "OVO")
    first = refund(house, invoice, "rf-1", amount=10_000).json()
    assert refund(house, invoice, "rf-1", amount=10_000).json()["id"] == first["id"]
    assert refusal(refund(house, invoice, "rf-1", amount=20_000)) == (409, "IDEMPOTENCY_ERROR")


def test_a_failed_refund_gives_the_money_back_to_the_balance(house: House) -> None:
    invoice = paid(house, "OVO")
    house.post("/failures", {"refunds": ["ACCOUNT_NOT_FOUND"]})
    refund(house, invoice)
    house.advance(seconds=5)
    assert house.ear.events() == ["PAID", "refund.failed"]
    assert house.api.get("/balance").json()["balance"] == 1_000_000
    assert house.get("/books")["currencies"]["IDR"]["refunded"] == 0


def test_a_full_qris_refund_within_a_day_is_a_void_with_its_fee_given_back(house: House) -> None:
    invoice = paid(house, "QRIS")
    assert refund(house, invoice).json()["refund_method"] == "VOID"
    house.advance(days=7)
    [row] = house.api.get("/transactions", params={"types": "PAYMENT"}).json()["data"]
    assert (row["status"], row["fee"]["status"]) == ("VOIDED", "CANCELED")
    books = house.get("/books")["currencies"]["IDR"]
    assert (books["cash"], books["pending"], books["fees"], books["refunded"]) == (1_000_000, 0, 0, 100_000)


def test_the_second_payment_of_an_invoice_is_refunded_by_its_own_id(house: House) -> None:
    invoice = paid(house, "OVO")
    second = house.post("/pay", {"invoice": "att-1", "channel": "OVO"})["payment_id"]
    answer = house.api.post("/refunds", json={"payment_request_id": second, "reason": "DUPLICATE"}).json()
    assert (answer["payment_id"], answer["invoice_id"]) == (second, invoice["id"])


def test_a_pending_refund_can_be_cancelled(house: House) -> None:
    made = refund(house, paid(house, "OVO")).json()
    assert house.api.post(f"/refunds/{made['id']}/cancel").json()["status"] == "CANCELLED"
    assert house.api.get("/balance").json()["balance"] == 1_000_000
    assert house.api.post(f"/refunds/{made['id']}/cancel").status_code == 400
