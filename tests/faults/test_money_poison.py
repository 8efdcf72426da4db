"""Poison among the callbacks and lies about money: a booking made afterwards gets its payment and its payouts, and
nothing the provider does not confirm counts."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bot.domain.states import State
from payments.domain.alarm import AlarmKind
from payments.services.queues import Queue
from tests.conftest import sampled
from tests.journeys import payments as p
from tests.journeys.world import World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(180)]

MANY = 1_000
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def callback(world: World, body: str, webhook_id: str) -> None:
    """Delivered at the door with the right token; 200 whatever it holds."""
    headers = {"x-callback-token": world.simulator.xendit_webhook_token, "webhook-id": webhook_id}
    async with httpx.AsyncClient(base_url=world.url, trust_env=False) as client:
        answer = await client.post("/webhooks/xendit", content=body.encode(), headers=headers)
    assert answer.status_code == 200


async def settled(world: World, webhook_id: str) -> dict[str, Any]:
    """The stored callback, once it is no longer new."""

    async def there() -> dict[str, Any] | None:
        row = await world.process.database["received"].find_one({"_id": f"xendit:{webhook_id}"})
        return row if row is not None and row["state"] != "new" else None

    found: dict[str, Any] = await until(there, what="the callback worked off", timeout=150)
    return found


async def alarms(world: World, kind: AlarmKind) -> list[dict[str, object]]:
    """What a person hears of that kind."""
    found = await p.money_of(world).store.alarms.find({"kind": kind})
    return [dict(alarm.facts) for alarm in found]


POISON = (
    r'{"external_id":"x","id":"y","amount":1,"status":"\ud800"}',
    r'{"external_id":"\ud800.1","id":"y","amount":1,"status":"PAID"}',
    r'{"external_id":"BK-X.1","id":"y","amount":1,"status":"PAID","payment_id":"\u0000\u202e"}',
    r'{"event":"\ud800"}',
    r'{"event":{"a":1}}',
    r'{"event":"payout.failed","data":{"id":"z","reference_id":"\ud800","status":"FAILED","failure_code":"\ud800"}}',
    r'{"event":"refund.failed","data":{"id":"z","reference_id":"rf-\u0000","status":"\ud800"}}',
    '{"external_id":"x","id":"y","amount":1e999999,"status":"PAID"}',
    json.dumps({"external_id": "x" * 1_000_000, "id": "y", "amount": 1, "status": "PAID"}),
    "[" * 500 + "]" * 500,
)


async def test_a_booking_after_poison_still_gets_its_payment_and_payouts(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        received = world.process.database["received"]
        rows = [poisoned(number) for number in range(MANY)]
        await received.insert_many(rows)
        for number, body in enumerate(POISON):
            await callback(world, body, f"poison-{number}")
        phone = await world.phone("Emma", wa_id="6281200000071")
        reference = p.reference_in(await p.linked(phone))
        await p.pay(world, f"{reference}.1")
        await phone.expect("Paid and confirmed", timeout=60)
        await p.days_go_by(world, 6)
        (books,) = (await p.books(world, reference)).books
        assert (books.captured, books.paid_out, books.held, books.open) == (p.PRICE, 315_000, 0, 0)
        await p.agrees(world)
        for number in range(len(POISON)):
            row = await settled(world, f"poison-{number}")
            assert row["state"] == "parked"
            row["reason"].encode()
            assert len(row["reason"]) < 80
        assert await received.count_documents({"_id": {"$regex": "^!"}, "state": "parked"}) >= MANY / 2
        assert await p.money_of(world).store.heartbeats.problem([Queue.CALLBACKS]) is None


def poisoned(number: int) -> dict[str, Any]:
    """A callback at the head of the queue: half of them cannot be read as a row, half cannot be unsealed."""
    row: dict[str, Any] = {
        "_id": f"!{number:04}",
        "state": "new",
        "lead": None,
        "source": "xendit",
        "received_at": LONG_AGO,
    }
    row |= {"due_at": LONG_AGO, "body": b"sealed by nobody", "kind": "callback"}
    if number % 2:
        row |= {"fingerprint": "f", "aliases": [], "sent_at": LONG_AGO, "is_free_text": False, "attempts": 0}
    return row


@pytest.mark.parametrize(
    ("lie", "reason"),
    sampled(
        [
            ({}, "not_confirmed"),
            ({"paid_amount": p.PRICE * 10}, "not_confirmed"),
            ({"paid_amount": p.PRICE // 2}, "not_confirmed"),
            ({"paid_amount": 1}, "not_confirmed"),
            ({"paid_amount": -5}, "malformed: not_positive"),
            ({"paid_amount": 0}, "malformed: not_positive"),
            ({"paid_amount": p.PRICE + 0.4}, "malformed: fraction_of_minor_unit"),
            ({"currency": "USD"}, "not_confirmed"),
            ({"currency": "RUPIAH"}, "malformed: unknown_currency"),
        ],
        2,
        of_many=True,
    ),
)
async def test_money_the_provider_does_not_confirm_is_recorded_alarmed_and_counts_for_nothing(
    mongodb_uri: str, lie: dict[str, object], reason: str
) -> None:
    async with opened(mongodb_uri) as world:
        phone = await world.phone("Emma", wa_id="6281200000072")
        reference = p.reference_in(await p.linked(phone))
        (invoice,) = await p.links(world, f"{reference}.1")
        told = {key: invoice[key] for key in ("id", "external_id", "amount", "currency")}
        told |= {"status": "PAID", "paid_amount": p.PRICE, "payment_id": "qrpy_lie", "payment_channel": "QRIS"} | lie
        await callback(world, json.dumps(told), "lie")
        row = await settled(world, "lie")
        assert (row["state"], row["reason"]) == ("parked", reason)
        assert (await p.booking(world, reference)).state is State.PAYMENT_PENDING
        assert (await p.books(world, reference)).books == ()
        kind = AlarmKind.CALLBACK_NOT_CONFIRMED if reason == "not_confirmed" else AlarmKind.CALLBACK_UNREADABLE
        assert len(await alarms(world, kind)) == 1
        # the customer is not confused by any of it, and pays
        await p.pay(world, f"{reference}.1")
        await phone.expect("Paid and confirmed")
        assert len(await p.texts(phone, "Please pay by")) == 1
        (books,) = (await p.books(world, reference)).books
        assert (books.captured, books.open) == (p.PRICE, 0)


async def test_one_payment_told_in_two_currencies_is_booked_once(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        phone = await world.phone("Emma", wa_id="6281200000073")
        reference = p.reference_in(await p.linked(phone))
        await p.pay(world, f"{reference}.1")
        await phone.expect("Paid and confirmed")
        (invoice,) = await p.links(world, f"{reference}.1")
        known = await p.books(world, reference)
        assert known.invoice is not None
        name = known.invoice.payments[0].payment_id
        told = {key: invoice[key] for key in ("id", "external_id", "amount")}
        told |= {"status": "PAID", "paid_amount": p.PRICE, "payment_id": name, "currency": "USD"}
        await callback(world, json.dumps(told), "twice")
        assert (await settled(world, "twice"))["reason"] == "not_confirmed"
        await p.days_go_by(world, 4)
        (books,) = (await p.books(world, reference)).books
        assert (books.currency, books.captured, books.paid_out) == ("IDR", p.PRICE, 315_000)
        await p.agrees(world)


@pytest.mark.parametrize("status", ["FAILED", "REVERSED"])
async def test_a_payout_falsely_told_as_lost_is_not_sent_twice(mongodb_uri: str, status: str) -> None:
    async with opened(mongodb_uri) as world:
        phone = await world.phone("Emma", wa_id="6281200000074")
        reference = p.reference_in(await p.linked(phone))
        await p.pay(world, f"{reference}.1")
        await phone.expect("Paid and confirmed")
        await p.days_go_by(world, 4)
        payout = (await p.books(world, reference)).payouts[0]
        assert payout.send is not None
        data = {"id": payout.send.provider_id, "reference_id": payout.send.key, "status": status}
        data |= {"failure_code": "TEMPORARY_TRANSFER_ERROR"}
        await callback(world, json.dumps({"event": f"payout.{status.lower()}", "data": data}), "false")
        assert (await settled(world, "false"))["state"] == "done"
        await p.days_go_by(world, 2)
        (books,) = (await p.books(world, reference)).books
        assert (books.captured, books.paid_out, books.held) == (p.PRICE, 315_000, 0)
        await p.agrees(world)
