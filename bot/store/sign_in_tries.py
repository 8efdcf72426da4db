"""How often somebody tried to sign in, by account and by address: more and more slowly, and it ends by itself."""

from datetime import datetime, timedelta
from typing import Any, Final

from bot.store.driver import Collection, Database

LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN_AFTER: Final = timedelta(hours=24)
"""Tries so long ago count for nothing."""


class SignInTries:
    """The collection `sign_in_tries`: one document for what is counted."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["sign_in_tries"]

    async def create_indexes(self) -> None:
        """Retention: what counts for nothing need not be kept."""
        await self._collection.create_index([("last", 1)], expireAfterSeconds=2 * 86400)

    async def count(self, key: str, free: int, now: datetime) -> datetime | None:
        """Count a try; none when it may be made, else until when nobody may try.

        Counted before it is made, in one write: a hundred guesses at once are a hundred tries, not one.
        """
        tries = {"$cond": [{"$gt": ["$last", now - FORGOTTEN_AFTER]}, {"$ifNull": ["$tries", 0]}, 0]}
        waits = {"$gt": ["$until", now]}
        # 1, 2, 4 … seconds after each try beyond the free ones
        over = {"$min": [{"$max": [{"$subtract": ["$tries", free]}, -1]}, 20]}
        seconds = {"$cond": [{"$lt": [over, 0]}, 0, {"$min": [{"$pow": [2, over]}, LONGEST_WAIT.total_seconds()]}]}
        counted: list[dict[str, Any]] = [
            {"$set": {"refused": waits}},
            {"$set": {"tries": {"$cond": ["$refused", "$tries", {"$add": [tries, 1]}]}}},
            {"$set": {"last": {"$cond": ["$refused", "$last", now]}}},
            {"$set": {"until": {"$cond": ["$refused", "$until", {"$add": [now, {"$multiply": [seconds, 1000]}]}]}}},
        ]
        row = await self._collection.find_one_and_update({"_id": key}, counted, upsert=True, return_document=True)
        until: datetime = row["until"]
        return until if row["refused"] else None

    async def forget(self, key: str) -> None:
        """It was them: what was tried before counts for nothing."""
        await self._collection.delete_one({"_id": key})

    async def take_back(self, key: str) -> None:
        """That one try was right; the wrong ones before it still count, or one good account would hide them."""
        await self._collection.update_one({"_id": key, "tries": {"$gt": 0}}, {"$inc": {"tries": -1}})
