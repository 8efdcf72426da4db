"""The collection `waiting`: everybody who waits for a time, by rank, and the time that is kept for whom.

Two hands write a row. Its customer's lead says what it waits for, what it answered and how it ended; an older word of
it never undoes a newer one. The sweep says which time is kept for it, by a write that only one sweep can make.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from pydantic import TypeAdapter, ValidationError
from pymongo.errors import DuplicateKeyError

from bot.domain.ids import LeadId
from bot.domain.waiting import KeptTime, RecordWaiting, WaitingEntry
from bot.store.driver import Collection, Database, Document

log = structlog.get_logger(__name__)

_ENTRIES: Final[TypeAdapter[WaitingEntry]] = TypeAdapter(WaitingEntry)
_KEPT: Final[TypeAdapter[KeptTime]] = TypeAdapter(KeptTime)
OPEN: Final = "open"
ENDED: Final = "ended"


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One who waits, or waited, as the house sees them."""

    entry: WaitingEntry
    lead: LeadId
    kept: KeptTime | None
    """The last time that was kept for them; their lead may not have heard of it yet."""
    is_told: bool
    changed_at: datetime
    is_open: bool = True

    @property
    def pending(self) -> KeptTime | None:
        """The time that is kept for them and neither answered nor passed on, as far as is known."""
        return self.kept if self.kept is not None and self.kept.number > self.entry.settled else None

    @property
    def next_number(self) -> int:
        """Of the next time that is kept for them."""
        return 1 + max(self.entry.settled, 0 if self.kept is None else self.kept.number)


class WaitingRows:
    """The collection `waiting`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["waiting"]

    async def create_indexes(self) -> None:
        """Those who wait, by rank; those whose wait is over, the last first; and all of a customer's."""
        await self._collection.create_index([("state", 1), ("joined_at", 1), ("_id", 1)])
        await self._collection.create_index([("state", 1), ("changed_at", -1), ("_id", 1)])
        await self._collection.create_index([("lead", 1), ("joined_at", 1)])

    async def record(self, order: RecordWaiting) -> None:
        """How it stands by its lead's word; an older one changes nothing."""
        entry = order.entry
        row: Document = {
            "lead": order.lead,
            "state": OPEN if entry.ended is None else ENDED,
            "joined_at": entry.joined_at,
            "changed_at": order.at,
            "revision": entry.revision,
            "settled": entry.settled,
            "entry": _ENTRIES.dump_python(entry, mode="json"),
        }
        fresh = {"kept": None, "told": True, "number": 0}
        older = {"_id": entry.id, "revision": {"$lt": entry.revision}}
        try:
            await self._collection.update_one(older, {"$set": row, "$setOnInsert": fresh}, upsert=True)
        except DuplicateKeyError:
            # it stands there newer, or as new
            return

    async def open_rows(self) -> list[WaitingRow]:
        """Everybody who waits, whoever joined first before the others; what cannot be read hides none of them."""
        found = self._collection.find({"state": OPEN}).sort([("joined_at", 1), ("_id", 1)])
        return list(_readable(await found.to_list(None)))

    async def ended_rows(self, limit: int = 50) -> list[WaitingRow]:
        """Whose wait is over, the last first."""
        found = self._collection.find({"state": ENDED}).sort([("changed_at", -1), ("_id", 1)])
        return list(_readable(await found.to_list(limit)))

    async def of(self, lead: LeadId) -> list[WaitingRow]:
        """Everything one customer waits or waited for, the first joined first."""
        found = self._collection.find({"lead": lead}).sort([("joined_at", 1)])
        return list(_readable(await found.to_list(None)))

    async def find(self, name: str) -> WaitingRow | None:
        """One row as it stands now."""
        row = await self._collection.find_one({"_id": name})
        return next(_readable([row]), None) if row is not None else None

    async def keep(self, row: WaitingRow, kept: KeptTime) -> bool:
        """That time is to be kept for them, unless anything of the row was written since it was read."""
        guard = {
            "_id": row.entry.id,
            "state": OPEN,
            "revision": row.entry.revision,
            "number": 0 if row.kept is None else row.kept.number,
        }
        wanted = {"kept": _KEPT.dump_python(kept, mode="json"), "number": kept.number, "told": False}
        return bool((await self._collection.update_one(guard, {"$set": wanted})).matched_count)

    async def told(self, row: WaitingRow, kept: KeptTime) -> None:
        """Their lead has the news of it."""
        guard = {"_id": row.entry.id, "number": kept.number}
        await self._collection.update_one(guard, {"$set": {"told": True}})

    async def give_up(self, row: WaitingRow, kept: KeptTime) -> None:
        """It could not be kept after all, and nobody was told: its number is used up."""
        guard = {"_id": row.entry.id, "number": kept.number, "told": False}
        await self._collection.update_one(guard, {"$set": {"settled_by_house": kept.number, "told": True}})


def _readable(rows: list[Document]) -> Iterator[WaitingRow]:
    for row in rows:
        try:
            yield _read(row)
        except (KeyError, ValueError, TypeError, ValidationError) as error:
            log.error("waiting_unreadable", entry=str(row.get("_id")), problem=type(error).__name__)


def _read(row: Document) -> WaitingRow:
    entry = _ENTRIES.validate_python(row["entry"])
    kept = None if row.get("kept") is None else _KEPT.validate_python(row["kept"])
    given_up = int(row.get("settled_by_house", 0))
    if given_up > entry.settled:
        # never told of it, their lead knows nothing of that number
        entry = _ENTRIES.validate_python(row["entry"] | {"settled": given_up})
    return WaitingRow(entry, LeadId(row["lead"]), kept, bool(row["told"]), row["changed_at"], row["state"] == OPEN)
