"""What is shown as taken: shared by all who look at once, never older than a second, and nobody's error for long."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.blocks import Block
from bot.domain.ids import LeadId
from bot.slots.claims import Need, Resource, quanta
from bot.store.claims import Claimant, Claims, Held, HoldId
from bot.store.driver import Database
from bot.store.taken_lately import LATELY, TakenLately

pytestmark = pytest.mark.mongo

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)
AYU = Resource("provider:ayu")
HOUR = quanta(START, START + timedelta(hours=1))
SECOND = LATELY.total_seconds()


class Looks(Claims):
    """Claims that count who looks, and fail when told so."""

    count = 0
    fails: Exception | None = None

    async def taken_by_hold(self, resources: Sequence[Resource], first: date, last: date, *, now: datetime) -> Any:
        self.count += 1
        if self.fails is not None:
            raise self.fails
        return await super().taken_by_hold(resources, first, last, now=now)


class House:
    def __init__(self, db: Database) -> None:
        self.claims = Looks(db)
        self.at = 0.0
        self.now = NOW
        self.lately = TakenLately(self.claims, lambda: self.at)

    async def shown(self, *holds: str) -> bool:
        """Whether the hour is shown as taken to who has these holds."""
        then = await self.lately.of([AYU], DAY, DAY, now=self.now)
        return bool(then.without(HoldId(hold) for hold in holds).seats(AYU, HOUR))

    async def take(self, hold: str = "theirs") -> None:
        claimant, until = Claimant(HoldId(hold), LeadId("lead")), NOW + timedelta(hours=1)
        assert isinstance(await self.claims.claim(claimant, [Need(AYU, HOUR)], now=NOW, expires_at=until), Held)


@pytest.fixture
def house(db: Database) -> House:
    return House(db)


async def test_all_who_look_within_a_second_share_one_look(house: House) -> None:
    assert await asyncio.gather(*(house.shown() for _ in range(20))) == [False] * 20
    assert house.claims.count == 1


async def test_a_change_by_anybody_is_seen_after_a_second_at_the_latest(house: House, db: Database) -> None:
    assert not await house.shown()
    other_process = House(db)
    await other_process.take()
    house.at += SECOND * 0.99
    assert not await house.shown()
    house.at += SECOND * 0.02
    assert await house.shown()


async def test_a_second_of_business_time_ends_a_look_as_well(house: House) -> None:
    assert not await house.shown()
    await house.take()
    house.now += LATELY
    assert await house.shown()
    house.now -= 2 * LATELY
    assert await house.shown()
    assert house.claims.count == 3


async def test_what_ones_own_hold_has_is_free_for_oneself_and_taken_for_others(house: House) -> None:
    await house.take("mine")
    assert await house.shown()
    assert not await house.shown("mine")
    assert await house.shown("another")
    assert house.claims.count == 1


async def test_what_is_blocked_is_so_for_who_has_it_too(house: House, db: Database) -> None:
    await house.take("mine")
    block = Block("b", AYU, START, START + timedelta(minutes=30), "ill", "Sari", "operations")

    async def put(session: Any) -> None:
        await house.claims.blocks.put(session, block, NOW)

    await house.claims.together(put)
    then = await house.lately.of([AYU], DAY, DAY, now=NOW)
    taken = then.without([HoldId("mine")])
    assert taken.seats(AYU, HOUR[:6]) == {0}
    assert not taken.seats(AYU, HOUR[6:])


async def test_a_look_that_failed_is_not_kept(house: House) -> None:
    house.claims.fails = ConnectionError("gone")
    with pytest.raises(ConnectionError):
        await house.shown()
    house.claims.fails = None
    assert not await house.shown()


async def test_who_looked_first_and_left_takes_it_from_nobody(house: House) -> None:
    first, second = asyncio.create_task(house.shown()), asyncio.create_task(house.shown())
    await asyncio.sleep(0)
    first.cancel()
    assert await second is False
    assert house.claims.count == 1


async def test_what_nobody_asks_for_any_more_is_not_kept(house: House) -> None:
    for day in range(20):
        house.at += SECOND * 2
        await house.lately.of([AYU], DAY + timedelta(days=day), DAY + timedelta(days=day), now=NOW)
    assert len(house.lately._looks) == 1


async def test_what_a_form_of_this_process_claimed_is_seen_at_once(house: House) -> None:
    assert not await house.shown()
    await house.lately.changed_by(house.take())
    assert await house.shown()
    assert house.claims.count == 2
