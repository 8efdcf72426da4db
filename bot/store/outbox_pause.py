"""The pause of the outbox: nothing is sent while our account is refused."""

from dataclasses import dataclass
from datetime import datetime

from bot.store.driver import Collection, Database


@dataclass(frozen=True, slots=True)
class PauseReason:
    """Why nothing is sent, and since when."""

    reason: str
    code: int | None
    since: datetime


class OutboxPause:
    """The document `pause` of the collection `house`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["house"]

    async def begin(self, reason: str, code: int | None) -> None:
        """Stop sending until somebody puts the account right."""
        change = {"reason": {"$literal": reason}, "code": code, "since": {"$ifNull": ["$since", "$$NOW"]}}
        await self._collection.update_one({"_id": "pause"}, [{"$set": change}], upsert=True)

    async def end(self) -> None:
        """Send again."""
        await self._collection.delete_one({"_id": "pause"})

    async def current(self) -> PauseReason | None:
        """Why nothing is sent, if nothing is sent."""
        row = await self._collection.find_one({"_id": "pause"})
        return None if row is None else PauseReason(reason=row["reason"], code=row["code"], since=row["since"])
