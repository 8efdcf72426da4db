"""The tests' own databases: what one test wrote, no other finds, and no index of one serves another."""

import pytest

from bot.store import driver
from bot.store.driver import Database
from bot.store.migrations import migrate
from tests.databases import clean_database

pytestmark = pytest.mark.mongo


async def test_what_one_test_wrote_the_next_does_not_find(mongodb_uri: str, db: Database) -> None:
    async with clean_database(mongodb_uri, db.client) as first:
        written = driver.database(db.client, first)
        for name in ("house", "received", "invoices", "of_one_test"):
            await written[name].insert_many([{"_id": number} for number in range(3)])
    async with clean_database(mongodb_uri, db.client) as second:
        assert second == first
        found = driver.database(db.client, second)
        there = await found.list_collection_names()
        assert [name for name in there if await found[name].find_one({})] == []
        assert "of_one_test" not in there


@pytest.mark.parametrize("change", ["one more", "one less", "a collection less"])
async def test_a_database_with_other_indexes_is_not_used_again(mongodb_uri: str, db: Database, change: str) -> None:
    async with clean_database(mongodb_uri, db.client) as first:
        received = driver.database(db.client, first)["received"]
        if change == "one more":
            # by its command: what asks the driver for an index of such a database is told that it is there
            more = {"key": {"whatever": 1}, "name": "whatever_1"}
            await received.database.command("createIndexes", received.name, indexes=[more])
        elif change == "one less":
            await received.drop_index("bodies")
        else:
            await received.drop()
    async with clean_database(mongodb_uri, db.client) as second:
        assert second != first
        assert first not in await db.client.list_database_names()


async def test_it_has_every_index_of_this_version(db: Database) -> None:
    before = {name: set(await db[name].index_information()) for name in await db.list_collection_names()}
    await migrate(db)
    assert {name: set(await db[name].index_information()) for name in await db.list_collection_names()} == before
