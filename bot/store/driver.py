"""The driver, met here and in `payments/store` alone: PyMongo's own async client, or Motor.

Only what both share is used; the three calls where they differ are hidden here, so that the switch is the one line of
`open_client` (ADR 19).
"""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pymongo
from bson.codec_options import CodecOptions, DatetimeConversion
from bson.errors import InvalidBSON, InvalidDocument
from pymongo import AsyncMongoClient
from pymongo.errors import BulkWriteError, DocumentTooLarge, PyMongoError, WriteError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

Database = Any
Collection = Any
Client = Any
Document = dict[str, Any]

WRITE_DEADLINE_MS = 3000
# one moment no calendar has, or one string that is no text, must not make a page of rows unreadable
READS_ANYTHING: CodecOptions[Document] = CodecOptions(
    tz_aware=True,
    datetime_conversion=DatetimeConversion.DATETIME_AUTO,
    unicode_decode_error_handler="replace",
)
IN_CALENDAR: Document = {
    "$type": "date",
    "$gte": datetime(1, 1, 2, tzinfo=UTC),
    "$lte": datetime(9999, 12, 30, tzinfo=UTC),
}
"""A moment that can be reckoned with: what is asked for its earliest moment must not find one of no year."""
STREAM_WAITS_MS = 2000
"""How long the server keeps a look at a change stream open when there is nothing to tell; so long a process may need to
end, since the driver has a thread in it."""
MAJORITY = WriteConcern(w="majority", wtimeout=WRITE_DEADLINE_MS)


_ROW_ERRORS = (WriteError, InvalidDocument, DocumentTooLarge, InvalidBSON, OverflowError)


def is_outage(error: BaseException) -> bool:
    """Whether it is the database that failed; else it is one row that cannot be read or written as it is."""
    if isinstance(error, BulkWriteError | TimeoutError):
        return True
    return isinstance(error, PyMongoError) and not isinstance(error, _ROW_ERRORS)


def open_motor(uri: str) -> Client:
    """A Motor client: a thread pool around PyMongo; `make prove` runs the contract tests on it too (ADR 19)."""
    # late: production does without it
    from motor.motor_asyncio import AsyncIOMotorClient

    return AsyncIOMotorClient(uri, **_manners())


def open_pymongo(uri: str) -> Client:
    """PyMongo's async client: no thread between the loop and the socket."""
    return AsyncMongoClient(uri, **_manners())


def _manners() -> Mapping[str, Any]:
    return {
        "tz_aware": True,
        "appname": "janji",
        "serverSelectionTimeoutMS": 5000,
        "connectTimeoutMS": 3000,
        "socketTimeoutMS": 20000,
        "retryWrites": True,
        # the server tells a change of the set by itself; this is how often it says that there is none
        "heartbeatFrequencyMS": 30_000,
    }


open_client: Callable[[str], Client] = open_pymongo


def database(client: Client, name: str) -> Database:
    """That database with majority writes and aware times."""
    return client.get_database(
        name,
        codec_options=READS_ANYTHING,
        write_concern=MAJORITY,
        read_concern=ReadConcern("majority"),
    )


async def settled(value: Any) -> Any:
    """The value, awaited if the driver in use made it awaitable."""
    return await value if inspect.isawaitable(value) else value


async def ended(*tasks: "asyncio.Task[None]") -> None:
    """They have ended: told until they do, since the driver loses a cancel that comes while it sends (ADR 19)."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=1)
    # what they raised on the way is nobody's any more
    await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """What is asked of the database in here has that long: PyMongoError or TimeoutError when it took longer."""
    # both: the driver gives up by itself, in case it loses the cancel (ADR 19), and nobody waits for one that hangs
    async with asyncio.timeout(seconds):
        with pymongo.timeout(seconds):
            yield


async def close(client: Client) -> None:
    """Let go of every connection."""
    await settled(client.close())


@asynccontextmanager
async def transaction(client: Client) -> AsyncIterator[Any]:
    """A session with a started transaction: committed at the end, aborted by an exception."""
    session = await settled(client.start_session())
    async with session:
        opened = session.start_transaction(write_concern=MAJORITY)
        async with await settled(opened):
            yield session


@asynccontextmanager
async def watching(target: Database, pipeline: Sequence[Document]) -> AsyncIterator[Any]:
    """A change stream; `await stream.next()` gives what changed."""
    stream = await settled(target.watch(list(pipeline), max_await_time_ms=STREAM_WAITS_MS))
    async with stream:
        yield stream


async def aggregate(collection: Collection, pipeline: Sequence[Document]) -> list[Document]:
    """All documents an aggregation yields."""
    cursor = await settled(collection.aggregate(list(pipeline)))
    documents: list[Document] = await cursor.to_list(None)
    return documents


async def server_now(target: Database) -> datetime:
    """The database server's clock, aware UTC."""
    reply = await target.command("hello", codec_options=CodecOptions(tz_aware=True))
    now: datetime = reply["localTime"]
    return now
