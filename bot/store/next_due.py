"""What of leads and partners wants to be looked at now, and when the next does: so long a worker may sleep, if nobody
wakes it."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.ids import LeadId
from bot.domain.outbox import Status
from bot.store.driver import IN_CALENDAR, Collection, Database, Document, aggregate


class NextDue:
    """Looks at the collections `leads` and `partners`; deliveries say it themselves (`Received.next_due_at`)."""

    def __init__(self, database: Database) -> None:
        self._collections: tuple[Collection, ...] = (database["leads"], database["partners"])

    async def visits(
        self, now: datetime, business_now: datetime, besides: Sequence[LeadId] = (), limit: int = 200
    ) -> list[LeadId]:
        """Who has an order that wants to be looked at, on the database server's time, or a timer that is due, in
        business time: so many for each reason at most, and each once."""
        order = {"id": {"$type": "string"}, "status": {"$ne": Status.DRAFT.value}, "look_at": {"$lte": now}}
        # each moment is said in the words of its index, which has a part of the leads and is used by who says so
        orders: Document = {"outbox.look_at": {"$lte": now}, "outbox": {"$elemMatch": order}, "merged_into": None}
        timers: Document = {"next_due_at": {"$lte": business_now, "$type": "date"}, "merged_into": None}
        if besides:
            orders["_id"] = timers["_id"] = {"$nin": list(besides)}
        ends: list[Document] = [{"$limit": limit}, {"$project": {"_id": 1}}]
        looks = [[{"$match": orders}, *ends], [{"$match": timers}, {"$sort": {"next_due_at": 1}}, *ends]]
        first, *others = [(collection, look) for collection in self._collections for look in looks]
        # one question for the four of them, since a worker asks it at every round
        unions = [{"$unionWith": {"coll": collection.name, "pipeline": look}} for collection, look in others]
        rows = await aggregate(first[0], [*first[1], *unions])
        return list(dict.fromkeys(LeadId(row["_id"]) for row in rows))

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
