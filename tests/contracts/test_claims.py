"""The claims store on a real mongod, through both drivers: one winner, all or nothing, never torn."""

import asyncio
import random
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.ids import BookingReference, LeadId
from bot.slots.claims import Need, Resource, quanta
from bot.store.claims import Claimant, Claims, Held, HoldDiffers, HoldId, Unavailable
from tests.conftest import DRIVERS, PROVE, Database

pytestmark = pytest.mark.mongo

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=30)
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)
RACES = 400 if PROVE else 80
AYU, STUDIO, PROJECTOR = Resource("provider:ayu"), Resource("place:studio"), Resource("equipment:projector")
both_drivers = pytest.mark.parametrize("database", DRIVERS, indirect=True)


def need(resource: Resource = AYU, minutes: int = 60, after: int = 0, seats: int = 1, capacity: int = 1) -> Need:
    start = START + timedelta(minutes=after)
    return Need(resource, quanta(start, start + timedelta(minutes=minutes)), seats, capacity)


def customer(number: int) -> Claimant:
    return Claimant(HoldId(f"hold-{number}"), LeadId(f"lead-{number}"))


async def ready(database: Database) -> Claims:
    claims = Claims(database, patience=timedelta(seconds=60))
    await claims.create_indexes()
    return claims


async def count(database: Database) -> int:
    return await database["claims"].count_documents({})


@both_drivers
async def test_of_fifty_claims_for_one_slot_exactly_one_is_held(database: Database) -> None:
    claims = await ready(database)
    results = await asyncio.gather(*(claims.claim(customer(n), [need()], now=NOW, expires_at=LATER) for n in range(50)))
    assert sum(isinstance(result, Held) for result in results) == 1
    assert results.count(Unavailable(AYU)) == 49
    assert await count(database) == 12


async def test_fifty_guests_fill_ten_seats_and_nobody_is_told_taken_while_one_is_free(database: Database) -> None:
    claims = await ready(database)
    wanted = [need(minutes=15, capacity=10)]
    results = await asyncio.gather(*(claims.claim(customer(n), wanted, now=NOW, expires_at=LATER) for n in range(50)))
    assert sum(isinstance(result, Held) for result in results) == 10
    assert await count(database) == 30


@both_drivers
async def test_several_resources_are_claimed_all_or_nothing(database: Database) -> None:
    claims = await ready(database)
    await claims.claim(customer(1), [need(STUDIO, after=55)], now=NOW, expires_at=LATER)
    result = await claims.claim(customer(2), [need(AYU), need(STUDIO)], now=NOW, expires_at=LATER)
    assert result == Unavailable(STUDIO)
    assert await claims.holding(HoldId("hold-2")) is None


async def test_crossing_claims_over_several_resources_never_leave_a_part(database: Database) -> None:
    claims = await ready(database)
    wishes = [[need(AYU), need(STUDIO)], [need(STUDIO, after=30), need(PROJECTOR)], [need(PROJECTOR), need(AYU)]]
    results = await asyncio.gather(
        *(claims.claim(customer(n), wishes[n % 3], now=NOW, expires_at=LATER) for n in range(30))
    )
    assert sum(isinstance(result, Held) for result in results) == 1
    assert await count(database) == 24


async def test_claiming_again_with_the_same_hold_is_the_same_success(database: Database) -> None:
    claims = await ready(database)
    first = await claims.claim(customer(1), [need(capacity=3)], now=NOW, expires_at=LATER)
    again = await claims.claim(
        customer(1), [need(capacity=3)], now=NOW + timedelta(minutes=5), expires_at=LATER + timedelta(minutes=5)
    )
    assert first == again
    assert await count(database) == 12


async def test_a_hold_id_cannot_be_used_for_another_time(database: Database) -> None:
    claims = await ready(database)
    await claims.claim(customer(1), [need()], now=NOW, expires_at=LATER)
    with pytest.raises(HoldDiffers):
        await claims.claim(customer(1), [need(after=60)], now=NOW, expires_at=LATER)


async def test_a_hold_ends_in_business_time_by_itself(database: Database) -> None:
    claims = await ready(database)
    await claims.claim(customer(1), [need()], now=NOW, expires_at=LATER)
    early = LATER - timedelta(milliseconds=1)
    assert await claims.claim(customer(2), [need()], now=early, expires_at=LATER) == Unavailable(AYU)
    assert isinstance(await claims.claim(customer(3), [need()], now=LATER, expires_at=LATER + timedelta(hours=1)), Held)
    assert not await claims.book(HoldId("hold-1"), now=early)


async def test_an_expired_hold_cannot_be_booked_even_when_nobody_wanted_it(database: Database) -> None:
    claims = await ready(database)
    await claims.claim(customer(1), [need()], now=NOW, expires_at=LATER)
    assert not await claims.book(HoldId("hold-1"), now=LATER)


@both_drivers
async def test_a_booking_outlives_its_hold_and_names_its_reference(database: Database) -> None:
    claims = await ready(database)
    await claims.claim(customer(1), [need()], now=NOW, expires_at=LATER)
    assert await claims.book(HoldId("hold-1"), BookingReference("RS-1"), now=NOW)
    assert await claims.book(HoldId("hold-1"), now=LATER + timedelta(days=1))
    assert await claims.forget_expired(now=LATER + timedelta(days=1)) == 0
    (booked,) = await claims.booked()
    assert (booked.booking, booked.is_booked, booked.claims, booked.of) == ("RS-1", True, 12, 12)


async def test_release_frees_holds_and_leaves_bookings_alone(database: Database) -> None:
    claims = await ready(database)
    for number in range(3):
        await claims.claim(customer(number), [need(after=60 * number)], now=NOW, expires_at=LATER)
    await claims.book(HoldId("hold-0"), now=NOW)
    assert await claims.release([HoldId("hold-0"), HoldId("hold-1"), HoldId("hold-2")]) == 24
    assert await claims.release_booked(HoldId("hold-0")) == 12
    assert await count(database) == 0


async def test_taken_tells_what_is_alive_and_overlooks_the_own_holds(database: Database) -> None:
    claims = await ready(database)
    await claims.claim(customer(1), [need()], now=NOW, expires_at=LATER)
    await claims.claim(customer(2), [need(STUDIO)], now=NOW, expires_at=LATER)
    taken = await claims.taken([AYU, STUDIO], DAY, DAY, now=NOW, besides=LeadId("lead-2"))
    assert set(taken.by_resource) == {AYU}
    assert not (await claims.taken([AYU, STUDIO], DAY, DAY, now=LATER)).by_resource
    other_day = await claims.taken([AYU], DAY + timedelta(days=5), DAY + timedelta(days=6), now=NOW)
    assert not other_day.by_resource


async def test_expired_holds_against_confirmations_at_the_edge_never_tear(database: Database) -> None:
    """A confirmation one moment before expiry against a claim one moment after."""
    claims = await ready(database)
    chance = random.Random(7)

    async def race(number: int) -> None:
        mine, theirs = customer(2 * number), customer(2 * number + 1)
        wanted = [need(Resource(f"provider:p{number}"), 30), need(Resource(f"place:p{number}"), 30)]
        overlapping = [need(Resource(f"place:p{number}"), 30, after=chance.choice((0, 15)))]
        await claims.claim(mine, wanted, now=NOW, expires_at=LATER)
        booking = claims.book(mine.hold, now=LATER - timedelta(milliseconds=1))
        taking = claims.claim(theirs, overlapping, now=LATER, expires_at=LATER + timedelta(hours=1))
        booked, taken = await asyncio.gather(booking, taking)
        assert booked != isinstance(taken, Held)
        holding = await claims.holding(mine.hold)
        assert not booked or (holding is not None and holding.claims == holding.of and holding.is_booked)
        assert booked or holding is None or not holding.is_booked

    for first in range(0, RACES, 20):
        await asyncio.gather(*(race(number) for number in range(first, first + 20)))
