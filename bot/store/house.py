"""What all processes of one house share: heartbeats, the send budget, and the pause of the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.domain.commands import Urgency
from bot.store.driver import Collection, Database, aggregate

SHARE: Final = {Urgency.ANSWER: 100, Urgency.MONEY: 90, Urgency.REMINDER: 70, Urgency.MARKETING: 40}
"""How many per cent of a second's budget each urgency may fill: answers always find room."""

ALIVE_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class OutboxPause:
    """Nothing is sent: Meta refuses our account."""

    reason: str
    code: int | None
    since: datetime


class House:
    """The collection `house`: a handful of small documents."""

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

    async def may_send(self, number: str, urgency: Urgency, per_second: int) -> bool:
        """Take one message out of this second's budget of that phone number, if its urgency still finds room."""
        second = {"$dateTrunc": {"date": "$$NOW", "unit": "second"}}
        same = {"$eq": [{"$ifNull": ["$second", None]}, second]}
        used = {"$cond": [same, {"$ifNull": ["$used", 0]}, 0]}
        room = {"$lt": [{"$multiply": [used, 100]}, per_second * SHARE[urgency]]}
        change: dict[str, Any] = {
            "granted": room,
            "used": {"$cond": [room, {"$add": [used, 1]}, used]},
            "second": second,
        }
        row = await self._collection.find_one_and_update(
            {"_id": f"budget:{number}"}, [{"$set": change}], upsert=True, return_document=True
        )
        return bool(row["granted"])

    async def set_flow_ids(self, ids: Mapping[str, str], *, drafts: bool = False) -> None:
        """These Flows are published (or made) from now on, by language code; other languages keep theirs."""
        field = "drafts" if drafts else "ids"
        change = {f"{field}.{language}": flow_id for language, flow_id in ids.items()}
        if change:
            await self._collection.update_one({"_id": "flows"}, {"$set": change}, upsert=True)

    async def flow_ids(self, *, drafts: bool = False) -> dict[str, str]:
        """The published booking Flow of each language code; or every one made, published yet or not."""
        row = await self._collection.find_one({"_id": "flows"})
        return {} if row is None else dict(row.get("drafts" if drafts else "ids", {}))

    async def pause(self, reason: str, code: int | None) -> None:
        """Stop sending until somebody mends the account."""
        change = {"reason": {"$literal": reason}, "code": code, "since": {"$ifNull": ["$since", "$$NOW"]}}
        await self._collection.update_one({"_id": "pause"}, [{"$set": change}], upsert=True)

    async def resume(self) -> None:
        """Send again."""
        await self._collection.delete_one({"_id": "pause"})

    async def paused(self) -> OutboxPause | None:
        """Why nothing is sent, if nothing is sent."""
        row = await self._collection.find_one({"_id": "pause"})
        return None if row is None else OutboxPause(reason=row["reason"], code=row["code"], since=row["since"])
