"""A booking's claims become those of its new time, on a real mongod: all or nothing, and its own never in its way."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.domain.blocks import Block
from bot.domain.ids import BookingReference
from bot.slots.claims import Need, Resource
from bot.store.claim_moves import ClaimMoves
from bot.store.claims import Claimant, Claims, Held, HoldDiffers, HoldId, Unavailable
from tests.conftest import Database
from tests.contracts.test_claims import AYU, LATER, NOW, STUDIO, both_drivers, count, customer, need, ready

pytestmark = pytest.mark.mongo

OLD, NEW = HoldId("hold-1"), HoldId("change:BK-1:C1")
MINE = Claimant(NEW, customer(1).lead, BookingReference("BK-1"))


async def booked(database: Database, *needs: Need) -> tuple[Claims, ClaimMoves]:
    """One customer has these needs booked."""
    claims = await ready(database)
    await claims.claim(customer(1), list(needs), now=NOW, expires_at=LATER)
    assert await claims.book(OLD, BookingReference("BK-1"), now=NOW)
    return claims, ClaimMoves(claims, database)


async def keys(database: Database, hold: str) -> set[str]:
    return {row["_id"] async for row in database["claims"].find({"hold": hold})}


@both_drivers
async def test_an_overlapping_time_is_swapped_and_what_is_left_is_free(database: Database) -> None:
    claims, moves = await booked(database, need())
    got = await moves.swap(MINE, [need(after=30)], given_up=OLD, now=NOW)
    assert isinstance(got, Held)
    assert got.expires_at is None
    assert await keys(database, OLD) == set()
    assert await keys(database, NEW) == set(need(after=30).every_key())
    # the first half hour is somebody else's to have
    assert isinstance(await claims.claim(customer(2), [need(minutes=30)], now=NOW, expires_at=LATER), Held)


@both_drivers
async def test_swapping_again_is_the_same(database: Database) -> None:
    _, moves = await booked(database, need())
    first = await moves.swap(MINE, [need(after=90)], given_up=OLD, now=NOW)
    assert await moves.swap(MINE, [need(after=90)], given_up=OLD, now=NOW + timedelta(hours=9)) == first


async def test_a_time_that_somebody_else_has_changes_nothing(database: Database) -> None:
    claims, moves = await booked(database, need())
    await claims.claim(customer(2), [need(after=90)], now=NOW, expires_at=LATER)
    before = await keys(database, OLD)
    assert await moves.swap(MINE, [need(after=60)], given_up=OLD, now=NOW) == Unavailable(AYU)
    assert await keys(database, OLD) == before
    assert await keys(database, NEW) == set()


async def test_offers_of_the_same_customer_give_way_and_expired_ones_of_others_too(database: Database) -> None:
    claims, moves = await booked(database, need())
    offer = Claimant(HoldId("offer"), customer(1).lead)
    await claims.claim(offer, [need(after=90)], now=NOW, expires_at=LATER)
    await claims.claim(customer(2), [need(after=150)], now=NOW, expires_at=LATER)
    late = LATER + timedelta(minutes=1)
    assert isinstance(await moves.swap(MINE, [need(after=90, minutes=120)], given_up=OLD, now=late), Held)
    assert await count(database) == 24


async def test_a_booking_that_is_not_whole_is_left_alone(database: Database) -> None:
    _, moves = await booked(database, need())
    await database["claims"].delete_one({"hold": OLD})
    with pytest.raises(HoldDiffers):
        await moves.swap(MINE, [need(after=90)], given_up=OLD, now=NOW)
    assert len(await keys(database, OLD)) == 11


async def test_a_new_time_is_kept_beside_the_old_one_and_only_what_is_missing_is_claimed(database: Database) -> None:
    claims, moves = await booked(database, need())
    kept = await moves.reserve(MINE, [need(after=30)], besides=OLD, now=NOW)
    assert isinstance(kept, Held)
    assert len(kept.keys) == 6
    assert len(await keys(database, OLD)) == 12
    assert await moves.reserve(MINE, [need(after=30)], besides=OLD, now=NOW) == kept
    # the old time is booked as before, and the new one is nobody else's
    assert await claims.claim(customer(2), [need(after=60)], now=NOW, expires_at=LATER) == Unavailable(AYU)
    await moves.swap(MINE, [need(after=30)], given_up=OLD, now=NOW)
    assert await keys(database, NEW) == set(need(after=30).every_key())
    assert await count(database) == 12


async def test_what_was_kept_for_a_change_is_given_back_without_the_old_time(database: Database) -> None:
    claims, moves = await booked(database, need())
    await moves.reserve(MINE, [need(after=30)], besides=OLD, now=NOW)
    assert await claims.release_booked(NEW) == 6
    assert len(await keys(database, OLD)) == 12


async def test_an_offer_near_the_booked_time_holds_only_what_the_booking_lacks(database: Database) -> None:
    claims, _ = await booked(database, need())
    offer = Claimant(HoldId("offer"), customer(1).lead)
    got = await claims.claim(offer, [need(after=30)], now=NOW, expires_at=LATER, besides=OLD)
    assert isinstance(got, Held)
    assert len(got.keys) == 6
    assert await claims.claim(offer, [need(after=30)], now=NOW, expires_at=LATER, besides=OLD) == got


async def test_more_guests_of_a_session_keep_their_seats_and_get_others(database: Database) -> None:
    _, moves = await booked(database, need(seats=2, capacity=6))
    before = await keys(database, OLD)
    got = await moves.swap(MINE, [need(seats=3, capacity=6)], given_up=OLD, now=NOW)
    assert isinstance(got, Held)
    assert before < await keys(database, NEW)
    fewer = Claimant(HoldId("change:BK-1:C2"), customer(1).lead, BookingReference("BK-1"))
    assert isinstance(await moves.swap(fewer, [need(seats=1, capacity=6)], given_up=NEW, now=NOW), Held)
    assert await count(database) == 12


async def test_two_bookings_that_want_each_other_s_time_never_both_have_it(database: Database) -> None:
    claims, moves = await booked(database, need(), need(STUDIO, after=90))
    await claims.claim(customer(2), [need(after=90)], now=NOW, expires_at=LATER)
    assert await claims.book(HoldId("hold-2"), BookingReference("BK-2"), now=NOW)
    other = Claimant(HoldId("change:BK-2:C1"), customer(2).lead, BookingReference("BK-2"))
    first, second = await asyncio.gather(
        moves.swap(MINE, [need(after=90)], given_up=OLD, now=NOW),
        moves.swap(other, [need()], given_up=HoldId("hold-2"), now=NOW),
    )
    assert (first, second) == (Unavailable(AYU), Unavailable(AYU))
    assert len(await keys(database, OLD)) == 24


# The same time with another provider ---------------------------------------------------------------------------------

KADEK = Resource("provider:kadek")


def theirs(resource: Resource = KADEK, after: int = 0) -> Need:
    return replace(need(after=after), resource=resource)


async def handed_over(claims: Claims, moves: ClaimMoves, wanted: Need) -> Unavailable | None:
    return await claims.together(lambda session: moves.hand_over(session, OLD, wanted, now=NOW))


async def blocked(claims: Claims, block: Block, session: Any) -> Block:
    return await claims.blocks.put(session, block, NOW)


@both_drivers
async def test_whoever_accepts_has_the_time_and_the_place_stays_as_it_is(database: Database) -> None:
    at_the_studio = replace(need(), resource=STUDIO)
    claims, moves = await booked(database, need(), at_the_studio)
    for _ in range(2):
        assert await handed_over(claims, moves, theirs()) is None
        assert await keys(database, OLD) == {*theirs().every_key(), *at_the_studio.every_key()}
    # what is booked is whole: it can be moved and freed like any other
    assert isinstance(await claims.claim(customer(2), [need()], now=NOW, expires_at=LATER), Held)
    got = await moves.swap(MINE, [theirs(after=90)], given_up=OLD, now=NOW)
    assert isinstance(got, Held)


async def test_who_has_something_else_by_then_or_is_ill_gets_nothing_and_nothing_changes(database: Database) -> None:
    claims, moves = await booked(database, need())
    await claims.claim(customer(2), [theirs(after=30)], now=NOW, expires_at=LATER)
    assert await handed_over(claims, moves, theirs()) == Unavailable(KADEK)
    await claims.release([customer(2).hold])
    start = theirs().quanta[0]
    begin = datetime.strptime(start, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    for resource in (KADEK, AYU):
        ill = Block(f"{resource}|x|test", resource, begin, begin + timedelta(hours=1), "ill", "x", "partner")
        await claims.together(partial(blocked, claims, ill))
    # who has it already is asked as well whether they are ill by now
    for wanted in (theirs(), need()):
        assert await handed_over(claims, moves, wanted) == Unavailable(wanted.resource)
    assert await keys(database, OLD) == set(need().every_key())


async def test_a_booking_that_is_at_another_time_by_now_or_gone_is_left_alone(database: Database) -> None:
    claims, moves = await booked(database, need())
    with pytest.raises(HoldDiffers):
        await handed_over(claims, moves, theirs(after=30))
    await claims.release_booked(OLD)
    with pytest.raises(HoldDiffers):
        await handed_over(claims, moves, theirs())
    assert await count(database) == 0


async def test_of_two_bookings_that_one_provider_accepts_at_once_one_has_them(database: Database) -> None:
    claims, moves = await booked(database, need())
    other = customer(2)
    await claims.claim(other, [replace(need(), resource=STUDIO)], now=NOW, expires_at=LATER)
    await claims.book(other.hold, BookingReference("BK-2"), now=NOW)

    async def second() -> Unavailable | None:
        return await claims.together(lambda session: moves.hand_over(session, other.hold, theirs(), now=NOW))

    got = await asyncio.gather(handed_over(claims, moves, theirs()), second())
    assert sorted(got, key=str) == [None, Unavailable(KADEK)]


# Another time with another provider, kept next to the one it has ------------------------------------------------------


async def kept_besides(database: Database, after: int) -> tuple[Claims, ClaimMoves]:
    """Booked, and another time of the same provider is kept for a change."""
    claims, moves = await booked(database, need())
    assert isinstance(await moves.reserve(MINE, [need(after=after)], besides=OLD, now=NOW), Held)
    return claims, moves


async def accepted(claims: Claims, moves: ClaimMoves, wanted: Need) -> Unavailable | None:
    return await claims.together(lambda session: moves.hand_over(session, NEW, wanted, now=NOW, besides=OLD))


@both_drivers
@pytest.mark.parametrize("after", [0, 30, 90], ids=["the same time", "it overlaps", "it is apart"])
async def test_whoever_accepts_a_new_time_has_it_next_to_the_old_one_until_that_is_given_up(
    database: Database, after: int
) -> None:
    claims, moves = await kept_besides(database, after)
    # given back in between, and again the first one's
    for wanted in (theirs(after=after), theirs(after=after), theirs(AYU, after), theirs(after=after)):
        assert await accepted(claims, moves, wanted) is None
        assert await keys(database, OLD) == set(need().every_key())
        own = set(wanted.every_key())
        assert await keys(database, NEW) == own - set(need().every_key())
        assert {row["of"] async for row in database["claims"].find({"hold": NEW})} <= {
            len(own - await keys(database, OLD))
        }
    got = await moves.swap(MINE, [theirs(after=after)], given_up=OLD, now=NOW)
    assert isinstance(got, Held)
    assert await keys(database, NEW) == set(theirs(after=after).every_key())
    assert await count(database) == 12
    # told again by a process that died: it is the same
    assert await moves.swap(MINE, [theirs(after=after)], given_up=OLD, now=NOW) == got


async def test_a_new_time_that_its_provider_has_no_more_leaves_both_times_as_they_are(database: Database) -> None:
    claims, moves = await kept_besides(database, 30)
    await claims.claim(customer(2), [theirs(after=60)], now=NOW, expires_at=LATER)
    before = await keys(database, NEW)
    assert await accepted(claims, moves, theirs(after=30)) == Unavailable(KADEK)
    with pytest.raises(HoldDiffers):
        # of a time that is not kept for this change
        await accepted(claims, moves, theirs(after=90))
    assert (await keys(database, OLD), await keys(database, NEW)) == (set(need().every_key()), before)
    await claims.release_booked(NEW)
    await claims.release_booked(OLD)
    with pytest.raises(HoldDiffers):
        await accepted(claims, moves, theirs(after=30))
