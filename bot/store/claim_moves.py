"""Claims of a booking that is changed: what the new time needs is booked next to the old one, then the two are swapped.

Each is one short transaction, as in `bot.store.claims`: all of it or nothing, and done already it is the same.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from bot.domain.blocks import PROVIDER
from bot.slots.claims import ClaimKey, Need, Taken
from bot.store.claims import (
    Claimant,
    Claims,
    Held,
    HoldDiffers,
    HoldId,
    Unavailable,
    choose_seats,
    document,
    held,
    is_alive,
)
from bot.store.driver import Collection, Database, Document


class ClaimMoves:
    """The collection `claims`, for bookings that get another time."""

    def __init__(self, claims: Claims, database: Database) -> None:
        self._claims = claims
        self._collection: Collection = database["claims"]

    async def reserve(
        self, claimant: Claimant, needs: Sequence[Need], *, besides: HoldId, now: datetime
    ) -> Held | Unavailable:
        """Book, under this hold, what the booking needs beyond `besides`; unbooked holds of the same lead give way.
        Reserved already, it is the same."""

        async def once(session: Any) -> Held | Unavailable:
            rows = await self._around(session, claimant, needs, besides)
            mine = [row for row in rows if row["hold"] == claimant.hold and row["booked"]]
            if mine and len(mine) == mine[0]["of"]:
                return held(claimant.hold, mine)
            chosen = _choose_besides(claimant, needs, rows, {besides}, now)
            if isinstance(chosen, Unavailable):
                return chosen
            owned = {row["_id"] for row in rows if row["hold"] == besides}
            chosen = await self._claims.unblocked(session, claimant.hold, chosen, owned)
            if isinstance(chosen, Unavailable):
                return chosen
            return await self._insert_booked(session, claimant, [key for key in chosen if key not in owned])

        return await self._claims.together(once)

    async def swap(
        self, claimant: Claimant, needs: Sequence[Need], *, given_up: HoldId, now: datetime
    ) -> Held | Unavailable:
        """The booking's claims become exactly these, booked under this hold: what it has under `given_up` and does
        not need any more is freed, what it lacks is claimed, all or nothing. Swapped already, it is the same; a hold
        that is not whole any more swaps nothing: HoldDiffers."""

        async def once(session: Any) -> Held | Unavailable:
            rows = await self._around(session, claimant, needs, given_up)
            old = [row for row in rows if row["hold"] == given_up and row["booked"]]
            mine = [row for row in rows if row["hold"] == claimant.hold and row["booked"]]
            if not old and mine and len(mine) == mine[0]["of"]:
                return held(claimant.hold, mine)
            if not old or len(old) != old[0]["of"]:
                raise HoldDiffers
            chosen = _choose_besides(claimant, needs, rows, {given_up, claimant.hold}, now)
            owned = {row["_id"] for row in rows if row["hold"] in {given_up, claimant.hold}}
            chosen = await self._claims.unblocked(session, claimant.hold, chosen, owned)
            if isinstance(chosen, Unavailable):
                return chosen
            deleted = await self._collection.delete_many({"hold": given_up}, session=session)
            if deleted.deleted_count != len(old):
                raise _SwapTorn
            return await self._insert_booked(session, claimant, chosen)

        try:
            return await self._claims.together(once)
        except _SwapTorn:
            raise HoldDiffers from None

    async def hand_over(
        self, session: Any, hold: HoldId, wanted: Need, *, now: datetime, besides: HoldId | None = None
    ) -> Unavailable | None:
        """Inside `together`: the booking with that hold has this provider's time in place of the one it has, all or
        nothing; HoldDiffers where it is not booked, or at another time by now. Theirs already, only blocks are asked.
        What it has `besides`, as another time until that is given up, is in nobody's way."""
        every, own_too = wanted.keys(0), [hold, *filter(None, (besides,))]
        query = {"$or": [{"_id": {"$in": list(every)}}, {"hold": {"$in": own_too}}]}
        rows: list[Document] = await self._collection.find(query, session=session).to_list(None)
        mine = [row for row in rows if row["hold"] == hold and row["booked"]]
        kept = [row for row in rows if besides is not None and row["hold"] == besides and row["booked"]]
        if (not mine and not kept) or (mine and len(mine) != mine[0]["of"]):
            raise HoldDiffers
        old = [row["_id"] for row in mine if row["_id"].startswith(PROVIDER)]
        whose = {key.split("|", 1)[0] for key in old}
        # what both of its times share is claimed under the one it has
        there = {*old, *(row["_id"] for row in kept if row["_id"].split("|", 1)[0] in whose)}
        quanta = {key.rsplit("|", 2)[1] for key in there}
        if old and not (quanta >= set(wanted.quanta) if kept else quanta == set(wanted.quanta)):
            raise HoldDiffers
        if any(row["_id"] in every and row["hold"] not in own_too and is_alive(row, now) for row in rows):
            return Unavailable(wanted.resource)
        keys = [key for key in every if key not in {row["_id"] for row in kept}]
        # theirs or not, they may have become ill since it was offered
        free = await self._claims.unblocked(session, hold, list(keys))
        if isinstance(free, Unavailable):
            return free
        gone = await self._collection.delete_many({"_id": {"$in": old}, "hold": hold}, session=session)
        if gone.deleted_count != len(old):
            raise HoldDiffers
        await self._collection.delete_many({"_id": {"$in": list(keys)}}, session=session)
        whole = len(mine) - len(old) + len(keys)
        await self._collection.update_many({"hold": hold}, {"$set": {"of": whole}}, session=session)
        new = [{**(mine or kept)[0], "_id": key, "hold": hold, "of": whole} for key in keys]
        if new:
            await self._collection.insert_many(new, ordered=True, session=session)
        return None

    async def _around(self, session: Any, claimant: Claimant, needs: Sequence[Need], own: HoldId) -> list[Document]:
        every = [key for need in needs for key in need.every_key()]
        query = {"$or": [{"_id": {"$in": every}}, {"hold": {"$in": [claimant.hold, own]}}]}
        rows: list[Document] = await self._collection.find(query, session=session).to_list(None)
        return rows

    async def _insert_booked(self, session: Any, claimant: Claimant, keys: Sequence[ClaimKey]) -> Held:
        """These claims and no others under that hold, booked; whatever unbooked stood there has given way."""
        gone = {"$or": [{"_id": {"$in": list(keys)}, "booked": False}, {"hold": claimant.hold}]}
        await self._collection.delete_many(gone, session=session)
        documents = [document(key, claimant, len(keys), None) | {"booked": True} for key in keys]
        if documents:
            await self._collection.insert_many(documents, ordered=True, session=session)
        return Held(claimant.hold, tuple(keys), None)


class _SwapTorn(Exception):
    """Some of the old claims are gone; the transaction is undone."""


def _choose_besides(
    claimant: Claimant, needs: Sequence[Need], rows: Sequence[Document], own: AbstractSet[HoldId], now: datetime
) -> list[ClaimKey] | Unavailable:
    """The keys a booking is to have, as far as nobody else has them; its own holds and its lead's offers give way."""

    def gives_way(row: Document) -> bool:
        return row["hold"] in own or (row["lead"] == claimant.lead and not row["booked"])

    taken = Taken.of(row["_id"] for row in rows if is_alive(row, now) and not gives_way(row))
    owned = {row["_id"] for row in rows if row["hold"] in own}
    return choose_seats(claimant.hold, needs, taken, owned)
