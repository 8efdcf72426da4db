"""Pictures of complaints and of work: fetched once, sealed for their customer, moved with a merge, erased with them."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.complaints import Picture
from bot.domain.contents import Media
from bot.domain.ids import BookingReference, LeadId
from bot.engine.photo_keeper import FORGOTTEN_AFTER, PhotoKeeper
from bot.store import driver
from bot.store.photos import LARGEST, PhotoState, SealedPhotos
from tests.conftest import DRIVERS
from tests.contracts.makers import NOW, vault

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]

REFERENCE = BookingReference("BK-1")
LEAD = LeadId("lead-1")
JPEG = b"\xff\xd8\xff\xe0" + b"the stain on the dress" * 50
PICTURE = Picture("media-1", "image/jpeg", NOW)


@dataclass
class Gallery:
    """What the channel gives for a picture; nothing where it has none, or an error."""

    content: dict[str, bytes | Exception] = field(default_factory=dict)
    asked: int = 0

    async def media(self, media: Media) -> bytes | None:
        self.asked += 1
        found = self.content.get(media.media_id)
        if isinstance(found, Exception):
            raise found
        return found


def keeper(photos: SealedPhotos, gallery: Gallery) -> PhotoKeeper:
    channel: Any = gallery
    return PhotoKeeper(photos, channel)


async def test_a_picture_is_fetched_once_and_kept_sealed(db: driver.Database) -> None:
    photos, gallery = SealedPhotos(db, vault(db)), Gallery({"media-1": JPEG})
    for _ in range(2):
        await photos.want(REFERENCE, LEAD, PICTURE)
    assert [await keeper(photos, gallery).sweep(NOW + timedelta(minutes=1)) for _ in range(2)] == [1, 0]
    await photos.want(REFERENCE, LEAD, PICTURE)
    assert gallery.asked == 1
    stored = await photos.find(REFERENCE, "media-1")
    assert stored is not None
    assert (stored.state, stored.mime_type, stored.content) == (PhotoState.KEPT, "image/jpeg", JPEG)
    (row,) = await db["complaint_photos"].find({}).to_list(None)
    assert b"stain" not in bytes(row["content"])


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (b"%PDF-1.7 no picture at all", PhotoState.NO_PICTURE),
        (JPEG[:4] + b"x" * LARGEST, PhotoState.TOO_LARGE),
        (b"", PhotoState.NO_PICTURE),
    ],
)
async def test_what_is_no_picture_or_too_large_is_not_kept_and_says_so(
    db: driver.Database, content: bytes, state: PhotoState
) -> None:
    photos = SealedPhotos(db, vault(db))
    await photos.want(REFERENCE, LEAD, PICTURE)
    assert await keeper(photos, Gallery({"media-1": content})).sweep(NOW) == 0
    stored = await photos.find(REFERENCE, "media-1")
    assert stored is not None
    assert (stored.state, stored.content) == (state, None)
    assert await photos.due(NOW + timedelta(days=60)) == []


async def test_what_cannot_be_had_is_tried_again_until_the_channel_has_forgotten_it(db: driver.Database) -> None:
    photos, gallery = SealedPhotos(db, vault(db)), Gallery({"media-2": RuntimeError("spoilt")})
    await photos.want(REFERENCE, LEAD, PICTURE)
    await photos.want(REFERENCE, LEAD, Picture("media-2", "image/png", NOW))
    # one that fails hides none of the others
    assert await keeper(photos, gallery).sweep(NOW) == 0
    assert gallery.asked == 2
    assert await photos.due(NOW) == []
    gallery.content["media-2"] = b"\x89PNG\r\n\x1a\n..."
    assert await keeper(photos, gallery).sweep(NOW + timedelta(hours=7)) == 1
    await keeper(photos, gallery).sweep(NOW + FORGOTTEN_AFTER + timedelta(hours=1))
    assert await photos.states(REFERENCE, ("media-1", "media-2", "media-3")) == {
        "media-1": PhotoState.GONE,
        "media-2": PhotoState.KEPT,
    }


async def test_a_merge_takes_them_along_and_erasing_the_customer_leaves_nothing(db: driver.Database) -> None:
    keys = vault(db)
    photos, younger = SealedPhotos(db, keys), LeadId("lead-2")
    await photos.want(REFERENCE, younger, PICTURE)
    await photos.want(REFERENCE, younger, Picture("media-2", "image/jpeg", NOW))
    await keeper(photos, Gallery({"media-1": JPEG})).sweep(NOW)
    for _ in range(2):
        await photos.reassign(younger, LEAD)
    await keys.destroy(younger)
    kept = {one.media_id: one.content for one in await photos.of(LEAD)}
    assert kept == {"media-1": JPEG, "media-2": None}
    # whose key is gone is not read, even where a row were left behind
    other = SealedPhotos(db, vault(db))
    await vault(db).destroy(LEAD)
    stored = await other.find(REFERENCE, "media-1")
    assert stored is not None
    assert (stored.state, stored.content) == (PhotoState.GONE, None)
    await photos.erase(LEAD)
    assert await db["complaint_photos"].count_documents({}) == 0


async def test_of_a_customer_who_was_erased_meanwhile_nothing_is_kept(db: driver.Database) -> None:
    keys = vault(db)
    photos = SealedPhotos(db, keys)
    await photos.want(REFERENCE, LEAD, PICTURE)
    await keys.destroy(LEAD)
    assert await keeper(photos, Gallery({"media-1": JPEG})).sweep(NOW) == 0
    assert await db["complaint_photos"].count_documents({}) == 0


async def test_what_is_nobodys_is_sealed_for_the_house_and_stays_whoever_merges_or_is_erased(
    db: driver.Database,
) -> None:
    keys, task = vault(db), "house:pool:1"
    photos = SealedPhotos(db, keys)
    await photos.want(task, None, PICTURE)
    await photos.want("BK-1:clean:1", LEAD, PICTURE)
    assert await keeper(photos, Gallery({"media-1": JPEG})).sweep(NOW) == 2
    assert [(one.subject, one.content) for one in await photos.of(LEAD)] == [("BK-1:clean:1", JPEG)]
    rows = await db["complaint_photos"].find({}).to_list(None)
    assert all(b"stain" not in bytes(row["content"]) for row in rows)
    await photos.reassign(LEAD, LeadId("lead-0"))
    await photos.erase(LeadId("lead-0"))
    await keys.destroy(LeadId("lead-0"))
    assert await photos.find("BK-1:clean:1", "media-1") is None
    stored = await photos.find(task, "media-1")
    assert stored is not None
    assert (stored.subject, stored.state, stored.content) == (task, PhotoState.KEPT, JPEG)


async def test_a_row_that_nobody_can_read_holds_up_no_other_picture(db: driver.Database) -> None:
    photos, gallery = SealedPhotos(db, vault(db)), Gallery({"media-1": JPEG})
    other_kind = {"media_id": 7, "sent_at": NOW, "mime_type": "x", "tries": 0, "lead": None}
    await db["complaint_photos"].insert_one({"_id": "empty", "next_at": NOW})
    await db["complaint_photos"].insert_one({"_id": "of another kind", "next_at": NOW, **other_kind})
    await photos.want(REFERENCE, LEAD, PICTURE)
    assert await keeper(photos, gallery).sweep(NOW + timedelta(minutes=1)) == 1
    assert await db["complaint_photos"].count_documents({"next_at": {"$ne": None}}) == 0
