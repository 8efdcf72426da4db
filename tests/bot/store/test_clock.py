"""Business time: one offset for all processes, never back by itself, never moved where real money is."""

from datetime import UTC, timedelta

import pytest

from bot.store.clock import BusinessClock, LiveKeyPresent, real_now
from tests.conftest import DRIVERS, Database

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.mongo


@pytest.mark.parametrize("database", DRIVERS, indirect=True)
async def test_a_move_is_seen_by_another_process(database: Database) -> None:
    here, there = BusinessClock(database), BusinessClock(database)
    await here.move(3 * HOUR, live_key=False)
    await here.move(HOUR, live_key=False)
    assert await there.offset() == 4 * HOUR
    assert await there.business_now() >= real_now() + 4 * HOUR - timedelta(seconds=1)


async def test_reset_brings_real_time_back(database: Database) -> None:
    clock = BusinessClock(database)
    await clock.move(24 * HOUR, live_key=False)
    ahead = await clock.business_now()
    await clock.reset(live_key=False)
    assert await clock.offset() == timedelta()
    assert await clock.business_now() < ahead


async def test_business_time_never_goes_back_by_itself(database: Database) -> None:
    clock = BusinessClock(database)
    told = [await clock.business_now() for _ in range(20)]
    assert told == sorted(told)


async def test_a_live_key_forbids_moving_and_changes_nothing(database: Database) -> None:
    clock = BusinessClock(database)
    await clock.move(HOUR, live_key=False)
    with pytest.raises(LiveKeyPresent):
        await clock.move(HOUR, live_key=True)
    with pytest.raises(LiveKeyPresent):
        await clock.reset(live_key=True)
    assert await clock.offset() == HOUR


async def test_business_time_is_aware_utc(database: Database) -> None:
    assert (await BusinessClock(database).business_now()).tzinfo is UTC
