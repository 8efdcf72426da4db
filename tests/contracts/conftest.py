"""The fresh database as our stores see it: majority writes, aware times, and the same again by a second client."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.store import driver
from tests.conftest import Client, Database


@pytest.fixture
def db(database: Database) -> driver.Database:
    """The test's database with the product's write and read concerns."""
    return driver.database(database.client, database.name)


@pytest.fixture
async def db_again(
    database: Database, client_for: Callable[[str], Awaitable[Client]], request: pytest.FixtureRequest
) -> driver.Database:
    """The same database by another client of the same driver: another process, as far as the server knows."""
    asked: dict[str, Any] = request.node.callspec.params
    return driver.database(await client_for(asked["database"]), database.name)
