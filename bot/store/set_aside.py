"""What this house has set aside, counted now and then by the worker, for readiness and metrics to show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.store.driver import Collection, Database


@dataclass(frozen=True, slots=True)
class SetAside:
    """How much of each kind waits for a person or another version, as counted then."""

    counts: Mapping[str, int]
    at: datetime
    since: Mapping[str, datetime] = field(default_factory=dict)
    """Since when there is any of it without a break, by kind."""


class SetAsideCounts:
    """The document `set_aside` of the collection `house`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["house"]

    async def tell(self, counts: Mapping[str, int]) -> None:
        """So much it is now."""
        # as an expression, so that what is over is not kept from before
        began = {kind: {"$ifNull": [f"$since.{kind}", "$$NOW"]} for kind, count in counts.items() if count}
        since = {"$mergeObjects": [began]}
        change = {"counts": {"$literal": dict(counts)}, "at": "$$NOW", "since": since}
        await self._collection.update_one({"_id": "set_aside"}, [{"$set": change}], upsert=True)

    async def last(self) -> SetAside | None:
        """The last count; none before the first."""
        row = await self._collection.find_one({"_id": "set_aside"})
        return None if row is None else SetAside(dict(row["counts"]), row["at"], dict(row.get("since") or {}))
