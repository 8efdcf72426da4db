"""Which processes are alive, told by themselves, on the database server's time."""

from typing import Final

from bot.store.driver import Collection, Database, aggregate

ALIVE_SECONDS: Final = 5


class Heartbeats:
    """One small document a process, in the collection `house`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["house"]

    async def beat(self, role: str, process: str) -> None:
        """This process is alive, since its first beat; one that fell silent meanwhile counts from its return."""
        alive = {"$gte": ["$seen_at", {"$subtract": ["$$NOW", ALIVE_SECONDS * 1000]}]}
        change = {
            "role": {"$literal": role},
            "since": {"$cond": [alive, {"$ifNull": ["$since", "$$NOW"]}, "$$NOW"]},
            "seen_at": "$$NOW",
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
