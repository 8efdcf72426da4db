"""When something of a lead or a partner wants to be looked at next: so long a worker may sleep, if nobody wakes it."""

from collections.abc import Sequence
from datetime import datetime

from bot.store.driver import IN_CALENDAR, Collection, Database, aggregate


class NextDue:
    """Looks at the collections `leads` and `partners`; deliveries say it themselves (`Received.next_due_at`)."""

    def __init__(self, database: Database) -> None:
        self._collections: tuple[Collection, ...] = (database["leads"], database["partners"])

    async def effect(self, now: datetime) -> datetime | None:
        """The next look at an order that waits in an outbox, on the database server's time."""
        return _first([await self._effect(collection, now) for collection in self._collections])

    async def _effect(self, collection: Collection, now: datetime) -> datetime | None:
        # not by a sorted find: of an outbox the server sorts by its earliest look, however long ago that was
        is_to_come = {"$and": [{"$gt": ["$$at", now]}, {"$lte": ["$$at", IN_CALENDAR["$lte"]]}]}
        to_come = {"$filter": {"input": "$outbox.look_at", "as": "at", "cond": is_to_come}}
        rows = await aggregate(
            collection,
            [
                {"$match": {"outbox.look_at": {"$gt": now}, "merged_into": None}},
                {"$group": {"_id": None, "next": {"$min": {"$min": to_come}}}},
            ],
        )
        return rows[0]["next"] if rows else None

    async def timer(self, business_now: datetime) -> datetime | None:
        """The next timer, in business time."""
        query = {"next_due_at": IN_CALENDAR | {"$gt": business_now}, "merged_into": None}
        rows = [
            await collection.find_one(query, {"next_due_at": 1}, sort=[("next_due_at", 1)])
            for collection in self._collections
        ]
        return _first([None if row is None else row["next_due_at"] for row in rows])


def _first(moments: Sequence[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
