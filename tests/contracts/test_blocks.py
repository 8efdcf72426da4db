"""Blocks beside claims on a real mongod: nothing is claimed or booked that is blocked, also at the same moment."""

from datetime import timedelta

import pytest
from pymongo.errors import OperationFailure

from bot.domain.blocks import Block
from bot.slots.claims import NOTHING_TAKEN, Need, Resource, place_resource, quanta
from bot.store.claim_moves import ClaimMoves
from bot.store.claims import Claims, Held, HoldId, TooBusy, Unavailable
from bot.store.driver import transaction
from tests.conftest import Database
from tests.contracts.test_claims import AYU, DAY, LATER, NOW, START, customer, need, ready

pytestmark = pytest.mark.mongo

ILL = Block("provider:ayu|x|test", AYU, START, START + timedelta(hours=8), "fever", "rina", "operations")


async def blocked(claims: Claims, block: Block = ILL) -> Block:
    return await claims.together(lambda session: claims.blocks.put(session, block, NOW))


async def test_what_is_blocked_cannot_be_claimed_and_what_touches_it_not_at_all_can(database: Database) -> None:
    claims = await ready(database)
    await blocked(claims)
    assert await claims.claim(customer(1), [need()], now=NOW, expires_at=LATER) == Unavailable(AYU)
    before = await claims.claim(customer(2), [need(after=-60)], now=NOW, expires_at=LATER)
    assert isinstance(before, Held)


async def test_of_a_claim_and_a_block_at_the_same_moment_one_is_undone(database: Database) -> None:
    claims, hasty = await ready(database), Claims(database, patience=timedelta(0))

    # the claim commits first: the block's transaction is undone, tried again, and then meets a standing booking
    async def outrun() -> None:
        async with transaction(database.client) as session:
            await claims.blocks.put(session, ILL, NOW)
            assert isinstance(await hasty.claim(customer(1), [need()], now=NOW, expires_at=LATER), Held)

    with pytest.raises(OperationFailure):
        await outrun()
    await blocked(claims)
    await claims.blocks.lift(ILL.id, NOW, "dewi", "operations")
    # now there are fences to meet at: a claim never passes a block that is half made
    async with transaction(database.client) as session:
        await claims.blocks.put(session, ILL, NOW)
        with pytest.raises(TooBusy):
            await hasty.claim(customer(2), [need(after=120)], now=NOW, expires_at=LATER)
    assert await claims.claim(customer(2), [need(after=120)], now=NOW, expires_at=LATER) == Unavailable(AYU)


async def test_an_offer_of_before_is_not_booked_and_no_booking_moves_there(database: Database) -> None:
    claims = await ready(database)
    mine, other = customer(1), customer(2)
    assert isinstance(await claims.claim(mine, [need()], now=NOW, expires_at=LATER), Held)
    elsewhere = need(Resource("provider:komang"))
    assert isinstance(await claims.claim(other, [elsewhere], now=NOW, expires_at=LATER), Held)
    assert await claims.book(other.hold, now=NOW)
    await blocked(claims)
    assert not await claims.book(mine.hold, now=NOW)
    await claims.release([mine.hold])
    moved = await ClaimMoves(claims, database).swap(customer(3), [need()], given_up=other.hold, now=NOW)
    assert moved == Unavailable(AYU)
    kept = await claims.holding(HoldId(other.hold))
    assert kept is not None
    assert kept.is_booked


async def test_seats_of_a_session_are_gone_with_who_gives_it(database: Database) -> None:
    claims = await ready(database)
    await blocked(claims)
    seat = need(Resource("session:yoga@ayu"), capacity=10)
    assert await claims.claim(customer(1), [seat], now=NOW, expires_at=LATER) == Unavailable(AYU)


async def test_a_night_is_gone_where_the_house_is_closed(database: Database) -> None:
    claims, villa = await ready(database), place_resource("villa")  # type: ignore[arg-type]
    closed = Block("place:villa|x|test", villa, START, START + timedelta(days=2), "roof", "rina", "operations")
    await blocked(claims, closed)
    night = Need(villa, (DAY.isoformat(),))
    assert await claims.claim(customer(1), [night], now=NOW, expires_at=LATER) == Unavailable(villa)
    taken = await claims.taken([villa], DAY, DAY, now=NOW)
    assert not night.seats_left(taken)


async def test_blocked_times_are_taken_for_every_search_until_it_is_lifted(database: Database) -> None:
    claims = await ready(database)
    block = await blocked(claims)
    hour = quanta(START, START + timedelta(hours=1))
    assert (await claims.taken([AYU], DAY, DAY, now=NOW)).seats(AYU, hour)
    await claims.blocks.lift(block.id, NOW, "dewi", "operations")
    assert not (await claims.taken([AYU], DAY, DAY, now=NOW)).seats(AYU, hour)
    assert not NOTHING_TAKEN.seats(AYU, hour)
    assert isinstance(await claims.claim(customer(1), [need()], now=NOW, expires_at=LATER), Held)


async def test_made_twice_it_is_one_and_made_after_its_end_another(database: Database) -> None:
    claims = await ready(database)
    first, again = await blocked(claims), await blocked(claims)
    assert first.name == again.name == ILL.id
    await claims.blocks.lift(ILL.id, NOW, "dewi", "operations")
    assert (await blocked(claims)).name == f"{ILL.id}#2"


async def test_a_row_nobody_can_read_hides_no_other_block(database: Database) -> None:
    claims = await ready(database)
    await database["blocks"].insert_one({"_id": "odd", "resource": AYU, "from": START, "to": LATER + timedelta(days=9)})
    await blocked(claims)
    assert [block.id for block in await claims.blocks.due(NOW)] == [ILL.id]
    assert await claims.claim(customer(1), [need()], now=NOW, expires_at=LATER) == Unavailable(AYU)
