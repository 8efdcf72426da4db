"""A conversation's document, whosever it is, and the laws of its one update.

A commit is one server-side update guarded by the version: it sets the state, adds new effects and takes settled ones
out of the outbox *as it is at that moment*, so that a relay's claim is never undone. Anybody may commit; only the
holder of the lease performs effects, and who commits in order to perform takes it with the commit.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic

from bot.domain.ids import EffectId, LeadId
from bot.domain.outbox import Lease, StoredThread, WantedLease
from bot.domain.outcome import Decided
from bot.domain.thread import AnyThread
from bot.store import outbox_updates as updates
from bot.store.driver import Database, Document
from bot.store.gathered import GatheredWrite, by_id
from bot.store.outbox_rows import effect_document, read_effect
from bot.store.outboxes import ALIVE, FREE, LEASE_SECONDS, Outboxes, lease_of
from bot.store.vault import Vault

_SEALED_AS = "lead"
"""The field that a state is sealed as: what is stored opens as it alone."""


@dataclass(frozen=True)
class Saved(Generic[AnyThread]):
    """A thread right after a commit, so that nobody has to read it again."""

    stored: StoredThread[AnyThread]
    size: int
    """In bytes."""


class Threads(Outboxes, Generic[AnyThread]):
    """One collection of threads; what they hold is packed and read by whoever knows it."""

    def __init__(self, database: Database, vault: Vault, collection: str) -> None:
        super().__init__(database, vault, collection)
        self._looks = by_id(self._collection, where=ALIVE)

    @abstractmethod
    def _packed(self, thread: AnyThread) -> bytes:
        """What it holds, as bytes."""

    @abstractmethod
    def _unpacked(self, packed: bytes) -> AnyThread:
        """The thread those bytes hold, or UnknownKind."""

    @abstractmethod
    def _plain(self, thread: AnyThread) -> Document:
        """What is asked of the database, and says nothing private."""

    async def create(self, thread: AnyThread) -> None:
        """Insert a new one; the second insert of one id changes nothing."""
        document = {"_id": thread.id, "version": 0, "outbox": [], "handled": [], "merged_into": None}
        document |= await self._state(thread)
        await self._writes.write(GatheredWrite({"_id": document.pop("_id")}, {"$setOnInsert": document}, upsert=True))

    async def load(self, lead_id: LeadId) -> StoredThread[AnyThread] | None:
        """It as it stands, or none."""
        row = await self._looks.find(lead_id)
        return None if row is None else await self._stored(row)

    async def acquire(
        self, lead_id: LeadId, token: str, seconds: float = LEASE_SECONDS
    ) -> StoredThread[AnyThread] | None:
        """Take the lease if it is free or has run out; none when somebody else has it."""
        row = await self._collection.find_one_and_update(
            {"_id": lead_id, "$expr": FREE, **ALIVE},
            [{"$set": {"lease": lease_of(token, seconds)}}],
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

    async def commit(
        self,
        stored: StoredThread[AnyThread],
        decision: Decided[AnyThread],
        events: Sequence[str],
        settled: Sequence[EffectId] = (),
        under: WantedLease | None = None,
    ) -> Saved[AnyThread] | None:
        """Save thread and effects together, with the version of the business file they were decided under; it as it
        stands then, or none when somebody was faster: decide again. `under` takes the lease with it, or holds on to
        it; where somebody else has it, nothing is saved."""
        thread = decision.thread
        new = [await effect_document(self._vault, thread.id, effect) for effect in decision.effects]
        state = {key: updates.literal(value) for key, value in (await self._state(thread)).items()}
        change = state | {
            "version": updates.literal(stored.version + 1),
            "outbox": updates.outbox_after(decision.withdraw, thread.epoch, settled, new),
            "handled": {"$concatArrays": ["$handled", updates.literal(list(events))]},
            "updated_at": "$$NOW",
        }
        if decision.business:
            change["business"] = updates.literal(decision.business)
        query: Document = {"_id": thread.id, "version": stored.version, "merged_into": None, **ALIVE}
        if under is not None:
            change["lease"] = lease_of(under.token, under.seconds)
            query["$expr"] = {"$or": [FREE, {"$eq": ["$lease.token", updates.literal(under.token)]}]}
        row = await self._collection.find_one_and_update(
            query,
            [{"$set": change}],
            projection={"version": 1, "outbox": 1, "handled": 1, "lease": 1},
            return_document=True,
        )
        return None if row is None else Saved(await self._with(thread, row), state["size"]["$literal"])

    async def _state(self, thread: AnyThread) -> Document:
        sealed = await self._vault.seal(thread.id, _SEALED_AS, self._packed(thread))
        return self._plain(thread) | {
            "epoch": thread.epoch,
            "last_inbound_at": thread.last_inbound_at,
            "timers": {name.replace(".", "_"): due for name, due in thread.timers.items()},
            "next_due_at": thread.next_due_at,
            "size": len(sealed),
            "sealed": sealed,
        }

    async def _stored(self, row: Document) -> StoredThread[AnyThread]:
        owner = LeadId(row["_id"])
        return await self._with(self._unpacked(await self._vault.open(owner, _SEALED_AS, bytes(row["sealed"]))), row)

    async def _with(self, thread: AnyThread, row: Document) -> StoredThread[AnyThread]:
        return StoredThread(
            thread=thread,
            version=row["version"],
            outbox=tuple([await read_effect(self._vault, thread.id, one) for one in row["outbox"]]),
            handled=frozenset(row["handled"]),
            merged_into=row.get("merged_into"),
            lease=None if (lease := row.get("lease")) is None else Lease(lease["token"], lease["until"]),
        )
