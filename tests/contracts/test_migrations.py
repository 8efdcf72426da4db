"""`migrations`: each step once, whoever else is at it."""

import asyncio

import pytest

from bot.store import driver
from bot.store.migrations import VERSION, is_migrated, migrate
from tests.conftest import DRIVERS

pytestmark = [pytest.mark.mongo, pytest.mark.new_database, pytest.mark.parametrize("database", DRIVERS, indirect=True)]


async def _indexes(db: driver.Database) -> dict[str, set[str]]:
    return {name: set(await db[name].index_information()) for name in sorted(await db.list_collection_names())}


async def test_a_new_database_is_brought_to_this_version(db: driver.Database) -> None:
    assert not await is_migrated(db)
    assert await migrate(db) == 0
    assert await is_migrated(db)
    assert any(names > {"_id_"} for names in (await _indexes(db)).values())


async def test_migrating_again_changes_nothing(db: driver.Database) -> None:
    await migrate(db)
    before = await _indexes(db)
    assert await migrate(db) == VERSION
    assert await _indexes(db) == before


async def test_an_index_of_an_earlier_version_makes_room_for_the_one_in_its_place(db: driver.Database) -> None:
    await db["received"].create_index([("received_at", 1)], partialFilterExpression={"body": {"$gt": b""}})
    await migrate(db)
    there = (await _indexes(db))["received"]
    assert "bodies" in there
    assert "received_at_1" not in there


async def test_two_processes_may_migrate_at_once(db: driver.Database, db_again: driver.Database) -> None:
    had = await asyncio.gather(*(migrate(one) for one in (db, db_again) for _ in range(3)))
    assert set(had) <= {0, VERSION}
    assert await is_migrated(db_again)
    before = await _indexes(db)
    await migrate(db)
    assert await _indexes(db) == before


async def test_an_older_process_does_not_turn_a_later_database_back(db: driver.Database) -> None:
    await db["house"].insert_one({"_id": "schema", "version": VERSION + 5})
    assert await migrate(db) == VERSION + 5
    assert await migrate(db) == VERSION + 5
