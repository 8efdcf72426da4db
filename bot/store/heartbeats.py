"""Which processes are alive and what they can read, told by themselves, on the database server's time.

A process of an earlier version that works next to a later one would drop what it does not know: it saves a lead without
it. So what is stored has a generation, heartbeats say up to which one their process reads, and a process that writes a
later one does not start next to it (`webhooks.processes.older_versions`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.store.driver import Collection, Database, aggregate

BEAT_SECONDS: Final = 4.0
"""Between two beats: next to a process of an earlier version, which takes five seconds of silence for death."""
ALIVE_SECONDS: Final = 10
"""Two beats may be late before others hold the process for dead."""
READS: Final = 1
"""The generation of what is stored that this version can read, or leave alone where it does not know it. Counted up
with the release that learns to read something which the one before would drop or be stopped by."""
WRITES: Final = 1
"""The generation that this version writes: that of `READS`, or the one before as long as both may run side by side.
0 was 0.2, whose heartbeats say nothing; 1 has changes and alarms, which 0.2 does not keep."""


@dataclass(frozen=True, slots=True)
class ToldBy:
    """Where a heartbeat comes from, for the person who has to find its process; empty where nobody said so."""

    release: str = ""
    host: str = ""
    pid: int = 0


@dataclass(frozen=True, slots=True)
class Beating:
    """A process that is alive, in one of its roles."""

    role: str
    process: str
    told_by: ToldBy
    seen_at: datetime


class Heartbeats:
    """One small document a process, in the collection `house`."""

    def __init__(self, database: Database, told_by: ToldBy | None = None, reads: int = READS) -> None:
        self._collection: Collection = database["house"]
        told = told_by or ToldBy()
        self._told: Final = {"reads": reads, "release": told.release, "host": told.host, "pid": told.pid}

    async def beat(self, role: str, process: str) -> None:
        """This process is alive, since its first beat; one that fell silent meanwhile counts from its return."""
        alive = {"$gte": ["$seen_at", {"$subtract": ["$$NOW", ALIVE_SECONDS * 1000]}]}
        change = {
            "role": {"$literal": role},
            "since": {"$cond": [alive, {"$ifNull": ["$since", "$$NOW"]}, "$$NOW"]},
            "seen_at": "$$NOW",
            **{name: {"$literal": said} for name, said in self._told.items()},
        }
        await self._collection.update_one({"_id": f"{role}:{process}"}, [{"$set": change}], upsert=True)

    async def stops(self, role: str, process: str) -> None:
        """This process ends cleanly."""
        await self._collection.delete_one({"_id": f"{role}:{process}"})

    async def up_for(self, role: str) -> float | None:
        """Seconds the longest running process of that role has been up; none when none is alive."""
        age = {"$divide": [{"$subtract": ["$$NOW", "$since"]}, 1000]}
        silent = {"$divide": [{"$subtract": ["$$NOW", "$seen_at"]}, 1000]}
        rows = await aggregate(
            self._collection,
            [
                {"$match": {"role": role}},
                {"$project": {"age": age, "silent": silent}},
                {"$match": {"silent": {"$lte": ALIVE_SECONDS}}},
                {"$group": {"_id": None, "age": {"$max": "$age"}}},
            ],
        )
        return float(rows[0]["age"]) if rows else None

    async def alive(self, role: str) -> tuple[str, ...]:
        """Which processes of that role are alive."""
        recent = {"$gte": ["$seen_at", {"$subtract": ["$$NOW", ALIVE_SECONDS * 1000]}]}
        rows = await self._collection.find({"role": role, "$expr": recent}, {"_id": 1}).to_list(None)
        return tuple(str(row["_id"]).removeprefix(f"{role}:") for row in rows)

    async def alive_before(self, generation: int) -> tuple[Beating, ...]:
        """Whoever is alive and cannot read that generation, by id; a heartbeat that says nothing is of before any."""
        silent = {"$divide": [{"$subtract": ["$$NOW", "$seen_at"]}, 1000]}
        rows = await aggregate(
            self._collection,
            [
                # what is no heartbeat of anybody stops nobody
                {"$match": {"role": {"$type": "string"}, "seen_at": {"$type": "date"}}},
                {"$match": {"reads": {"$not": {"$gte": generation}}}},
                {"$match": {"$expr": {"$lte": [silent, ALIVE_SECONDS]}}},
                {"$sort": {"_id": 1}},
            ],
        )
        return tuple(_beating(row) for row in rows)


def _beating(row: dict[str, Any]) -> Beating:
    release, host, pid = row.get("release"), row.get("host"), row.get("pid")
    told_by = ToldBy(str(release or ""), str(host or ""), pid if isinstance(pid, int) else 0)
    return Beating(row["role"], str(row["_id"]).removeprefix(f"{row['role']}:"), told_by, row["seen_at"])
