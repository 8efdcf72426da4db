"""The statement and the balances: fees, tax, settlement days, filters, pages."""

from datetime import UTC, datetime

import pytest

from simulator.xendit import channels, settlement
from tests.simulator.xendit.house import House


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("paid_at", "days", "settled_at"),
    [
        ("2026-03-02 03:00", 0, "2026-03-02 03:00"),
        ("2026-03-02 03:00", 1, "2026-03-03 10:00"),
        ("2026-03-02 03:00", 5, "2026-03-09 10:00"),
        ("2026-03-06 03:00", 1, "2026-03-09 10:00"),
        # Friday 18:00 UTC is Saturday in Jakarta already.
        ("2026-03-06 18:00", 1, "2026-03-09 10:00"),
        ("2026-03-07 03:00", 2, "2026-03-10 10:00"),
    ],
)
def test_settlement_counts_weekdays_of_the_country(paid_at: str, days: int, settled_at: str) -> None:
    assert settlement.settles_at(moment(paid_at), days, "IDR") == moment(settled_at)


@pytest.mark.parametrize(
    ("code", "currency", "amount", "fee", "vat"),
    [
        ("OVO", "IDR", 100_000, 1_500, 165),
        ("QRIS", "IDR", 100_000, 700, 77),
        ("BRI", "IDR", 100_000, 4_000, 440),
        ("CREDIT_CARD", "IDR", 100_000, 4_900, 539),
        ("GCASH", "PHP", 100_000, 2_300, 276),
        ("ZALOPAY", "VND", 100_000, 1_500, 150),
        ("TOUCHNGO", "MYR", 100_00, 150, 0),
    ],
)
def test_each_channel_has_its_fee_and_each_country_its_tax(
    code: str, currency: str, amount: int, fee: int, vat: int
) -> None:
    channel = channels.find(code, currency)
    assert channel is not None
    assert channel.fees(amount) == channels.Fees(fee, vat)


def test_a_channel_is_found_however_it_is_written() -> None:
    assert channels.find("cards", "IDR") is channels.find("CREDIT_CARD", "IDR")
    assert channels.find("GCASH", "IDR") is None


def test_money_is_pending_then_settled_less_fee_and_tax(house: House) -> None:
    house.invoice(amount=100_000)
    house.post("/pay", {"invoice": "att-1", "channel": "OVO"})
    [row] = house.api.get("/transactions").json()["data"]
    assert (row["settlement_status"], row["fee"]["status"]) == ("PENDING", "PENDING")
    assert row["estimated_settlement_time"] == "2026-03-04T10:00:00.000Z"
    house.advance(days=2, hours=7)
    [row] = house.api.get("/transactions").json()["data"]
    assert (row["settlement_status"], row["fee"]["status"]) == ("SETTLED", "COMPLETED")
    assert (row["amount"], row["net_amount"]) == (100_000, 98_335)
    assert house.api.get("/balance?account_type=HOLDING").json() == {"balance": 0}
    assert house.api.get("/balance").json() == {"balance": 98_335}
    before = {"at_timestamp": "2026-03-04T09:59:59Z"}
    assert house.api.get("/balance", params=before).json() == {"balance": 0}


def test_the_rows_of_payout_and_refund_point_back_to_theirs(house: House) -> None:
    house.post("/topup", {"amount": 1_000_000})
    invoice = house.invoice(amount=100_000)
    payment = house.post("/pay", {"invoice": "att-1", "channel": "OVO"})["payment_id"]
    payout = house.payout().json()
    body = {"invoice_id": invoice["id"], "amount": 1_000, "reference_id": "rf-1"}
    refund = house.api.post("/refunds", json=body).json()
    house.advance(seconds=10)
    rows = {row["type"]: row for row in house.api.get("/transactions").json()["data"]}
    assert rows["PAYMENT"]["product_id"] == payment.removeprefix("ewc_")
    assert (rows["DISBURSEMENT"]["product_id"], rows["DISBURSEMENT"]["net_amount"]) == (payout["id"], 105_550)
    assert (rows["REFUND"]["product_id"], rows["REFUND"]["reference_id"]) == (refund["id"], "rf-1")
    assert [rows[kind]["cashflow"] for kind in ("PAYMENT", "DISBURSEMENT")] == ["MONEY_IN", "MONEY_OUT"]


def test_the_owner_takes_out_what_there_is_and_not_more(house: House) -> None:
    house.post("/topup", {"amount": 100_000})
    refused = house.sim.post("/sim/xendit/withdraw", json={"amount": 98_000, "fee": 5_000})
    assert (refused.status_code, refused.json()["error_code"]) == (400, "INSUFFICIENT_BALANCE")
    row = house.post("/withdraw", {"amount": 60_000, "fee": 5_000})
    assert (row["type"], row["cashflow"], row["net_amount"]) == ("WITHDRAWAL", "MONEY_OUT", 65_000)
    assert house.api.get("/balance").json() == {"balance": 35_000}


def test_an_adjustment_goes_either_way_also_below_nothing(house: House) -> None:
    assert house.post("/adjust", {"amount": 1_000})["type"] == "ADJUSTMENT_ADD"
    assert house.post("/adjust", {"amount": 5_000, "deduct": True})["type"] == "ADJUSTMENT_DEDUCT"
    assert house.api.get("/balance").json() == {"balance": -4_000}
    assert house.get("/books")["currencies"]["IDR"]["adjusted"] == -4_000


def test_a_chargeback_takes_the_money_at_once_and_gives_it_back_when_won(house: House) -> None:
    house.post("/topup", {"amount": 200_000})
    house.invoice(amount=100_000)
    house.post("/pay", {"invoice": "att-1", "channel": "OVO"})
    first = house.post("/chargebacks", {"payment": "att-1", "fee": 2_000})
    second = house.post("/chargebacks", {"payment": "att-1", "amount": 30_000})
    assert (first["type"], first["status"], first["reference_id"]) == ("CHARGEBACK", "PENDING", "att-1")
    assert house.api.get("/balance").json() == {"balance": 68_000}
    assert house.post(f"/chargebacks/{first['id']}/decide", {"won": True})["status"] == "REVERSED"
    assert house.post(f"/chargebacks/{second['id']}/decide", {"won": False})["status"] == "SUCCESS"
    again = house.sim.post(f"/sim/xendit/chargebacks/{first['id']}/decide", json={"won": False})
    assert again.json()["error_code"] == "CHARGEBACK_DECIDED"
    assert house.api.get("/balance").json() == {"balance": 168_000}
    theirs = house.get("/books")["currencies"]["IDR"]
    assert (theirs["charged_back"], theirs["other_fees"], theirs["holds"]) == (30_000, 2_000, True)


def test_the_statement_comes_in_pages_newest_first(house: House) -> None:
    for number in range(1, 6):
        house.post("/topup", {"amount": number})
    first = house.api.get("/transactions", params={"limit": 2}).json()
    assert ([row["amount"] for row in first["data"]], first["has_more"]) == ([5, 4], True)
    second = house.api.get(first["links"][0]["href"]).json()
    assert ([row["amount"] for row in second["data"]], second["has_more"]) == ([3, 2], True)
    last = house.api.get(second["links"][0]["href"]).json()
    assert ([row["amount"] for row in last["data"]], last["links"]) == ([1], [])
    back = {"limit": 1, "before_id": first["data"][-1]["id"]}
    assert [row["amount"] for row in house.api.get("/transactions", params=back).json()["data"]] == [5]


def test_the_statement_is_filtered_by_kind_sum_and_time(house: House) -> None:
    house.post("/topup", {"amount": 1_000_000})
    house.advance(days=1)
    house.payout()
    house.advance(days=1)

    def amounts(**params: str) -> list[int]:
        return [row["amount"] for row in house.api.get("/transactions", params=params).json()["data"]]

    assert amounts(types="TOPUP") == [1_000_000]
    assert amounts(amount="100000") == [100_000]
    assert amounts(statuses="PENDING") == []
    assert amounts(**{"created[gte]": "2026-03-03T00:00:00Z"}) == [100_000]
    assert amounts(**{"updated[lte]": "2026-03-03T00:00:00Z"}) == [1_000_000]
    assert amounts(reference_id="PO-1") == []


def test_the_statement_refuses_in_a_shape_of_its_own(house: House) -> None:
    answer = house.api.get("/transactions", params={"created": "{'gte': 1}"})
    assert answer.status_code == 400
    assert answer.json()["validation"]["errors"][0]["path"] == "created"
    assert answer.json()["status_code"] == 400
