"""The client over a real loopback: every way a call can end is one of four, and money that may have moved
says so."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from payments.domain.errors import OutcomeUnknown, PermanentError, TemporaryError, UnreadableMoney
from payments.domain.events import InvoicePending, TransferStatus, UnreadableRow
from payments.domain.ids import ExternalId, IdempotencyKey, InvoiceId
from payments.domain.payees import Destination
from payments.gateway import InvoiceRequest, PayoutRequest
from payments.gateways.xendit.adapter import Timeouts, XenditClient
from tests.payments.loopback import Request, answer, serving
from tests.payments.makers import NOON, PAY_BY, idr

PENDING = {
    "id": "inv-1",
    "external_id": "BK1.1",
    "status": "PENDING",
    "amount": 500000,
    "currency": "IDR",
    "invoice_url": "https://checkout.example/inv-1",
}
PAYOUT = {"id": "disb-1", "reference_id": "po-1", "status": "ACCEPTED", "amount": 350000, "currency": "IDR"}
ORDER = InvoiceRequest("BK1.1", idr(500_000), PAY_BY - NOON, "Massage", locale="id")
SENDING = PayoutRequest(IdempotencyKey("po-1"), idr(350_000), Destination("ID_BCA", "1234567890", "Ni Made"), "Payout")


class Wire:
    """A provider that gives the prepared answer and remembers what it was asked."""

    def __init__(self, reply: bytes) -> None:
        self.reply = reply
        self.asked: list[Request] = []

    async def __call__(self, request: Request) -> bytes:
        self.asked.append(request)
        return self.reply


def said(body: Any, status: int = 200, *headers: str) -> bytes:
    """A JSON answer."""
    return answer(status, json.dumps(body).encode(), *headers)


@asynccontextmanager
async def client_on(wire: Wire) -> AsyncIterator[XenditClient]:
    """The client before this wire."""
    async with serving(wire) as url, XenditClient(url, "xnd_development_1", Timeouts(1.0, 0.3)) as client:
        yield client


async def test_an_invoice_is_asked_for_in_the_provider_s_words() -> None:
    wire = Wire(said(PENDING))
    async with client_on(wire) as client:
        event = await client.create_invoice(ORDER)
    assert event == InvoicePending(ExternalId("BK1.1"), InvoiceId("inv-1"), "https://checkout.example/inv-1")
    (request,) = wire.asked
    assert request.method == "POST"
    assert request.path.rstrip("/") == "/v2/invoices"
    assert request.headers["authorization"] == "Basic " + base64.b64encode(b"xnd_development_1:").decode()
    body = json.loads(request.body)
    assert (body["external_id"], body["amount"], body["invoice_duration"]) == ("BK1.1", 500_000, 7_200)


async def test_a_payout_carries_its_key_twice() -> None:
    wire = Wire(said(PAYOUT))
    async with client_on(wire) as client:
        event = await client.create_payout(SENDING)
    assert event.status is TransferStatus.ACCEPTED
    (request,) = wire.asked
    assert request.headers["idempotency-key"] == json.loads(request.body)["reference_id"] == "po-1"


@pytest.mark.parametrize("word", ["LOCKED", "COMPLIANCE_REJECTED", "EXPIRED", "SOMETHING_NEW"])
async def test_a_status_the_sdk_does_not_know_hides_nothing(word: str) -> None:
    wire = Wire(said({**PAYOUT, "status": word, "failure_code": "ACCOUNT_NAME_MISMATCH"}))
    async with client_on(wire) as client:
        assert (await client.create_payout(SENDING)).provider_id == "disb-1"


whole = json.dumps(PAYOUT).encode()


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        answer(502, b"<html>Bad gateway</html>"),
        answer(504, b""),
        said({"error_code": "SERVER_ERROR"}, 500),
        answer(200, whole[:20], length=len(whole)),
        answer(200, whole[:20]),
        answer(200, b"<html>"),
        said({"unlike": "a payout"}),
    ],
    ids=["no answer", "html 502", "504", "500", "cut", "cut and sure of it", "html 200", "other shape"],
)
async def test_money_that_may_have_moved_is_said_to_be_unknown(reply: bytes) -> None:
    async with client_on(Wire(reply)) as client:
        with pytest.raises(OutcomeUnknown):
            await client.create_payout(SENDING)
        with pytest.raises(TemporaryError):
            await client.payout("disb-1")


async def test_a_call_that_hangs_ends_at_its_deadline() -> None:
    let_go = asyncio.Event()

    async def hang(_: Request) -> bytes:
        await let_go.wait()
        return b""

    async with serving(hang) as url, XenditClient(url, "k", Timeouts(1.0, 0.1)) as client:
        with pytest.raises(OutcomeUnknown):
            await client.create_payout(SENDING)
        with pytest.raises(TemporaryError):
            await client.balance("IDR")
        let_go.set()


async def test_a_call_that_never_left_may_be_made_again() -> None:
    async with serving(Wire(b"")) as url:
        gone = url
    async with XenditClient(gone, "k") as client:
        with pytest.raises(TemporaryError):
            await client.create_payout(SENDING)


async def test_a_refusal_keeps_the_provider_s_code() -> None:
    async with client_on(Wire(said({"error_code": "CHANNEL_CODE_NOT_SUPPORTED", "message": "no"}, 400))) as client:
        with pytest.raises(PermanentError) as refused:
            await client.create_payout(SENDING)
    assert (refused.value.code, refused.value.status) == ("CHANNEL_CODE_NOT_SUPPORTED", 400)


async def test_a_rate_limit_says_how_long_to_wait() -> None:
    reply = said({"error_code": "RATE_LIMIT_EXCEEDED"}, 429, "Rate-Limit-Reset: 19.546")
    async with client_on(Wire(reply)) as client:
        with pytest.raises(TemporaryError) as later:
            await client.create_payout(SENDING)
    assert later.value.delay == timedelta(seconds=19.546)


async def test_a_get_is_made_once_and_not_hammered() -> None:
    wire = Wire(b"")
    async with client_on(wire) as client:
        with pytest.raises(TemporaryError):
            await client.find_payouts("po-1")
    assert len(wire.asked) == 1


async def test_payouts_are_listed_bare_or_wrapped() -> None:
    for body in ([PAYOUT], {"data": [PAYOUT], "has_more": False}):
        async with client_on(Wire(said(body))) as client:
            assert [p.provider_id for p in await client.find_payouts("po-1")] == ["disb-1"]


async def test_one_odd_row_does_not_hide_the_others() -> None:
    row = {
        "id": "txn_1",
        "product_id": "1",
        "reference_id": "BK1.1",
        "type": "PAYMENT",
        "status": "SUCCESS",
        "amount": 100000,
        "net_amount": 98335,
        "currency": "IDR",
        "channel_code": "OVO",
        "settlement_status": "EARLY_SETTLED",
        "fee": {"xendit_fee": 1500, "value_added_tax": 165, "status": "COMPLETED"},
    }
    odd = {**row, "id": "txn_2", "type": "RESERVES_HOLD", "settlement_status": None, "fee": None}
    async with client_on(Wire(said({"has_more": False, "data": [odd, row]}))) as client:
        (seen,) = await client.transactions_of("BK1.1")
    assert (seen.amount, seen.net, seen.fee, seen.is_settled) == (idr(100_000), idr(98_335), idr(1_665), True)


async def test_a_span_of_the_statement_is_read_to_its_end() -> None:
    row = {"type": "PAYMENT", "status": "SUCCESS", "amount": 1, "currency": "IDR", "reference_id": "BK1.1"}
    pages = [
        {"has_more": True, "data": [{**row, "id": "txn_1"}]},
        {"has_more": False, "data": [{**row, "id": "txn_2"}]},
    ]

    async def turn(request: Request) -> bytes:
        return said(pages["after_id=txn_1" in request.path])

    async with serving(turn) as url, XenditClient(url, "k") as client:
        rows = await client.statement(NOON, PAY_BY)
    assert [r.transaction_id for r in rows] == ["txn_1", "txn_2"]


async def test_a_balance_is_whole_minor_units() -> None:
    async with client_on(Wire(said({"balance": 1000000.75}))) as client:
        assert await client.balance("IDR") == idr(1_000_000)


async def test_a_sum_that_cannot_be_counted_is_said_to_be_so_and_not_asked_for_without_end() -> None:
    for paid in ({"paid_amount": 425_000.4}, {"paid_amount": 500_000, "currency": "RUPIAH"}, {"paid_amount": -5}):
        async with client_on(Wire(said({**PENDING, "status": "PAID", **paid}))) as client:
            with pytest.raises(UnreadableMoney):
                await client.invoice(InvoiceId("inv-1"))
            with pytest.raises(UnreadableMoney):
                await client.expire_invoice(InvoiceId("inv-1"))
            with pytest.raises(OutcomeUnknown):
                await client.create_invoice(ORDER)


async def test_one_row_that_cannot_be_read_hides_none_of_the_others() -> None:
    row = {"id": "txn_1", "product_id": "1", "type": "PAYMENT", "status": "SUCCESS", "amount": 5, "currency": "IDR"}
    bad = [
        {**row, "id": "txn_2", "amount": 5.5},
        {**row, "id": "txn_3", "currency": "RUPIAH"},
        {**row, "id": "txn_4", "amount": "1e999999999"},
        {"id": 7},
        {**row, "id": "txn_\ud800"},
    ]
    async with client_on(Wire(said({"data": [*bad, row], "has_more": False}))) as client:
        rows = await client.statement(NOON, NOON + timedelta(days=1))
        (seen,) = await client.transactions_of("BK1.1")
    assert [one.transaction_id for one in rows if isinstance(one, UnreadableRow)] == [
        "txn_2",
        "txn_3",
        "txn_4",
        "unnamed",
        "unnamed",
    ]
    assert [one.transaction_id for one in rows if not isinstance(one, UnreadableRow)] == ["txn_1"]
    assert seen.transaction_id == "txn_1"
