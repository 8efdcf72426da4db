"""The pause of the outbox: nothing is sent while our account is refused."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.store.driver import Collection, Database
from bot.store.gathered import by_id


@dataclass(frozen=True, slots=True)
class PauseReason:
    """Why nothing is sent, and since when."""

    reason: str
    code: int | None
    since: datetime


LOOKED_AT_EVERY: Final = 1.0
"""Seconds for which a sender goes by its last look at the pause: so long may another process still send into it."""


class OutboxPause:
    """The document `pause` of the collection `house`."""

    def __init__(self, database: Database, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._collection: Collection = database["house"]
        self._looks = by_id(self._collection)
        self._monotonic = monotonic
        self._seen: tuple[float, bool] | None = None

    async def begin(self, reason: str, code: int | None) -> None:
        """Stop sending until somebody puts the account right."""
        change = {"reason": {"$literal": reason}, "code": code, "since": {"$ifNull": ["$since", "$$NOW"]}}
        await self._collection.update_one({"_id": "pause"}, [{"$set": change}], upsert=True)
        self._seen = None

    async def end(self) -> None:
        """Send again."""
        await self._collection.delete_one({"_id": "pause"})
        self._seen = None

    async def is_on(self) -> bool:
        """Whether nothing is sent, as it was a second ago at most. A pause that goes on is always looked up."""
        if self._seen is None or self._seen[1] or self._monotonic() - self._seen[0] > LOOKED_AT_EVERY:
            asked_at = self._monotonic()
            self._seen = asked_at, await self.current() is not None
        return self._seen[1]

    async def current(self) -> PauseReason | None:
        """Why nothing is sent, if nothing is sent."""
        row = await self._looks.find("pause")
        return None if row is None else PauseReason(reason=row["reason"], code=row["code"], since=row["since"])
