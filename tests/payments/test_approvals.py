"""A refund above the limit waits for a person: the yes may be late, and never makes the sum another."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from payments.domain.alarm import AlarmKind
from payments.domain.corrections import SettleOrder
from payments.domain.ids import RefundId
from payments.domain.payees import Destination
from payments.domain.refund import NoApproval, Refund, RefundState, plan_refund
from payments.services.cashier import CashierSettings
from payments.store.records import Database
from tests.payments.house import House, house
from tests.payments.makers import idr, terms

pytestmark = [pytest.mark.mongo, pytest.mark.processes]
LIMIT = idr(200_000)


@pytest.fixture
async def world(database: Database) -> AsyncIterator[House]:
    async with house(database, CashierSettings(approve_refunds_above=LIMIT)) as made:
        yield made


async def cancelled(world: House, keep: int, channel: str = "OVO") -> Refund:
    """A booking over 500 000 is paid and cancelled; its refund."""
    await world.sim("topup", amount=1_000_000)
    await world.pay(await world.open(await world.demand()), channel=channel)
    order = SettleOrder(("BK1",), idr(keep), "cancel", idr(500_000), terms(), await world.now())
    await world.cashier.corrections.settle(order, await world.now())
    await world.days(2)
    return await refund_of(world)


async def refund_of(world: House) -> Refund:
    (refund,) = (await world.cashier.money_of("BK1")).refunds
    return refund


async def alarms(world: House) -> list[tuple[AlarmKind, str]]:
    return [(alarm.kind, alarm.subject) for alarm in await world.cashier.alarms.listed()]


async def test_above_the_limit_nothing_leaves_before_a_person_says_yes_and_then_all_of_it(world: House) -> None:
    held = await cancelled(world, 250_000)
    assert (held.state, held.sends) == (RefundState.READY, ())
    assert await world.cashier.refunds.awaiting_approval() == (held,)
    assert (AlarmKind.REFUND_NEEDS_APPROVAL, held.id) in await alarms(world)
    await world.agrees()
    tried = await world.cashier.refunds.approve(held.id, "Dewi", await world.now(), dry_run=True)
    assert isinstance(tried, Refund)
    assert (await refund_of(world)).awaits_approval
    await world.cashier.refunds.approve(held.id, "Dewi", await world.now())
    assert await alarms(world) == []
    await world.days(2)
    done = await refund_of(world)
    assert (done.state, done.amount) == (RefundState.SUCCEEDED, idr(250_000))
    assert done.approval is not None
    assert done.approval.by == "Dewi"
    await world.agrees()


async def test_up_to_the_limit_a_refund_asks_nobody(world: House) -> None:
    done = await cancelled(world, 300_000)
    assert (done.state, done.approval) == (RefundState.SUCCEEDED, None)
    assert await alarms(world) == []


async def test_an_account_named_before_the_yes_does_not_stand_in_for_it(world: House) -> None:
    held = await cancelled(world, 0, channel="BRI")
    assert held.state is RefundState.NEEDS_ACCOUNT
    account = Destination("ID_BCA", "1234567890", "Emma")
    await world.cashier.refunds.send_to(held.id, account, await world.now())
    await world.days(2)
    assert (await refund_of(world)).sends == ()
    await world.cashier.refunds.approve(held.id, "Dewi", await world.now())
    await world.days(2)
    assert (await refund_of(world)).state is RefundState.SUCCEEDED
    await world.agrees()


async def test_a_yes_said_twice_or_to_nothing_is_told_so(world: House) -> None:
    held = await cancelled(world, 0)
    now = await world.now()
    await world.cashier.refunds.approve(held.id, "Dewi", now)
    assert await world.cashier.refunds.approve(held.id, "Putu", now) is NoApproval.NOT_NEEDED
    assert await world.cashier.refunds.approve("rf-nothing", "Dewi", now) is NoApproval.UNKNOWN
    known = await refund_of(world)
    assert known.approval is not None
    assert known.approval.by == "Dewi"


async def test_the_next_refund_of_a_payment_starts_when_the_one_before_is_final(world: House) -> None:
    first = await cancelled(world, 350_000)
    assert first.state is RefundState.SUCCEEDED
    await world.store.refunds.change(first.id, lambda r: replace_state(r, RefundState.ACCEPTED))
    invoice = await world.store.invoices.load("BK1")
    assert invoice is not None
    now, payment = await world.now(), invoice.payments[0]
    link = invoice.attempts[0].provider_id
    second = plan_refund(RefundId("rf-next"), "BK1", payment, invoice=link, amount=idr(1_000), now=now)
    await world.store.refunds.insert(second)
    await world.cashier.refunds.advance(second, now)
    waiting = await world.store.refunds.load(second.id)
    assert waiting is not None
    assert (waiting.state, waiting.sends) == (RefundState.READY, ())
    assert waiting.next_at is not None
    assert waiting.next_at > now
    await world.store.refunds.change(first.id, lambda r: replace_state(r, RefundState.SUCCEEDED))
    await world.cashier.refunds.advance(waiting, now)
    sent = await world.store.refunds.load(second.id)
    assert sent is not None
    assert len(sent.sends) == 1


def replace_state(refund: Refund, state: RefundState) -> Refund:
    """As if the provider had not told of the end yet."""
    return replace(refund, state=state)
