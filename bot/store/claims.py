"""The collection `claims`: nobody and nothing is in two bookings at once.

One claim is one short transaction (architecture 4): what has expired among the wanted keys goes, all wanted keys come,
in sorted order, or none of it happens. Whether somebody else has a time is told by what is read in that transaction,
never by a conflict: a conflict means somebody is at it, and the claim is tried again. Expiry is judged against
business time, which the caller names; nothing here ends by itself.
"""

import asyncio
import random
import zlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, NewType, TypeVar

from pymongo.errors import BulkWriteError, PyMongoError

from bot.domain.ids import BookingReference, LeadId
from bot.slots.claims import WAITING_HOLD, ClaimKey, Need, Resource, Taken
from bot.store.blocks import Blocks
from bot.store.driver import Collection, Database, Document, aggregate, transaction

HoldId = NewType("HoldId", str)
Outcome = TypeVar("Outcome")

PATIENCE: Final = timedelta(seconds=4)
"""Real time after which a time that everybody fights for is given up for now."""
_DUPLICATE: Final = 11000
_CONFLICT: Final = 112
_FIRST_PAUSE: Final = 0.004
_LONGEST_PAUSE: Final = 0.12
_PAD: Final = timedelta(days=2)
_BY_WAITING_LIST: Final = {"hold": {"$regex": f"^{WAITING_HOLD}"}}


@dataclass(frozen=True, slots=True)
class Claimant:
    """Under which hold, for whom and, once it is known, for which booking."""

    hold: HoldId
    lead: LeadId
    booking: BookingReference | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """The claims are ours until `expires_at` (business time); `None` once they are booked."""

    hold: HoldId
    keys: tuple[ClaimKey, ...]
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Somebody else has this resource then: read, not guessed."""

    resource: Resource


@dataclass(frozen=True, slots=True)
class HeldClaim:
    """What one hold has in the store; `claims` less than `of` is the rest of a hold that expired."""

    hold: HoldId
    lead: LeadId
    booking: BookingReference | None
    is_booked: bool
    expires_at: datetime | None
    claims: int
    of: int


class HoldDiffers(Exception):
    """This hold id already stands for other claims; a new pick needs a new hold id."""


class TooBusy(Exception):
    """Everybody wants this time at once and nobody has it yet; try again in a moment."""


class Claims:
    """The collection `claims`."""

    def __init__(self, database: Database, patience: timedelta = PATIENCE) -> None:
        self._client = database.client
        self._collection: Collection = database["claims"]
        self._patience = patience
        self.blocks: Final = Blocks(database)

    async def create_indexes(self) -> None:
        """What finding by hold and by lead needs; every other question is a range of `_id`."""
        for key in ("hold", "lead", "expires_at"):
            await self._collection.create_index([(key, 1)])
        await self.blocks.create_indexes()

    async def claim(
        self,
        claimant: Claimant,
        needs: Sequence[Need],
        *,
        now: datetime,
        expires_at: datetime,
        besides: HoldId | None = None,
    ) -> Held | Unavailable:
        """All of `needs` for this hold, or the first resource that somebody else has; again is the same.

        What `besides` has, the booking's own hold, is not claimed again and stands in nobody's way.
        """

        until = expires_at.replace(microsecond=expires_at.microsecond // 1000 * 1000)  # what MongoDB keeps

        async def once(session: Any) -> Held | Unavailable:
            every = [key for need in needs for key in need.every_key()]
            query = {"$or": [{"_id": {"$in": every}}, {"hold": claimant.hold}]}
            rows = await self._collection.find(query, session=session).to_list(None)
            mine = [row for row in rows if row["hold"] == claimant.hold and is_alive(row, now)]
            if mine and len(mine) == mine[0]["of"]:
                return _again(claimant.hold, mine, needs) if besides is None else held(claimant.hold, mine)
            owned = {row["_id"] for row in rows if besides is not None and row["hold"] == besides}
            others = Taken.of(
                row["_id"]
                for row in rows
                if row["hold"] != claimant.hold and row["_id"] not in owned and is_alive(row, now)
            )
            chosen = await self.unblocked(
                session, claimant.hold, choose_seats(claimant.hold, needs, others, owned), owned
            )
            if isinstance(chosen, Unavailable):
                return chosen
            chosen = [key for key in chosen if key not in owned]
            if not chosen:
                # the booking has all of it already
                return Held(claimant.hold, (), until)
            gone = {"$or": [{"_id": {"$in": chosen}, "expires_at": {"$lte": now}}, {"hold": claimant.hold}]}
            await self._collection.delete_many(gone, session=session)
            documents = [document(key, claimant, len(chosen), until) for key in chosen]
            await self._collection.insert_many(documents, ordered=True, session=session)
            return Held(claimant.hold, tuple(chosen), until)

        return await self._in_transaction(once)

    async def together(self, once: Callable[[Any], Awaitable[Outcome]]) -> Outcome:
        """Run `once` in one transaction, again whenever somebody was at the same documents; it has to allow that."""
        return await self._in_transaction(once)

    async def moved(
        self,
        session: Any,
        claimant: Claimant,
        needs: Sequence[Need],
        *,
        now: datetime,
        expires_at: datetime,
        besides: HoldId | None = None,
    ) -> Held | Unavailable:
        """Inside `together`: the hold keeps these needs and nothing else, renewed; taken, it keeps nothing.

        What is booked under the hold stays as it is, and what `besides` has is treated as in `claim`.
        """
        every = [key for need in needs for key in need.every_key()]
        query = {"$or": [{"_id": {"$in": every}}, {"hold": claimant.hold}]}
        rows = await self._collection.find(query, session=session).to_list(None)
        booked = tuple(sorted(ClaimKey(row["_id"]) for row in rows if row["hold"] == claimant.hold and row["booked"]))
        if booked:
            return Held(claimant.hold, booked, None)
        owned = {row["_id"] for row in rows if besides is not None and row["hold"] == besides}
        foreign = (row for row in rows if row["hold"] != claimant.hold and row["_id"] not in owned)
        others = Taken.of(row["_id"] for row in foreign if is_alive(row, now))
        chosen = await self.unblocked(session, claimant.hold, choose_seats(claimant.hold, needs, others, owned), owned)
        wanted = [] if isinstance(chosen, Unavailable) else [key for key in chosen if key not in owned]
        # as read: whoever comes in between meets the duplicate key, or the conflict, and this is tried again
        gone = [row["_id"] for row in rows if row["hold"] == claimant.hold or row["_id"] in wanted]
        if gone:
            await self._collection.delete_many({"_id": {"$in": gone}}, session=session)
        if isinstance(chosen, Unavailable):
            return chosen
        until = expires_at.replace(microsecond=expires_at.microsecond // 1000 * 1000)
        if wanted:
            # none where the booking has all of it already
            documents = [document(key, claimant, len(wanted), until) for key in wanted]
            await self._collection.insert_many(documents, ordered=True, session=session)
        return Held(claimant.hold, tuple(wanted), until)

    async def unblocked(
        self, session: Any, hold: HoldId, chosen: list[ClaimKey] | Unavailable, owned: AbstractSet[str] = frozenset()
    ) -> list[ClaimKey] | Unavailable:
        """The same keys, unless a block has one of those that are not owned already."""
        if isinstance(chosen, Unavailable):
            return chosen
        hit = await self.blocks.hit_by(session, (key for key in chosen if key not in owned), hold)
        return chosen if hit is None else Unavailable(hit)

    async def released(self, session: Any, hold: HoldId) -> None:
        """Inside `together`: let a hold go that was not booked."""
        await self._collection.delete_many({"hold": hold, "booked": False}, session=session)

    async def book(self, hold: HoldId, booking: BookingReference | None = None, *, now: datetime) -> bool:
        """Turn a hold that has not expired into a booking, whole or not at all; again is the same."""

        async def once(session: Any) -> bool:
            row = await self._collection.find_one({"hold": hold}, session=session)
            if row is None:
                return False
            if not row["booked"]:
                # blocked since it was offered
                rows = await self._collection.find({"hold": hold}, {"_id": 1}, session=session).to_list(None)
                if await self.blocks.hit_by(session, [row["_id"] for row in rows], hold) is not None:
                    return False
            changed = {"booked": True, "expires_at": None} | ({"booking": booking} if booking else {})
            result = await self._collection.update_many(
                {"hold": hold, **_alive(now)}, {"$set": changed}, session=session
            )
            if result.matched_count != row["of"]:
                raise _Torn
            return True

        try:
            return await self._in_transaction(once)
        except _Torn:
            return False

    async def release(self, holds: Iterable[HoldId]) -> int:
        """Let holds go that were not booked; returns how many claims became free."""
        return await self._delete({"hold": {"$in": list(holds)}, "booked": False})

    async def release_booked(self, hold: HoldId) -> int:
        """Free what a booking had (cancelled, moved, or an orphan); returns how many claims became free."""
        return await self._delete({"hold": hold})

    async def forget_expired(self, *, now: datetime) -> int:
        """Delete holds that have ended: tidiness only, every question judges expiry itself."""
        result = await self._collection.delete_many({"expires_at": {"$lte": now}})
        return int(result.deleted_count)

    async def taken(
        self,
        resources: Sequence[Resource],
        first_day: date,
        last_day: date,
        *,
        now: datetime,
        besides: LeadId | None = None,
        besides_holds: Sequence[HoldId] = (),
    ) -> Taken:
        """What is held or booked of `resources` around these local days, without what one lead holds, and these."""
        others = {"hold": {"$nin": list(besides_holds)}}
        query: Document = {"$and": [_around(resources, first_day, last_day), _alive(now), others]}
        if besides is not None:
            # what the waiting list keeps for them they were told of, and are offered nowhere else
            query["$and"].append({"$or": [{"lead": {"$ne": besides}}, {"booked": True}, _BY_WAITING_LIST]})
        rows = await self._collection.find(query, {"_id": 1}).to_list(None)
        return Taken.of([*(row["_id"] for row in rows), *await self._blocked(resources, first_day, last_day)])

    async def taken_by_hold(
        self, resources: Sequence[Resource], first_day: date, last_day: date, *, now: datetime
    ) -> tuple[list[tuple[str, str]], list[str]]:
        """The same of everybody: each claim with its hold, and what is blocked."""
        query = {"$and": [_around(resources, first_day, last_day), _alive(now)]}
        found = self._collection.find(query, {"hold": 1}).to_list(None)
        rows, blocked = await asyncio.gather(found, self._blocked(resources, first_day, last_day))
        return [(row["_id"], row["hold"]) for row in rows], blocked

    async def _blocked(self, resources: Sequence[Resource], first_day: date, last_day: date) -> list[str]:
        days = [first_day - _PAD + timedelta(days=count) for count in range((last_day - first_day).days + 5)]
        begin, until = (datetime.combine(day, time(), UTC) for day in (days[0], days[-1]))
        return await self.blocks.taken(resources, begin, until, days) if resources else []

    async def holding(self, hold: HoldId) -> HeldClaim | None:
        """What the store has under one hold id, expired or not."""
        found = await self._holdings([{"$match": {"hold": hold}}], 1)
        return found[0] if found else None

    async def booked(self, after: HoldId | None = None, limit: int = 500) -> tuple[HeldClaim, ...]:
        """Booked holds in the order of their ids, from `after` on: the orphan sweep walks them."""
        return await self._holdings([{"$match": {"hold": {"$gt": after or ""}, "booked": True}}], limit)

    async def reassign(self, younger: LeadId, older: LeadId) -> None:
        """Holds and booked times of a merged lead are the older one's."""
        await self._collection.update_many({"lead": younger}, {"$set": {"lead": older}})

    async def of_lead(self, lead: LeadId, *, now: datetime) -> tuple[HeldClaim, ...]:
        """Everything one lead holds or has booked at `now`; what cannot be read of it hides none of the others."""
        found = await self._holdings([{"$match": {"lead": lead, **_alive(now)}}], 500)
        return tuple(holding for holding in found if _is_readable(holding))

    async def _delete(self, query: Document) -> int:
        async def once(session: Any) -> int:
            result = await self._collection.delete_many(query, session=session)
            return int(result.deleted_count)

        return await self._in_transaction(once)

    async def _holdings(self, first: list[Document], limit: int) -> tuple[HeldClaim, ...]:
        fields = {name: {"$first": f"${name}"} for name in ("lead", "booking", "booked", "expires_at", "of")}
        group = {"$group": {"_id": "$hold", "claims": {"$sum": 1}, **fields}}
        rows = await aggregate(self._collection, [*first, group, {"$sort": {"_id": 1}}, {"$limit": limit}])
        return tuple(_holding(row) for row in rows)

    async def _in_transaction(self, once: Callable[[Any], Awaitable[Outcome]]) -> Outcome:
        """Run `once` in one short transaction, again shortly whenever somebody else was at the same keys."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience.total_seconds()
        pause = _FIRST_PAUSE
        while True:
            try:
                async with transaction(self._client) as session:
                    return await once(session)
            except PyMongoError as error:
                # Whether trying again can help; a duplicate key is read again too, for only a read says "taken".
                codes = {getattr(error, "code", None)}
                if isinstance(error, BulkWriteError):
                    codes |= {wrong.get("code") for wrong in (error.details or {}).get("writeErrors", [])}
                labels = ("TransientTransactionError", "UnknownTransactionCommitResult")
                if not (bool(codes & {_DUPLICATE, _CONFLICT}) or any(error.has_error_label(label) for label in labels)):
                    raise
                if loop.time() > deadline:
                    raise TooBusy from error
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(pause * 1.6, _LONGEST_PAUSE)


class _Torn(Exception):
    """Some of the hold's claims are gone; the transaction is undone."""


def _around(resources: Sequence[Resource], first_day: date, last_day: date) -> Document:
    start, end = (first_day - _PAD).isoformat(), (last_day + _PAD).isoformat()
    ranges = [{"_id": {"$gte": f"{name}|{start}", "$lt": f"{name}|{end}"}} for name in resources]
    return {"$or": ranges} if ranges else {"_id": {"$in": []}}


def _alive(now: datetime) -> Document:
    return {"$or": [{"booked": True}, {"expires_at": {"$gt": now}}]}


def is_alive(row: Document, now: datetime) -> bool:
    """Whether that claim still keeps anything."""
    return bool(row["booked"]) or row["expires_at"] > now


def choose_seats(
    hold: HoldId, needs: Sequence[Need], taken: Taken, owned: AbstractSet[str] = frozenset()
) -> list[ClaimKey] | Unavailable:
    """The keys to have, sorted; the seats that are owned first, then each hold begins elsewhere, so that few
    collide."""
    chosen: list[ClaimKey] = []
    for need in needs:
        seats = need.seats_left(taken)
        if len(seats) < need.seats:
            return Unavailable(need.resource)
        first = zlib.crc32(hold.encode()) % len(seats)
        turned = (*seats[first:], *seats[:first])
        ranked = sorted(turned, key=lambda seat: -sum(key in owned for key in need.keys(seat))) if owned else turned
        for seat in ranked[: need.seats]:
            chosen += need.keys(seat)
    return sorted(chosen)


def held(hold: HoldId, mine: Sequence[Document]) -> Held:
    """What these claims of one hold are."""
    return Held(hold, tuple(sorted(ClaimKey(row["_id"]) for row in mine)), mine[0]["expires_at"])


def _again(hold: HoldId, mine: Sequence[Document], needs: Sequence[Need]) -> Held:
    keys = sorted(ClaimKey(row["_id"]) for row in mine)
    wanted = sum(need.seats * len(need.quanta) for need in needs)
    possible = {key for need in needs for key in need.every_key()}
    if len(keys) != wanted or not possible.issuperset(keys):
        raise HoldDiffers
    return Held(hold, tuple(keys), mine[0]["expires_at"])


def document(key: ClaimKey, claimant: Claimant, of: int, expires_at: datetime | None) -> Document:
    """A claim as it is stored."""
    return {
        "_id": key,
        "hold": claimant.hold,
        "lead": claimant.lead,
        "booking": claimant.booking,
        "booked": False,
        "expires_at": expires_at,
        "of": of,
    }


def _is_readable(holding: HeldClaim) -> bool:
    """Whether a hold's columns are what they should be."""
    names: tuple[object, ...] = (holding.hold, holding.lead, holding.booking or "")
    until: object = holding.expires_at
    return all(isinstance(name, str) for name in names) and (until is None or isinstance(until, datetime))


def _holding(row: Document) -> HeldClaim:
    return HeldClaim(
        row["_id"], row["lead"], row["booking"], row["booked"], row["expires_at"], row["claims"], row["of"]
    )
