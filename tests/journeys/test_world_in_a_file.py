"""The outside world is put into a file, forgotten and brought back while our backend waits for its money."""

import pytest

from bot.domain.states import State
from payments.domain.payout import PayoutState
from tests.journeys import payments as p
from tests.journeys.world import World

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]


async def test_a_paid_booking_settles_after_the_outside_world_came_back_from_its_file(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000011")
    reference = p.reference_in(await p.linked(phone))
    await p.pay(world, f"{reference}.1")
    await phone.expect("Paid and confirmed")
    await p.is_in(world, reference, State.CONFIRMED)
    await world.quiet()

    kept = await world.told("GET", "/world")
    await world.told("POST", "/reset")
    await world.told("POST", "/xendit/reset")
    assert await p.links(world) == []
    await world.told("POST", "/world", kept)
    assert [one["status"] for one in await p.links(world)] == ["PAID"]

    await p.days_go_by(world, 5)
    known = await p.books(world, reference)
    (books,) = known.books
    assert (books.captured, books.held, books.open) == (p.PRICE, 0, 0)
    assert {payout.state for payout in known.payouts} == {PayoutState.SUCCEEDED}
    assert sorted(payout.amount.amount for payout in known.payouts) == [65_000, 250_000]
    await p.agrees(world)
    assert await p.texts(phone, "Paid and confirmed")
