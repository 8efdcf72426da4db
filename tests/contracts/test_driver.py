"""`driver`: what Motor and PyMongo's own client do alike."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from bson import CodecOptions
from pymongo.errors import DuplicateKeyError

from bot.store import driver
from bot.store.clock import BusinessClock, LiveKeyPresent, real_now
from tests.conftest import BOTH_DRIVERS

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", BOTH_DRIVERS, indirect=True)]

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("open_it", [driver.open_motor, driver.open_pymongo])
async def test_either_driver_opens_and_closes(
    db: driver.Database, mongodb_uri: str, open_it: Callable[[str], driver.Client]
) -> None:
    client = open_it(mongodb_uri)
    other = driver.database(client, db.name)
    await other["things"].insert_one({"_id": 1, "at": await driver.server_now(other)})
    assert (await db["things"].find_one({"_id": 1}))["at"].tzinfo is not None
    await driver.close(client)


async def test_writes_wait_for_the_majority_and_times_are_aware(db: driver.Database) -> None:
    assert db["things"].write_concern.document == {"w": "majority", "wtimeout": driver.WRITE_DEADLINE_MS}
    assert db["things"].read_concern.level == "majority"
    options: CodecOptions[dict[str, object]] = db["things"].codec_options
    assert options.tz_aware


async def test_the_servers_clock_is_aware(db: driver.Database) -> None:
    now = await driver.server_now(db)
    assert now.utcoffset() == timedelta(0)
    assert now <= await driver.server_now(db)


async def test_a_transaction_is_all_or_nothing(db: driver.Database) -> None:
    things = db["things"]
    await things.insert_one({"_id": "taken"})

    async def insert_both() -> None:
        async with driver.transaction(db.client) as session:
            await things.insert_one({"_id": "fresh"}, session=session)
            await things.insert_one({"_id": "taken"}, session=session)

    with pytest.raises(DuplicateKeyError):
        await insert_both()
    assert await things.find_one({"_id": "fresh"}) is None
    async with driver.transaction(db.client) as session:
        await things.insert_one({"_id": "fresh"}, session=session)
    assert await things.find_one({"_id": "fresh"}) is not None


async def test_a_change_stream_tells_what_came(db: driver.Database) -> None:
    async with driver.watching(db, [{"$match": {"operationType": "insert"}}]) as stream:
        await db["things"].insert_one({"_id": "$one"})
        change = await stream.next()
    assert change["documentKey"] == {"_id": "$one"}


async def test_an_aggregation_gives_all_documents(db: driver.Database) -> None:
    await db["things"].insert_many([{"_id": number} for number in range(250)])
    rows = await driver.aggregate(db["things"], [{"$sort": {"_id": 1}}])
    assert [row["_id"] for row in rows] == list(range(250))


async def test_business_time_is_moved_for_all_processes_and_reset(
    db: driver.Database, db_again: driver.Database
) -> None:
    here, there = BusinessClock(db), BusinessClock(db_again)
    assert await here.offset() == timedelta(0)
    moved = await here.move(HOUR, live_key=False)
    assert moved - real_now() > HOUR - timedelta(minutes=1)
    await there.move(HOUR, live_key=False)
    assert await here.offset() == 2 * HOUR
    await there.reset(live_key=False)
    assert await here.offset() == timedelta(0)


async def test_a_live_key_forbids_moving_time(db: driver.Database) -> None:
    clock = BusinessClock(db)
    for refused in (clock.move(HOUR, live_key=True), clock.reset(live_key=True)):
        with pytest.raises(LiveKeyPresent):
            await refused
    assert await clock.offset() == timedelta(0)
