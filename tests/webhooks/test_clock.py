"""The server's time held locally."""

import asyncio

import pytest
from pymongo.errors import ServerSelectionTimeoutError

from tests.conftest import Database
from webhooks import clock
from webhooks.clock import ServerClock

pytestmark = pytest.mark.mongo


async def test_a_database_that_was_away_does_not_end_the_corrections(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    twice = asyncio.Event()

    async def away(_: object) -> None:
        asked.append(len(asked))
        if len(asked) == 2:
            twice.set()
        raise ServerSelectionTimeoutError("away")

    monkeypatch.setattr(clock, "server_now", away)
    monkeypatch.setattr(clock, "MEASURE_EVERY", 0)
    measuring = asyncio.create_task(ServerClock(database).keep_measuring())
    async with asyncio.timeout(30):
        await twice.wait()
    assert not measuring.done()
    measuring.cancel()
    await asyncio.gather(measuring, return_exceptions=True)
