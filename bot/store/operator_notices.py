"""`operator_notices`: what somebody who runs the house should know, and no customer: news about the account, a message
in a group. Kept under the delivery it came with, so that it is written once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.store.driver import Collection, Database, Document


@dataclass(frozen=True, slots=True)
class OperatorNotice:
    """One notice; facts are in the sender's own words, cleaned and short, and name no customer."""

    id: str
    kind: str
    gravity: str
    facts: tuple[tuple[str, str], ...]
    at: datetime
    is_seen: bool = False


class OperatorNotices:
    """The collection `operator_notices`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["operator_notices"]

    async def record(self, notice: OperatorNotice) -> None:
        """Write it; the second time changes nothing."""
        document = {
            "kind": notice.kind,
            "gravity": notice.gravity,
            "facts": [list(fact) for fact in notice.facts],
            "at": notice.at,
            "seen": notice.is_seen,
        }
        await self._collection.update_one({"_id": notice.id}, {"$setOnInsert": document}, upsert=True)

    async def listed(self, limit: int = 100) -> list[OperatorNotice]:
        """The newest ones."""
        return [_notice(row) for row in await self._collection.find({}).sort("at", -1).to_list(limit)]

    async def unseen_ones(self, gravities: Sequence[str], limit: int = 100) -> list[OperatorNotice]:
        """Those of these that nobody has looked at."""
        query = {"seen": False, "gravity": {"$in": list(gravities)}}
        return [_notice(row) for row in await self._collection.find(query).to_list(limit)]

    async def unseen(self, gravities: Sequence[str]) -> int:
        """How many of these nobody has looked at."""
        count: int = await self._collection.count_documents({"seen": False, "gravity": {"$in": list(gravities)}})
        return count

    async def mark_one_seen(self, notice: str) -> None:
        """Somebody has looked at that one."""
        await self._collection.update_one({"_id": notice}, {"$set": {"seen": True}})

    async def mark_seen(self) -> int:
        """Somebody has looked at all of them; how many were new."""
        done = await self._collection.update_many({"seen": False}, {"$set": {"seen": True}})
        return int(done.modified_count)


def _notice(row: Document) -> OperatorNotice:
    return OperatorNotice(
        id=row["_id"],
        kind=row["kind"],
        gravity=row["gravity"],
        facts=tuple((key, value) for key, value in row["facts"]),
        at=row["at"],
        is_seen=row["seen"],
    )
