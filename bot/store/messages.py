"""`messages`: the transcript. Inbound lines stand under their delivery's id, outbound ones under their effect's.

A delivery status moves a line forward only: Meta may tell `read` before `sent` (reference: whatsapp 4.1).
"""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.commands import Author
from bot.domain.ids import EffectId, LeadId, Wamid
from bot.store.driver import Collection, Database, Document
from bot.store.vault import Vault

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class DeliveryStatus(StrEnum):
    """How far an outbound message got, as far as anybody told us."""

    SENT = "sent"
    """Accepted by Meta."""
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    PERHAPS = "perhaps_sent"
    """Nobody could say whether it left; it is not sent again."""


RANK: Final = {
    DeliveryStatus.PERHAPS: 0,
    DeliveryStatus.SENT: 1,
    DeliveryStatus.DELIVERED: 2,
    DeliveryStatus.READ: 3,
    DeliveryStatus.FAILED: 4,
}


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One line of the transcript."""

    id: str
    author: str
    """customer, bot or agent."""
    text: str
    at: datetime
    tick: DeliveryStatus | None = None
    perhaps_doubled: bool = False
    wamid: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """Some lines of a long conversation, oldest first, and where the ones before them are."""

    lines: tuple[TranscriptLine, ...]
    next_cursor: str | None


class BadCursor(Exception):
    """That is no place in a transcript."""


class Messages:
    """The collection `messages`."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._collection: Collection = database["messages"]
        self._vault = vault

    async def record_inbound(self, lead: LeadId, delivery: str, text: str, at: datetime) -> None:
        """A customer's bubble; the second time changes nothing."""
        document = await self._line(lead, delivery, "customer", text, at)
        await self._collection.update_one({"_id": delivery}, {"$setOnInsert": document}, upsert=True)

    async def record_outbound(
        self,
        lead: LeadId,
        effect: EffectId,
        author: Author,
        text: str,
        at: datetime,
        tick: DeliveryStatus,
        wamid: Wamid | None,
    ) -> None:
        """One of our messages, with what Meta answered."""
        document = await self._line(lead, effect, author.value, text, at)
        await self._upsert(effect, document, tick, wamid)

    async def record_status(self, effect: EffectId, tick: DeliveryStatus, wamid: Wamid | None) -> None:
        """A delivery status; late and backward ones change nothing."""
        await self._upsert(effect, {}, tick, wamid)

    async def told_of(self, wamid: Wamid, tick: DeliveryStatus) -> EffectId | None:
        """The same by Meta's id, for statuses without our callback data; which effect it was, if we know."""
        row = await self._collection.find_one({"wamid": wamid}, {"_id": 1})
        if row is None:
            return None
        await self.record_status(EffectId(row["_id"]), tick, wamid)
        return EffectId(row["_id"])

    async def count_sent(self) -> int:
        """How many messages of ours Meta took."""
        count: int = await self._collection.count_documents({"rank": {"$gte": RANK[DeliveryStatus.SENT]}})
        return count

    async def knows(self, wamid: Wamid) -> bool:
        """Whether a message of ours has that id."""
        return await self._collection.find_one({"wamid": wamid}, {"_id": 1}) is not None

    async def doubled(self, effect: EffectId) -> None:
        """Perhaps the customer has it twice."""
        await self._collection.update_one({"_id": effect}, {"$set": {"perhaps_doubled": True}}, upsert=True)

    async def has_tick(self, effect: EffectId) -> bool:
        """Whether anybody ever told us that this one arrived at Meta."""
        row = await self._collection.find_one({"_id": effect}, {"rank": 1})
        return row is not None and row.get("rank", 0) > RANK[DeliveryStatus.PERHAPS]

    async def of(self, lead: LeadId, limit: int = 200) -> list[TranscriptLine]:
        """The last lines of the transcript, oldest first."""
        return list((await self.page(lead, limit)).lines)

    async def page(self, lead: LeadId, limit: int, cursor: str | None = None) -> Transcript:
        """The last lines before the cursor's place, oldest first; BadCursor. New lines do not shift what is behind."""
        query: Document = {"lead": lead} | ({} if cursor is None else _before(cursor))
        rows = await self._collection.find(query).sort([("at", -1), ("_id", -1)]).to_list(limit + 1)
        shown = rows[:limit]
        lines = tuple([await self._read(lead, row) for row in reversed(shown)])
        return Transcript(lines, _place(shown[-1]) if len(rows) > limit else None)

    async def reassign(self, younger: LeadId, older: LeadId) -> None:
        """Lines of a merged lead, sealed anew under the older one's key."""
        async for row in self._collection.find({"lead": younger}):
            text = await self._vault.open(younger, row["_id"], bytes(row["text"]))
            sealed = await self._vault.seal(older, row["_id"], text)
            await self._collection.update_one({"_id": row["_id"]}, {"$set": {"lead": older, "text": sealed}})

    async def _line(self, lead: LeadId, line_id: str, author: str, text: str, at: datetime) -> Document:
        sealed = await self._vault.seal(lead, line_id, text.encode())
        return {"lead": lead, "author": author, "text": sealed, "at": at}

    async def _upsert(self, effect: EffectId, document: Document, tick: DeliveryStatus, wamid: Wamid | None) -> None:
        """One update: the line's text if it is missing, and the tick if it is a step forward."""
        rank = RANK[tick]
        forward = {"$lt": [{"$ifNull": ["$rank", -1]}, rank]}
        change: Document = {
            "tick": {"$cond": [forward, tick.value, "$tick"]},
            "rank": {"$max": [{"$ifNull": ["$rank", -1]}, rank]},
            "wamid": {"$ifNull": ["$wamid", {"$literal": wamid}]},
        }
        for key, value in document.items():
            change[key] = {"$ifNull": [f"${key}", {"$literal": value}]}
        await self._collection.update_one({"_id": effect}, [{"$set": change}], upsert=True)

    async def _read(self, lead: LeadId, row: Document) -> TranscriptLine:
        text = await self._vault.open(lead, row["_id"], bytes(row["text"]))
        tick = row.get("tick")
        return TranscriptLine(
            id=row["_id"],
            author=row["author"],
            text=text.decode(),
            at=row["at"],
            tick=None if tick is None else DeliveryStatus(tick),
            perhaps_doubled=row.get("perhaps_doubled", False),
            wamid=row.get("wamid"),
        )


def _place(row: Document) -> str:
    """A line's place in its transcript: its moment in milliseconds, and its id."""
    at = (row["at"] - _EPOCH) // timedelta(milliseconds=1)
    return base64.urlsafe_b64encode(f"{at} {row['_id']}".encode()).decode().rstrip("=")


def _before(cursor: str) -> Document:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        moment, _, line = base64.b64decode(padded, altchars=b"-_", validate=True).decode().partition(" ")
        at = _EPOCH + timedelta(milliseconds=int(moment))
    except (ValueError, OverflowError):
        raise BadCursor(cursor[:80]) from None
    return {"$or": [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": line}}]}
