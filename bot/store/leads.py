"""The collection `leads`: one document a customer; the laws of its one update are those of every thread."""

from dataclasses import dataclass

import structlog

from bot.domain.ids import LeadId
from bot.domain.lead import Lead
from bot.domain.outbox import QueuedEffect, Status, StoredLead
from bot.store import outbox_updates as updates
from bot.store.alarms import alarm_document
from bot.store.driver import Database, Document
from bot.store.outbox_rows import effect_document
from bot.store.outboxes import ALIVE
from bot.store.paging import newest_first
from bot.store.sealing import KeyDestroyed, Tampered
from bot.store.shapes import UnknownKind, pack_lead, unpack_lead
from bot.store.threads import Threads
from bot.store.vault import Vault

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """Some leads of a long list, and where the next ones begin."""

    leads: tuple[StoredLead, ...]
    next_cursor: str | None


class Leads(Threads[Lead]):
    """The collection `leads`."""

    def __init__(self, database: Database, vault: Vault) -> None:
        super().__init__(database, vault, "leads")

    async def page(self, tab: str, agent: str, limit: int, cursor: str | None) -> Page:
        """The inbox in the order of the customers' last words; `tab` is mine, unassigned or all. BadCursor."""
        query: Document = {"merged_into": None, **ALIVE}
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

    def _packed(self, thread: Lead) -> bytes:
        return pack_lead(thread)

    def _unpacked(self, packed: bytes) -> Lead:
        return unpack_lead(packed)

    def _plain(self, thread: Lead) -> Document:
        talk = thread.conversation
        return {
            "mode": talk.mode.value,
            "agent": talk.agent,
            "language": thread.language,
            "waits_for_person": thread.waits_for_person,
            "alarms": [alarm_document(alarm) for alarm in thread.alarms],
            "opted_out": talk.opted_out,
            "states": [booking.state.value for booking in thread.bookings],
        }
