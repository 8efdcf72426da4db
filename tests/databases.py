"""Databases with nothing in them, one for the length of a test.

To make the collections and the indexes takes longer than most tests do, to empty them does not: a database is made and
brought to this version once, and given to one test after the other. It is emptied before a test and not after the one
before it, whose loop has ended by then, so that nothing comes late; and it is given again only with the collections and
indexes it was made with: to a transaction the first row of a collection is another thing than one of many.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final, cast

from pymongo import AsyncMongoClient, MongoClient

from bot.store import driver
from bot.store.migrations import migrate
from payments.store.store import Store
from tests.payments.sealing import TestCodec

_WRITTEN_LATER: Final = ("balance_guards", "businesses", "cashier", "keys", "payees", "statement_readings")
"""Collections without an index of their own: made with the first row, and to make them again for each test takes longer
than all that is written to them. Not those that only transactions write to: see above."""
_FREE: Final[dict[str, list[str]]] = {}
_MADE: Final[dict[str, dict[str, tuple[frozenset[str], int]]]] = {}
"""The collections each was made with, and how many indexes they have, by server and database."""


@asynccontextmanager
async def clean_database(uri: str, by: driver.Client | None = None) -> AsyncIterator[str]:
    """The name of a database with nothing in it; not used again when what runs inside fails."""
    free = _FREE.setdefault(uri, [])
    async with AsyncExitStack() as stack:
        client = by or await stack.enter_async_context(AsyncMongoClient[dict[str, Any]](uri, tz_aware=True))
        name = await _emptied(client, uri, free.pop()) if free else None
        if name is None:
            name = await _made(client, uri)
    yield name
    free.append(name)


def is_made(name: str) -> bool:
    """Whether that database was made here, with every index of this version."""
    return any(name in made for made in _MADE.values())


def drop_all(uri: str) -> None:
    """They go: the server is somebody else's, and stays."""
    with MongoClient[dict[str, Any]](uri) as client:
        for name in _MADE.pop(uri, {}):
            client.drop_database(name)
    _FREE.pop(uri, None)


async def _made(client: driver.Client, uri: str) -> str:
    name = f"clean_{secrets.token_hex(6)}"
    database = driver.database(client, name)
    await migrate(database)
    await Store(database, TestCodec()).index()
    for later in _WRITTEN_LATER:
        await database.create_collection(later)
    _MADE.setdefault(uri, {})[name] = (await _collections(database), await _indexes(database))
    await _empty(database)
    return name


async def _emptied(client: driver.Client, uri: str, name: str) -> str | None:
    """That database with nothing in it; dropped where a test has changed its indexes."""
    database = driver.database(client, name)
    collections, indexes = _MADE[uri][name]
    for more in await _collections(database) - collections:
        await database[more].drop()
    if (await _collections(database), await _indexes(database)) != (collections, indexes):
        await client.drop_database(name)
        return None
    await _empty(database)
    return name


async def _collections(database: driver.Database) -> frozenset[str]:
    return frozenset(await database.list_collection_names())


async def _indexes(database: driver.Database) -> int:
    return cast("int", (await database.command("dbStats"))["indexes"])


async def _empty(database: driver.Database) -> None:
    names = sorted(await _collections(database))

    def one_of(name: str) -> list[dict[str, Any]]:
        return [{"$limit": 1}, {"$project": {"_id": 0, "of": {"$literal": name}}}]

    # one question for all of them: most have nothing in them
    first, *others = names
    asked = [*one_of(first), *({"$unionWith": {"coll": name, "pipeline": one_of(name)}} for name in others)]
    for found in await driver.aggregate(database[first], asked):
        await database[found["of"]].delete_many({})
