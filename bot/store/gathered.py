"""Writes of one collection that are asked for at the same moment share one command, and so do looks at it.

Who writes waits until it is safe with the majority, as with a command of one's own; who looks is never told what an
older command saw. While one command is under way the next ones gather, so nobody waits for company: alone each leaves
at once, under load dozens leave together.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pymongo import UpdateMany, UpdateOne
from pymongo.errors import BulkWriteError

from bot.store.driver import Collection, Document, is_outage

AT_ONCE: Final = 500
LOOKS_AT_ONCE: Final = 100
"""Documents are read whole; so many of the largest are a few megabytes."""

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class GatheredWrite:
    """One update that may be made twice without harm: a batch in which another one failed is written again singly."""

    query: Document
    change: Document | list[Document]
    upsert: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class _Written:
    """What became of a write, as far as its batch tells."""

    made: bool
    """Whether it surely made its document."""
    found: bool
    """Whether it surely found the document that it asked for."""


_Waiting = tuple[GatheredWrite, "asyncio.Future[_Written]"]


class GatheredWrites:
    """Of one collection and one process; their order among each other is not kept."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._waiting: list[_Waiting] = []
        self._flushing: asyncio.Task[None] | None = None

    async def write(self, *writes: GatheredWrite) -> tuple[bool, ...]:
        """Each of them is done, and safe; raises what the driver raises for the first that is not. Of each whether it
        surely made its document; after trouble on the way one may have made it and not know."""
        return tuple(verdict.made for verdict in await self._all_of(writes))

    async def found(self, write: GatheredWrite) -> bool:
        """It is done, and safe. Whether it surely found its document; if not, only a look tells whether it did: of a
        batch the server says how many found theirs, and not which."""
        (verdict,) = await self._all_of((write,))
        return verdict.found

    async def _all_of(self, writes: Sequence[GatheredWrite]) -> tuple[_Written, ...]:
        if not writes:
            return ()
        loop = asyncio.get_running_loop()
        waiting: list[_Waiting] = [(write, loop.create_future()) for write in writes]
        self._waiting.extend(waiting)
        if self._flushing is None or self._flushing.done():
            # a task of its own: whoever asked first may be cancelled, the others still want their writes
            self._flushing = asyncio.create_task(self._flush())
        verdicts = list[_Written]()
        for verdict in await asyncio.gather(*(future for _, future in waiting), return_exceptions=True):
            if isinstance(verdict, BaseException):
                raise verdict
            verdicts.append(verdict)
        return tuple(verdicts)

    async def _flush(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            try:
                await self._written(batch)
            except Exception as error:
                _end(batch, error)
            except BaseException:
                # the loop ends; who still waits is told so
                _end([*batch, *self._waiting], ConnectionError("stopped"))
                self._waiting = []
                raise

    async def _written(self, batch: Sequence[_Waiting]) -> None:
        made: set[int] = set()
        kinds = [(UpdateMany if write.many else UpdateOne, write) for write, _ in batch]
        try:
            done = await self._collection.bulk_write(
                [kind(write.query, write.change, upsert=write.upsert) for kind, write in kinds], ordered=False
            )
        except BulkWriteError as error:
            if error.details.get("writeConcernErrors"):
                raise
            made = {one["index"] for one in error.details.get("upserted", ())}
        except Exception as error:
            if is_outage(error):
                raise
        else:
            made = set(done.upserted_ids or ())
            # what each of many writes found is summed up, and of more than one document says nothing
            all_found = done.matched_count + len(made) == len(batch) and not any(write.many for write, _ in batch)
            for place, pair in enumerate(batch):
                _end([pair], _Written(place in made, all_found))
            return
        # the error is of one of them; each gets its own verdict
        for place, pair in enumerate(batch):
            write = pair[0]
            update: Any = self._collection.update_many if write.many else self._collection.update_one
            try:
                done = await update(write.query, write.change, upsert=write.upsert)
            except Exception as error:
                _end([pair], error)
            else:
                is_made = place in made or done.upserted_id is not None
                _end([pair], _Written(is_made, is_made or done.matched_count > 0))


def _end(batch: Sequence[tuple[Any, "asyncio.Future[Any]"]], verdict: object) -> None:
    for _, future in batch:
        if future.done():
            continue
        if isinstance(verdict, BaseException):
            future.set_exception(verdict)
        else:
            future.set_result(verdict)


class GatheredLooks(Generic[_Found]):
    """What is asked of one collection by one key each: `ask` finds for many keys what it would find for each."""

    def __init__(
        self, ask: Callable[[Sequence[str]], Awaitable[Mapping[str, _Found]]], at_once: int = LOOKS_AT_ONCE
    ) -> None:
        self._ask = ask
        self._at_once = at_once
        self._waiting: list[tuple[str, asyncio.Future[_Found | None]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def find(self, key: str) -> _Found | None:
        """What is there under that key now; raises what the driver raises."""
        future: asyncio.Future[_Found | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, future))
        if self._asking is None or self._asking.done():
            # a task of its own: whoever asked first may be cancelled, the others still want to know
            self._asking = asyncio.create_task(self._ask_for_all())
        return await future

    async def _ask_for_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._at_once], self._waiting[self._at_once :]
            try:
                await self._asked(batch)
            except BaseException:
                # the loop ends; who still waits is told so
                _end([*batch, *self._waiting], ConnectionError("stopped"))
                self._waiting = []
                raise

    async def _asked(self, batch: Sequence[tuple[str, "asyncio.Future[_Found | None]"]]) -> None:
        try:
            found = await self._ask(list(dict.fromkeys(key for key, _ in batch)))
        except Exception as error:
            if is_outage(error) or len(batch) == 1:
                _end(batch, error)
                return
            # one row that cannot be read is one row's trouble
            for pair in batch:
                await self._asked([pair])
            return
        for pair in batch:
            _end([pair], found.get(pair[0]))


def by_id(
    collection: Collection, only: Document | None = None, where: Document | None = None
) -> GatheredLooks[Document]:
    """Documents by their `_id`; `only` as a projection, `where` what else has to be true of them."""

    async def ask(keys: Sequence[str]) -> Mapping[str, Document]:
        wanted = keys[0] if len(keys) == 1 else {"$in": list(keys)}
        rows = await collection.find({"_id": wanted, **(where or {})}, only).to_list(None)
        return {row["_id"]: row for row in rows}

    return GatheredLooks(ask)
