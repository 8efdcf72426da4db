"""`blocks`: who is ill and what is closed, read with the claims; and whom of it was told.

A claim reads the blocks inside its own transaction and touches a fence of each resource it wants; a block writes every
fence of its resource. So of a claim and a block at the same moment one is tried again, and then sees the other.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import structlog

from bot.domain.blocks import PLACE, PROVIDER, STAFF, Block
from bot.slots.claims import QUANTUM, Resource, quanta
from bot.store.driver import Collection, Database, Document

log = structlog.get_logger(__name__)

FENCES: Final = 8
"""So many documents stand for one resource: two claims of it seldom touch the same."""
_SESSION: Final = "session:"


class Blocks:
    """The collections `blocks`, `block_fences` and `block_hits`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["blocks"]
        self._fences: Collection = database["block_fences"]
        self._hits: Collection = database["block_hits"]

    async def create_indexes(self) -> None:
        """By resource; those that are not over; the lifted ones not told yet; the list; and hits by their block."""
        await self._collection.create_index([("resource", 1), ("to", 1)])
        await self._collection.create_index([("to", 1)])
        await self._collection.create_index([("told_lifted", 1), ("lifted_at", 1)])
        await self._collection.create_index([("made_at", -1), ("_id", 1)])
        await self._hits.create_index([("block", 1)])

    # Made and lifted --------------------------------------------------------------------------------------------------

    async def put(self, session: Any, block: Block, now: datetime) -> Block:
        """Inside a transaction: it stands from now on; standing already it stays as it is, lifted it stands again."""
        row = await self._collection.find_one({"_id": block.id}, session=session)
        if row is not None and row["lifted_at"] is None:
            return _read(row)
        made = block if row is None else replace(block, number=row["number"] + 1)
        await self._collection.replace_one({"_id": made.id}, _document(made, now), upsert=True, session=session)
        for number in range(FENCES):
            await self._touch(session, made.resource, number)
        return made

    async def lift(self, block: str, now: datetime, by: str, role: str) -> Block | None:
        """It stands no more; none where there is no such block. Twice is once, by who was first."""
        lifted = {"lifted_at": now, "lifted_by": by, "lifted_role": role}
        await self._collection.update_one({"_id": block, "lifted_at": None}, {"$set": lifted})
        return await self.find(block)

    async def find(self, block: str) -> Block | None:
        """One block."""
        row = await self._collection.find_one({"_id": block})
        return None if row is None else _read(row)

    async def all(self, limit: int = 200) -> list[Block]:
        """Every block, the last made first; one that cannot be read hides none of the others."""
        rows = await self._collection.find({}).sort([("made_at", -1), ("_id", 1)]).to_list(limit)
        return list(_readable(rows))

    async def due(self, now: datetime) -> list[Block]:
        """Those that stand and are not over, and the lifted ones that somebody may still have to hear of."""
        # told is true or not there; said so, an index has it
        query = {"$or": [{"to": {"$gt": now}}, {"lifted_at": {"$type": "date"}, "told_lifted": None}]}
        return list(_readable(await self._collection.find(query).to_list(None)))

    async def lifted_is_told(self, block: str) -> None:
        """Everybody who was asked knows that it was lifted."""
        query = {"_id": block, "lifted_at": {"$ne": None}}
        await self._collection.update_one(query, {"$set": {"told_lifted": True}})

    # Read with claims -----------------------------------------------------------------------------------------------

    async def taken(
        self, resources: Sequence[Resource], start: datetime, end: datetime, days: Sequence[date]
    ) -> list[str]:
        """What is blocked of these resources in that time, as keys of claims: quanta, and nights where a stay is sold
        by the night."""
        found: list[str] = []
        for block in await self._standing(resources, start, end):
            pieces = quanta(max(start, block.start), min(end, block.end))
            # a night is gone where any of its hours is; the day's noon stands for it in whatever zone the house has
            nights = [
                day.isoformat()
                for day in days
                if block.overlaps(_noon(day), _noon(day) + timedelta(days=1)) and block.resource.startswith(PLACE)
            ]
            found += [f"{block.resource}|{piece}|000" for piece in (*pieces, *nights)]
        return found

    async def hit_by(self, session: Any, keys: Iterable[str], hold: str) -> Resource | None:
        """Inside a claim's transaction: the first resource of these keys that is blocked then. Touches their fences."""
        wanted: dict[str, list[datetime]] = {}
        for key in keys:
            resource, quantum, _ = key.rsplit("|", 2)
            for name in _blockable(resource):
                wanted.setdefault(name, []).extend(_span(quantum))
        for name, moments in sorted(wanted.items()):
            await self._touch(session, name, zlib.crc32(hold.encode()) % FENCES)
            if await self._standing([Resource(name)], min(moments), max(moments), session):
                return Resource(name)
        return None

    async def _touch(self, session: Any, resource: str, number: int) -> None:
        fence = {"_id": f"{resource}|{number}"}
        await self._fences.update_one(fence, {"$inc": {"touched": 1}}, upsert=True, session=session)

    async def _standing(
        self, resources: Sequence[Resource], start: datetime, end: datetime, session: Any = None
    ) -> list[Block]:
        query: Document = {"resource": {"$in": list(resources)}, "lifted_at": None}
        query |= {"from": {"$lt": end}, "to": {"$gt": start}}
        return list(_readable(await self._collection.find(query, session=session).to_list(None)))

    async def staff_off(self, staff: Iterable[str], at: datetime) -> frozenset[str]:
        """Who of them is off at that moment."""
        names = [Resource(f"{STAFF}{person}") for person in staff]
        # a block that begins just then counts, one that ends just then does not
        standing = await self._standing(names, at, at + timedelta(milliseconds=1)) if names else []
        return frozenset(block.resource.removeprefix(STAFF) for block in standing)

    async def of_staff(self, staff: Iterable[str], start: datetime, end: datetime) -> list[Block]:
        """What stands of theirs in that time."""
        names = [Resource(f"{STAFF}{person}") for person in staff]
        return await self._standing(names, start, end) if names else []

    # Who was told -----------------------------------------------------------------------------------------------------

    async def note_hit(self, block: Block, reference: str, lead: str, now: datetime) -> None:
        """That booking's lead has the news; twice is once."""
        row = {"block": block.name, "booking": reference, "lead": lead, "told_at": now}
        key = {"_id": f"{block.name}|{reference}"}
        await self._hits.update_one(key, {"$setOnInsert": row}, upsert=True)

    async def hits(self, block: Block) -> list[str]:
        """The bookings that were told of it, the first told first."""
        rows = await self._hits.find({"block": block.name}).sort([("told_at", 1), ("_id", 1)]).to_list(None)
        return [str(row["booking"]) for row in rows]


def _blockable(resource: str) -> Iterator[str]:
    """Who is in the way of that claim when blocked: a session's seats are its provider's."""
    if resource.startswith((PROVIDER, PLACE)):
        yield resource
    elif resource.startswith(_SESSION) and resource.rpartition("@")[2]:
        yield f"{PROVIDER}{resource.rpartition('@')[2]}"


def _span(quantum: str) -> tuple[datetime, datetime]:
    """Beginning and end of a quantum, or of a local night as `taken` counts it."""
    if "T" not in quantum:
        first = _noon(date.fromisoformat(quantum))
        return first, first + timedelta(days=1)
    first = datetime.strptime(quantum, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    return first, first + QUANTUM


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _document(block: Block, now: datetime) -> Document:
    return {
        "_id": block.id,
        "resource": block.resource,
        "from": block.start,
        "to": block.end,
        "reason": block.reason,
        "by": block.by,
        "role": block.role,
        "number": block.number,
        "made_at": now,
        "lifted_at": block.lifted_at,
        "lifted_by": block.lifted_by,
        "lifted_role": block.lifted_role,
    }


def _readable(rows: Iterable[Document]) -> Iterator[Block]:
    for row in rows:
        try:
            yield _read(row)
        except (KeyError, ValueError, TypeError) as error:
            log.error("block_unreadable", problem=type(error).__name__)


def _read(row: Document) -> Block:
    if not isinstance(row["from"], datetime) or not isinstance(row["to"], datetime):
        raise TypeError("a column of another kind")
    names = ("resource", "reason", "by", "role")
    resource, reason, by, role = (str(row[name]) for name in names)
    return Block(
        str(row["_id"]),
        resource,
        row["from"],
        row["to"],
        reason,
        by,
        role,
        int(row["number"]),
        row["lifted_at"],
        row.get("lifted_by"),
        row.get("lifted_role"),
    )
