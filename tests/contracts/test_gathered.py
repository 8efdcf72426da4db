"""Writes that are asked for at the same moment share a command, and each has its own verdict."""

import asyncio
from typing import Any

import pytest
from pymongo.errors import PyMongoError

from bot.store import driver
from bot.store.gathered import GatheredWrite, GatheredWrites
from tests.conftest import DRIVERS

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]


class Counting:
    """A collection that counts the commands it is given."""

    def __init__(self, collection: Any) -> None:
        self.collection, self.bulks = collection, 0

    async def bulk_write(self, *writes: Any, **more: Any) -> Any:
        """Counted."""
        self.bulks += 1
        return await self.collection.bulk_write(*writes, **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.collection, name)


def setting(name: str, value: int) -> GatheredWrite:
    return GatheredWrite({"_id": name}, {"$set": {"value": value}}, upsert=True)


async def test_what_is_asked_for_while_a_command_is_under_way_leaves_together(db: driver.Database) -> None:
    things = Counting(db["things"])
    writes = GatheredWrites(things)
    await asyncio.gather(*(writes.write(setting(f"{number}", number)) for number in range(100)))
    assert await db["things"].count_documents({}) == 100
    assert things.bulks <= 2


async def test_who_waits_for_a_write_finds_it_done(db: driver.Database) -> None:
    writes = GatheredWrites(db["things"])

    async def writes_and_reads(number: int) -> int:
        await writes.write(setting(f"{number}", number))
        return int((await db["things"].find_one({"_id": f"{number}"}))["value"])

    assert await asyncio.gather(*map(writes_and_reads, range(40))) == list(range(40))


@pytest.mark.parametrize("wrong", [{"$nothing": {"value": 1}}, {"$inc": {"word": 1}}])
async def test_one_that_cannot_be_written_costs_the_others_nothing(db: driver.Database, wrong: driver.Document) -> None:
    await db["things"].insert_one({"_id": "odd", "word": "no number"})
    writes = GatheredWrites(db["things"])
    told = await asyncio.gather(
        writes.write(setting("a", 1)),
        writes.write(GatheredWrite({"_id": "odd"}, wrong)),
        writes.write(setting("b", 2)),
        return_exceptions=True,
    )
    assert isinstance(told[1], PyMongoError | ValueError)
    assert (told[0], told[2]) == (None, None)
    assert sorted([row["_id"] async for row in db["things"].find({"value": {"$exists": True}})]) == ["a", "b"]


async def test_who_is_cancelled_takes_nobodys_write_along(db: driver.Database) -> None:
    writes = GatheredWrites(db["things"])
    first = asyncio.create_task(writes.write(setting("first", 1)))
    second = asyncio.create_task(writes.write(setting("second", 2)))
    await asyncio.sleep(0)
    first.cancel()
    await second
    assert await db["things"].find_one({"_id": "second"}) is not None
