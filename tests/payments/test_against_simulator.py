"""The cashier against the simulated provider, over real HTTP and a real database, at the provider's worst
manners."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from payments.domain.allocations import CaseKind
from payments.domain.invoice import InvoiceStatus
from payments.domain.news import PaymentNews, PayoutNews, RefundNews
from payments.domain.payout import PayoutState
from payments.domain.refund import RefundState
from payments.services.cashier import Cashier
from payments.services.invoices import DueDiffers
from payments.store.records import Database
from tests.conftest import sampled
from tests.payments.house import FAULTS, House, house
from tests.payments.makers import account

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
    assert (await world.store.ledger.position("IDR")).payout_fees == theirs["payout_fees"] == 2 * 5_550


async def paid_out(world: House, days: int = 5) -> int:
    """Everything is settled and sent; what the parties got, with the books of both sides in agreement."""
    await world.days(days)
    await world.agrees()
    theirs = await world.books()
    return int(theirs["paid_out"])


@pytest.mark.parametrize("fault", sampled(FAULTS, every=4))
async def test_a_link_whose_opening_went_wrong_exists_once(world: House, fault: str) -> None:
    await world.sim("faults", kind=fault, on="create_invoice")
    link = await world.open(await world.demand())
    made = (await world.control.get("/sim/xendit/invoices", params={"external_id": link.external_id})).json()
    assert len([i for i in made if i["status"] == "PENDING"]) == 1
    await world.pay(link)
    assert await paid_out(world) == 450_000


async def test_a_customer_quicker_than_the_answer_is_paid_once(world: House) -> None:
    await world.sim("faults", kind="callback_first", on="create_invoice", channel="QRIS")
    await world.open(await world.demand())
    assert await paid_out(world) == 450_000


@pytest.mark.parametrize("fault", sampled(FAULTS, every=4))
async def test_a_payout_whose_sending_went_wrong_arrives_once(world: House, fault: str) -> None:
    await world.pay(await world.open(await world.demand()))
    await world.sim("faults", kind=fault, on="create_payout", times=2)
    assert await paid_out(world) == 450_000


@pytest.mark.parametrize("fault", sampled(["double", "parallel", "reorder", "drop"], every=3))
@pytest.mark.parametrize("on", ["invoice.paid", "payout.succeeded"])
async def test_news_doubled_or_lost_on_the_way_changes_nothing(world: House, fault: str, on: str) -> None:
    await world.sim("faults", kind=fault, on=on, times=2)
    link = await world.open(await world.demand())
    await world.sim("pay", invoice=link.external_id, channel="QRIS")
    assert await paid_out(world, days=6) == 450_000


async def test_a_second_payment_of_one_link_is_an_open_case_and_goes_back(world: House) -> None:
    link = await world.open(await world.demand())
    await world.pay(link, channel="OVO")
    await world.pay(link, channel="OVO")
    money = await world.cashier.money_of("BK1")
    assert money.invoice is not None
    assert [(c.kind, c.amount.amount) for c in money.invoice.open_cases] == [(CaseKind.SURPLUS, 500_000)]
    await world.agrees()
    await world.days(3)
    await world.sim("topup", amount=50_000)
    assert len(await world.cashier.invoices.refund_open("BK1", await world.now())) == 1
    assert await paid_out(world) == 450_000
    assert (await world.books())["refunded"] == 500_000


async def test_money_after_the_deadline_waits_for_a_word_and_can_go_back_whole(world: House) -> None:
    link = await world.open(await world.demand())
    await world.pass_time(3 * 3600)
    news = await world.cashier.invoices.close("BK1", await world.now())
    assert news.status is InvoiceStatus.CLOSED
    await world.sim("habits", late_callbacks=True)
    await world.pay(link, channel="OVO")
    await world.tick()
    assert [n.is_late for n in world.told if isinstance(n, PaymentNews)][-1]
    await world.days(4)
    await world.agrees()
    await world.sim("topup", amount=50_000)  # the fee of the payment does not come back
    await world.cashier.invoices.refund_open("BK1", await world.now())
    assert await paid_out(world) == 0
    assert (await world.books())["refunded"] == 500_000
    (books,) = (await world.cashier.money_of("BK1")).books
    assert (books.captured, books.refunded, books.open) == (500_000, 500_000, 0)


async def test_late_money_nobody_told_of_is_found_by_looking(world: House) -> None:
    link = await world.open(await world.demand())
    await world.pass_time(3 * 3600)
    await world.tick()
    await world.pay(link, channel="OVO")
    await world.pass_time(24 * 3600)
    await world.tick()
    assert [n.paid.amount for n in world.told if isinstance(n, PaymentNews)][-1] == 500_000
    await world.cashier.invoices.accept_late("BK1", await world.now())
    assert await paid_out(world) == 450_000


async def test_a_refund_the_channel_cannot_return_asks_for_an_account(world: House) -> None:
    link = await world.open(await world.demand())
    await world.pay(link, amount=700_000, channel="MANDIRI")
    await world.tick()
    (refund,) = await world.cashier.invoices.refund_open("BK1", await world.now())
    await world.days(1)
    assert [n.state for n in world.told if isinstance(n, RefundNews)] == [RefundState.NEEDS_ACCOUNT]
    await world.cashier.refunds.send_to(refund, account(number="5555555555").destination, await world.now())
    assert await paid_out(world) == 450_000 + 200_000
    (books,) = (await world.cashier.money_of("BK1")).books
    assert (books.refunded, books.open, books.paid_out) == (200_000, 0, 450_000)


@pytest.mark.parametrize(
    ("codes", "sends"),
    [(["TEMPORARY_TRANSFER_ERROR"], 2), (["INSUFFICIENT_BALANCE"], 2), (["REJECTED_BY_CHANNEL"] * 3, 4)],
)
async def test_a_payout_that_failed_for_now_is_sent_again_under_another_key(
    world: House, codes: list[str], sends: int
) -> None:
    await world.store.payees.put(account("villa-1", number="0987654321"))
    await world.pay(await world.open(await world.demand()))
    await world.days(1)
    await world.sim("failures", payouts=codes)
    assert await paid_out(world, days=8) == 450_000
    money = await world.cashier.money_of("BK1")
    assert sum(len(p.sends) for p in money.payouts) == sends + 1
    assert all(p.state is PayoutState.SUCCEEDED for p in money.payouts)


async def test_a_wrong_account_goes_to_a_person_who_mends_it(world: House) -> None:
    await world.store.payees.put(account("villa-1", number="121212"))
    await world.pay(await world.open(await world.demand()))
    assert await paid_out(world) == 350_000
    stuck = [n for n in world.told if isinstance(n, PayoutNews) and n.needs_person]
    assert [n.reason for n in stuck] == ["INVALID_DESTINATION"]
    await world.store.payees.put(account("villa-1", number="0987654321", name="2"))
    await world.cashier.payouts.retry(stuck[0].payout, "Dewi", await world.now())
    assert await paid_out(world, days=1) == 450_000
    # whoever was called hears that it goes on, and of no other payout
    going_on = {n.payout for n in world.told if isinstance(n, PayoutNews) and n.was_stuck and not n.needs_person}
    assert going_on == {stuck[0].payout}


async def test_a_payout_the_bank_sent_back_is_owed_again(world: House) -> None:
    await world.store.payees.put(account("villa-1", number="654321"))
    await world.pay(await world.open(await world.demand()))
    await world.days(3)
    await world.agrees()
    await world.store.payees.put(account("villa-1", number="0987654321", name="2"))
    assert await paid_out(world, days=3) == 450_000
    states = [p.state for p in (await world.cashier.money_of("BK1")).payouts]
    assert PayoutState.REVERSED in states


async def test_two_cashiers_side_by_side_pay_once(world: House) -> None:
    await world.pay(await world.open(await world.demand()))
    other = Cashier(world.store, world.client)
    for _ in range(16):
        await world.pass_time(6 * 3600)
        now = await world.now()
        ticks = await asyncio.gather(world.cashier.tick(now), other.tick(now), world.cashier.tick(now))
        assert [tick.troubles for tick in ticks] == [()] * 3
    await world.agrees()
    assert (await world.books())["paid_out"] == 450_000


async def test_another_sum_for_the_same_booking_opens_nothing(world: House) -> None:
    link = await world.open(await world.demand())
    with pytest.raises(DueDiffers):
        await world.cashier.invoices.open(await world.demand(due=1_000), 2, await world.now())
    assert await world.open(await world.demand()) == link
    assert len((await world.control.get("/sim/xendit/invoices")).json()) == 1


async def test_a_link_paid_unheard_is_found_before_it_is_given_up(world: House) -> None:
    await world.sim("faults", kind="drop", on="invoice.paid")
    await world.pay(await world.open(await world.demand()))
    news = await world.cashier.invoices.close("BK1", await world.now())
    assert news.is_paid
    assert await paid_out(world) == 450_000


async def test_a_replaced_link_cannot_be_paid_beside_the_new_one(world: House) -> None:
    demand = await world.demand()
    first = await world.open(demand)
    second = await world.open(demand, attempt_no=2)
    await world.tick(2)
    made = (await world.control.get("/sim/xendit/invoices")).json()
    assert {i["external_id"]: i["status"] for i in made} == {
        first.external_id: "EXPIRED",
        second.external_id: "PENDING",
    }
    await world.pay(second)
    assert await paid_out(world) == 450_000


async def test_a_life_with_everything_in_it_leaves_both_books_equal(world: House) -> None:
    await world.tick()
    await world.sim("topup", amount=2_000_000)
    await world.pay(await world.open(await world.demand()), channel="OVO")
    second = await world.open(await world.demand(due=300_000, reference="BK2"))
    await world.pay(second, channel="CREDIT_CARD")
    await world.pay(second, channel="CREDIT_CARD")
    await world.sim("failures", payouts=["TEMPORARY_TRANSFER_ERROR"])
    await world.days(4)
    await world.sim("withdraw", amount=750_000, fee=5_550)
    await world.cashier.invoices.refund_open("BK2", await world.now())
    await world.sim("chargebacks", payment="BK1.1", amount=120_000, fee=40_000)
    await world.sim("adjust", amount=12_345, deduct=True)
    await world.days(3)
    payout = next(p for p in (await world.cashier.money_of("BK1")).payouts if p.send and p.send.provider_id)
    assert payout.send is not None
    await world.sim(f"payouts/{payout.send.provider_id}/reverse")
    await world.days(2)  # what came back is sent again
    await world.agrees()
    rows = (await world.control.get("/sim/xendit/transactions")).json()
    (chargeback,) = [row["id"] for row in rows if row["type"] == "CHARGEBACK"]
    await world.sim(f"chargebacks/{chargeback}/decide", won=False)
    assert await paid_out(world, days=4) == 450_000 + 270_000
    theirs = await world.books()
    assert (theirs["refunded"], theirs["charged_back"], theirs["withdrawn"]) == (300_000, 120_000, 750_000)
