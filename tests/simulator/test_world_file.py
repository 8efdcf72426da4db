"""The whole world in one file: what was on its way at Xendit comes about after an import as it would have without."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.simulator.conftest import Graph

pytestmark = pytest.mark.asyncio(loop_scope="session")

Json = dict[str, Any]
DAYS = 6 * 86400


class Bank:
    """The merchant's side of the simulated Xendit, and its control door."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        known = base64.b64encode(f"{graph.settings.xendit_secret_key}:".encode()).decode()
        self._headers = {"Authorization": f"Basic {known}"}

    async def order(self, path: str, body: Json, key: str = "") -> Json:
        """A call of the merchant's that must go well."""
        headers = self._headers | ({"Idempotency-Key": key} if key else {})
        answer = await self._graph.client.post(path, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        told: Json = answer.json()
        return told

    async def told(self, path: str, **body: Any) -> Any:
        """A control call that must go well."""
        return await self._graph.sim("POST", f"/xendit{path}", body)

    async def seen(self, path: str) -> Any:
        """A control view."""
        return await self._graph.sim("GET", f"/xendit{path}")

    async def in_the_middle(self) -> None:
        """Unpaid, paid and not settled, a payout on its way, one that will come back, a refund without a result."""
        await self.told("/topup", amount=5_000_000, currency="IDR")
        await self.told("/habits", payout_delay=3600, refund_delay=7200, reversal_delay=7200, expired_callbacks=True)
        await self.order("/v2/invoices/", {"external_id": "unpaid", "amount": 100_000, "currency": "IDR"})
        await self.order("/v2/invoices/", {"external_id": "paid", "amount": 350_000, "currency": "IDR"})
        back = await self.order("/v2/invoices/", {"external_id": "back", "amount": 90_000, "currency": "IDR"})
        await self.told("/pay", invoice="paid", channel="BCA")
        await self.told("/pay", invoice="back", channel="OVO")
        for number, account in (("sent", "1234567890"), ("returned", "654321")):
            body = {
                "reference_id": number,
                "channel_code": "ID_BCA",
                "channel_properties": {"account_number": account, "account_holder_name": "Ayu"},
                "amount": 250_000,
                "currency": "IDR",
            }
            await self.order("/v2/payouts", body, key=number)
        body = {"invoice_id": back["id"], "amount": 90_000, "reason": "REQUESTED_BY_CUSTOMER", "currency": "IDR"}
        await self.order("/refunds", body, key="back")

    async def days_later(self) -> Json:
        """The books, the statuses and the events when everything has come about."""
        await self._graph.sim("POST", "/time", {"move": DAYS})
        return {
            "books": await self.seen("/books"),
            "invoices": {one["external_id"]: one["status"] for one in await self.seen("/invoices")},
            "payouts": {one["reference_id"]: one["status"] for one in await self.seen("/payouts")},
            "refunds": [one["status"] for one in await self.seen("/refunds")],
            "events": sorted(one["event"] for one in await self.seen("/callbacks")),
        }


@pytest_asyncio.fixture(loop_scope="session")
async def bank(graph: Graph) -> AsyncIterator[Bank]:
    """A bank that has seen nothing, and leaves nothing behind."""
    await graph.sim("POST", "/xendit/reset")
    yield Bank(graph)
    await started_again(graph)


async def started_again(graph: Graph) -> None:
    """As if just started: both sides know nothing any more."""
    await graph.sim("POST", "/reset")
    await graph.sim("POST", "/xendit/reset")


async def test_what_was_on_its_way_comes_about_after_the_import_as_without_it(graph: Graph, bank: Bank) -> None:
    await bank.in_the_middle()
    kept = await graph.sim("GET", "/world")
    without = await bank.days_later()
    await started_again(graph)
    assert (await bank.seen(""))["invoices"] == 0
    await graph.sim("POST", "/world", kept)
    assert await bank.days_later() == without
    assert without["books"]["holds"]
    assert without["invoices"] == {"unpaid": "EXPIRED", "paid": "SETTLED", "back": "SETTLED"}
    assert without["payouts"] == {"sent": "SUCCEEDED", "returned": "REVERSED"}
    assert {"invoice.paid", "invoice.expired", "payout.succeeded", "refund.succeeded"} <= set(without["events"])


async def test_a_file_is_the_same_after_an_import(graph: Graph, bank: Bank) -> None:
    await bank.in_the_middle()
    await bank.told("/faults", kind="double", on="invoice.*")
    kept = await graph.sim("GET", "/world")
    await started_again(graph)
    await graph.sim("POST", "/world", kept)
    again = await graph.sim("GET", "/world")
    # What falls due in the meantime is told meanwhile: the plans and the money are what has to be the same.
    for name in (
        "plans",
        "entries",
        "transactions",
        "invoices",
        "payments",
        "payouts",
        "payout_keys",
        "refunds",
        "faults",
    ):
        assert again["xendit"][name] == kept["xendit"][name], name


async def test_a_payout_asked_for_again_after_the_import_is_the_same_payout(graph: Graph, bank: Bank) -> None:
    await bank.in_the_middle()
    kept = await graph.sim("GET", "/world")
    known = {one["reference_id"]: one["id"] for one in await bank.seen("/payouts")}
    await started_again(graph)
    await graph.sim("POST", "/world", kept)
    body = {
        "reference_id": "sent",
        "channel_code": "ID_BCA",
        "channel_properties": {"account_number": "1234567890", "account_holder_name": "Ayu"},
        "amount": 250_000,
        "currency": "IDR",
    }
    assert (await bank.order("/v2/payouts", body, key="sent"))["id"] == known["sent"]


@pytest.mark.parametrize(
    "change",
    [
        {"plans": [{"$": "Popen"}]},
        {"plans": [{"$": "Plan", "at": "soon"}]},
        {"invoices": "x"},
        {"entries": [{"$": "tuple", "value": []}]},
        {"habits": None},
        {"number": "one"},
        {"deliveries": [1]},
    ],
)
async def test_money_that_cannot_be_read_changes_neither_side(
    graph: Graph, sari: str, bank: Bank, change: Json
) -> None:
    await bank.told("/topup", amount=1_000_000, currency="IDR")
    kept = await graph.sim("GET", "/world")
    answer = await graph.client.post("/sim/world", json=kept | {"xendit": kept["xendit"] | change})
    assert answer.status_code == 400
    assert (await bank.seen("/books"))["currencies"]["IDR"]["topped_up"] == 1_000_000
    assert len((await graph.sim("GET", "/customers"))["items"]) == 1


async def test_an_account_without_its_money_is_no_world(graph: Graph) -> None:
    kept = await graph.sim("GET", "/world")
    del kept["xendit"]
    answer: httpx.Response = await graph.client.post("/sim/world", json=kept)
    assert answer.status_code == 400
