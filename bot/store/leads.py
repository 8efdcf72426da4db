"""The collection `leads`: one document a customer; the laws of its one update are those of every thread."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from bson.max_key import MaxKey
from bson.min_key import MinKey
from pymongo.errors import OperationFailure

from bot.domain.ids import LeadId
from bot.domain.inbox import CUSTOMER
from bot.domain.lead import Lead
from bot.domain.outbox import QueuedEffect, Status, StoredLead
from bot.domain.states import Mode
from bot.store import outbox_updates as updates
from bot.store.alarms import alarm_document
from bot.store.driver import Database, Document
from bot.store.inbox_views import FOUND_BY, MOST_COUNTED, InboxOrder, InboxView
from bot.store.outbox_rows import effect_document
from bot.store.outboxes import ALIVE
from bot.store.paging import newest_first, place_of, soonest_first
from bot.store.sealing import KeyDestroyed, Tampered
from bot.store.search_terms import of_name, of_number
from bot.store.shapes import UnknownKind, pack_lead, unpack_lead
from bot.store.threads import Threads
from bot.store.vault import Vault

log = structlog.get_logger(__name__)

MOST_MET: Final = 10_000
"""Of a word that more leads have it is not asked beforehand who they are."""
SPARE: Final = 20
"""So many more than a page are looked up: some may have been merged into others."""
_BY_ID: Final = [("_id", 1)]


@dataclass(frozen=True, slots=True)
class Page:
    """Some leads of a long list, and where the next ones begin."""

    leads: tuple[StoredLead, ...]
    next_cursor: str | None


class Leads(Threads[Lead]):
    """The collection `leads`."""

    def __init__(self, database: Database, vault: Vault) -> None:
        super().__init__(database, vault, "leads")

    async def page(self, view: InboxView, limit: int, cursor: str | None) -> Page:
        """A part of the inbox; BadCursor."""
        listed = newest_first if view.order is InboxOrder.NEWEST else soonest_first
        rows, following = await listed(self._collection, view.query(), view.order.value, cursor, limit)
        # together, so that the keys of all of them are one look
        found = await asyncio.gather(*map(self._shown, rows))
        return Page(tuple(stored for stored in found if stored is not None), following)

    async def count(self, view: InboxView) -> int:
        """How many there are, counted up to `MOST_COUNTED`: nobody reads further, and counting costs by the row."""
        query = view.query()
        if view.order is not InboxOrder.NEWEST:
            query = {"$and": [query, {view.order.value: {"$type": "date"}}]}
        # without a condition of its own a count walks through the order it is shown in, and stops early
        by_order = {"hint": [(view.order.value, -1), ("_id", 1)]} if view.is_whole else {}
        counted: int = await self._collection.count_documents(query, limit=MOST_COUNTED, **by_order)
        return counted

    async def found_by(self, asked: Sequence[tuple[str, str]], limit: int, cursor: str | None) -> Page:
        """Conversations that have all of these terms, the last customer's word first; BadCursor."""
        query: Document = {"merged_into": None, **ALIVE}
        terms = self._vault.terms(asked)
        query["find"] = {"$all": terms, "$type": "string"}
        rows: Sequence[Document] = ()
        following: str | None = None
        are_all = False
        near = await self._nearest(terms, limit, cursor) if len(terms) > 1 else None
        if near is not None:
            ids, are_all = near
            theirs = query | {"_id": {"$in": ids}}
            rows, following = await newest_first(self._collection, theirs, "last_inbound_at", cursor, limit, _BY_ID)
        # some of them may have been merged since: what is then missing is asked for as a whole
        if following is None and not are_all:
            rows, following = await newest_first(self._collection, query, "last_inbound_at", cursor, limit)
        found = await asyncio.gather(*map(self._shown, rows))
        return Page(tuple(stored for stored in found if stored is not None), following)

    async def _nearest(self, terms: Sequence[str], limit: int, cursor: str | None) -> tuple[list[str], bool] | None:
        """Who has all of these terms, a page of them from that place on, and whether those are all; none where the
        index alone does not say it.

        The index bears one term: every lead that has it would be opened to look for the others, thousands of them for
        two common names.
        """
        first, *others = await asyncio.gather(*map(self._who_have, terms))
        if first is None or any(ids is None for ids in others):
            return None
        both = frozenset(first).intersection(*(ids for ids in others if ids is not None))
        having = [id_ for id_ in first if id_ in both]
        if cursor is not None:
            last = place_of(cursor).keys[0]
            if last not in both:
                return None
            having = having[having.index(last) + 1 :]
        most = limit + SPARE
        return having[:most], len(having) <= most

    async def _who_have(self, term: str) -> list[str] | None:
        """The ids of all that have that term, in the order of a page; none where they are too many to be worth it."""
        newest, oldest = (MaxKey(), MinKey()), (MinKey(), MaxKey())
        begin, end = ([("find", term), ("last_inbound_at", at), ("_id", id_)] for at, id_ in (newest, oldest))
        try:
            rows = await self._collection.find({}, {"_id": 1}).hint(FOUND_BY).min(begin).max(end).to_list(MOST_MET + 1)
        except OperationFailure:
            # the index is being built yet: found all the same, only later
            return None
        return [row["_id"] for row in rows] if len(rows) <= MOST_MET else None

    async def make_findable(self, after: str, limit: int) -> str | None:
        """Bring what is asked of the database of some leads to what this version asks, where nobody has written
        meanwhile; the last one looked at, none at the end."""
        query: Document = {"_id": {"$gt": after}, **ALIVE}
        rows = await self._collection.find(query).sort("_id", 1).to_list(limit)
        for row in rows:
            stored = None if "find" in row else await self._shown(row)
            if stored is not None:
                unchanged = {"_id": stored.lead.id, "version": stored.version}
                await self._collection.update_one(unchanged, {"$set": self._plain(stored.lead)})
        return str(rows[-1]["_id"]) if rows else None

    async def waiting_for(self, agent: str, limit: int) -> list[LeadId]:
        """Conversations of theirs that need somebody: a customer waits, or what was put off is due."""
        query: Document = {"merged_into": None, **ALIVE, "agent": {"$eq": agent, "$type": "string"}}
        query |= {"mode": Mode.AGENT.value, "deadline_at": {"$type": "date"}, "snoozed": {"$ne": True}}
        rows = await self._collection.find(query, {"_id": 1}).sort("last_inbound_at", 1).to_list(limit)
        return [LeadId(row["_id"]) for row in rows]

    async def unowned(self, limit: int) -> list[StoredLead]:
        """Conversations that wait for any person, the one whose customer has been silent longest first."""
        query: Document = {"merged_into": None, **ALIVE, "agent": None, "waits_for_person": True}
        query |= {"mode": Mode.AGENT.value, "snoozed": {"$ne": True}}
        rows = await self._collection.find(query).sort("last_inbound_at", 1).to_list(limit)
        found = await asyncio.gather(*map(self._shown, rows))
        return [stored for stored in found if stored is not None]

    async def load_of(self, agents: Sequence[str]) -> dict[str, int]:
        """How many conversations of theirs need them: a customer waits, and it is not put off."""
        query: Document = {"merged_into": None, **ALIVE, "agent": {"$in": sorted(agents), "$type": "string"}}
        query |= {"mode": Mode.AGENT.value, "waiting_since": {"$type": "date"}, "snoozed": {"$ne": True}}
        found = dict.fromkeys(agents, 0)
        async for row in await self._collection.aggregate([{"$match": query}, {"$sortByCount": "$agent"}]):
            found[row["_id"]] = row["count"]
        return found

    async def _shown(self, row: Document) -> StoredLead | None:
        """A row of a list; one that cannot be read hides none of the others."""
        try:
            return await self._stored(row)
        except (UnknownKind, Tampered, KeyDestroyed, KeyError, ValueError, TypeError) as error:
            log.error("lead_unreadable", lead=row["_id"], problem=type(error).__name__)
            return None

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
        empty |= {"alarms": [], "waits_for_person": False, "waiting_since": None, "deadline_at": None}
        empty |= {"unread": False, "customer_last": False, "snoozed": False}
        gone = {"sealed": "", "lease": "", "stumbles": "", "find": ""}
        await self._collection.update_one(
            {"_id": lead_id}, {"$set": empty, "$unset": gone, "$inc": {"version": 1, "epoch": 1}}
        )
        await self._vault.destroy(lead_id)

    def _packed(self, thread: Lead) -> bytes:
        return pack_lead(thread)

    def _unpacked(self, packed: bytes) -> Lead:
        return unpack_lead(packed)

    def _plain(self, thread: Lead) -> Document:
        talk, entry = thread.conversation, thread.inbox
        return {
            "mode": talk.mode.value,
            "agent": talk.agent,
            "language": thread.language,
            "waits_for_person": thread.waits_for_person,
            "alarms": [alarm_document(alarm) for alarm in thread.alarms],
            "opted_out": talk.opted_out,
            "waiting_since": thread.waiting_since,
            "deadline_at": thread.deadline_at,
            "unread": entry.unread > 0,
            "customer_last": entry.last_speaker == CUSTOMER,
            "snoozed": entry.snooze is not None,
            "find": self._vault.terms([*of_name(thread.name), *of_number(thread.address.wa_id)]),
            "states": [booking.state.value for booking in thread.bookings],
        }
