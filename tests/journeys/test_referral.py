"""A customer whom a referrer sent is remembered from the first message, and the referrer is paid, end to end."""

import pytest

from payments.domain.payout import PayoutState
from payments.domain.splits import Party
from simulator.customer import Phone
from tests.journeys import payments as p
from tests.journeys.world import World

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

WISH = "I want to book the IV vitamin drip in four weeks in the afternoon at Villa Melati for one person"
PRICE = 950_000


async def paid_out(world: World, phone: Phone) -> dict[str, int]:
    """What each party of a paid drip has in payouts that arrived."""
    reference = p.reference_in(await p.linked(phone, WISH))
    await p.pay(world, f"{reference}.1")
    await phone.expect("Paid and confirmed")
    await p.days_go_by(world, 5)
    known = await p.books(world, reference)
    assert {payout.state for payout in known.payouts} == {PayoutState.SUCCEEDED}
    (books,) = known.books
    assert (books.captured, books.held, books.open) == (PRICE, 0, 0)
    assert books.paid_out + books.platform + books.fees == PRICE
    await p.agrees(world)
    return {line.party.value: line.amount.amount for payout in known.payouts for line in payout.lines}


async def test_the_referrer_is_paid_a_share_of_what_is_booked(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000081")
    await phone.say("Hello! ref:NADIA")
    await phone.expect("Hello")
    paid = await paid_out(world, phone)
    assert paid == {Party.PROVIDER: 712_500, Party.FACILITY: 118_750, Party.REFERRING_AGENT: 47_500}
    lead = await world.lead_of(phone)
    assert (await world.stored(lead["id"])).lead.referrer == "nadia"
    payee = await p.money_of(world).store.payees.load("referrer:nadia")
    assert payee is not None
    assert payee.destination.channel_code == "ID_BCA"


async def test_without_one_the_share_is_the_platforms(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000082")
    assert await paid_out(world, phone) == {Party.PROVIDER: 712_500, Party.FACILITY: 118_750}
