"""The driver, met here and in `payments/store` alone: Motor, or PyMongo's own async client.

Only what both share is used; the three calls where they differ are hidden here, so that the switch is the one line of
`open_client` (ADR 16).
"""

import inspect
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from bson.codec_options import CodecOptions, DatetimeConversion
from bson.errors import InvalidBSON, InvalidDocument
from motor.motor_asyncio import AsyncIOMotorClient
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
    """A Motor client: the owner's driver, a thread pool around PyMongo; the contract tests run on it too."""
    return AsyncIOMotorClient(uri, **_manners())


def open_pymongo(uri: str) -> Client:
    """PyMongo's async client: no thread between the loop and the socket, and not yet taken (ADR 16)."""
    return AsyncMongoClient(uri, **_manners())


def _manners() -> Mapping[str, Any]:
    return {
        "tz_aware": True,
        "appname": "janji",
        "serverSelectionTimeoutMS": 5000,
        "connectTimeoutMS": 3000,
        "socketTimeoutMS": 20000,
        "retryWrites": True,
    }


open_client: Callable[[str], Client] = open_motor


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
