"""The database server's time, held locally: measured now and then, read without a round trip.

Doors stamp what they receive with it, so that bursts and due times of all processes share one clock.
"""

import asyncio
import contextlib
import time
from datetime import UTC, datetime, timedelta
from typing import Final

from pymongo.errors import PyMongoError

from bot.store.driver import Database, server_now

MEASURE_EVERY: Final = 30.0


class ServerClock:
    """The server's clock, off by at most the round trip it was measured with."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Our own clock until the first measurement: a door may be asked before the database answers.
        self._at = datetime.fromtimestamp(time.time(), UTC)
        self._monotonic = time.monotonic()

    def now(self) -> datetime:
        """The server's time, aware UTC."""
        # By the monotonic clock: a wall clock that is set meanwhile moves nothing.
        return self._at + timedelta(seconds=time.monotonic() - self._monotonic)

    async def measure(self) -> None:
        """Ask the server once."""
        self._at = await server_now(self._database)
        self._monotonic = time.monotonic()

    async def keep_measuring(self) -> None:
        """Ask again now and then, until cancelled."""
        while True:
            await asyncio.sleep(MEASURE_EVERY)
            # a database that is away for a while must not end the corrections for good
            with contextlib.suppress(PyMongoError):
                await self.measure()
