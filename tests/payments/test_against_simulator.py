"""The cashier against the simulated provider, over real HTTP and a real database, at the provider's worst
manners."""

from collections.abc import AsyncIterator

import pytest

from payments.invoice import InvoiceStatus
from payments.payout import PayoutState
from payments.store.records import Database
from tests.payments.house import House, house

pytestmark = [pytest.mark.mongo, pytest.mark.processes]


@pytest.fixture
async def world(database: Database) -> AsyncIterator[House]:
    """One house per test."""
    async with house(database) as made:
        yield made


async def test_a_link_is_paid_settles_and_every_party_gets_its_share(world: House) -> None:
    link = await world.open(await world.demand())
    await world.pay(link)
    await world.tick()
    await world.agrees()
    await world.days(5)
    await world.agrees()
    money = await world.cashier.money_of("BK1")
    assert money.invoice is not None
    assert money.invoice.status is InvoiceStatus.PAID
    assert {(p.amount.amount, p.state) for p in money.payouts} == {
        (350_000, PayoutState.SUCCEEDED),
        (100_000, PayoutState.SUCCEEDED),
    }
    (books,) = money.books
    theirs = await world.books()
    assert (books.captured, books.paid_out, books.held, books.open) == (500_000, 450_000, 0, 0)
    assert books.fees == theirs["fees"]
    assert books.platform == 50_000 - theirs["fees"]
    assert (await world.cashier.position("IDR")).payout_fees == theirs["payout_fees"] == 2 * 5_550
