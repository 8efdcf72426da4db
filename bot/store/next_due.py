"""When something of a lead wants to be looked at next: so long its worker may sleep, if nobody wakes it."""

from datetime import datetime

from bot.store.driver import Collection, Database, aggregate


class NextDue:
    """Looks at the collection `leads`; deliveries say it themselves (`Received.next_due_at`)."""

    def __init__(self, database: Database) -> None:
        self._leads: Collection = database["leads"]

    async def effect(self, now: datetime) -> datetime | None:
        """The next look at an order that waits in an outbox, on the database server's time."""
        # not by a sorted find: of an outbox the server sorts by its earliest look, however long ago that was
        to_come = {"$filter": {"input": "$outbox.look_at", "as": "at", "cond": {"$gt": ["$$at", now]}}}
        rows = await aggregate(
            self._leads,
            [
                {"$match": {"outbox.look_at": {"$gt": now}, "merged_into": None}},
                {"$group": {"_id": None, "next": {"$min": {"$min": to_come}}}},
            ],
        )
        return rows[0]["next"] if rows else None

    async def timer(self, business_now: datetime) -> datetime | None:
        """The next timer, in business time."""
        query = {"next_due_at": {"$gt": business_now, "$type": "date"}, "merged_into": None}
        row = await self._leads.find_one(query, {"next_due_at": 1}, sort=[("next_due_at", 1)])
        return None if row is None else row["next_due_at"]
