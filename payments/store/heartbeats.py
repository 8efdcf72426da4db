"""When each queue of the cashier was last worked off to its end, so that readiness can name one that is stuck."""

import time
from collections.abc import Callable, Collection
from typing import Any, Final

from pymongo import UpdateOne

from payments.store.records import Database, collection

STUCK_AFTER: Final = 120
"""Seconds; a sweep of a queue ends within half of that or is cut off."""
WRITTEN_EVERY: Final = 20.0
"""Seconds; a queue that goes well is written down no more often, whatever the pace of the sweeps."""
NOTED_AT_MOST: Final = 30.0
"""Seconds for which a queue that went well waits to be written down with the others of its sweep."""


class RoundHeartbeats:
    """The collection `cashier`: one small document a queue, timed by the database's own clock; `ticks` gives seconds
    that never go back."""

    def __init__(self, database: Database, ticks: Callable[[], float] = time.monotonic) -> None:
        self._documents = collection(database, "cashier")
        self._ticks = ticks
        self._written: dict[str, float] = {}
        """When each queue that goes well was last written down by this process."""
        self._noted: dict[str, float] = {}
        """Those that went well since."""

    async def succeeded(self, queue: str) -> None:
        """Every row of the queue had its turn, whatever came of it; written down at the end of the sweep, or sooner
        where another queue holds that up."""
        now, written = self._ticks(), self._written.get(queue)
        if written is not None and now < written + WRITTEN_EVERY:
            return
        self._noted.setdefault(queue, now)
        if now >= min(self._noted.values()) + NOTED_AT_MOST:
            await self.write()

    async def write(self) -> None:
        """Write down the queues that went well, all in one command."""
        if not self._noted:
            return
        noted, self._noted = self._noted, {}
        change = {"$currentDate": {"seen_at": True}, "$unset": {"problem": ""}}
        await self._documents.bulk_write([UpdateOne({"_id": queue}, change, upsert=True) for queue in sorted(noted)])
        self._written.update(noted)

    async def failed(self, queue: str, problem: str) -> None:
        """The queue could not be worked off; the first failure begins its time."""
        self._written.pop(queue, None)
        self._noted.pop(queue, None)
        kept = {"$ifNull": ["$seen_at", "$$NOW"]}
        change = [{"$set": {"problem": {"$literal": problem}, "seen_at": kept}}]
        await self._documents.update_one({"_id": queue}, change, upsert=True)

    async def problem(self, queues: Collection[str] = ()) -> str | None:
        """What is wrong with the cashier, in one line: queues that have not been worked off for two minutes; none
        where all is well, or where no cashier has ever run."""
        limit: dict[str, Any] = {"$subtract": ["$$NOW", STUCK_AFTER * 1000]}
        query: dict[str, Any] = {"$expr": {"$lt": ["$seen_at", limit]}}
        if queues:
            query["_id"] = {"$in": sorted(queues)}
        rows = await self._documents.find(query).sort("_id", 1).to_list(None)
        named = [f"{row['_id']} ({row.get('problem', 'silent')})" for row in rows]
        return f"stuck: {', '.join(named)}" if named else None
