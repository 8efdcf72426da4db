"""The provider's statement read by a running cashier: what moves beside bookings, and what the balances say."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from payments.domain.alarm import AlarmKind
from payments.domain.allocations import ChargebackOutcome
from payments.domain.reconciliation import BalanceVerdict
from payments.services.cashier import Cashier, money_check
from payments.store.records import Database
from tests.payments.house import House, house

pytestmark = [pytest.mark.mongo, pytest.mark.processes]

SOON = 16 * 60


@pytest.fixture
async def world(database: Database) -> AsyncIterator[House]:
    """One house per test, whose cashier has looked once."""
    async with house(database) as made:
        await made.tick()
        yield made


async def test_every_way_money_moves_beside_bookings_has_an_account(world: House) -> None:
    await world.sim("topup", amount=900_000)
    await world.sim("withdraw", amount=200_000, fee=3_000)
    await world.sim("adjust", amount=1_500)
    await world.sim("adjust", amount=700, deduct=True)
    await world.pass_time(SOON)
    await world.tick()
    ours = await world.store.ledger.position("IDR")
    assert (ours.topped_up, ours.withdrawn, ours.adjusted, ours.other_fees) == (900_000, 200_000, 800, 3_000)
    assert ours.cash == 900_000 - 200_000 - 3_000 + 800
    await world.agrees()


async def test_read_again_by_two_cashiers_everything_is_booked_once(world: House) -> None:
    await world.sim("topup", amount=900_000)
    other = Cashier(world.store, world.client)
    for _ in range(3):
        await world.pass_time(SOON)
        await world.tick()
        await other.tick(await world.now())
        await other.books.reconcile(await world.now(), timedelta(days=3))
    assert (await world.store.ledger.position("IDR")).topped_up == 900_000
    await world.agrees()


async def test_what_lay_there_before_us_is_the_opening_balance(database: Database) -> None:
    async with house(database) as world:
        await world.sim("topup", amount=250_000)
        await world.pass_time(1)
        await world.tick()
        ours = await world.store.ledger.position("IDR")
        assert (ours.opening, ours.topped_up, ours.cash) == (250_000, 0, 250_000)
        found = await world.cashier.books.reconcile(await world.now(), timedelta(days=3))
        assert found.look.holds
        assert (await world.store.ledger.position("IDR")).topped_up == 0


@pytest.mark.parametrize(("won", "outcome"), [(True, ChargebackOutcome.WON), (False, ChargebackOutcome.LOST)])
async def test_a_chargeback_opens_a_case_that_is_won_or_lost(
    world: House, won: bool, outcome: ChargebackOutcome
) -> None:
    await world.pay(await world.open(await world.demand()), channel="CREDIT_CARD")
    await world.days(10)
    await world.sim("topup", amount=600_000)
    row = await world.sim("chargebacks", payment="BK1.1", fee=50_000)
    await world.pass_time(SOON)
    tick = await world.cashier.tick(await world.now())
    assert [(alarm.kind, dict(alarm.facts)["outcome"]) for alarm in tick.alarms] == [(AlarmKind.CHARGEBACK, "open")]
    assert (await world.store.ledger.position("IDR")).disputed == 500_000
    await world.agrees()
    await world.sim(f"chargebacks/{row['id']}/decide", won=won)
    await world.agrees()
    money = await world.cashier.money_of("BK1")
    assert money.invoice is not None
    assert [one.outcome for one in money.invoice.chargebacks] == [outcome]
    (books,) = money.books
    assert (books.refunded, books.held, books.paid_out) == (0 if won else 500_000, 0, 450_000)
    assert (await world.store.ledger.position("IDR")).disputed == 0


async def test_shares_of_a_disputed_payment_wait_until_it_is_won(world: House) -> None:
    await world.pay(await world.open(await world.demand()), channel="CREDIT_CARD")
    await world.sim("topup", amount=600_000)
    row = await world.sim("chargebacks", payment="BK1.1")
    await world.pass_time(SOON)
    await world.tick()
    await world.days(10)
    assert (await world.books())["paid_out"] == 0
    await world.sim(f"chargebacks/{row['id']}/decide", won=True)
    await world.days(2)
    assert (await world.books())["paid_out"] == 450_000
    await world.agrees()


async def test_a_payout_nobody_here_ordered_makes_the_books_differ_until_a_person_accepts_it(world: House) -> None:
    await world.sim("topup", amount=600_000)
    await world.agrees()
    held_at = (await world.cashier.books.compare(await world.now())).since
    thief = {
        "reference_id": "not-ours",
        "channel_code": "ID_BCA",
        "channel_properties": {"account_number": "5555555555", "account_holder_name": "Nobody"},
        "amount": 100_000,
        "currency": "IDR",
    }
    auth = ("xnd_development_simulated", "")
    reply = await world.control.post("/v2/payouts", json=thief, auth=auth, headers={"Idempotency-key": "x"})
    reply.raise_for_status()
    await world.pass_time(3600)
    found = await world.cashier.books.reconcile(await world.now())
    assert found.look.verdict is BalanceVerdict.DIFFERS
    assert [(line.account, line.difference) for line in found.look.lines] == [("CASH", -105_550), ("HOLDING", 0)]
    assert found.look.since == held_at
    assert {alarm.kind for alarm in found.alarms} == {AlarmKind.UNMATCHED_SEEN, AlarmKind.BOOKS_DIFFER}
    assert (await money_check(world.store)).holds, "our own books are in order"
    (stray,) = found.look.unmatched
    now = await world.now()
    assert await world.cashier.statement.accept(stray, now)
    assert not await world.cashier.statement.accept(stray, now)
    assert (await world.cashier.books.reconcile(now + timedelta(seconds=1))).look.holds
    assert (await world.store.ledger.position("IDR")).unmatched == -100_000


async def test_the_books_are_laid_side_by_side_once_a_day(world: House) -> None:
    await world.pay(await world.open(await world.demand()))
    await world.days(3)
    looks = await world.store.reconciliations.every({})
    assert len(looks) >= 3
    assert looks[-1].holds
    await world.sim("adjust", amount=5)
    await world.days(1)
    assert (await world.store.reconciliations.every({}))[-1].holds, "a known kind is booked before comparing"


async def test_a_statement_that_cannot_be_read_is_read_later(world: House) -> None:
    await world.sim("topup", amount=600_000)
    await world.sim("faults", kind="html_502_before", on="list_transactions")
    for _ in range(3):
        await world.pass_time(SOON)
        await world.tick()
    assert (await world.store.ledger.position("IDR")).topped_up == 600_000
