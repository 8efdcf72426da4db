"""What an outside task system has to hear of the tasks of this house, and when it is told next.

The mark stands in each task's own document, made by the same write as the change it is about: no death comes in
between. A task is marked until the state it has was told; what changed meanwhile stays marked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.store.driver import Collection, Database, Document

log = structlog.get_logger(__name__)

LOOK_AGAIN: Final = timedelta(hours=1)
"""Until one that nobody can read is looked at again."""
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
        query = {DUE: {"$lte": now, "$type": "date"}}
        wanted = {"booking": 1, "session": 1, "revision": 1, CARRIED: 1, TRIES: 1}
        subjects: dict[str, None] = {}
        for row in await self._collection.find(query, wanted).sort(DUE, 1).to_list(limit):
            subject = row.get("booking") or row.get("session") or row["_id"]
            if isinstance(subject, str) and _mark(row) is not None:
                subjects[subject] = None
            else:
                # it can neither be told nor marked as told: due again later, it heads no page meanwhile
                log.error("task_not_carriable", task=str(row["_id"]))
                await self._collection.update_one({"_id": row["_id"]}, {"$set": {DUE: now + LOOK_AGAIN}})
        return list(subjects)

    async def marks(self, subject: str) -> list[CarryMark]:
        """Every task of that booking or session, or that one task, as far as they can be marked."""
        # its type too: the index has only those of sessions, and is used by who says so
        of_session = {"session": {"$eq": subject, "$type": "string"}}
        query: Document = {"$or": [{"booking": subject}, of_session, {"_id": subject}]}
        wanted = {"revision": 1, CARRIED: 1, TRIES: 1}
        rows = await self._collection.find(query, wanted).sort("_id", 1).to_list(None)
        return [mark for row in rows if (mark := _mark(row)) is not None]

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


def _mark(row: Document) -> CarryMark | None:
    """A row's mark; none where nobody can say which task it is and how new."""
    name, revision = row["_id"], row.get("revision")
    if not isinstance(name, str) or not isinstance(revision, int):
        return None
    # ours alone: where they are broken it is told once more
    carried, tries = (count if isinstance(count := row.get(key), int) else 0 for key in (CARRIED, TRIES))
    return CarryMark(name, revision, carried, tries)
