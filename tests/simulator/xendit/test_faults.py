"""Manners and faults of the API: authorisation, limits, and answers that never come."""

import httpx
import pytest

from tests.simulator.xendit.house import House

ORDER = {"external_id": "att-1", "amount": 350_000}


def create(house: House, seconds: float = 5) -> httpx.Response:
    # A fresh connection: a reset one in the pool is another test's trouble.
    return httpx.post(f"{house.url}/v2/invoices", json=ORDER, auth=house.api.auth, timeout=seconds, trust_env=False)


def made(house: House) -> int:
    return len(house.api.get("/v2/invoices", params={"external_id": "att-1"}).json())


@pytest.mark.parametrize("auth", [None, ("xnd_development_other", ""), ("", "xnd_development_test")])
def test_a_wrong_key_is_refused(house: House, auth: tuple[str, str] | None) -> None:
    answer = httpx.get(f"{house.url}/balance", auth=auth, trust_env=False)
    assert (answer.status_code, answer.json()["error_code"]) == (401, "INVALID_API_KEY")


def test_every_answer_tells_its_id_and_the_limits(house: House) -> None:
    for remaining in ("59", "58"):
        headers = house.api.get("/balance").headers
        assert (headers["Rate-Limit-Limit"], headers["Rate-Limit-Remaining"]) == ("60", remaining)
        assert headers["Rate-Limit-Reset"] == "60.000"
        assert headers["Request-Id"]


def test_the_limit_bites_only_where_it_is_switched_on_and_slides(house: House) -> None:
    house.post("/habits", {"rate_limit": 2})
    answers = [house.api.get("/balance") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["error_code"] == "RATE_LIMIT_EXCEEDED"
    assert house.api.get("/transactions").status_code == 200
    house.advance(seconds=60)
    assert house.api.get("/balance").status_code == 200


@pytest.mark.parametrize(("kind", "count"), [("timeout_before", 0), ("timeout_after", 1)])
def test_a_call_can_hang_before_or_after_its_work(house: House, kind: str, count: int) -> None:
    house.post("/faults", {"kind": kind, "on": "create_invoice"})
    with pytest.raises(httpx.ReadTimeout):
        create(house, seconds=0.2)
    assert made(house) == count


@pytest.mark.parametrize(("kind", "count"), [("reset_before", 0), ("reset_after", 1)])
def test_a_connection_can_be_reset_before_or_after_the_work(house: House, kind: str, count: int) -> None:
    house.post("/faults", {"kind": kind, "on": "create_*"})
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        create(house)
    assert made(house) == count


@pytest.mark.parametrize(
    ("kind", "status", "count"),
    [
        ("html_502_before", 502, 0),
        ("html_502_after", 502, 1),
        ("error_500_before", 500, 0),
        ("error_500_after", 500, 1),
        ("rate_limit", 429, 0),
    ],
)
def test_an_answer_can_be_an_error_before_or_after_the_work(house: House, kind: str, status: int, count: int) -> None:
    house.post("/faults", {"kind": kind, "on": "create_invoice"})
    answer = create(house)
    assert answer.status_code == status
    assert answer.text.startswith("<html>") == (status == 502)
    assert made(house) == count


def test_a_reply_can_be_cut_in_the_middle_after_the_work(house: House) -> None:
    house.post("/faults", {"kind": "cut", "on": "create_invoice"})
    with pytest.raises(httpx.RemoteProtocolError):
        create(house)
    assert made(house) == 1


def test_a_reply_can_dribble(house: House) -> None:
    house.post("/faults", {"kind": "slow", "on": "create_invoice", "seconds": 0.05})
    assert create(house).json()["status"] == "PENDING"


def test_a_fault_strikes_as_often_as_ordered_after_as_many_as_skipped(house: House) -> None:
    house.post("/faults", {"kind": "error_500_before", "on": "create_invoice", "skip": 1, "times": 2})
    assert [create(house).status_code for _ in range(4)] == [200, 500, 500, 200]
    assert house.get("/faults") == []


def test_the_callback_of_an_invoice_can_come_before_its_answer(house: House) -> None:
    house.post("/faults", {"kind": "callback_first", "on": "create_invoice", "channel": "OVO"})
    answer = create(house).json()
    [(_, told)] = house.ear.heard
    assert (told["id"], told["status"], answer["status"]) == (answer["id"], "PAID", "PENDING")


def test_the_callback_of_a_payout_can_come_before_its_answer(house: House) -> None:
    house.post("/topup", {"amount": 1_000_000})
    house.post("/faults", {"kind": "callback_first", "on": "create_payout"})
    answer = house.payout().json()
    [(_, told)] = house.ear.heard
    assert (told["data"]["id"], told["event"], answer["status"]) == (
        answer["id"],
        "payout.succeeded",
        "ACCEPTED",
    )


def test_an_unknown_kind_of_fault_is_refused(house: House) -> None:
    assert house.sim.post("/sim/xendit/faults", json={"kind": "earthquake"}).status_code == 400


def test_the_journal_keeps_calls_with_key_status_and_fault(house: House) -> None:
    house.post("/faults", {"kind": "error_500_after", "on": "create_payout"})
    house.payout("po-1")
    house.payout("po-1")
    calls = house.get("/calls?call=create_payout")
    told = [(call["idempotency_key"], call["status"], call["fault"]) for call in calls]
    assert told == [("po-1", 500, "error_500_after"), ("po-1", 200, None)]
