"""What an outside task system has to hear of the tasks of this house, and when it is told next.

The mark stands in each task's own document, made by the same write as the change it is about: no death comes in
between. A task is marked until the state it has was told; what changed meanwhile stays marked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.store.driver import Collection, Database, Document

DUE: Final = "carry_at"
"""When the outside system is told, in business time; a task that was told has none."""
TRIES: Final = "carry_tries"
CARRIED: Final = "carried"
"""The last revision it was told."""


@dataclass(frozen=True, slots=True)
class CarryMark:
    """A task as it stood before it is told."""

    task: str
    revision: int
    carried: int
    tries: int


class CarriedTasks:
    """The marks in the collection `tasks`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["tasks"]

    async def create_indexes(self) -> None:
        """Those to be told are few."""
        await self._collection.create_index([(DUE, 1)], partialFilterExpression={DUE: {"$type": "date"}})

    async def due(self, now: datetime, limit: int = 200) -> list[str]:
        """Bookings, sessions, and tasks of neither, of which something is to be told; the longest waiting first."""
        found = self._collection.find({DUE: {"$lte": now}}, {"booking": 1, "session": 1}).sort(DUE, 1)
        rows = await found.to_list(limit)
        return list(dict.fromkeys(str(row.get("booking") or row.get("session") or row["_id"]) for row in rows))

    async def marks(self, subject: str) -> list[CarryMark]:
        """Every task of that booking or session, or that one task."""
        # its type too: the index has only those of sessions, and is used by who says so
        of_session = {"session": {"$eq": subject, "$type": "string"}}
        query: Document = {"$or": [{"booking": subject}, of_session, {"_id": subject}]}
        wanted = {"revision": 1, CARRIED: 1, TRIES: 1}
        rows = await self._collection.find(query, wanted).sort("_id", 1).to_list(None)
        return [
            CarryMark(str(row["_id"]), int(row["revision"]), int(row.get(CARRIED, 0)), int(row.get(TRIES, 0)))
            for row in rows
        ]

    async def told(self, marks: Sequence[CarryMark]) -> None:
        """They were told as they stood; one that was written since stays due."""
        for mark in marks:
            guard = {"_id": mark.task, "revision": mark.revision}
            told: Document = {"$set": {CARRIED: mark.revision}, "$unset": {DUE: "", TRIES: ""}}
            await self._collection.update_one(guard, told)

    async def put_off(self, marks: Sequence[CarryMark], until: datetime) -> None:
        """It could not be told; those that are still to be told are due again then."""
        for mark in marks:
            guard = {"_id": mark.task, "revision": mark.revision, DUE: {"$type": "date"}}
            await self._collection.update_one(guard, {"$set": {DUE: until, TRIES: mark.tries + 1}})

    async def count_stuck(self, tries: int) -> int:
        """How many could not be told so often."""
        query: Document = {DUE: {"$type": "date"}, TRIES: {"$gte": tries}}
        return int(await self._collection.count_documents(query))
