"""Payouts by plain HTTP: idempotency, magic accounts, balance, cancellation, reversal."""

import pytest

from tests.simulator.xendit.house import House

FEE = 5_550
"""5 000 and 11 % (reference: xendit 9.1)."""


def funded(house: House, amount: int = 1_000_000) -> House:
    house.post("/topup", {"amount": amount})
    return house


def cash(house: House) -> int:
    balance = house.api.get("/balance").json()["balance"]
    assert isinstance(balance, int)
    return balance


def test_the_same_key_and_body_give_the_same_payout(house: House) -> None:
    funded(house)
    first, again = house.payout().json(), house.payout().json()
    assert first["id"] == again["id"]
    house.advance(seconds=5)
    assert house.payout().json()["status"] == "SUCCEEDED"
    assert cash(house) == 1_000_000 - 100_000 - FEE


def test_the_same_key_and_another_body_are_refused(house: House) -> None:
    funded(house).payout()
    answer = house.payout(amount=100_001)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "DUPLICATE_ERROR")


@pytest.mark.parametrize("key", [None, "k" * 101])
def test_a_payout_needs_a_key_of_the_right_length(house: House, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-key": key}
    answer = house.api.post("/v2/payouts", json={}, headers=headers)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "API_VALIDATION_ERROR")


@pytest.mark.parametrize(
    ("account", "status", "failure"),
    [
        ("1234567890", "SUCCEEDED", None),
        ("131313", "ACCEPTED", None),
        ("141414", "REQUESTED", None),
        ("123456", "FAILED", "TEMPORARY_TRANSFER_ERROR"),
        ("999999", "FAILED", "REJECTED_BY_CHANNEL"),
        ("121212", "FAILED", "INVALID_DESTINATION"),
        ("654321", "SUCCEEDED", None),
    ],
)
def test_the_account_number_decides_the_result(house: House, account: str, status: str, failure: str | None) -> None:
    made = funded(house).payout(account=account).json()
    assert made["status"] == "ACCEPTED"
    house.advance(seconds=10)
    now = house.api.get(f"/v2/payouts/{made['id']}").json()
    assert (now["status"], now.get("failure_code")) == (status, failure)


def test_a_failed_payout_gives_all_the_money_back_and_is_told(house: House) -> None:
    funded(house).payout(account="999999")
    assert cash(house) == 1_000_000 - 100_000 - FEE
    house.advance(seconds=10)
    assert cash(house) == 1_000_000
    [(_, told)] = house.ear.heard
    assert told["event"] == "payout.failed"
    assert told["data"]["failure_code"] == "REJECTED_BY_CHANNEL"


def test_a_reversed_payout_is_told_twice_and_its_fee_stays_gone(house: House) -> None:
    funded(house).payout(account="654321")
    house.advance(minutes=10)
    assert house.ear.events() == ["payout.succeeded", "payout.reversed"]
    assert cash(house) == 1_000_000 - FEE
    books = house.get("/books")["currencies"]["IDR"]
    assert (books["paid_out"], books["payout_fees"], books["holds"]) == (0, FEE, True)


def test_a_payout_above_the_balance_is_accepted_and_fails_later(house: House) -> None:
    made = house.payout().json()
    assert made["status"] == "ACCEPTED"
    house.advance(seconds=10)
    now = house.api.get(f"/v2/payouts/{made['id']}").json()
    assert (now["status"], now["failure_code"]) == ("FAILED", "INSUFFICIENT_BALANCE")
    assert cash(house) == 0


def test_two_payouts_cannot_spend_one_rupiah_twice(house: House) -> None:
    funded(house, 150_000)
    house.payout("po-1")
    house.payout("po-2")
    house.advance(seconds=10)
    assert house.ear.events() == ["payout.succeeded", "payout.failed"]
    assert cash(house) == 150_000 - 100_000 - FEE


@pytest.mark.parametrize("account", ["131313", "141414"])
def test_what_waits_can_be_cancelled_and_the_money_is_back(house: House, account: str) -> None:
    made = funded(house).payout(account=account).json()
    house.advance(seconds=10)
    assert house.api.post(f"/v2/payouts/{made['id']}/cancel").json()["status"] == "CANCELLED"
    assert cash(house) == 1_000_000


def test_what_is_done_cannot_be_cancelled(house: House) -> None:
    made = funded(house).payout().json()
    house.advance(seconds=10)
    answer = house.api.post(f"/v2/payouts/{made['id']}/cancel")
    assert (answer.status_code, answer.json()["error_code"]) == (400, "CANCELLATION_NOT_ALLOWED")


def test_a_succeeded_payout_can_be_sent_back_days_later(house: House) -> None:
    made = funded(house).payout().json()
    house.advance(days=3)
    house.post(f"/payouts/{made['id']}/reverse")
    house.post("/callbacks/pump")
    assert house.ear.events() == ["payout.succeeded", "payout.reversed"]


def test_a_failure_nobody_documented_can_be_ordered(house: House) -> None:
    funded(house)
    house.post("/failures", {"payouts": ["UNKNOWN_BANK_NETWORK_ERROR"]})
    made = house.payout().json()
    house.advance(seconds=10)
    assert house.api.get(f"/v2/payouts/{made['id']}").json()["failure_code"] == "UNKNOWN_BANK_NETWORK_ERROR"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"channel_code": "ID_NOBODY"}, "CHANNEL_CODE_NOT_SUPPORTED"),
        ({"amount": 9_999}, "MINIMUM_TRANSFER_LIMIT_ERROR"),
        ({"amount": 2_000_000_000_000}, "MAXIMUM_TRANSFER_LIMIT_ERROR"),
        ({"amount": 10_000.5}, "API_VALIDATION_ERROR"),
        ({"reference_id": None}, "API_VALIDATION_ERROR"),
        ({"channel_properties": None}, "API_VALIDATION_ERROR"),
        (
            {"channel_properties": {"account_number": "123", "account_holder_name": "Wayan"}},
            "RECIPIENT_ACCOUNT_NUMBER_ERROR",
        ),
    ],
)
def test_a_wrong_payout_is_refused(house: House, change: dict[str, object], code: str) -> None:
    body = {
        "reference_id": "po-1",
        "channel_code": "ID_BCA",
        "channel_properties": {"account_number": "1234567890", "account_holder_name": "Wayan"},
        "amount": 100_000,
        "currency": "IDR",
    }
    answer = funded(house).api.post("/v2/payouts", json=body | change, headers={"Idempotency-key": "k"})
    assert (answer.status_code, answer.json()["error_code"]) == (400, code)
    assert cash(house) == 1_000_000


def test_a_reference_is_not_unique(house: House) -> None:
    funded(house).payout("po-1", account="123456")
    body = house.get("/payouts")[0]
    retry = {name: body[name] for name in ("reference_id", "channel_code", "amount", "currency")}
    retry["channel_properties"] = {"account_number": "1234567890", "account_holder_name": "Wayan"}
    house.api.post("/v2/payouts", json=retry, headers={"Idempotency-key": "other"})
    listed = house.api.get("/v2/payouts", params={"reference_id": "po-1"}).json()
    assert len(listed["data"]) == 2
