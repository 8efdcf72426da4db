"""What waits in an outbox and who may perform it, in any collection whose documents have one: lease, claims, back-off.

All of it runs on the database server's time, and none of it looks at what the document's owner is.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from bot.domain.commands import Author, Effect, Lane
from bot.domain.ids import EffectId, LeadId
from bot.domain.outbox import SETTLED_WITHIN, QueuedEffect, Status
from bot.store import outbox_updates as updates
from bot.store.clock import ServerClockReading
from bot.store.driver import Collection, Database, Document, aggregate
from bot.store.gathered import GatheredWrite, GatheredWrites
from bot.store.outbox_rows import read_effect
from bot.store.vault import Vault

LEASE_SECONDS: Final = 30
FREE: Final = {"$or": [{"$eq": [{"$type": "$lease"}, "missing"]}, {"$lte": ["$lease.until", "$$NOW"]}]}
ALIVE: Final = {"erased": {"$ne": True}}
"""An erased customer is a tombstone: nobody reads, visits or lists it."""
_MS: Final = 1000


class TryCount(StrEnum):
    """What a try that came to nothing is counted as."""

    ATTEMPTS = "attempts"
    UNSENT = "unsent"
    WAITS = "waits"


class Outboxes:
    """One collection of documents that have an outbox."""

    def __init__(self, database: Database, vault: Vault, collection: str) -> None:
        self._collection: Collection = database[collection]
        self._writes = GatheredWrites(self._collection)
        self._vault = vault
        self._server_clock = ServerClockReading(database)

    async def renew(self, lead_id: LeadId, token: str, seconds: float = LEASE_SECONDS) -> bool:
        """Hold on to the lease; false when it is lost, or was never had."""
        done = await self._collection.update_one(
            _held_by(lead_id, token), [{"$set": {"lease": lease_of(token, seconds)}}]
        )
        return bool(done.matched_count)

    async def release(self, lead_id: LeadId, token: str | None, stamped: Sequence[str] = ()) -> None:
        """Give the lease back where one was had, and forget handled events whose deliveries are stamped."""
        change: Document = {"$pullAll": {"handled": list(stamped)}} if stamped else {}
        change |= {} if token is None else {"$unset": {"lease": ""}}
        held = {} if token is None else {"lease.token": token}
        if change:
            await self._writes.write(GatheredWrite({"_id": lead_id, **held}, change))

    async def claim(self, lead_id: LeadId, token: str, effect: Effect) -> bool:
        """Claim one queued effect, right before doing it: by the lease, and for chat by the epoch too."""
        query = _held_by(lead_id, token) | {"merged_into": None}
        query["outbox"] = {"$elemMatch": {"id": effect.id, "status": Status.QUEUED.value, "epoch": effect.epoch}}
        if effect.lane is Lane.CHAT and effect.author is Author.BOT:
            query["epoch"] = effect.epoch
        done = await self._collection.update_one(query, [{"$set": {"outbox": updates.claimed(effect.id)}}])
        return bool(done.modified_count)

    async def unclaim(
        self, lead_id: LeadId, effect_id: EffectId, delay_seconds: float, counted: TryCount | None = None
    ) -> None:
        """Put a claimed effect that was surely not done back into the queue."""
        count = None if counted is None else counted.value
        await self._each(lead_id, effect_id, updates.queued_again(effect_id, delay_seconds, Status.CLAIMED, count))

    async def defer(self, lead_id: LeadId, effect_id: EffectId, delay_seconds: float) -> None:
        """Leave a queued effect alone for a while."""
        await self._each(lead_id, effect_id, updates.queued_again(effect_id, delay_seconds, Status.QUEUED))

    async def to_draft(self, lead_id: LeadId, effect_id: EffectId) -> None:
        """What the gate refused becomes a draft for the person in charge."""
        await self._each(lead_id, effect_id, updates.drafted(effect_id))

    async def mark_unknown(self, lead_id: LeadId, effect_id: EffectId, look_in_seconds: float) -> None:
        """The outcome is not known; look again later."""
        await self._each(lead_id, effect_id, updates.unknown(effect_id, look_in_seconds))

    async def requeue_doubled(self, lead_id: LeadId, effect_id: EffectId) -> None:
        """Queue an unknown, repeatable send once more, marked perhaps doubled."""
        await self._each(lead_id, effect_id, updates.doubled(effect_id))

    async def count_failure(
        self, lead_id: LeadId, effect_id: EffectId, delay_seconds: float, reason: str | None = None
    ) -> None:
        """Doing it failed in our own code, or another version has to do it; look again later."""
        await self._each(lead_id, effect_id, updates.failed(effect_id, delay_seconds, reason))

    async def count_stumble(self, lead_id: LeadId, what: str) -> int:
        """One more failure of that kind in our own code; how often it was by now."""
        name = _stumbles(what)
        row = await self._collection.find_one_and_update({"_id": lead_id}, {"$inc": {name: 1}}, return_document=True)
        count: int = 0 if row is None else row["stumbles"][name.partition(".")[2]]
        return count

    async def forgive_stumbles(self, lead_id: LeadId, what: str) -> None:
        """It went well at last: the next failure of that kind is the first again."""
        name = _stumbles(what)
        await self._collection.update_one({"_id": lead_id, name: {"$exists": True}}, {"$unset": {name: ""}})

    async def look_now(self, *effects: tuple[LeadId, EffectId]) -> None:
        """News came about effects; those whose outcome is unknown are looked at again at once."""
        await self._writes.write(
            *(
                # asked for with its state: nearly all have left the outbox long before anybody is told of them
                GatheredWrite(
                    {"_id": lead, "outbox": {"$elemMatch": {"id": effect, "status": Status.UNKNOWN.value}}},
                    [{"$set": {"outbox": updates.look_now(effect)}}],
                )
                for lead, effect in effects
            )
        )

    async def exists(self, lead_id: LeadId) -> bool:
        """Whether there is such a document."""
        return await self._collection.find_one({"_id": lead_id, **ALIVE}, {"_id": 1}) is not None

    async def settle(self, lead_id: LeadId, effect_ids: Sequence[EffectId]) -> None:
        """Done and of no further interest to `decide`: out of the outbox, whoever looks at it now."""
        gone: Document = {"$pull": {"outbox": {"id": {"$in": list(effect_ids)}}}}
        await self._writes.write(GatheredWrite({"_id": lead_id}, gone))

    async def _each(self, lead_id: LeadId, effect_id: EffectId, outbox: Document) -> None:
        await self._collection.update_one({"_id": lead_id, "outbox.id": effect_id}, [{"$set": {"outbox": outbox}}])

    async def on_its_way(self, lead_id: LeadId, before_epoch: int) -> list[QueuedEffect]:
        """Claimed chat effects of an older epoch whose deadline has not passed: what a take-over waits for."""
        fresh = {"$gt": ["$$one.claimed_at", {"$subtract": ["$$NOW", int(SETTLED_WITHIN.total_seconds() * _MS)]}]}
        still = {
            "$and": [
                {"$eq": ["$$one.status", Status.CLAIMED.value]},
                {"$eq": ["$$one.lane", Lane.CHAT.value]},
                {"$lt": ["$$one.epoch", before_epoch]},
                fresh,
            ]
        }
        found = {"$filter": {"input": "$outbox", "as": "one", "cond": still}}
        rows = await aggregate(self._collection, [{"$match": {"_id": lead_id}}, {"$project": {"outbox": found}}])
        return [await read_effect(self._vault, lead_id, one) for row in rows for one in row["outbox"]]

    async def count_kept_orders(self) -> int:
        """How many have an order that is left in its queue with a reason."""
        count: int = await self._collection.count_documents({"outbox.reason": {"$type": "string"}})
        return count

    async def server_now(self) -> datetime:
        """The database server's clock."""
        return await self._server_clock.now()


def _stumbles(what: str) -> str:
    """The field that counts them; `what` may bear dots and dollars."""
    return f"stumbles.{hashlib.sha256(what.encode()).hexdigest()[:16]}"


def lease_of(token: str, seconds: float) -> Document:
    return {"token": updates.literal(token), "until": {"$add": ["$$NOW", int(seconds * _MS)]}}


def _held_by(lead_id: LeadId, token: str) -> dict[str, Any]:
    return {"_id": lead_id, "lease.token": token, "$expr": {"$gt": ["$lease.until", "$$NOW"]}}
