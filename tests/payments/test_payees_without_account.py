"""A place without an account: its share is kept for it under its name, a person hears of it, and nothing is lost."""

from dataclasses import replace

import pytest

from payments.domain.alarm import AlarmKind
from payments.domain.ids import PayeeId
from payments.domain.payout import PayoutPace, PayoutState
from payments.domain.splits import Party
from payments.domain.terms import Payee, Terms
from payments.gateways.xendit.adapter import Timeouts, XenditClient
from payments.services.alarms import AlarmService
from payments.services.balance import BalanceReservations, ReservePolicy
from payments.services.payees import PayeeService, PayeeStanding
from payments.services.payouts import PayoutService
from payments.store.records import Database
from payments.store.store import Store
from tests.payments.house import KEY, House, house
from tests.payments.makers import NOON, account, idr, payable, terms
from tests.payments.sealing import TestCodec

pytestmark = pytest.mark.mongo

VILLA = PayeeId("villa-2")


def at_the_villa() -> Terms:
    return replace(terms(), payees=(Payee(Party.PROVIDER, PayeeId("provider-1")), Payee(Party.FACILITY, VILLA)))


async def booked(world: House, reference: str) -> None:
    await world.pay(await world.open(await world.demand(reference=reference, terms=at_the_villa())))


async def standing(world: House) -> PayeeStanding | None:
    return next((known for known in await world.cashier.payees.listed() if known.payee == VILLA), None)


async def alarms(world: House) -> list[str]:
    found = await world.cashier.alarms.listed()
    return [one.subject for one in found if one.kind is AlarmKind.PAYEE_WITHOUT_ACCOUNT]


async def test_its_share_grows_in_its_name_with_one_alarm_until_it_has_an_account(database: Database) -> None:
    async with house(database) as world:
        assert await standing(world) is None
        await booked(world, "BK1")
        await world.days(4)
        share = idr(sum(one.net.amount for one in await world.store.payables.every({"payee": VILLA})))
        assert share.amount > 0
        assert await standing(world) == PayeeStanding(VILLA, None, None, (share,))
        assert await alarms(world) == [VILLA]
        await booked(world, "BK2")
        await world.days(4)
        known = await standing(world)
        assert known is not None
        assert known.kept == (idr(2 * share.amount),)
        assert await alarms(world) == [VILLA]
        # the others are paid meanwhile, and the books hold with what is kept in them
        assert {payout.payee for payout in await world.store.payouts.every({})} == {"provider-1"}
        await world.agrees()
        await world.cashier.payees.propose(account(VILLA, number="5556667778"), await world.now())
        await world.days(2)
        payouts = await world.store.payouts.every({"record.payee": VILLA})
        assert {payout.state for payout in payouts} == {PayoutState.SUCCEEDED}
        assert sum(payout.amount.amount for payout in payouts) == 2 * share.amount
        known = await standing(world)
        assert known is not None
        assert known.kept == ()
        assert await alarms(world) == []
        await world.agrees()


async def test_the_alarm_ends_when_shares_and_corrections_come_to_nothing(database: Database) -> None:
    store = Store(database, TestCodec())
    await store.index()
    known = AlarmService(store)
    async with XenditClient("http://127.0.0.1:9", KEY, Timeouts(connect=1.0, read=1.0)) as nobody:
        paying = PayoutService(
            store, nobody, BalanceReservations(store, nobody, ReservePolicy()), known, PayoutPace.DAILY
        )
        await store.payables.insert(payable("p1", payee=VILLA, net=40_000))
        assert await paying.make(NOON) == ()
        assert [one.kind for one in await known.listed()] == [AlarmKind.PAYEE_WITHOUT_ACCOUNT]
        await store.payables.insert(payable("p1|1", payee=VILLA, net=-40_000))
        assert await paying.make(NOON) == ()
        assert await known.listed() == ()
        (shown,) = await PayeeService(store, known).listed()
        assert (shown.payee, shown.kept) == (VILLA, ())
