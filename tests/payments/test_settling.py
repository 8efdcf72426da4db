"""Settling over a real database and the simulated provider: refunds and claw-backs arrive, and both books agree."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

import pytest

from payments.domain.corrections import SettleOrder
from payments.domain.invoice import Invoice
from payments.domain.payables import Payable, PayableState
from payments.domain.payout import PayoutState
from payments.domain.refund import RefundState
from payments.domain.splits import FixedPayoutSplit, SharesDoNotFit
from payments.store.records import Database
from tests.payments.house import House, house
from tests.payments.makers import idr, terms

pytestmark = [pytest.mark.mongo, pytest.mark.processes]


@pytest.fixture
async def world(database: Database) -> AsyncIterator[House]:
    async with house(database) as made:
        yield made


async def cancelled(world: House, keep: int, change: str = "cancel") -> SettleOrder:
    """The order of a cancellation that keeps this much."""
    return SettleOrder(("BK1",), idr(keep), change, idr(500_000), terms(), await world.now())


async def test_cancelled_at_half_the_guest_has_half_and_the_parties_give_back_theirs(world: House) -> None:
    await world.sim("topup", amount=1_000_000)  # the money was paid out: a refund needs some
    await world.pay(await world.open(await world.demand()), channel="OVO")
    await world.days(4)
    assert (await world.books())["paid_out"] == 450_000
    order = await cancelled(world, 250_000)
    await world.cashier.corrections.settle(order, await world.now())
    await world.cashier.corrections.settle(order, await world.now())
    await world.days(2)
    (refund,) = (await world.cashier.money_of("BK1")).refunds
    assert (refund.amount, refund.state) == (idr(250_000), RefundState.SUCCEEDED)
    await world.agrees()
    # what the parties owe is taken from what they earn next
    await world.pay(await world.open(await world.demand(reference="BK2")), channel="OVO")
    await world.days(4)
    assert (await world.books())["paid_out"] == 450_000 + 225_000
    await world.agrees()


async def test_money_that_comes_after_the_end_goes_back_by_itself(world: House) -> None:
    await world.sim("topup", amount=100_000)  # the fee of the payment does not come back
    link = await world.open(await world.demand())
    await world.cashier.corrections.settle(await cancelled(world, 0), await world.now())
    await world.pay(link, channel="OVO")
    await world.tick(2)
    money = await world.cashier.money_of("BK1")
    assert [refund.amount for refund in money.refunds] == [idr(500_000)]
    assert money.payables == ()
    await world.days(3)
    (books,) = (await world.cashier.money_of("BK1")).books
    assert (books.captured, books.refunded, books.held) == (500_000, 500_000, 0)
    await world.agrees()


async def test_an_order_that_was_only_stored_is_carried_out_by_the_sweep(world: House) -> None:
    await world.sim("topup", amount=100_000)
    await world.pay(await world.open(await world.demand()), channel="OVO")
    await world.store.orders.insert((await cancelled(world, 0)).woken())
    await world.days(4)
    (books,) = (await world.cashier.money_of("BK1")).books
    assert (books.refunded, books.held, books.platform + books.fees) == (500_000, 0, 0)
    await world.agrees()


async def test_a_split_that_does_not_fit_is_met_before_anything_is_stored(world: House) -> None:
    await world.open(await world.demand())
    order = await cancelled(world, 0)
    too_much = replace(terms(), rule=FixedPayoutSplit(idr(600_000), platform=10_000))
    with pytest.raises(SharesDoNotFit):
        await world.cashier.corrections.settle(replace(order, terms=too_much), await world.now())
    assert await world.store.orders.load("BK1") is None


async def test_a_ready_payout_drops_what_was_held_back_meanwhile(world: House) -> None:
    await world.pay(await world.open(await world.demand()))
    await world.pass_time(3 * 86_400)
    await world.cashier.invoices.advance(await stored(world), await world.now())
    await world.cashier.payouts.make(await world.now())
    (payout, other) = await world.store.payouts.find({})
    for one in (payout, other):
        for line in one.lines:
            await world.store.payables.change(line.payable, partial(Payable.taken_by, payout=one.id))
        await world.store.payouts.change(one.id, lambda p: p.ready(p.made_at))
    await world.cashier.invoices.hold("BK1", "complaint", "operations")
    for one in await world.store.payouts.find({}):
        await world.cashier.payouts.advance(one, await world.now())
    assert {p.state for p in await world.store.payouts.find({})} == {PayoutState.VOID}
    assert {(p.state, p.held) for p in await world.store.payables.find({})} == {(PayableState.OPEN, True)}
    assert (await world.books())["paid_out"] == 0
    await world.cashier.invoices.let_go("BK1", "complaint")
    await world.pass_time(86_400)
    await world.days(2)
    assert (await world.books())["paid_out"] == 450_000
    await world.agrees()


async def stored(world: House) -> Invoice:
    """The invoice as it stands."""
    found = await world.store.invoices.load("BK1")
    assert found is not None
    return found
