"""`audit`: what changed, by whom, why; append-only, written under the id of the effect that carried it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.domain.commands import RecordAudit
from bot.domain.ids import EffectId, EventId, LeadId
from bot.store import driver
from bot.store.driver import Database, Document
from bot.store.gathered import GatheredWrite, GatheredWrites

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of a lead's history."""

    id: EffectId
    what: str
    by: str
    at: datetime
    facts: tuple[tuple[str, str], ...]

    @property
    def role(self) -> str | None:
        """In which role it was done; none for what was written before people had accounts."""
        return dict(self.facts).get("role")


class Audit:
    """The collection `audit`."""

    def __init__(self, database: Database) -> None:
        self._collection: driver.Collection = database["audit"]
        self._writes = GatheredWrites(self._collection)

    async def write(self, lead: LeadId, effect: EffectId, record: RecordAudit) -> None:
        """Write it; the same effect a second time changes nothing."""
        document = {
            "lead": lead,
            "what": record.what,
            "by": record.by,
            "at": record.at,
            "facts": [list(fact) for fact in record.facts],
        }
        await self._writes.write(GatheredWrite({"_id": effect}, {"$setOnInsert": document}, upsert=True))

    async def of(self, lead: LeadId) -> list[AuditEntry]:
        """A lead's history, oldest first."""
        return _entries(await self._collection.find({"lead": lead}).to_list(None))

    async def of_event(self, event: EventId) -> list[AuditEntry]:
        """What one event recorded."""
        # a range of `_id`, which needs no other index: `;` is the character after `:`
        query = {"_id": {"$gte": f"{event}:", "$lt": f"{event};"}}
        return _entries(await self._collection.find(query).to_list(None))

    async def of_all(self, leads: Collection[LeadId], what: str) -> dict[LeadId, list[AuditEntry]]:
        """What of that kind stands in the history of each of these leads, oldest first."""
        found: dict[LeadId, list[Document]] = {lead: [] for lead in leads}
        async for row in self._collection.find({"lead": {"$in": sorted(found)}, "what": what}):
            found[row["lead"]].append(row)
        return {lead: _entries(rows) for lead, rows in found.items()}


def _entries(rows: Sequence[Document]) -> list[AuditEntry]:
    """Those that can be read, oldest first; one that cannot hides none of the others."""
    read: list[AuditEntry] = []
    for row in rows:
        try:
            if not (isinstance(row["at"], datetime) and isinstance(row["by"], str) and isinstance(row["what"], str)):
                raise TypeError("a column of another kind")
            read.append(
                AuditEntry(
                    id=EffectId(row["_id"]),
                    what=row["what"],
                    by=row["by"],
                    at=row["at"],
                    facts=tuple((key, value) for key, value in row["facts"]),
                )
            )
        except (KeyError, ValueError, TypeError) as error:
            log.error("audit_entry_unreadable", problem=type(error).__name__)
    return sorted(read, key=_place)


def _place(entry: AuditEntry) -> tuple[datetime, str, int]:
    """What one event recorded stays in the order of its effects: the tenth comes after the ninth."""
    event, _, number = entry.id.rpartition(":")
    return (entry.at, event, int(number)) if number.isdecimal() else (entry.at, entry.id, 0)
