"""`attention`: what waits for a person, one document a cause under a name made of it; never deleted.

A row is written by whoever saw its cause, and each change of it is guarded by the revision that was read: of two at the
same moment one is made again on what the other left. Which way it ends is decided by its cause alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from pydantic import TypeAdapter
from pymongo.errors import DuplicateKeyError

from bot.domain.attention import Attention, Severity
from bot.store.driver import IN_CALENDAR, Collection, Database, Document, aggregate, server_now
from bot.store.paging import cursor_of, place_of

log = structlog.get_logger(__name__)

_ROWS: Final = TypeAdapter(Attention)
_OPEN: Final = {"is_open": True}
_UNRECORDED: Final = {"is_unrecorded": True}
MOST_LOOKED_AT: Final = 200


@dataclass(frozen=True, slots=True)
class AttentionQuery:
    """Which open rows; what is not said is any."""

    owner: str | None = None
    also: tuple[str, ...] = ()
    """By which other names the same owner has rows."""
    is_unowned: bool = False
    severity: Severity | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class AttentionPage:
    """Some rows of a long list, and where the next ones begin."""

    rows: tuple[Attention, ...]
    next_cursor: str | None


class AttentionRows:
    """The collection `attention`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["attention"]

    async def create_indexes(self) -> None:
        """Open rows are few: by deadline, by their next look, and what has to be brought or carried somewhere."""
        for keys in ([("due_by", 1), ("_id", 1)], [("next_at", 1)]):
            # what is asked for begins the key, or an index of few rows is not used by who asks for all of them
            await self._collection.create_index([("is_open", 1), *keys], partialFilterExpression=_OPEN)
        for key in ("untold_since", "carry_at"):
            await self._collection.create_index([(key, 1)], partialFilterExpression={key: {"$type": "date"}})
        await self._collection.create_index([("is_unrecorded", 1)], partialFilterExpression=_UNRECORDED)

    async def server_now(self) -> datetime:
        """The database server's clock."""
        return await server_now(self._collection.database)

    async def insert(self, row: Attention, *, carry_at: datetime | None = None) -> bool:
        """Stored for the first time; False where it is there, open or ended."""
        try:
            await self._collection.insert_one({"_id": row.id, **_document(row, carry_at)})
        except DuplicateKeyError:
            return False
        return True

    async def find(self, wanted: str) -> Attention | None:
        """One row; none where there is none, or none that can be read."""
        row = await self._collection.find_one({"_id": wanted})
        return None if row is None else _read(row)

    async def change(
        self, wanted: str, step: Callable[[Attention], Attention], *, carry_at: datetime | None = None
    ) -> Attention | None:
        """The row after this step, taken again on the newer row when somebody was faster; none where there is none."""
        while (row := await self.find(wanted)) is not None:
            changed = step(row)
            # a step that changes nothing writes nothing, so nobody else's is lost to it
            if changed == row or await self._saved(changed, row.revision, carry_at):
                return changed
        return None

    async def _saved(self, row: Attention, over: int, carry_at: datetime | None) -> bool:
        guard = {"_id": row.id, "revision": over}
        result = await self._collection.update_one(guard, {"$set": _document(row, carry_at)})
        return bool(result.matched_count)

    # What has to be looked at -----------------------------------------------------------------------------------------

    async def open_rows(self) -> list[Attention]:
        """All that is open: as many as people have to do."""
        return _readable(await self._collection.find(_OPEN).to_list(None))

    async def to_look_at(self, now: datetime) -> list[Attention]:
        """Open ones whose next look has come, the first first."""
        query = _OPEN | {"next_at": {"$lte": now}}
        return _readable(await self._collection.find(query).sort("next_at", 1).to_list(MOST_LOOKED_AT))

    async def untold(self) -> list[Attention]:
        """Those of which somebody has to be told in truth, the longest waiting first."""
        query = {"untold_since": {"$type": "date"}}
        return _readable(await self._collection.find(query).sort("untold_since", 1).to_list(MOST_LOOKED_AT))

    async def unrecorded(self) -> list[Attention]:
        """Those with something that somebody did and that does not stand in the audit yet."""
        return _readable(await self._collection.find(_UNRECORDED).to_list(MOST_LOOKED_AT))

    async def recorded(self, row: Attention) -> None:
        """All of it stands in the audit; what was done since stays to be written."""
        # the revision stays: nothing that anybody is told of has changed
        guard = {"_id": row.id, "revision": row.revision}
        await self._collection.update_one(guard, {"$set": {"unrecorded": [], "is_unrecorded": False}})

    async def next_look_at(self, now: datetime) -> datetime | None:
        """When the next of them wants to be looked at, in business time."""
        query = _OPEN | {"next_at": IN_CALENDAR | {"$gt": now}}
        row = await self._collection.find_one(query, {"next_at": 1}, sort=[("next_at", 1)])
        return None if row is None else row["next_at"]

    async def to_carry(self, server_now: datetime) -> list[Attention]:
        """Those of which the address of the business has to hear, on the database server's time."""
        query = {"carry_at": {"$type": "date", "$lte": server_now}}
        return _readable(await self._collection.find(query).sort("carry_at", 1).to_list(MOST_LOOKED_AT))

    async def carried(self, row: Attention) -> None:
        """It was heard as it stands in that revision; what has come since is carried again."""
        await self._collection.update_one({"_id": row.id, "revision": row.revision}, {"$set": {"carry_at": None}})

    async def carry_later(self, row: Attention, at: datetime) -> None:
        """It was not heard."""
        await self._collection.update_one({"_id": row.id}, {"$set": {"carry_at": at}})

    # Read -------------------------------------------------------------------------------------------------------------

    async def page(self, query: AttentionQuery, limit: int, cursor: str | None) -> AttentionPage:
        """Open rows, the earliest deadline first; BadCursor."""
        wanted: Document = dict(_OPEN)
        if query.owner is not None and query.also:
            wanted["owner"] = {"$in": [query.owner, *query.also]}
        elif query.owner is not None or query.is_unowned:
            wanted["owner"] = query.owner
        if query.severity is not None:
            wanted["severity"] = query.severity.value
        if query.reason is not None:
            wanted["cause.reason"] = query.reason
        if cursor is not None:
            place = place_of(cursor)
            behind = [{"due_by": {"$gt": place.at}}, {"due_by": place.at, "_id": {"$gt": place.keys[0]}}]
            wanted = {"$and": [wanted, {"due_by": {"$gte": place.at}}, {"$or": behind}]}
        rows = await self._collection.find(wanted).sort([("due_by", 1), ("_id", 1)]).to_list(limit + 1)
        shown = rows[:limit]
        following = cursor_of(shown[-1]["due_by"], str(shown[-1]["_id"])) if len(rows) > limit else None
        return AttentionPage(tuple(_readable(shown)), following)

    async def counts(self) -> dict[tuple[str, Severity], int]:
        """How many are open, by reason and severity."""
        by = {"reason": "$cause.reason", "severity": "$severity"}
        rows = await aggregate(self._collection, [{"$match": _OPEN}, {"$group": {"_id": by, "count": {"$sum": 1}}}])
        return {(row["_id"]["reason"], Severity(row["_id"]["severity"])): int(row["count"]) for row in rows}


def _document(row: Attention, carry_at: datetime | None) -> Document:
    document: Document = _ROWS.dump_python(row)
    document.pop("id")
    document |= {"severity": row.severity.value, "is_open": row.is_open}
    document["ended"] = None if row.ended is None else row.ended.value
    document["cause"]["about"] = row.cause.about.value
    # lists, since tuples come back as lists
    document["cause"]["facts"] = [list(fact) for fact in row.cause.facts]
    document["asked"] = list(document["asked"])
    document["unrecorded"] = list(document["unrecorded"])
    document["is_unrecorded"] = bool(row.unrecorded)
    return document if carry_at is None else document | {"carry_at": carry_at}


def _read(row: Document) -> Attention | None:
    """The row of that document; one that cannot be read hides none of the others."""
    try:
        fields: dict[str, Any] = {name: row[name] for name in Attention.__dataclass_fields__ if name in row}
        return _ROWS.validate_python(fields | {"id": row["_id"]})
    except Exception as error:  # a column is missing, of another kind, or no moment of any calendar
        log.error("attention_unreadable", attention=str(row.get("_id")), problem=type(error).__name__)
        return None


def _readable(rows: Sequence[Document]) -> list[Attention]:
    return [read for row in rows if (read := _read(row)) is not None]
