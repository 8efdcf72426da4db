"""Every inbound delivery, written before the door says 200, seen once, and worked off by the workers.

Group commit: doors that record at the same moment share one `insert_many`. A document counts as stored, and its
duplicate as seen, only if the batch reports no write-concern error; else the door answers 503 and the sender repeats.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from pymongo.errors import BulkWriteError, PyMongoError

from bot.domain.ids import DeliveryId, LeadId
from bot.store import driver
from bot.store.bursts import put_off
from bot.store.delivery import (
    HAS_BODY,
    UNREADABLE,
    Delivery,
    DeliveryState,
    Helper,
    KeptReading,
    NotStored,
    RecordingResult,
    Understood,
    WaitingPage,
    document_of,
    read_delivery,
    shown,
)
from bot.store.driver import IN_CALENDAR, WRITE_DEADLINE_MS, Collection, Database, Document, aggregate, is_outage
from bot.store.gathered import GatheredLooks, GatheredWrite, GatheredWrites

log = structlog.get_logger(__name__)

DUPLICATE_KEY = 11000
BATCH = 500
FLOOD = 200
"""Deliveries of a lead that are looked at together, and of several leads before each is looked at alone."""
UNPARKABLE_AT_MOST = 10_000
RETRY_DELAYS = (1, 4, 16, 64)
"""Seconds before each next try of a delivery that failed in our code; failed after the last, it is parked."""

_EMPTY: Document = {"body": b"", "aliases": [], "understanding": None, "model": None, "voice": None}
"""What a delivery is when nothing of what it said is kept."""
_ANY_STATE = {"$in": [state.value for state in DeliveryState]}
"""Named, since the index of deliveries begins with it: one seek a state in place of an index more."""
_DATED = {"$type": "date"}
_UNDATED = {"$or": [{"received_at": {"$not": _DATED}}, {"due_at": {"$not": _DATED}}]}


class Received:
    """The collection `received`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["received"]
        self._writes = GatheredWrites(self._collection)
        self._looks = GatheredLooks(self._rows_for)
        self._waiting: list[tuple[Delivery, asyncio.Future[bool]]] = []
        self._flushing: asyncio.Task[None] | None = None
        # rows that can be neither read nor parked: this process passes them by, or they would head every page for ever
        self._passed_by: dict[Any, None] = {}

    async def record(self, deliveries: Sequence[Delivery]) -> tuple[RecordingResult, ...]:
        """Store each once; NotStored when any of them is not known to be safe with the majority."""
        loop = asyncio.get_running_loop()
        waiting = [(delivery, loop.create_future()) for delivery in deliveries]
        self._waiting.extend(waiting)
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())
        if len(waiting) > 1:
            await asyncio.gather(*(future for _, future in waiting))
        return tuple([await self._outcome(one, await future) for one, future in waiting])

    async def record_within(self, transaction: Any, delivery: Delivery) -> None:
        """Store it with all else that transaction changes, or not at all; what is there already stays as it is."""
        document = document_of(delivery)
        key = {"_id": document.pop("_id")}
        await self._collection.update_one(key, {"$setOnInsert": document}, upsert=True, session=transaction)

    async def _outcome(self, delivery: Delivery, new: bool) -> RecordingResult:
        if new:
            return RecordingResult.STORED
        try:
            async with driver.within(WRITE_DEADLINE_MS / 1000):
                known = await self._collection.find_one({"_id": delivery.id}, {"fingerprint": 1})
        except (PyMongoError, TimeoutError) as error:
            raise NotStored(type(error).__name__) from error
        if known is not None and known["fingerprint"] != delivery.fingerprint:
            return RecordingResult.DIFFERS
        return RecordingResult.SEEN

    async def _flush(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            try:
                stored = await self._insert([delivery for delivery, _ in batch])
            except Exception as error:  # whatever it was, those behind this batch still get their turn
                self._fail(batch, error)
                continue
            except BaseException as error:
                self._fail([*batch, *self._waiting], error)
                self._waiting = []
                raise
            for (_, future), new in zip(batch, stored, strict=True):
                if not future.done():
                    future.set_result(new)

    @staticmethod
    def _fail(batch: list[tuple[Delivery, asyncio.Future[bool]]], error: BaseException) -> None:
        why = str(error) if isinstance(error, NotStored) else type(error).__name__
        for _, future in batch:
            if not future.done():
                future.set_exception(NotStored(why))

    async def _insert(self, deliveries: Sequence[Delivery]) -> list[bool]:
        documents = [document_of(delivery) for delivery in deliveries]
        try:
            async with asyncio.timeout(WRITE_DEADLINE_MS / 1000 + 1):
                await self._collection.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            return _verdicts(error.details, len(documents))
        return [True] * len(documents)

    async def unrouted(self, limit: int = 500, besides: Sequence[str] = ()) -> list[Delivery]:
        """New deliveries that nobody has resolved to a lead yet, oldest first; those of some sources left out."""
        return await self._page({"state": "new", "lead": None, "source": {"$nin": list(besides)}}, limit)

    async def waiting_of(self, source: str, now: datetime, limit: int = 200) -> list[Delivery]:
        """New deliveries of that source that are due, oldest first."""
        return await self._page({"state": "new", "lead": None, "source": source, "due_at": {"$lte": now}}, limit)

    async def waiting_page(
        self, source: str, now: datetime, after: tuple[datetime, str] | None = None, limit: int = 200
    ) -> WaitingPage:
        """New deliveries of that source that are due, oldest first, those after the last one of the page before: a row
        that fails or cannot be read is passed over by place and holds up nobody behind it."""
        new: Document = {"state": "new", "lead": None, "source": source}
        query = new | {"due_at": {"$lte": now}, "received_at": _DATED}
        deliveries, unreadable = list[Delivery](), list[DeliveryId]()
        if after is None:
            # a row without its moments has no place in this order and would never come up
            odd = await self._collection.find(new | _UNDATED, {"_id": 1}).to_list(limit)
            unreadable += [DeliveryId(str(row["_id"])) for row in odd]
        else:
            at, last = after
            query["$or"] = [{"received_at": {"$gt": at}}, {"received_at": at, "_id": {"$gt": last}}]
        rows = await self._collection.find(query).sort([("received_at", 1), ("_id", 1)]).to_list(limit)
        for row in rows:
            try:
                deliveries.append(read_delivery(row))
            except Exception:  # a field is missing or of another kind
                unreadable.append(DeliveryId(str(row["_id"])))
        following = (rows[-1]["received_at"], rows[-1]["_id"]) if len(rows) == limit else None
        return WaitingPage(tuple(deliveries), tuple(unreadable), following)

    async def _page(self, query: Document, limit: int) -> list[Delivery]:
        """The oldest rows that can be read, fewer than asked for only where there are no more; the others are parked,
        so that they head no page again."""
        while True:
            if self._passed_by:
                query = query | {"_id": {"$nin": list(self._passed_by)}}
            rows = await self._collection.find(query).sort("received_at", 1).to_list(limit)
            found = await self._readable(rows)
            if len(rows) < limit or len(found) == len(rows):
                return found

    async def _readable(self, rows: Sequence[Document]) -> list[Delivery]:
        read: list[Delivery] = []
        for row in rows:
            try:
                read.append(read_delivery(row))
            except (KeyError, ValueError, TypeError, AttributeError) as error:
                await self._park_unreadable(row["_id"], type(error).__name__)
        return read

    async def _park_unreadable(self, row: Any, problem: str) -> None:
        log.error("delivery_unreadable", problem=problem)
        try:
            change = [{"$set": {"state": "parked", "reason": UNREADABLE, "parked_at": "$$NOW"}}]
            done = await self._collection.update_one({"_id": row}, change)
            if done.modified_count:
                return
        except PyMongoError as error:
            if is_outage(error):
                raise
            log.exception("delivery_not_parkable", problem=type(error).__name__)
        self._pass_by(row)

    def _pass_by(self, row: Any) -> None:
        self._passed_by[row] = None
        if len(self._passed_by) > UNPARKABLE_AT_MOST:
            del self._passed_by[next(iter(self._passed_by))]

    def passed_by(self) -> int:
        """How many rows this process passes by, since they can be neither read nor parked."""
        return len(self._passed_by)

    async def assign(
        self,
        delivery: DeliveryId,
        lead: LeadId,
        due_at: datetime,
        reading: KeptReading | None = None,
        burst: timedelta | None = None,
    ) -> None:
        """Say whose it is, when to handle it, and what it means where that is known already; where it goes on with a
        burst, which lasts so long at most, what waits of that burst is put off with it."""
        change: Document = {"lead": lead, "due_at": due_at}
        if reading is not None:
            change["understanding"] = {"of": list(reading.of), "sealed": reading.sealed}
        writes = [GatheredWrite({"_id": delivery, "state": "new"}, {"$set": change})]
        if burst is not None:
            writes.append(put_off(lead, due_at, burst))
        await self._writes.write(*writes)

    async def assign_all(
        self, deliveries: Sequence[DeliveryId], lead: LeadId, due_at: datetime, burst: timedelta
    ) -> None:
        """Say whose they all are: what is typed is handled when its burst is over, all else when it was due anyway."""
        query = {"_id": {"$in": list(deliveries)}, "state": "new"}
        await self._collection.update_many(query, {"$set": {"lead": lead}})
        await self._writes.write(put_off(lead, due_at, burst))

    async def reassign(self, younger: LeadId, older: LeadId) -> None:
        """Point what waits for a merged lead to the one it was merged into."""
        await self._collection.update_many({"lead": younger, "state": "new"}, {"$set": {"lead": older}})

    async def leads_with_work(self, now: datetime, limit: int = 200, besides: Sequence[LeadId] = ()) -> list[LeadId]:
        """Leads with deliveries that are due, the longest waiting first, however many wait for one of them."""
        due: Document = {"state": "new", "lead": {"$type": "string", "$nin": list(besides)}, "due_at": {"$lte": now}}
        rows = await aggregate(
            self._collection,
            [
                {"$match": due},
                {"$group": {"_id": "$lead", "due_at": {"$min": "$due_at"}}},
                {"$sort": {"due_at": 1, "_id": 1}},
                {"$limit": limit},
            ],
        )
        return [LeadId(row["_id"]) for row in rows]

    async def next_due_at(self, source: str | None = None) -> datetime | None:
        """When the next new delivery of a lead wants to be handled; or, of that source, the next one of no lead."""
        query: Document = {"state": "new", "lead": {"$ne": None}, "due_at": IN_CALENDAR}
        if source is not None:
            query |= {"lead": None, "source": source}
        row = await self._collection.find_one(query, {"due_at": 1}, sort=[("due_at", 1)])
        return None if row is None else row["due_at"]

    async def new_for(self, lead: LeadId) -> list[Delivery]:
        """What waits for a lead, in the order it was sent; of a flood its beginning."""
        read = await self._readable(await self._looks.find(lead) or [])
        return sorted(read, key=lambda delivery: (delivery.sent_at, delivery.received_at, delivery.id))

    async def _rows_for(self, leads: Sequence[str]) -> dict[str, list[Document]]:
        """What waits for each of them; where somebody floods us each is asked for alone, and has its own beginning."""
        query: Document = {"state": "new", "lead": {"$in": list(leads)}}
        if self._passed_by:
            query["_id"] = {"$nin": list(self._passed_by)}
        if len(leads) > 1:
            rows = await self._collection.find(query).to_list(FLOOD)
            if len(rows) < FLOOD:
                each: dict[str, list[Document]] = {}
                for row in rows:
                    each.setdefault(row["lead"], []).append(row)
                return each
        found = {}
        for lead in leads:
            cursor = self._collection.find(query | {"lead": lead}).sort([("due_at", 1), ("received_at", 1)])
            found[lead] = await cursor.to_list(FLOOD)
        return found

    async def defer(self, ids: Sequence[DeliveryId], until: datetime) -> None:
        """Handle these later (a burst is still going on)."""
        await self._collection.update_many({"_id": {"$in": list(ids)}}, {"$set": {"due_at": until}})

    async def mark_done(self, ids: Sequence[DeliveryId], now: datetime) -> None:
        """Done: they will not be handled again."""
        change: Document = {"$set": {"state": "done", "done_at": now}}
        await self._writes.write(*(GatheredWrite({"_id": delivery}, change) for delivery in ids))

    async def count_failure(self, delivery: Delivery, now: datetime, reason: str) -> bool:
        """Count a failure in our own code; true when it was the last try and the delivery is parked."""
        tries = delivery.attempts + 1
        parked = tries > len(RETRY_DELAYS)
        change: Document = {"attempts": tries, "reason": reason}
        if parked:
            change |= {"state": "parked", "parked_at": now}
        else:
            change |= {"due_at": now + timedelta(seconds=RETRY_DELAYS[tries - 1])}
        done = await self._collection.update_one({"_id": delivery.id, "state": "new"}, {"$set": change})
        return parked and bool(done.matched_count)

    async def park(self, delivery: DeliveryId, now: datetime, reason: str) -> None:
        """Set aside at once what cannot be handled by this version or is not ours to answer."""
        change = {"state": "parked", "reason": reason, "parked_at": now}
        try:
            await self._collection.update_one({"_id": delivery}, {"$set": change})
        except PyMongoError as error:
            if is_outage(error):
                raise
            log.exception("delivery_not_parkable", problem=type(error).__name__)
            self._pass_by(delivery)

    async def replay(self, delivery: DeliveryId, now: datetime) -> bool:
        """Bring a parked delivery back; false when there is none such."""
        change = {"state": "new", "attempts": 0, "due_at": now, "reason": None}
        done = await self._collection.update_one({"_id": delivery, "state": "parked"}, {"$set": change})
        return bool(done.modified_count)

    async def listed(self, state: DeliveryState, limit: int = 100) -> list[Delivery]:
        """Deliveries in that state, newest first."""
        cursor = self._collection.find({"state": state.value}).sort("received_at", -1)
        return [shown(row) for row in await cursor.to_list(limit)]

    async def parked(self) -> dict[str, int]:
        """How many deliveries of each source are set aside for a person."""
        each: list[Document] = [{"$match": {"state": "parked"}}, {"$group": {"_id": "$source", "count": {"$sum": 1}}}]
        rows = await aggregate(self._collection, each)
        return {row["_id"]: row["count"] for row in sorted(rows, key=lambda row: str(row["_id"]))}

    async def empty_bodies(self, before: datetime) -> int:
        """Retention: what was done or parked before that keeps its id, so that it is not handled again, and no body."""
        old = {"state": {"$ne": "new"}, "received_at": {"$lt": before}}
        # as the index of bodies says it, and one at a time: asked for all at once, it is not used
        done = [await self._collection.update_many(old | {"body": body}, {"$set": _EMPTY}) for body in HAS_BODY]
        return sum(int(one.modified_count) for one in done)

    async def forget(self, lead: LeadId) -> None:
        """An erased customer's deliveries keep their ids, so that none is handled twice, and nothing else."""
        await self._collection.update_many({"state": _ANY_STATE, "lead": lead}, {"$set": _EMPTY | {"state": "done"}})

    async def find(self, delivery: DeliveryId) -> Delivery | None:
        """One delivery."""
        row = await self._collection.find_one({"_id": delivery})
        return None if row is None else shown(row)

    async def found(self, ids: Sequence[DeliveryId]) -> list[Delivery]:
        """Those of them that are there, in one look."""
        rows = await self._collection.find({"_id": {"$in": list(ids)}}).to_list(len(ids))
        return [shown(row) for row in rows]

    async def remember_understanding(self, delivery: DeliveryId, of: Sequence[str], sealed: bytes) -> None:
        """Keep what a burst was understood to mean, so that a retry and a replay read the same."""
        change = {"understanding": {"of": list(of), "sealed": sealed}}
        await self._collection.update_one({"_id": delivery}, {"$set": change})

    async def asks(self, helper: Helper, delivery: DeliveryId, now: datetime) -> bool:
        """Say that it is about to be put to that helper; false when it was before, whatever came of that."""
        query = {"_id": delivery, helper.value: None}
        done = await self._collection.update_one(query, {"$set": {helper.value: {"asked_at": now}}})
        return bool(done.modified_count)

    async def asked_since(self, helper: Helper, lead: LeadId, since: datetime) -> int:
        """How often that helper was asked about this lead's messages since then."""
        query = {"lead": lead, f"{helper.value}.asked_at": {"$gt": since}}
        count: int = await self._collection.count_documents(query)
        return count

    async def remember_answer(self, helper: Helper, delivery: DeliveryId, of: Sequence[str], sealed: bytes) -> None:
        """Keep what that helper said about that very burst."""
        change = {f"{helper.value}.of": list(of), f"{helper.value}.sealed": sealed}
        await self._collection.update_one({"_id": delivery}, {"$set": change})

    async def remembered_answer(
        self, helper: Helper, delivery: DeliveryId, of: Sequence[str] | None = None
    ) -> bytes | None:
        """What that helper said about it, or about that very burst."""
        row = await self._collection.find_one({"_id": delivery}, {helper.value: 1})
        kept = (row or {}).get(helper.value) or {}
        fits = "sealed" in kept and (of is None or kept["of"] == list(of))
        return bytes(kept["sealed"]) if fits else None

    async def of(self, lead: LeadId) -> list[Delivery]:
        """Everything that came in of one lead, oldest first."""
        query = {"state": _ANY_STATE, "lead": lead}
        rows = await self._collection.find(query).sort([("received_at", 1), ("_id", 1)]).to_list(None)
        return [shown(row) for row in rows]

    async def understood(self, lead: LeadId) -> list[Understood]:
        """Every burst of a lead's that was understood and is still kept, oldest first."""
        query = {"state": _ANY_STATE, "lead": lead, "understanding": {"$ne": None}}
        rows = await self._collection.find(query).sort([("received_at", 1), ("_id", 1)]).to_list(None)
        return [Understood(DeliveryId(row["_id"]), tuple(row["understanding"]["of"])) for row in rows]


def _verdicts(details: Any, count: int) -> list[bool]:
    """Which documents are new; NotStored when the majority is not known to have the batch."""
    if details.get("writeConcernErrors"):
        raise NotStored("write concern not met")
    other = [error for error in details["writeErrors"] if error["code"] != DUPLICATE_KEY]
    if other:
        raise NotStored(f"write error {other[0]['code']}")
    seen = {error["index"] for error in details["writeErrors"]}
    return [index not in seen for index in range(count)]
