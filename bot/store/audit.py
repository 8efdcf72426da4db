"""`audit`: what changed, by whom, why; append-only, written under the id of the effect that carried it."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.commands import RecordAudit
from bot.domain.ids import EffectId, LeadId
from bot.store.driver import Collection, Database


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of a lead's history."""

    id: EffectId
    what: str
    by: str
    at: datetime
    facts: tuple[tuple[str, str], ...]


class Audit:
    """The collection `audit`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["audit"]

    async def write(self, lead: LeadId, effect: EffectId, record: RecordAudit) -> None:
        """Write it; the same effect a second time changes nothing."""
        document = {
            "lead": lead,
            "what": record.what,
            "by": record.by,
            "at": record.at,
            "facts": [list(fact) for fact in record.facts],
        }
        await self._collection.update_one({"_id": effect}, {"$setOnInsert": document}, upsert=True)

    async def of(self, lead: LeadId) -> list[AuditEntry]:
        """A lead's history, oldest first."""
        rows = await self._collection.find({"lead": lead}).to_list(None)
        entries = [
            AuditEntry(
                id=EffectId(row["_id"]),
                what=row["what"],
                by=row["by"],
                at=row["at"],
                facts=tuple((key, value) for key, value in row["facts"]),
            )
            for row in rows
        ]
        return sorted(entries, key=_place)


def _place(entry: AuditEntry) -> tuple[datetime, str, int]:
    """What one event recorded stays in the order of its effects: the tenth comes after the ninth."""
    event, _, number = entry.id.rpartition(":")
    return (entry.at, event, int(number)) if number.isdecimal() else (entry.at, entry.id, 0)
