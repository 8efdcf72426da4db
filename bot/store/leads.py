"""The collection `leads`: one document a customer, and the laws of its one update.

A commit is one server-side update guarded by the version: it sets the state, adds new effects and takes settled ones
out of the outbox *as it is at that moment*, so that a relay's claim is never undone. Anybody may commit; only the
holder of the lease performs effects, and who commits in order to perform takes it with the commit. Lease, claims and
back-off run on the database server's time.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import structlog

from bot.domain.commands import Author, Effect, Lane
from bot.domain.ids import EffectId, LeadId
from bot.domain.lead import Lead
from bot.domain.outbox import SETTLED_WITHIN, Lease, QueuedEffect, Status, StoredLead, WantedLease
from bot.domain.outcome import Decision
from bot.store import outbox_updates as updates
from bot.store.alarms import alarm_document
from bot.store.clock import ServerClockReading
from bot.store.driver import Collection, Database, Document, aggregate
from bot.store.gathered import GatheredWrite, GatheredWrites, by_id
from bot.store.outbox_rows import effect_document, read_effect
from bot.store.paging import newest_first
from bot.store.sealing import KeyDestroyed, Tampered
from bot.store.shapes import UnknownKind, pack_lead, unpack_lead
from bot.store.vault import Vault

log = structlog.get_logger(__name__)

LEASE_SECONDS: Final = 30
_MS: Final = 1000
_FREE: Final = {"$or": [{"$eq": [{"$type": "$lease"}, "missing"]}, {"$lte": ["$lease.until", "$$NOW"]}]}
_ALIVE: Final = {"erased": {"$ne": True}}
"""An erased customer is a tombstone: nobody reads, visits or lists it."""


class TryCount(StrEnum):
    """What a try that came to nothing is counted as."""

    ATTEMPTS = "attempts"
    UNSENT = "unsent"
    WAITS = "waits"


@dataclass(frozen=True, slots=True)
class Saved:
    """A lead right after a commit, so that nobody has to read it again."""

    stored: StoredLead
    size: int
    """In bytes."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some leads of a long list, and where the next ones begin."""

    leads: tuple[StoredLead, ...]
    next_cursor: str | None


class Leads:
    """The collection `leads`."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._collection: Collection = database["leads"]
        self._writes = GatheredWrites(self._collection)
        self._looks = by_id(self._collection, where=_ALIVE)
        self._vault = vault
        self._server_clock = ServerClockReading(database)

    async def create(self, lead: Lead) -> None:
        """Insert a new lead; the second insert of one id changes nothing."""
        document = {"_id": lead.id, "version": 0, "outbox": [], "handled": [], "merged_into": None}
        document |= await self._state(lead)
        await self._writes.write(GatheredWrite({"_id": document.pop("_id")}, {"$setOnInsert": document}, upsert=True))

    async def load(self, lead_id: LeadId) -> StoredLead | None:
        """The lead as it stands, or none."""
        row = await self._looks.find(lead_id)
        return None if row is None else await self._stored(row)

    async def acquire(self, lead_id: LeadId, token: str, seconds: float = LEASE_SECONDS) -> StoredLead | None:
        """Take the lease if it is free or has run out; none when somebody else has it."""
        row = await self._collection.find_one_and_update(
            {"_id": lead_id, "$expr": _FREE, **_ALIVE},
            [{"$set": {"lease": _lease(token, seconds)}}],
            return_document=True,
        )
        if row is None:
            return None
        try:
            return await self._stored(row)
        except Exception:
            # nobody visits it under this lease, and a lease left behind would look like a colleague at work
            await self.release(lead_id, token)
            raise

    async def renew(self, lead_id: LeadId, token: str, seconds: float = LEASE_SECONDS) -> bool:
        """Hold on to the lease; false when it is lost, or was never had."""
        done = await self._collection.update_one(
            _held_by(lead_id, token), [{"$set": {"lease": _lease(token, seconds)}}]
        )
        return bool(done.matched_count)

    async def release(self, lead_id: LeadId, token: str | None, stamped: Sequence[str] = ()) -> None:
        """Give the lease back where one was had, and forget handled events whose deliveries are stamped."""
        change: Document = {"$pullAll": {"handled": list(stamped)}} if stamped else {}
        change |= {} if token is None else {"$unset": {"lease": ""}}
        held = {} if token is None else {"lease.token": token}
        if change:
            await self._writes.write(GatheredWrite({"_id": lead_id, **held}, change))

    async def commit(
        self,
        stored: StoredLead,
        decision: Decision,
        events: Sequence[str],
        settled: Sequence[EffectId] = (),
        under: WantedLease | None = None,
    ) -> Saved | None:
        """Save lead and effects together, with the version of the business file they were decided under; the lead as
        it stands then, or none when somebody was faster: decide again. `under` takes the lease with it, or holds on to
        it; where somebody else has it, nothing is saved."""
        lead = decision.lead
        new = [await effect_document(self._vault, lead.id, effect) for effect in decision.effects]
        state = {key: updates.literal(value) for key, value in (await self._state(lead)).items()}
        change = state | {
            "version": updates.literal(stored.version + 1),
            "outbox": updates.outbox_after(decision.withdraw, lead.conversation.epoch, settled, new),
            "handled": {"$concatArrays": ["$handled", updates.literal(list(events))]},
            "updated_at": "$$NOW",
        }
        if decision.business:
            change["business"] = updates.literal(decision.business)
        query: Document = {"_id": lead.id, "version": stored.version, "merged_into": None, **_ALIVE}
        if under is not None:
            change["lease"] = _lease(under.token, under.seconds)
            query["$expr"] = {"$or": [_FREE, {"$eq": ["$lease.token", updates.literal(under.token)]}]}
        row = await self._collection.find_one_and_update(
            query,
            [{"$set": change}],
            projection={"version": 1, "outbox": 1, "handled": 1, "lease": 1},
            return_document=True,
        )
        return None if row is None else Saved(await self._with(lead, row), state["size"]["$literal"])

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
        """Whether there is such a lead."""
        return await self._collection.find_one({"_id": lead_id, **_ALIVE}, {"_id": 1}) is not None

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

    async def with_effects_to_look_at(self, limit: int = 200, besides: Sequence[LeadId] = ()) -> list[LeadId]:
        """Leads whose outbox wants somebody's eyes now."""
        now = await self.server_now()
        wanted = {"id": {"$type": "string"}, "status": {"$ne": Status.DRAFT.value}, "look_at": {"$lte": now}}
        # the moment is said twice: an index of a part of the leads is used only for a query that names its field
        query: Document = {"outbox.look_at": {"$lte": now}, "outbox": {"$elemMatch": wanted}, "merged_into": None}
        if besides:
            query["_id"] = {"$nin": list(besides)}
        rows = await self._collection.find(query, {"_id": 1}).to_list(limit)
        return [LeadId(row["_id"]) for row in rows]

    async def with_timers_due(
        self, business_now: datetime, limit: int = 200, besides: Sequence[LeadId] = ()
    ) -> list[LeadId]:
        """Leads whose earliest timer is due in business time."""
        # its type too: the index has only the leads with a timer, and is used by who says so
        query: Document = {"next_due_at": {"$lte": business_now, "$type": "date"}, "merged_into": None}
        if besides:
            query["_id"] = {"$nin": list(besides)}
        rows = await self._collection.find(query, {"_id": 1}).sort("next_due_at", 1).to_list(limit)
        return [LeadId(row["_id"]) for row in rows]

    async def page(self, tab: str, agent: str, limit: int, cursor: str | None) -> Page:
        """The inbox in the order of the customers' last words; `tab` is mine, unassigned or all. BadCursor."""
        query: Document = {"merged_into": None, **_ALIVE}
        if tab == "mine":
            # its type too: the index has only the leads that an agent has, and is used by who says so
            query["agent"] = {"$eq": agent, "$type": "string"}
        elif tab == "unassigned":
            query |= {"agent": None, "waits_for_person": True}
        rows, following = await newest_first(self._collection, query, "last_inbound_at", cursor, limit)
        return Page(tuple([stored for row in rows if (stored := await self._shown(row)) is not None]), following)

    async def _shown(self, row: Document) -> StoredLead | None:
        """A row of a list; one that cannot be read hides none of the others."""
        try:
            return await self._stored(row)
        except (UnknownKind, Tampered, KeyDestroyed, KeyError, ValueError, TypeError) as error:
            log.error("lead_unreadable", lead=row["_id"], problem=type(error).__name__)
            return None

    async def count_kept_orders(self) -> int:
        """How many leads have an order that is left in its queue with a reason."""
        count: int = await self._collection.count_documents({"outbox.reason": {"$type": "string"}})
        return count

    async def server_now(self) -> datetime:
        """The database server's clock."""
        return await self._server_clock.now()

    async def freeze(self, younger: StoredLead, older: LeadId) -> bool:
        """Close the younger of two leads for good: it points to the older one and nothing of it is claimed again."""
        done = await self._collection.update_one(
            {"_id": younger.lead.id, "version": younger.version, "merged_into": None},
            [
                {
                    "$set": {
                        "merged_into": updates.literal(older),
                        "epoch": {"$add": ["$epoch", 1]},
                        "version": younger.version + 1,
                    }
                }
            ],
        )
        return bool(done.modified_count)

    async def mark_merged(self, younger: LeadId) -> None:
        """All of it is the other lead's now, for good."""
        await self._collection.update_one({"_id": younger}, {"$set": {"merged": True}})

    async def has_merged(self, younger: LeadId) -> bool:
        """Whether nothing of it is left to be merged."""
        return await self._collection.find_one({"_id": younger, "merged": True}, {"_id": 1}) is not None

    async def adopt(self, older: LeadId, waiting: QueuedEffect) -> bool:
        """Bring an effect of a merged lead into the outbox of the older one, once, and as far as it had come.

        What was being sent has an unknown outcome there: its sender can only settle it where it was. False when the
        older one was merged itself before it could be brought there.
        """
        in_flight = waiting.status in {Status.CLAIMED, Status.UNKNOWN}
        document = await effect_document(self._vault, older, waiting.effect) | {
            "status": (Status.UNKNOWN if in_flight else waiting.status).value,
            "claimed_at": waiting.claimed_at,
            "attempts": waiting.attempts,
            "unsent": waiting.unsent,
            "waits": waiting.waits,
            "doubled": waiting.doubled,
            "look_at": waiting.look_at if in_flight else updates.LONG_AGO,
        }
        query = {"_id": older, "merged_into": None, "outbox.id": {"$ne": waiting.effect.id}}
        done = await self._collection.update_one(query, {"$push": {"outbox": document}})
        if done.matched_count:
            return True
        return await self._collection.find_one({"_id": older, "outbox.id": waiting.effect.id}, {"_id": 1}) is not None

    async def erase(self, lead_id: LeadId) -> None:
        """Leave a tombstone, then destroy the customer's key: nothing sealed under it can ever be read again."""
        empty = {"erased": True, "outbox": [], "handled": [], "timers": {}, "next_due_at": None, "agent": None}
        empty |= {"alarms": [], "waits_for_person": False}
        gone = {"sealed": "", "lease": "", "stumbles": ""}
        await self._collection.update_one(
            {"_id": lead_id}, {"$set": empty, "$unset": gone, "$inc": {"version": 1, "epoch": 1}}
        )
        await self._vault.destroy(lead_id)

    async def _state(self, lead: Lead) -> Document:
        sealed = await self._vault.seal(lead.id, "lead", pack_lead(lead))
        talk = lead.conversation
        plain = {
            "mode": talk.mode.value,
            "epoch": talk.epoch,
            "agent": talk.agent,
            "language": lead.language,
            "waits_for_person": lead.waits_for_person,
            "alarms": [alarm_document(alarm) for alarm in lead.alarms],
            "opted_out": talk.opted_out,
            "last_inbound_at": talk.last_inbound_at,
            "states": [booking.state.value for booking in lead.bookings],
            "timers": {name.replace(".", "_"): due for name, due in lead.timers.items()},
            "next_due_at": lead.next_due_at,
            "size": len(sealed),
        }
        return plain | {"sealed": sealed}

    async def _stored(self, row: Document) -> StoredLead:
        lead_id = LeadId(row["_id"])
        return await self._with(unpack_lead(await self._vault.open(lead_id, "lead", bytes(row["sealed"]))), row)

    async def _with(self, lead: Lead, row: Document) -> StoredLead:
        return StoredLead(
            lead=lead,
            version=row["version"],
            outbox=tuple([await read_effect(self._vault, lead.id, one) for one in row["outbox"]]),
            handled=frozenset(row["handled"]),
            merged_into=row.get("merged_into"),
            lease=None if (lease := row.get("lease")) is None else Lease(lease["token"], lease["until"]),
        )


def _stumbles(what: str) -> str:
    """The field that counts them; `what` may bear dots and dollars."""
    return f"stumbles.{hashlib.sha256(what.encode()).hexdigest()[:16]}"


def _lease(token: str, seconds: float) -> Document:
    return {"token": updates.literal(token), "until": {"$add": ["$$NOW", int(seconds * _MS)]}}


def _held_by(lead_id: LeadId, token: str) -> dict[str, Any]:
    return {"_id": lead_id, "lease.token": token, "$expr": {"$gt": ["$lease.until", "$$NOW"]}}
