"""Refunds while something else goes on: the provider says no, later or nothing, money is under way or comes back."""

from collections.abc import AsyncIterator

import pytest

from payments.domain.corrections import SettleOrder
from payments.domain.news import RefundNews
from payments.domain.payout import PayoutState
from payments.domain.refund import RefundState
from payments.store.records import Database
from tests.payments.house import House, house
from tests.payments.makers import account, idr, terms

pytestmark = [pytest.mark.mongo, pytest.mark.processes]


@pytest.fixture
async def world(database: Database) -> AsyncIterator[House]:
    """A house whose provider has some money of its own, for fees that do not come back."""
    async with house(database) as made:
        await made.sim("topup", amount=2_000_000)
        yield made


async def cancelled(world: House, keep: int, change: str = "cancel") -> None:
    order = SettleOrder(("BK1",), idr(keep), change, idr(500_000), terms(), await world.now())
    await world.cashier.corrections.settle(order, await world.now())


async def gone_back(world: House) -> int:
    """What the guest has got, with both books in agreement."""
    await world.days(3)
    await world.agrees()
    books = await world.books()
    return int(books["refunded"])


async def test_a_provider_that_says_no_is_told_and_another_account_gets_it(world: House) -> None:
    await world.pay(await world.open(await world.demand()), channel="OVO")
    await world.sim("failures", refunds=["REFUND_FAILED"])
    await cancelled(world, 250_000)
    await world.days(2)
    (refund,) = (await world.cashier.money_of("BK1")).refunds
    assert (refund.state, refund.reason) == (RefundState.NEEDS_ACCOUNT, "REFUND_FAILED")
    assert [news.state for news in world.told if isinstance(news, RefundNews)][-1] is RefundState.NEEDS_ACCOUNT
    await world.agrees()
    await world.cashier.refunds.send_to(refund.id, account(number="5555555555").destination, await world.now())
    await world.days(2)
    (refund,) = (await world.cashier.money_of("BK1")).refunds
    assert refund.state is RefundState.SUCCEEDED
    await world.agrees()


@pytest.mark.parametrize("fault", ["timeout_after", "reset_before"])
async def test_a_provider_that_says_nothing_has_it_asked_once(world: House, fault: str) -> None:
    await world.pay(await world.open(await world.demand()), channel="OVO")
    await world.sim("faults", kind=fault, on="create_refund", times=2)
    await cancelled(world, 250_000)
    assert await gone_back(world) == 250_000
    assert len((await world.control.get("/sim/xendit/refunds")).json()) == 1


async def test_a_provider_that_says_it_later_is_waited_for_and_the_next_refund_with_it(world: House) -> None:
    await world.sim("habits", refund_delay=30 * 3600)
    await world.pay(await world.open(await world.demand()), channel="OVO")
    await cancelled(world, 400_000, "goodwill")
    await world.days(1)
    await cancelled(world, 250_000)
    states = [refund.state for refund in (await world.cashier.money_of("BK1")).refunds]
    assert sorted(states) == [RefundState.ACCEPTED, RefundState.READY]
    await world.days(2)
    assert await gone_back(world) == 250_000


async def test_a_payout_under_way_while_the_refund_is_asked_arrives_and_is_owed_back(world: House) -> None:
    await world.sim("habits", payout_delay=30 * 3600)
    await world.pay(await world.open(await world.demand()), channel="OVO")
    while not (await world.cashier.money_of("BK1")).payouts:
        await world.days(1)
    assert {one.state for one in (await world.cashier.money_of("BK1")).payouts} <= {
        PayoutState.ACCEPTED,
        PayoutState.UNKNOWN,
        PayoutState.READY,
    }
    await cancelled(world, 0)
    assert await gone_back(world) == 500_000
    money = await world.cashier.money_of("BK1")
    assert {one.state for one in money.payouts} == {PayoutState.SUCCEEDED}
    # all of it went back, so the parties owe what they got
    assert sum(one.net.amount for one in money.payables if one.net.amount < 0) == -450_000
    await world.sim("habits", payout_delay=2)
    await world.pay(await world.open(await world.demand(reference="BK2")), channel="OVO")
    await world.days(5)
    assert (await world.books())["paid_out"] == 450_000
    await world.agrees()


async def test_a_payout_that_comes_back_after_its_share_was_clawed_back_pays_nobody_twice(world: House) -> None:
    await world.pay(await world.open(await world.demand()), channel="OVO")
    await world.days(4)
    assert (await world.books())["paid_out"] == 450_000
    await cancelled(world, 250_000)
    await world.days(1)
    payout = (await world.cashier.money_of("BK1")).payouts[0]
    assert payout.send is not None
    await world.sim(f"payouts/{payout.send.provider_id}/reverse")
    assert await gone_back(world) == 250_000
    # what is sent once more is the half they keep, nothing of what went back
    got = payout.amount.amount // 2
    assert (await world.books())["paid_out"] == 450_000 - payout.amount.amount + got


async def test_a_chargeback_after_the_refund_costs_the_house_and_no_party_a_second_time(world: House) -> None:
    await world.pay(await world.open(await world.demand()), channel="CREDIT_CARD")
    await cancelled(world, 250_000)
    assert await gone_back(world) == 250_000
    await world.sim("chargebacks", payment="BK1.1", amount=250_000, fee=40_000)
    await world.days(1)
    await world.agrees()
    rows = (await world.control.get("/sim/xendit/transactions")).json()
    (chargeback,) = [row["id"] for row in rows if row["type"] == "CHARGEBACK"]
    await world.sim(f"chargebacks/{chargeback}/decide", won=False)
    assert await gone_back(world) == 250_000
    (books,) = (await world.cashier.money_of("BK1")).books
    assert (books.captured, books.refunded) == (500_000, 500_000)
    assert books.holds
