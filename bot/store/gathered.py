"""Writes of one collection that are asked for at the same moment share one command.

Who writes waits until it is safe with the majority, as with a command of one's own. While one command is under way the
next ones gather, so nobody waits for company: alone a write leaves at once, under load dozens leave together.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pymongo import UpdateMany, UpdateOne
from pymongo.errors import BulkWriteError

from bot.store.driver import Collection, Document, is_outage

AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class GatheredWrite:
    """One update that may be made twice without harm: a batch in which another one failed is written again singly."""

    query: Document
    change: Document | list[Document]
    upsert: bool = False
    many: bool = False


_Waiting = tuple[GatheredWrite, "asyncio.Future[None]"]


class GatheredWrites:
    """Of one collection and one process; their order among each other is not kept."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._waiting: list[_Waiting] = []
        self._flushing: asyncio.Task[None] | None = None

    async def write(self, *writes: GatheredWrite) -> None:
        """Each of them is done, and safe; raises what the driver raises for the first that is not."""
        loop = asyncio.get_running_loop()
        waiting: list[_Waiting] = [(write, loop.create_future()) for write in writes]
        self._waiting.extend(waiting)
        if self._flushing is None or self._flushing.done():
            # a task of its own: whoever asked first may be cancelled, the others still want their writes
            self._flushing = asyncio.create_task(self._flush())
        for error in await asyncio.gather(*(future for _, future in waiting), return_exceptions=True):
            if error is not None:
                raise error

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
        kinds = [(UpdateMany if write.many else UpdateOne, write) for write, _ in batch]
        try:
            await self._collection.bulk_write(
                [kind(write.query, write.change, upsert=write.upsert) for kind, write in kinds], ordered=False
            )
        except BulkWriteError as error:
            if error.details.get("writeConcernErrors"):
                raise
        except Exception as error:
            if is_outage(error):
                raise
        else:
            _end(batch)
            return
        # the error is of one of them; each gets its own verdict
        for pair in batch:
            write = pair[0]
            update: Any = self._collection.update_many if write.many else self._collection.update_one
            try:
                await update(write.query, write.change, upsert=write.upsert)
            except Exception as error:
                _end([pair], error)
            else:
                _end([pair])


def _end(batch: Sequence[_Waiting], error: BaseException | None = None) -> None:
    for _, future in batch:
        if future.done():
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)
