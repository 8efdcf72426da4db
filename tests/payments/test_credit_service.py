"""Credits over a real database and the simulated provider: used once whoever asks and whoever dies, payees paid in
full, and both books agree."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from payments.domain.corrections import Credited, CreditWanted, SettleOrder
from payments.domain.credit import Credit
from payments.domain.invoice import InvoiceStatus, NotOpen
from payments.domain.news import CreditNews
from payments.domain.splits import Party
from payments.gateways.xendit.adapter import Timeouts, XenditClient
from payments.services.cashier import Cashier, money_check
from payments.store.records import Database
from payments.store.store import Store
from tests.conftest import sampled
from tests.payments.house import KEY, House, house
from tests.payments.makers import idr, terms
from tests.payments.sealing import TestCodec
from tests.payments.test_crashes import DyingDatabase, Killed, revive

pytestmark = [pytest.mark.mongo, pytest.mark.processes]

CREDIT = "BK1~credit"


@pytest.fixture
async def world(database: Database) -> AsyncIterator[House]:
    async with house(database) as made:
        yield made


async def given(world: House, amount: int = 100_000, days: int = 90) -> None:
    """A paid visit, and a credit for it that its provider bears."""
    if (await world.cashier.money_of("BK1")).invoice is None:
        await world.pay(await world.open(await world.demand()), channel="OVO")
    now = await world.now()
    order = SettleOrder(("BK1",), idr(500_000), "credit", idr(500_000), terms(), now)
    one = Credited(CREDIT, idr(amount), Party.PROVIDER, now + timedelta(days=days), now)
    await world.cashier.corrections.grant(order, one, now)


async def wanting(world: House, amount: int, reference: str = "BK2") -> CreditWanted:
    return CreditWanted(CREDIT, idr(amount), await world.now())


async def credit(world: House) -> Credit:
    found = await world.store.credits.load(CREDIT)
    assert found is not None
    return found


async def test_a_later_link_asks_the_rest_and_its_payees_have_their_whole_shares(world: House) -> None:
    await given(world)
    demand = replace(await world.demand(reference="BK2"), credits=(await wanting(world, 100_000),))
    link = await world.open(demand)
    assert link.amount == idr(400_000)
    assert (await world.open(demand)).url == link.url
    await world.pay(link, channel="OVO")
    await world.days(5)
    # 350 000 less the credit it bears, and 350 000; the villa has its 100 000 of each
    assert (await world.books())["paid_out"] == 250_000 + 350_000 + 200_000
    await world.agrees()
    assert (await credit(world)).left == idr(0)


async def test_what_is_covered_whole_asks_no_link_and_pays_out_all_the_same(world: House) -> None:
    await given(world, 500_000)
    demand = replace(await world.demand(reference="BK2"), credits=(await wanting(world, 500_000),))
    with pytest.raises(NotOpen):
        await world.open(demand)
    invoice = (await world.cashier.money_of("BK2")).invoice
    assert invoice is not None
    assert (invoice.status, invoice.attempts) == (InvoiceStatus.PAID, ())
    await world.days(5)
    assert (await world.books())["paid_out"] == 450_000
    await world.agrees()


async def test_two_links_at_once_never_use_a_unit_twice(world: House) -> None:
    await given(world)
    demands = [
        replace(await world.demand(reference=name), credits=(await wanting(world, 100_000),)) for name in ("BK2", "BK3")
    ]
    links = await asyncio.gather(*(world.open(demand) for demand in demands))
    assert sorted(link.amount.amount for link in links) == [400_000, 500_000]
    await world.agrees()


async def test_closed_unpaid_it_comes_back_and_its_customer_is_told_once(world: House) -> None:
    await given(world)
    await world.open(replace(await world.demand(reference="BK2"), credits=(await wanting(world, 60_000),)))
    await world.cashier.invoices.close("BK2", await world.now())
    for _ in range(2):
        await world.cashier.invoices.refund_open("BK2", await world.now())
    await world.tick(3)
    assert (await credit(world)).left == idr(100_000)
    news = [one for one in world.told if isinstance(one, CreditNews)]
    assert news[-1].uses == (("BK2", idr(0)),)
    assert (await world.cashier.money_of("BK2")).refunds == ()
    await world.agrees()


async def test_a_credit_that_nobody_used_is_the_platforms_after_its_day(world: House) -> None:
    await given(world, days=3)
    await world.days(5)
    assert (await credit(world)).expired == idr(100_000)
    (books,) = (await world.cashier.money_of(CREDIT)).books
    assert (books.platform, books.credits) == (100_000, 0)
    link = await world.open(replace(await world.demand(reference="BK2"), credits=(await wanting(world, 100_000),)))
    assert link.amount == idr(500_000), "the link asks all of it"
    await world.agrees()


async def test_a_bank_that_took_the_money_back_ends_what_is_left(world: House) -> None:
    await given(world)
    await world.days(3)
    await world.sim("topup", amount=1_000_000)
    await world.sim("chargebacks", payment="BK1.1")
    await world.days(1)
    link = await world.open(replace(await world.demand(reference="BK2"), credits=(await wanting(world, 50_000),)))
    assert link.amount == idr(500_000), "nothing is used while the bank decides"
    (row,) = (await world.control.get("/transactions", params={"types": "CHARGEBACK"}, auth=(KEY, ""))).json()["data"]
    await world.sim(f"chargebacks/{row['id']}/decide", won=False)
    await world.days(2)
    assert (await credit(world)).left == idr(0)
    await world.agrees()


async def test_the_money_check_names_a_credit_that_its_booking_knows_nothing_of(world: House) -> None:
    await given(world)
    await world.days(3)
    stored = await credit(world)
    await world.store.credits.save(stored.taken("BK9", idr(10_000), await world.now()))
    await world.cashier.credits.post(await credit(world))
    found = await money_check(world.store)
    assert [one.term for one in found.differences] == ["credit used: BK9"]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", sampled([*range(1, 40, 3)], every=4))
async def test_death_at_any_write_gives_it_once_and_uses_it_once(database: Database, at: int, after: bool) -> None:
    async with house(database) as world:
        await world.pay(await world.open(await world.demand()), channel="OVO")
        await world.tick(2)
        demand = replace(await world.demand(reference="BK2"), credits=(await wanting(world, 80_000),))
        url = str(world.control.base_url)
        async with XenditClient(url, KEY, Timeouts(2.0, 1.5)) as client:
            world.heir = world.cashier
            world.cashier = Cashier(Store(DyingDatabase(database, at, after), TestCodec()), client)
            # each is an order of a lead: put back and taken again until it is done
            for order in ("grant", "use", "close"):
                while True:
                    try:
                        if order == "grant":
                            await given(world)
                        elif order == "use":
                            assert (await world.open(demand)).amount == idr(420_000)
                        else:
                            await world.cashier.invoices.close("BK2", await world.now())
                            await world.cashier.invoices.refund_open("BK2", await world.now())
                        await world.tick(2)
                        break
                    except Killed:
                        revive(world)
        assert world.heir is None, "nobody died: the count is past the last write"
        await world.tick(2)
        stored = await credit(world)
        assert (stored.left, stored.used) == (idr(100_000), idr(0))
        await world.agrees()
