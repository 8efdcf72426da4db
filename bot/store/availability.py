"""`availability`: who of the staff is on duty, as they say themselves; no closed lid of a laptop says it for them."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import AgentId
from bot.store.driver import Collection, Database, Document


@dataclass(frozen=True, slots=True)
class Availability:
    """What a person says of their own time."""

    agent: AgentId
    on_duty: bool
    since: datetime
    capacity: int | None = None
    """How many waiting conversations they are given at most; none: as many as the business file says."""


class Availabilities:
    """The collection `availability`, a row for each person who ever said anything."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["availability"]

    async def say(self, agent: AgentId, now: datetime, *, on_duty: bool, capacity: int | None = None) -> Availability:
        """From now on they are, or are not, on duty; said again it stays since when."""
        same = {"$eq": ["$on_duty", on_duty]}
        row = {"on_duty": on_duty, "capacity": capacity, "since": {"$cond": [same, "$since", now]}}
        stored = await self._collection.find_one_and_update(
            {"_id": agent}, [{"$set": row}], upsert=True, return_document=True
        )
        return _read(stored)

    async def of(self, agent: AgentId) -> Availability | None:
        """What that person said; none where they never did."""
        row = await self._collection.find_one({"_id": agent})
        return None if row is None else _read(row)

    async def every(self) -> tuple[Availability, ...]:
        """All who ever said anything, by name."""
        return tuple(map(_read, await self._collection.find().sort("_id", 1).to_list(None)))


def _read(row: Document) -> Availability:
    return Availability(AgentId(row["_id"]), bool(row["on_duty"]), row["since"], row.get("capacity"))
