"""The running simulator begins, ends, and sends by itself."""

import asyncio
from datetime import timedelta

from simulator.xendit import channels
from simulator.xendit.clock import Clock
from simulator.xendit.engine import Engine
from simulator.xendit.invoices import InvoiceOrder
from simulator.xendit.settings import XenditSettings
from tests.simulator.xendit.house import START, House

NOWHERE = "http://127.0.0.1:1"


def engine() -> Engine:
    settings = XenditSettings(app_url=NOWHERE, public_url=NOWHERE, seed=1)
    return Engine(settings, Clock(lambda: START))


async def test_stopping_ends_a_sender_that_has_just_been_woken() -> None:
    running = engine()
    await running.start()
    for _ in range(5):
        await asyncio.sleep(0)
    running.relay.wake()
    async with asyncio.timeout(5):
        await running.stop()


def test_a_seed_and_a_moment_give_the_same_ids_again_and_another_moment_others() -> None:
    later = Clock(lambda: START)
    later.advance(later.now() - START.replace(year=2025))
    settings = XenditSettings(app_url=NOWHERE, public_url=NOWHERE, seed=1)
    ids = [one.account.vault.business_id for one in (engine(), engine(), Engine(settings, later))]
    assert ids[0] == ids[1] != ids[2]


def test_the_background_sender_needs_no_push(house: House) -> None:
    house.invoice()
    house.post("/pay", {"invoice": "att-1"})
    for _ in range(400):
        if house.ear.heard:
            break
        house.get("/clock")
    assert house.ear.events() == ["PAID"]


def test_an_app_that_is_down_costs_a_try_and_no_callback() -> None:
    running = engine()
    order_notice = _paid(running)

    async def send() -> None:
        await running.pump()
        await running.stop()

    asyncio.run(send())
    [delivery] = running.relay.deliveries.values()
    assert delivery.notice.subject == order_notice
    assert [entry.outcome for entry in delivery.tries] == ["ConnectError"]
    assert (delivery.state, delivery.due_at.minute) == ("waiting", 15)


def _paid(running: Engine) -> str:

    now = running.now()
    payins = running.account.payins
    invoice = payins.open(InvoiceOrder("att-1", 50_000, "IDR", timedelta(hours=1)), now)
    payins.pay(invoice.id, channels.of("IDR")[0], 50_000, now)
    return invoice.id
