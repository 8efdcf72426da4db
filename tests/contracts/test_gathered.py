"""Writes that are asked for at the same moment share a command, and each has its own verdict."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from pymongo.errors import PyMongoError

from bot.store import driver
from bot.store.gathered import GatheredLooks, GatheredWrite, GatheredWrites, by_id
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


async def test_who_asks_for_a_document_is_told_whether_it_surely_was_there(db: driver.Database) -> None:
    await db["things"].insert_many([{"_id": f"{number}", "version": 0} for number in range(20)])
    writes = GatheredWrites(db["things"])

    def saving(name: str) -> GatheredWrite:
        return GatheredWrite({"_id": name, "version": 0}, {"$set": {"version": 1}})

    assert all(await asyncio.gather(*(writes.found(saving(f"{number}")) for number in range(20))))
    assert not await writes.found(saving("0"))
    told = await asyncio.gather(*(writes.found(saving(name)) for name in ("0", "none", "1")))
    assert not any(told)


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
    assert (told[0], told[2]) == ((True,), (True,))
    assert sorted([row["_id"] async for row in db["things"].find({"value": {"$exists": True}})]) == ["a", "b"]


async def test_who_is_cancelled_takes_nobodys_write_along(db: driver.Database) -> None:
    writes = GatheredWrites(db["things"])
    first = asyncio.create_task(writes.write(setting("first", 1)))
    second = asyncio.create_task(writes.write(setting("second", 2)))
    await asyncio.sleep(0)
    first.cancel()
    await second
    assert await db["things"].find_one({"_id": "second"}) is not None


async def test_who_writes_is_told_whether_the_document_was_made(db: driver.Database) -> None:
    await db["things"].insert_one({"_id": "old"})
    assert await GatheredWrites(db["things"]).write(setting("old", 1), setting("new", 2)) == (False, True)


async def test_of_many_who_make_the_same_document_one_is_told_so(
    db: driver.Database, db_again: driver.Database
) -> None:
    both = [GatheredWrites(db["things"]), GatheredWrites(db_again["things"])]
    made = await asyncio.gather(*(both[number % 2].write(setting("one", number)) for number in range(20)))
    assert sum(ours for (ours,) in made) == 1


async def test_looks_that_are_asked_for_together_share_a_command(db: driver.Database) -> None:
    await db["things"].insert_many([{"_id": f"{number}", "value": number} for number in range(50)])
    asked: list[int] = []
    plain = by_id(db["things"])

    async def counted(keys: Sequence[str]) -> Mapping[str, driver.Document]:
        asked.append(len(keys))
        return {key: row for key in keys if (row := await plain.find(key)) is not None}

    looks = GatheredLooks(counted)
    found = await asyncio.gather(*(looks.find(f"{number}") for number in range(60)))
    assert [row and row["value"] for row in found] == [*range(50), *[None] * 10]
    assert asked == [60]


async def test_who_looks_sees_what_was_written_before(db: driver.Database) -> None:
    looks, writes = by_id(db["things"]), GatheredWrites(db["things"])

    async def writes_and_looks(number: int) -> int:
        await writes.write(setting(f"{number}", number))
        row = await looks.find(f"{number}")
        return -1 if row is None else int(row["value"])

    assert await asyncio.gather(*map(writes_and_looks, range(40))) == list(range(40))


async def test_a_row_that_cannot_be_read_costs_the_others_nothing(db: driver.Database) -> None:
    async def reading(keys: Sequence[str]) -> Mapping[str, str]:
        if "odd" in keys:
            raise ValueError("odd")
        return dict.fromkeys(keys, "there")

    looks = GatheredLooks(reading)
    told = await asyncio.gather(*map(looks.find, ["a", "odd", "b"]), return_exceptions=True)
    assert (told[0], told[2]) == ("there", "there")
    assert isinstance(told[1], ValueError)


async def test_a_look_that_fails_fails_for_those_in_it_alone(db: driver.Database) -> None:
    failures = [ConnectionError("gone")]

    async def failing(keys: Sequence[str]) -> Mapping[str, str]:
        if failures:
            raise failures.pop()
        return dict.fromkeys(keys, "there")

    looks = GatheredLooks(failing)
    with pytest.raises(ConnectionError):
        await looks.find("a")
    assert await looks.find("a") == "there"
