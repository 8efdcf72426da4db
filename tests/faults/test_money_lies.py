"""Callbacks that name payments nobody made, of money that did come: it counts once, whoever speaks first."""

import json
from typing import Any

import pytest

from bot.domain.states import State
from tests.faults.test_money_poison import callback, settled
from tests.journeys import payments as p
from tests.journeys.world import World, opened

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(180)]


async def told(world: World, reference: str, **lie: Any) -> str:
    """A callback about the first link of that booking, with these fields of its own."""
    (invoice,) = await p.links(world, f"{reference}.1")
    body = {"id": invoice["id"], "external_id": invoice["external_id"], "status": "PAID", "currency": "IDR"}
    body |= {"amount": p.PRICE, "paid_amount": p.PRICE, "payment_channel": "QRIS"} | lie
    return json.dumps(body)


@pytest.mark.parametrize("paid_at", [None, "2026-11-01T10:00:00Z"])
async def test_a_payment_nobody_made_is_no_second_one(mongodb_uri: str, paid_at: str | None) -> None:
    async with opened(mongodb_uri) as world:
        phone = await world.phone("Emma", wa_id="6281200000083")
        reference = p.reference_in(await p.linked(phone))
        await p.pay(world, f"{reference}.1")
        await phone.expect("Paid and confirmed")
        for number in range(3):
            name = f"made-up-{number}"
            lie = await told(world, reference, payment_id=name, **({"paid_at": paid_at} if paid_at else {}))
            await callback(world, lie, name)
            row = await settled(world, name)
            assert (row["state"], row["reason"]) == ("parked", "not_confirmed")
        (books,) = (await p.books(world, reference)).books
        assert (books.captured, books.open) == (p.PRICE, 0)


async def test_a_made_up_name_that_comes_before_the_true_one_makes_no_second_payment(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        phone = await world.phone("Emma", wa_id="6281200000086")
        reference = p.reference_in(await p.linked(phone))
        await world.told("POST", "/xendit/callbacks/pause")
        await world.told("POST", "/xendit/pay", {"invoice": f"{reference}.1", "channel": "QRIS"})
        await callback(world, await told(world, reference, payment_id="made-up"), "first")
        await settled(world, "first")
        await phone.expect("Paid and confirmed")
        await world.told("POST", "/xendit/callbacks/resume")
        await p.days_go_by(world, 5)
        (books,) = (await p.books(world, reference)).books
        assert (books.captured, books.paid_out, books.open) == (p.PRICE, 315_000, 0)
        await p.agrees(world)


async def test_what_one_customer_paid_is_nobody_elses_payment(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        emma, budi = await world.phone("Emma", wa_id="6281200000081"), await world.phone("Budi", wa_id="6281200000082")
        paid = p.reference_in(await p.linked(emma))
        unpaid = p.reference_in(await p.linked(budi, p.WISH.replace("four weeks", "five weeks")))
        await p.pay(world, f"{paid}.1")
        await emma.expect("Paid and confirmed")
        await callback(world, await told(world, paid, external_id=f"{unpaid}.1", payment_id="qrpy_other"), "lie")
        assert (await settled(world, "lie"))["reason"] == "not_confirmed"
        assert (await p.booking(world, unpaid)).state is State.PAYMENT_PENDING
        assert (await p.books(world, unpaid)).books == ()
