"""`messages`: the transcript. Inbound lines stand under their delivery's id, outbound ones under their effect's.

A delivery status moves a line forward only: Meta may tell `read` before `sent` (reference: whatsapp 4.1).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

import structlog

from bot.domain.commands import Author
from bot.domain.ids import EffectId, LeadId, Wamid
from bot.domain.notes import RecordNote
from bot.store.driver import Collection, Database, Document
from bot.store.gathered import GatheredWrite, GatheredWrites
from bot.store.paging import cursor_of, newest_first, place_of
from bot.store.sealing import KeyDestroyed, Tampered
from bot.store.search_terms import of_text
from bot.store.vault import Vault

log = structlog.get_logger(__name__)

NOTE: Final = "note"
"""Whose line is for the staff alone."""
UNREADABLE: Final = "(unreadable)"
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


@dataclass(frozen=True, slots=True)
class TemplateSent:
    """What a template's price depends on."""

    name: str
    category: str
    country: str
    """The first digits of the number it goes to, no more than a calling code has."""


RANK: Final = {
    DeliveryStatus.PERHAPS: 0,
    DeliveryStatus.SENT: 1,
    # between two ranks that are stored: what was delivered or read has arrived, whatever is told afterwards
    DeliveryStatus.FAILED: 1.5,
    DeliveryStatus.DELIVERED: 2,
    DeliveryStatus.READ: 3,
}
_FAILED_BEFORE: Final = 4
"""The rank of a failure in lines of older versions."""


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One line of the transcript."""

    id: str
    author: str
    """customer, bot, agent, or note: a line among the staff that no customer sees."""
    text: str
    at: datetime
    tick: DeliveryStatus | None = None
    perhaps_doubled: bool = False
    wamid: str | None = None
    by: str = ""
    """Who of the staff wrote a note; `system` where the house says what happened."""
    what: str = ""
    """A stable word for what the house says in a note."""
    mentions: tuple[str, ...] = ()
    failure: str = ""
    """Why it did not arrive, as a stable word."""
    code: int | None = None
    """Meta's error code, where it was Meta who refused."""


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line that was looked for, and whose conversation it stands in."""

    lead: LeadId
    line: TranscriptLine


@dataclass(frozen=True, slots=True)
class Transcript:
    """Some lines of a long conversation, oldest first, and where the ones before them are."""

    lines: tuple[TranscriptLine, ...]
    next_cursor: str | None


_AUTHORS: Final = ("customer", NOTE, *(author.value for author in Author))


class Messages:
    """The collection `messages`."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._collection: Collection = database["messages"]
        self._writes = GatheredWrites(self._collection)
        self._vault = vault

    async def record_inbound(self, lead: LeadId, delivery: str, text: str, at: datetime) -> None:
        """A customer's bubble; the second time changes nothing."""
        await self.record_all_inbound(lead, [(delivery, text, at)])

    async def record_all_inbound(self, lead: LeadId, lines: Sequence[tuple[str, str, datetime]]) -> None:
        """A customer's bubbles, each `(delivery, text, at)`, in one write; the second time changes nothing."""
        writes = []
        for delivery, text, at in lines:
            document = await self._line(lead, delivery, "customer", text, at)
            writes.append(GatheredWrite({"_id": delivery}, {"$setOnInsert": document}, upsert=True))
        await self._writes.write(*writes)

    async def record_outbound(
        self,
        lead: LeadId,
        effect: EffectId,
        author: Author,
        text: str,
        at: datetime,
        tick: DeliveryStatus,
        wamid: Wamid | None,
        template: TemplateSent | None = None,
    ) -> None:
        """One of our messages, with what Meta answered, and what a template's price depends on."""
        document = await self._line(lead, effect, author.value, text, at)
        if template is not None:
            document |= {"template": template.name, "category": template.category, "country": template.country}
        await self._writes.write(_advanced(effect, document, tick, wamid))

    async def record_note(self, lead: LeadId, effect: EffectId, note: RecordNote) -> None:
        """A line for the staff; the second time changes nothing."""
        document = await self._line(lead, effect, NOTE, note.text, note.at)
        document |= {"by": note.by, "what": note.what, "mentions": list(note.mentions)}
        await self._writes.write(GatheredWrite({"_id": effect}, {"$setOnInsert": document}, upsert=True))

    async def mentioning(self, agent: str, limit: int, cursor: str | None = None) -> tuple[list[FoundLine], str | None]:
        """Notes that call a person, the newest first; BadCursor."""
        query: Document = {"mentions": {"$eq": agent, "$type": "string"}}
        rows, following = await newest_first(self._collection, query, "at", cursor, limit)
        return [FoundLine(LeadId(row["lead"]), await self._read(LeadId(row["lead"]), row)) for row in rows], following

    async def record_failure(self, effect: EffectId, reason: str, code: int | None) -> None:
        """Why a message did not arrive."""
        await self._collection.update_one({"_id": effect}, {"$set": {"failure": reason, "code": code}})

    async def line(self, lead: LeadId, line_id: str) -> TranscriptLine | None:
        """One line of that conversation."""
        row = await self._collection.find_one({"_id": line_id, "lead": lead, "at": {"$type": "date"}})
        return None if row is None else await self._read(lead, row)

    async def quoted(self, lead: LeadId, wamids: Sequence[str]) -> dict[str, TranscriptLine]:
        """Lines of that conversation by Meta's ids of their messages, ours and the customer's."""
        names = {f"whatsapp:{wamid}": wamid for wamid in wamids}
        either = {"$or": [{"wamid": {"$in": list(wamids)}}, {"_id": {"$in": list(names)}}]}
        rows = await self._collection.find({"lead": lead, "at": {"$type": "date"}} | either).to_list(len(names) * 2)
        return {names.get(row["_id"]) or row["wamid"]: await self._read(lead, row) for row in rows}

    async def record_status(self, effect: EffectId, tick: DeliveryStatus, wamid: Wamid | None) -> None:
        """A delivery status; late and backward ones change nothing."""
        await self.record_statuses([(effect, tick, wamid)])

    async def record_statuses(self, told: Iterable[tuple[EffectId, DeliveryStatus, Wamid | None]]) -> None:
        """Several of them in one write."""
        await self._writes.write(*(_advanced(effect, {}, tick, wamid) for effect, tick, wamid in told))

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

    async def knows(self, wamid: Wamid, besides: str | None = None) -> bool:
        """Whether a message of ours has that id, in another line than that."""
        row = await self._collection.find_one({"wamid": wamid, "_id": {"$ne": besides}}, {"_id": 1})
        return row is not None

    async def doubled(self, effect: EffectId) -> None:
        """Perhaps the customer has it twice."""
        await self._collection.update_one({"_id": effect}, {"$set": {"perhaps_doubled": True}}, upsert=True)

    async def has_tick(self, effect: EffectId) -> bool:
        """Whether anybody ever told us that this one arrived at Meta."""
        row = await self._collection.find_one({"_id": effect}, {"rank": 1})
        return row is not None and row.get("rank", 0) > RANK[DeliveryStatus.PERHAPS]

    async def has_failed(self, effect: EffectId) -> bool:
        """Whether the last word about it is that it did not arrive."""
        row = await self._collection.find_one({"_id": effect}, {"tick": 1})
        return row is not None and row.get("tick") == DeliveryStatus.FAILED.value

    async def rewrite(self, lead: LeadId, line: str, text: str) -> None:
        """Other words in place of a line, where the lead has it."""
        sealed = await self._vault.seal(lead, line, text.encode())
        change = {"text": sealed, "words": self._vault.terms(of_text(text))}
        await self._collection.update_one({"_id": line, "lead": lead}, {"$set": change})

    async def with_words(
        self, asked: Sequence[tuple[str, str]], limit: int, cursor: str | None
    ) -> tuple[list[FoundLine], str | None]:
        """Lines that have all of these words, the newest first; BadCursor."""
        query: Document = {"words": {"$all": self._vault.terms(asked), "$type": "string"}}
        rows, following = await newest_first(self._collection, query, "at", cursor, limit)
        return [FoundLine(LeadId(row["lead"]), await self._read(LeadId(row["lead"]), row)) for row in rows], following

    async def forget_words(self, lead: LeadId) -> None:
        """Nothing of theirs is found by its words any more."""
        await self._collection.update_many({"lead": lead}, {"$unset": {"words": "", "mentions": ""}})

    async def make_findable(self, after: str, limit: int) -> str | None:
        """Give some lines of an earlier version the words they are found by; the last one looked at, none at the
        end."""
        query: Document = {"_id": {"$gt": after}}
        rows = await self._collection.find(query).sort("_id", 1).to_list(limit)
        writes = []
        for row in rows:
            if "words" in row or row.get("author") not in {"customer", Author.AGENT.value}:
                continue
            line = await self._read(LeadId(str(row.get("lead"))), row)
            if line.text != UNREADABLE:
                words = self._vault.terms(of_text(line.text))
                writes.append(GatheredWrite({"_id": row["_id"]}, {"$set": {"words": words}}))
        await self._writes.write(*writes)
        return str(rows[-1]["_id"]) if rows else None

    async def of(self, lead: LeadId, limit: int = 200) -> list[TranscriptLine]:
        """The last lines of the transcript, oldest first."""
        return list((await self.page(lead, limit)).lines)

    async def page(self, lead: LeadId, limit: int, cursor: str | None = None) -> Transcript:
        """The last lines before the cursor's place, oldest first; BadCursor. New lines do not shift what is behind."""
        # a line without its moment has no place, and one of nobody is nobody's words
        dated: Document = {"lead": lead, "at": {"$type": "date"}, "author": {"$in": _AUTHORS}}
        query = dated if cursor is None else {"$and": [dated, _before(cursor)]}
        rows = await self._collection.find(query).sort([("at", -1), ("_id", -1)]).to_list(limit + 1)
        shown = rows[:limit]
        lines = tuple([await self._read(lead, row) for row in reversed(shown)])
        return Transcript(lines, cursor_of(shown[-1]["at"], shown[-1]["_id"]) if len(rows) > limit else None)

    async def reassign(self, younger: LeadId, older: LeadId) -> None:
        """Lines of a merged lead, sealed again under the older one's key."""
        async for row in self._collection.find({"lead": younger}):
            try:
                text = await self._vault.open(younger, row["_id"], bytes(row["text"]))
            except (Tampered, KeyError, TypeError) as error:
                # a line nobody can read stays where it is, and the merge goes on
                log.error("line_unreadable", problem=type(error).__name__)
                continue
            sealed = await self._vault.seal(older, row["_id"], text)
            await self._collection.update_one({"_id": row["_id"]}, {"$set": {"lead": older, "text": sealed}})

    async def _line(self, lead: LeadId, line_id: str, author: str, text: str, at: datetime) -> Document:
        sealed = await self._vault.seal(lead, line_id, text.encode())
        line: Document = {"lead": lead, "author": author, "text": sealed, "at": at}
        # what the bot says it says to everybody: nobody is found by it
        return line if author == Author.BOT.value else line | {"words": self._vault.terms(of_text(text))}

    async def _read(self, lead: LeadId, row: Document) -> TranscriptLine:
        """One line; what cannot be read of it is said to be so, and the others are shown."""
        tick = row.get("tick")
        try:
            text = (await self._vault.open(lead, row["_id"], bytes(row["text"]))).decode()
        except (Tampered, KeyDestroyed, KeyError, TypeError, ValueError) as error:
            log.error("line_unreadable", problem=type(error).__name__)
            text = UNREADABLE
        return TranscriptLine(
            id=row["_id"],
            author=str(row.get("author")),
            text=text,
            at=row["at"],
            tick=DeliveryStatus(tick) if isinstance(tick, str) and tick in set(DeliveryStatus) else None,
            perhaps_doubled=row.get("perhaps_doubled", False),
            wamid=row.get("wamid"),
            by=str(row.get("by") or ""),
            what=str(row.get("what") or ""),
            mentions=tuple(map(str, row.get("mentions") or ())),
            failure=str(row.get("failure") or ""),
            code=row["code"] if isinstance(row.get("code"), int) else None,
        )


def _advanced(effect: EffectId, document: Document, tick: DeliveryStatus, wamid: Wamid | None) -> GatheredWrite:
    """One update: the line's text if it is missing, and the tick if it is a step forward."""
    rank = RANK[tick]
    had = {"$ifNull": ["$rank", -1]}
    had = {"$cond": [{"$eq": [had, _FAILED_BEFORE]}, RANK[DeliveryStatus.FAILED], had]}
    forward = {"$lt": [had, rank]}
    change: Document = {
        "tick": {"$cond": [forward, tick.value, "$tick"]},
        "rank": {"$max": [had, rank]},
        "wamid": {"$ifNull": ["$wamid", {"$literal": wamid}]},
    }
    for key, value in document.items():
        change[key] = {"$ifNull": [f"${key}", {"$literal": value}]}
    return GatheredWrite({"_id": effect}, [{"$set": change}], upsert=True)


def _before(cursor: str) -> Document:
    place = place_of(cursor)
    earlier = [{"at": {"$lt": place.at}}, {"at": place.at, "_id": {"$lt": place.keys[0]}}]
    return {"at": {"$lte": place.at}, "$or": earlier}
