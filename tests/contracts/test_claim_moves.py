"""A booking's claims become those of its new time, on a real mongod: all or nothing, and its own never in its way."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.ids import BookingReference
from bot.slots.claims import Need
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
