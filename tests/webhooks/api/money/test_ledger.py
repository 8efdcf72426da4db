"""What is owed, the journal as a table, and rows of the provider that a person accepts."""

import csv
import io
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.journeys import payments as p
from tests.journeys.world import World, until
from tests.webhooks.api.money.test_door import get, post

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(240)]


async def test_the_journal_balances_posting_by_posting_and_is_the_same_twice(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281299000301")
    reference = p.reference_in(await p.linked(phone))
    await p.pay(world, f"{reference}.1")
    await phone.expect("Paid and confirmed")
    owed = (await get(world, "/money/payables"))["items"]
    assert {one["booking"] for one in owed} == {reference}
    assert {one["state"] for one in owed} == {"OPEN"}
    assert sum(one["amount"]["amount"] for one in owed) == 315_000
    await p.days_go_by(world, 4)
    still_owed = await world.api.get("/money/payables", params={"state": "OPEN"})
    assert still_owed.json()["items"] == []
    answer = await world.api.get("/money/journal")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    sums: dict[str, int] = {}
    for row in rows:
        sums[row["posting"]] = sums.get(row["posting"], 0) + int(row["debit"]) - int(row["credit"])
    assert sums
    assert set(sums.values()) == {0}
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    captured = [row for row in rows if row["account"] == "captured"]
    assert [(row["booking"], row["credit"], row["debit"]) for row in captured] == [(reference, str(p.PRICE), "0")]
    assert (await world.api.get("/money/journal")).text == answer.text
    assert (await world.api.get("/money/journal?from=2026-02-02&to=2026-02-01")).status_code == 422


async def test_a_row_nobody_ordered_differs_until_a_person_says_what_it_was(world: World) -> None:
    await p.money_of(world).rounds.sweep()
    await world.told("POST", "/xendit/topup", {"amount": 600_000})
    thief = {
        "reference_id": "not-ours",
        "channel_code": "ID_BCA",
        "channel_properties": {"account_number": "5555555555", "account_holder_name": "Nobody"},
        "amount": 200_000,
        "currency": "IDR",
    }
    key = world.process.settings.xendit_secret_key
    assert key is not None
    async with httpx.AsyncClient(base_url=world.simulator_url, auth=(key.get_secret_value(), "")) as provider:
        (await provider.post("/v2/payouts", json=thief, headers={"Idempotency-key": "x"})).raise_for_status()

    async def differing() -> dict[str, Any] | None:
        await p.time_goes_on(world, timedelta(hours=12))
        await p.money_of(world).rounds.sweep()
        found: dict[str, Any] = await get(world, "/money/reconciliations")
        return found if found["items"] and found["items"][0]["verdict"] == "differs" and found["unmatched"] else None

    seen = await until(differing, what="books that differ")
    assert seen["items"][0]["in_words"]
    (row,) = seen["unmatched"]
    assert abs(row["amount"]["amount"]) == 200_000
    way = f"/money/movements/{row['id']}/accept"
    assert (await post(world, way, by="Dewi", dry_run=True))["dry_run"] is True
    assert len((await get(world, "/money/reconciliations"))["unmatched"]) == 1
    assert (await post(world, way, by="Dewi"))["accepted_by"] == "Dewi"
    assert (await get(world, "/money/reconciliations"))["unmatched"] == []
    assert (await post(world, way, 404, by="Dewi"))["type"].endswith("no-such-movement")
    kept = await p.money_of(world).store.movements.load(row["id"])
    assert kept is not None
    assert kept.accepted_by == "Dewi"
