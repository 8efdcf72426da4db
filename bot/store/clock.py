"""The two clocks. Business time is what customers see; real time is the machine's.

Business time is real time plus an offset kept in one document and read by all processes; only demo and tests move it,
and a live payment key forbids it (architecture 4).
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from bot.store.driver import Collection, Database, server_now
from bot.store.gathered import GatheredLooks, by_id

CACHED_FOR: Final = 0.5
SERVER_TIME_GOOD_FOR: Final = 30.0
"""Seconds for which two clocks of today's machines run alike; where a moment decides who may act, `$$NOW` is asked."""


class LiveKeyPresent(Exception):
    """Business time is not moved while a live key is set: real customers live in real time."""


class Clock(Protocol):
    """Tells business time."""

    async def business_now(self) -> datetime:
        """Business time, aware UTC."""


def real_now() -> datetime:
    """This machine's time, aware UTC; leases and due times take the database server's instead."""
    return datetime.fromtimestamp(time.time(), UTC)


class ServerClockReading:
    """The database server's clock, read now and then and counted on from there by this machine's monotonic clock."""

    def __init__(self, database: Database, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._monotonic = monotonic
        self._read: tuple[datetime, float] | None = None
        self._looks = GatheredLooks(self._asked)

    async def now(self) -> datetime:
        """The server's time, by a reading of half a minute ago at most."""
        read = self._read
        if read is None or self._monotonic() - read[1] > SERVER_TIME_GOOD_FOR:
            read = await self._looks.find("")
            assert read is not None, "whoever asks is answered"
        told, at = read
        return told + timedelta(seconds=self._monotonic() - at)

    async def _asked(self, _: Sequence[str]) -> dict[str, tuple[datetime, float]]:
        # stamped after the answer: the reading is never ahead of the server
        self._read = (await server_now(self._database), self._monotonic())
        return {"": self._read}


class BusinessClock:
    """Real time plus the offset in `house/clock`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["house"]
        self._looks = by_id(self._collection)
        self._offset = timedelta()
        self._read_at: float | None = None
        self._told: datetime | None = None

    async def business_now(self) -> datetime:
        """Business time; the offset is read again twice a second at most."""
        if self._read_at is None or time.monotonic() - self._read_at > CACHED_FOR:
            await self._read()
        # A machine whose clock is set back brings no deadline back; only a moved offset may.
        now = real_now() + self._offset
        self._told = now if self._told is None else max(now, self._told)
        return self._told

    async def offset(self) -> timedelta:
        """How far business time is from real time, read again."""
        await self._read()
        return self._offset

    async def move(self, by: timedelta, *, live_key: bool) -> datetime:
        """Move business time for all processes; LiveKeyPresent where real money is."""
        if live_key:
            raise LiveKeyPresent("a live key is set")
        change = {"$inc": {"offset_ms": int(by / timedelta(milliseconds=1))}}
        await self._collection.update_one({"_id": "clock"}, change, upsert=True)
        await self._read()
        return real_now() + self._offset

    async def reset(self, *, live_key: bool) -> None:
        """Business time is real time again."""
        if live_key:
            raise LiveKeyPresent("a live key is set")
        await self._collection.delete_one({"_id": "clock"})
        await self._read()

    async def _read(self) -> None:
        row = await self._looks.find("clock")
        offset = timedelta(milliseconds=0 if row is None else row["offset_ms"])
        if offset != self._offset:
            self._offset, self._told = offset, None
        self._read_at = time.monotonic()
