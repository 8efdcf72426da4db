"""`complaint_photos`: the pictures of complaints and of done tasks, sealed to outlast the channel's 30 days.

A row is written with what it is of and says what is wanted; the bytes come when they could be fetched. They are sealed
for their customer, those of work that no booking needs for the house. Erasing a customer deletes the rows, and what was
sealed cannot be opened by anybody.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import structlog

from bot.domain.complaints import Picture
from bot.domain.ids import LeadId
from bot.store.driver import Collection, Database, Document
from bot.store.sealing import KeyDestroyed, Tampered
from bot.store.vault import Vault

log = structlog.get_logger(__name__)

_NAME: Final = "complaint_photos"
"""Called so since complaints were the first to have pictures."""
LARGEST: Final = 5 * 2**20
"""Bytes of one picture; a phone's own are smaller, and a document holds 16 MiB."""


class PhotoState(StrEnum):
    """What became of a picture."""

    WANTED = "wanted"
    KEPT = "kept"
    GONE = "gone"
    """The channel does not have it any more, or never gave it."""
    NO_PICTURE = "no_picture"
    """What came is none, whatever it called itself."""
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class WantedPhoto:
    """One that has to be fetched."""

    id: str
    lead: LeadId | None
    """Whose it is; none where it is the house's."""
    media_id: str
    mime_type: str
    sent_at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """How one stands; with its bytes where they were asked for and can be had."""

    subject: str
    """The booking that the complaint is about, or the task."""
    media_id: str
    mime_type: str
    state: PhotoState
    content: bytes | None = None


class SealedPhotos:
    """The collection `complaint_photos`."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._collection: Collection = database[_NAME]
        self._vault = vault

    async def want(self, subject: str, lead: LeadId | None, picture: Picture) -> None:
        """It is to be fetched, for that customer or for the house; told again, nothing changes."""
        row: Document = {
            "lead": lead,
            "media_id": picture.media_id,
            "mime_type": picture.mime_type,
            "sent_at": picture.sent_at,
            "state": PhotoState.WANTED.value,
            "tries": 0,
            "next_at": picture.sent_at,
        }
        await self._collection.update_one({"_id": _id(subject, picture.media_id)}, {"$setOnInsert": row}, upsert=True)

    async def due(self, now: datetime, limit: int = 50) -> list[WantedPhoto]:
        """What is to be fetched now, the longest waiting first."""
        rows = await self._collection.find({"next_at": {"$lte": now}}, {"content": 0}).sort("next_at", 1).to_list(limit)
        wanted = list[WantedPhoto]()
        for row in rows:
            try:
                wanted.append(_wanted(row))
            except (KeyError, TypeError) as error:
                # never looked at again, or it would head the queue for ever
                log.error("photo_unreadable", photo=str(row["_id"]), problem=type(error).__name__)
                await self._collection.update_one({"_id": row["_id"]}, {"$set": {"next_at": None}})
        return wanted

    async def keep(self, wanted: WantedPhoto, mime_type: str, content: bytes) -> bool:
        """Its bytes, sealed; false where its customer was erased meanwhile, and with them the row."""
        try:
            if wanted.lead is None:
                sealed = await self._vault.seal_house(wanted.id, content)
            else:
                sealed = await self._vault.seal(wanted.lead, wanted.id, content)
        except KeyDestroyed:
            await self._collection.delete_one({"_id": wanted.id})
            return False
        kept: Document = {"state": PhotoState.KEPT.value, "mime_type": mime_type, "content": sealed, "next_at": None}
        # of the customer it was read for: merged meanwhile, it is sealed again under the other's key
        done = await self._collection.update_one({"_id": wanted.id, "lead": wanted.lead}, {"$set": kept})
        return bool(done.matched_count)

    async def give_up(self, wanted: WantedPhoto, state: PhotoState) -> None:
        """It will not be had, and why."""
        await self._collection.update_one({"_id": wanted.id}, {"$set": {"state": state.value, "next_at": None}})

    async def put_off(self, wanted: WantedPhoto, until: datetime) -> None:
        """Not now."""
        change: Document = {"$set": {"next_at": until}, "$inc": {"tries": 1}}
        await self._collection.update_one({"_id": wanted.id}, change)

    async def states(self, subject: str, media_ids: tuple[str, ...]) -> dict[str, PhotoState]:
        """How these pictures stand, without their bytes."""
        ids = [_id(subject, media_id) for media_id in media_ids]
        rows = await self._collection.find({"_id": {"$in": ids}}, {"media_id": 1, "state": 1}).to_list(None)
        return {row["media_id"]: PhotoState(row["state"]) for row in rows}

    async def find(self, subject: str, media_id: str) -> StoredPhoto | None:
        """One of them, with its bytes where they are kept and can be read."""
        row = await self._collection.find_one({"_id": _id(subject, media_id)})
        return None if row is None else await self._read(row)

    async def of(self, lead: LeadId) -> list[StoredPhoto]:
        """All of a customer's, with their bytes."""
        rows = await self._collection.find({"lead": lead}).sort("_id", 1).to_list(None)
        return [await self._read(row) for row in rows]

    async def _read(self, row: Document) -> StoredPhoto:
        state, content = PhotoState(row["state"]), None
        if state is PhotoState.KEPT:
            try:
                lead, sealed = _lead(row), bytes(row["content"])
                if lead is None:
                    content = await self._vault.open_house(row["_id"], sealed)
                else:
                    content = await self._vault.open(lead, row["_id"], sealed)
            except (KeyDestroyed, Tampered, KeyError, TypeError):
                state = PhotoState.GONE
        subject = str(row["_id"]).removesuffix(_id("", row["media_id"]))
        return StoredPhoto(subject, row["media_id"], row["mime_type"], state, content)

    async def reassign(self, younger: LeadId, older: LeadId) -> None:
        """Those of a merged lead, sealed again under the older one's key."""
        async for row in self._collection.find({"lead": younger}):
            change: Document = {"lead": older}
            if row.get("content"):
                try:
                    plain = await self._vault.open(younger, row["_id"], bytes(row["content"]))
                except (KeyDestroyed, Tampered, TypeError):
                    # nobody can read it: it stays where it is, and the merge goes on
                    continue
                change["content"] = await self._vault.seal(older, row["_id"], plain)
            await self._collection.update_one({"_id": row["_id"]}, {"$set": change})

    async def erase(self, lead: LeadId) -> None:
        """All of a customer's."""
        await self._collection.delete_many({"lead": lead})


def _wanted(row: Document) -> WantedPhoto:
    """What is to be fetched; KeyError or TypeError where the row is none of ours."""
    if not isinstance(row["sent_at"], datetime) or not isinstance(row["media_id"], str):
        raise TypeError("a column of another kind")
    return WantedPhoto(
        str(row["_id"]), _lead(row), row["media_id"], str(row["mime_type"]), row["sent_at"], int(row["tries"])
    )


def _id(subject: str, media_id: str) -> str:
    return f"{subject}:{media_id}"


def _lead(row: Document) -> LeadId | None:
    return None if row["lead"] is None else LeadId(row["lead"])


async def photo_indexes(database: Database) -> None:
    """Those to be fetched are few; the others are asked for by their name or their customer."""
    only = {"next_at": {"$type": "date"}}
    await database[_NAME].create_index([("next_at", 1)], partialFilterExpression=only)
    await database[_NAME].create_index([("lead", 1)])
