"""Invoices by plain HTTP: creation, refusals, expiry, payment, and what is never told."""

import pytest

from tests.simulator.xendit.house import House


@pytest.mark.parametrize("path", ["/v2/invoices", "/v2/invoices/"])
def test_an_invoice_is_created_with_and_without_a_trailing_slash(house: House, path: str) -> None:
    answer = house.api.post(path, json={"external_id": "att-1", "amount": 350000})
    assert (answer.status_code, answer.json()["status"]) == (200, "PENDING")
    assert answer.json()["expiry_date"] == "2026-03-03T03:00:00.000Z"


def test_an_external_id_may_have_several_invoices_and_the_list_is_an_array(house: House) -> None:
    first, second = house.invoice()["id"], house.invoice()["id"]
    house.invoice("att-2")
    listed = house.api.get("/v2/invoices", params={"external_id": "att-1"}).json()
    assert [one["id"] for one in listed] == [second, first]
    assert house.api.get("/v2/invoices", params={"external_id": "nobody"}).json() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"external_id": None}, "API_VALIDATION_ERROR"),
        ({"external_id": 7}, "API_VALIDATION_ERROR"),
        ({"amount": None}, "API_VALIDATION_ERROR"),
        ({"amount": "350000"}, "API_VALIDATION_ERROR"),
        ({"amount": True}, "API_VALIDATION_ERROR"),
        ({"amount": 0}, "API_VALIDATION_ERROR"),
        ({"amount": 0.5}, "API_VALIDATION_ERROR"),
        ({"amount": -5}, "API_VALIDATION_ERROR"),
        ({"amount": 10**19}, "API_VALIDATION_ERROR"),
        ({"metadata": "text"}, "API_VALIDATION_ERROR"),
        ({"invoice_duration": 31_536_001}, "API_VALIDATION_ERROR"),
        ({"items": [{}] * 76}, "API_VALIDATION_ERROR"),
        ({"metadata": {"k" * 41: "v"}}, "API_VALIDATION_ERROR"),
        ({"success_redirect_url": "javascript:alert(1)"}, "API_VALIDATION_ERROR"),
        ({"amount": 12.5, "currency": "PHP"}, "API_VALIDATION_ERROR"),
        ({"currency": "EUR"}, "UNSUPPORTED_CURRENCY"),
        ({"payer_email": "nobody"}, "EMAIL_FORMAT_ERROR"),
        ({"payment_methods": ["PAYPAL"]}, "UNAVAILABLE_PAYMENT_METHOD_ERROR"),
        ({"payment_methods": ["GCASH"]}, "UNAVAILABLE_PAYMENT_METHOD_ERROR"),
        ({"payment_methods": ["ALFAMART"], "amount": 5_000}, "NO_COLLECTION_METHODS_ERROR"),
        ({"payment_methods": ["QRIS"], "amount": 20_000_001}, "MAXIMUM_TRANSFER_AMOUNT_ERROR"),
        ({"reminder_time": 1, "reminder_time_unit": "weeks"}, "INVALID_REMINDER_TIME"),
    ],
)
def test_a_wrong_order_is_refused_and_makes_no_invoice(house: House, change: dict[str, object], code: str) -> None:
    body = {"external_id": "att-1", "amount": 350000, "currency": "IDR"} | change
    answer = house.api.post("/v2/invoices", json=body)
    assert (answer.status_code, answer.json()["error_code"]) == (400, code)
    assert house.get("/invoices") == []


def test_a_validation_error_names_field_place_and_type(house: House) -> None:
    [problem] = house.api.post("/v2/invoices", json={"external_id": 7, "amount": 1}).json()["errors"]
    assert (problem["field"], problem["location"], problem["types"]) == (
        ["external_id"],
        "body",
        ["string.base"],
    )


def test_a_body_that_is_no_json_is_refused(house: House) -> None:
    answer = house.api.post("/v2/invoices", content=b'{"external_id":', headers={"content-type": "text/json"})
    assert (answer.status_code, answer.json()["error_code"]) == (400, "INVALID_JSON_FORMAT")


def test_rupiah_decimals_are_cut_off(house: House) -> None:
    assert house.invoice(amount=4550.5)["amount"] == 4550


def test_a_channel_whose_limits_the_sum_is_outside_of_is_not_offered(house: House) -> None:
    banks = [bank["bank_code"] for bank in house.invoice(amount=9_999)["available_banks"]]
    assert "BNI" in banks
    assert "BCA" not in banks


def test_an_unknown_query_parameter_is_refused(house: House) -> None:
    assert house.api.get("/v2/invoices", params={"externalid": "att-1"}).status_code == 400


def test_expiring_moves_the_expiry_date_to_the_moment_of_the_call(house: House) -> None:
    invoice_id = house.invoice()["id"]
    house.advance(minutes=10)
    ended = house.api.post(f"/invoices/{invoice_id}/expire!").json()
    assert (ended["status"], ended["expiry_date"]) == ("EXPIRED", "2026-03-02T03:10:00.000Z")
    assert house.api.post(f"/invoices/{invoice_id}/expire!").json() == ended


def test_a_paid_invoice_cannot_be_expired(house: House) -> None:
    invoice_id = house.invoice()["id"]
    house.post("/pay", {"invoice": invoice_id})
    assert house.api.post(f"/invoices/{invoice_id}/expire!").status_code == 400
    assert house.api.get(f"/v2/invoices/{invoice_id}").json()["status"] == "PAID"


def test_an_invoice_expires_by_itself_and_nobody_is_told(house: House) -> None:
    invoice_id = house.invoice(invoice_duration=600)["id"]
    house.advance(seconds=599)
    assert house.api.get(f"/v2/invoices/{invoice_id}").json()["status"] == "PENDING"
    house.advance(seconds=1)
    assert house.api.get(f"/v2/invoices/{invoice_id}").json()["status"] == "EXPIRED"
    assert house.ear.heard == []


def test_expiry_is_told_where_the_box_is_ticked(house: House) -> None:
    house.post("/habits", {"expired_callbacks": True})
    house.invoice(invoice_duration=600)
    house.advance(seconds=600)
    assert house.ear.events() == ["EXPIRED"]


def test_a_payment_makes_paid_then_settled_and_only_paid_is_told(house: House) -> None:
    invoice_id = house.invoice()["id"]
    house.post("/pay", {"invoice": "att-1", "channel": "QRIS", "wait": True})
    paid = house.api.get(f"/v2/invoices/{invoice_id}").json()
    assert (paid["status"], paid["paid_amount"], paid["payment_channel"]) == ("PAID", 350_000, "QRIS")
    house.advance(days=7)
    assert house.api.get(f"/v2/invoices/{invoice_id}").json()["status"] == "SETTLED"
    assert house.ear.events() == ["PAID"]


def test_money_after_expiry_is_kept_but_the_invoice_stays_expired_and_silent(house: House) -> None:
    invoice_id = house.invoice(invoice_duration=60)["id"]
    house.advance(seconds=61)
    house.post("/pay", {"invoice": "att-1", "channel": "BCA", "wait": True})
    late = house.api.get(f"/v2/invoices/{invoice_id}").json()
    assert (late["status"], late["paid_amount"]) == ("EXPIRED", 350_000)
    assert house.ear.heard == []
    rows = house.api.get("/transactions", params={"reference_id": "att-1"}).json()["data"]
    assert [row["amount"] for row in rows] == [350_000]
    house.advance(days=7)
    assert house.api.get(f"/v2/invoices/{invoice_id}").json()["status"] == "EXPIRED"
    assert house.api.get("/balance").json()["balance"] == 350_000 - 4_995


def test_money_after_expiry_is_told_where_the_box_is_ticked(house: House) -> None:
    house.post("/habits", {"late_callbacks": True})
    house.invoice(invoice_duration=60)
    house.advance(seconds=61)
    house.post("/pay", {"invoice": "att-1", "wait": True})
    [(_, told)] = house.ear.heard
    assert (told["status"], told["paid_amount"]) == ("EXPIRED", 350_000)


def test_one_code_paid_twice_is_told_twice_under_two_payment_ids(house: House) -> None:
    house.invoice()
    for _ in range(2):
        house.post("/pay", {"invoice": "att-1", "wait": True})
    assert house.ear.events() == ["PAID", "PAID"]
    assert len({told["payment_id"] for _, told in house.ear.heard}) == 2
    assert house.get("/books")["currencies"]["IDR"]["captured"] == 700_000


def test_another_amount_and_another_currency_come_through_as_they_are(house: House) -> None:
    house.invoice()
    house.post("/pay", {"invoice": "att-1", "amount": 100_000, "wait": True})
    house.post("/pay", {"invoice": "att-1", "channel": "GCASH", "currency": "PHP", "amount": 90, "wait": True})
    told = [(body["paid_amount"], body["currency"]) for _, body in house.ear.heard]
    assert told == [(100_000, "IDR"), (90, "PHP")]
    assert house.api.get("/balance?account_type=HOLDING&currency=PHP").json()["balance"] == 90


def test_a_failed_try_is_told_to_nobody(house: House) -> None:
    invoice_id = house.invoice()["id"]
    house.post("/fail", {"invoice": "att-1", "channel": "OVO", "reason": "DECLINED"})
    house.post("/callbacks/pump")
    assert house.ear.heard == []
    assert house.api.get(f"/v2/invoices/{invoice_id}").json()["status"] == "PENDING"
    assert house.get("/invoices")[0]["failed_tries"][0]["reason"] == "DECLINED"
