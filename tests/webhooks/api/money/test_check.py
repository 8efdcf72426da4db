"""The money check holds bookings to their money: each clause is met by spoiling a house that holds."""

from dataclasses import replace
from typing import Any

import pytest

from bot.dialogue.changes import money_laws
from bot.domain.booking_money import KeptMoney
from bot.domain.states import State
from payments.domain.ids import PayeeId
from payments.domain.payables import Payable
from payments.domain.payout import Payout
from tests.journeys import payments as p
from tests.journeys.world import World
from tests.payments.makers import idr
from tests.webhooks.api.bookings.test_changes import asked, paid_massage
from tests.webhooks.api.money.test_door import get

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(240)]


async def terms(world: World) -> list[tuple[str, int, int]]:
    """What the check finds wrong."""
    found = await get(world, "/money/check")
    assert found["holds"] is (not found["differences"])
    return sorted((one["term"], one["in_ledger"], one["in_records"]) for one in found["differences"])


async def payables(world: World, reference: str) -> tuple[Payable, ...]:
    return (await p.books(world, reference)).payables


async def recorded(world: World, reference: str, **changes: Any) -> None:
    """The read model says something else of the booking; so does its lead, which then has it no more."""
    bookings = world.process.parts.bookings
    found = await bookings.find((await p.booking(world, reference)).reference)
    assert found is not None
    await bookings.record(replace(found.booking, **changes), found.lead, found.updated_at)
    await world.process.database["leads"].delete_many({})


async def test_a_share_of_somebody_who_is_not_of_its_slot_is_named(world: World) -> None:
    _, reference = await paid_massage(world)
    await world.quiet()
    assert await terms(world) == []
    (place,) = [one for one in await payables(world, reference) if one.payee.startswith("place:")]
    await p.money_of(world).store.payables.change(place.id, lambda one: replace(one, payee=PayeeId("place:villa-padi")))
    ((term, owed, _),) = await terms(world)
    assert (term, owed) == (f"{money_laws.NOT_OF_ITS_SLOT}: place:villa-padi", place.share.amount)


async def test_an_ended_booking_that_owes_for_its_service_is_named(world: World) -> None:
    _, reference = await paid_massage(world)
    await world.quiet()
    owed = sum(one.share.amount for one in await payables(world, reference))
    assert owed > 0
    await recorded(world, reference, state=State.CANCELLED)
    assert await terms(world) == [(money_laws.OWED_AFTER_ITS_END, owed, 0)]
    # with a word that it all stays, it is as it should be; with a word for less, it is not
    await recorded(world, reference, kept=KeptMoney(idr(p.PRICE), "decided_by_staff", "rina"))
    assert await terms(world) == []
    await recorded(world, reference, kept=KeptMoney(idr(p.PRICE - 1), "decided_by_staff", "rina"))
    assert (money_laws.NOT_KEPT_IN_WRITING, p.PRICE, p.PRICE - 1) in await terms(world)


async def test_a_share_that_left_before_its_money_settled_is_named(world: World) -> None:
    _, reference = await paid_massage(world)
    await p.days_go_by(world, 4)
    known = await p.books(world, reference)
    assert known.books[0].paid_out == 315_000
    assert await terms(world) == []
    store = p.money_of(world).store

    def spoiled(payout: Payout) -> Payout:
        lines = tuple(replace(line, payable=known.payables[0].id) for line in payout.lines)
        return replace(payout, lines=lines)

    # as if a share of money that is still on its way had been in them
    invoice = known.invoice
    assert invoice is not None
    unsettled = replace(invoice.payments[0], settled_at=None, fee=None, net=None)
    await store.invoices.change(reference, lambda one: replace(one, payments=(unsettled,)))
    for payout in known.payouts:
        await store.payouts.change(payout.id, spoiled)
    assert any(term.startswith("left uncovered") for term, _, _ in await terms(world))


async def test_it_holds_before_and_after_a_paid_booking_is_cancelled_when_its_shares_have_left(world: World) -> None:
    _, reference = await paid_massage(world)
    await p.days_go_by(world, 4)
    assert (await p.books(world, reference)).books[0].paid_out == 315_000
    await world.told("POST", "/xendit/topup", {"amount": 400_000})
    done = await asked(world, reference, "cancel", cause="partner", reason="ill", by="Rina")
    assert done.status_code == 200, done.text
    await p.days_go_by(world, 4)
    assert await terms(world) == []
    known = await p.books(world, reference)
    (books,) = known.books
    # the parties owe theirs back, and the platform bears the fee
    assert (books.refunded, books.held, books.platform) == (p.PRICE, -315_000, -books.fees)
    # both sides see the refund, and what is owed back by the parties: nothing differs at the provider
    look = await p.money_of(world).cashier.books.reconcile(await world.process.parts.clock.business_now())
    assert look.look.holds, look.look.in_words
    owed_back = sum(one.net.amount for one in known.payables if one.net.amount < 0)
    assert owed_back == -315_000
    await p.agrees(world)
