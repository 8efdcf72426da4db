"""Answers already given to machines: the same key and body gets the stored answer, another body is refused."""

from dataclasses import dataclass
from enum import StrEnum

from pymongo.errors import DuplicateKeyError

from bot.store.driver import Collection, Database
from bot.store.vault import Vault

STALE_SECONDS = 60


class KeyState(StrEnum):
    """What a key was found to be."""

    NEW = "new"
    ANSWERED = "answered"
    RUNNING = "running"
    OTHER_BODY = "other_body"


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """A key, and the answer if there is one."""

    found: KeyState
    status: int = 0
    body: bytes = b""


class Idempotency:
    """The collection `idempotency`."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._collection: Collection = database["idempotency"]
        self._vault = vault

    async def begin(self, key: str, body_hash: str) -> StoredAnswer:
        """Begin a request, or say what became of the one with this key; one left running for a minute is taken up."""
        try:
            await self._collection.update_one({"_id": key}, {"$setOnInsert": {"body": body_hash}}, upsert=True)
        except DuplicateKeyError:
            return StoredAnswer(KeyState.RUNNING)
        row = await self._collection.find_one({"_id": key})
        if row is None:  # the one that ran failed at this very moment: to the caller it was still running
            return StoredAnswer(KeyState.RUNNING)
        if row["body"] != body_hash:
            return StoredAnswer(KeyState.OTHER_BODY)
        if "status" in row:
            answer = await self._vault.open_inbound(key, bytes(row["answer"]))
            return StoredAnswer(KeyState.ANSWERED, row["status"], answer)
        # Only one of several at a time, and a dead one does not block for ever.
        stale = {"$lt": ["$running_since", {"$subtract": ["$$NOW", STALE_SECONDS * 1000]}]}
        free = {"$or": [{"$eq": [{"$type": "$running_since"}, "missing"]}, stale]}
        done = await self._collection.update_one({"_id": key, "$expr": free}, [{"$set": {"running_since": "$$NOW"}}])
        return StoredAnswer(KeyState.NEW if bool(done.modified_count) else KeyState.RUNNING)

    async def answer(self, key: str, status: int, body: bytes) -> None:
        """Keep the answer; one that was given before stands."""
        first = {"_id": key, "status": {"$exists": False}}
        sealed = await self._vault.seal_inbound(key, body)
        await self._collection.update_one(first, {"$set": {"status": status, "answer": sealed}})

    async def forget(self, key: str) -> None:
        """The request failed without an answer worth keeping: it may be made again."""
        await self._collection.delete_one({"_id": key, "status": {"$exists": False}})
