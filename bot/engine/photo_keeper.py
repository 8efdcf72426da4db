"""Fetches the pictures of complaints and of done tasks before the channel forgets them, and keeps them sealed.

What is wanted stands in the database since the complaint was written down, or before the task was done: whatever dies
on the way, the next round goes on with it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.domain.contents import Media
from bot.engine.channel import Channel
from bot.engine.pictures import picture_type
from bot.store.driver import is_outage
from bot.store.photos import LARGEST, PhotoState, SealedPhotos, WantedPhoto

log = structlog.get_logger(__name__)

FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=6)
FORGOTTEN_AFTER: Final = timedelta(days=30)
"""So long the channel has what was sent (reference: whatsapp 3.3); from then on it is gone."""


@dataclass(frozen=True, slots=True)
class PhotoKeeper:
    """The channel in one hand, the sealed pictures in the other."""

    photos: SealedPhotos
    channel: Channel

    async def sweep(self, now: datetime) -> int:
        """Fetch what is due; how many were kept."""
        kept = 0
        for wanted in await self.photos.due(now):
            try:
                kept += await self._fetched(wanted, now)
            except Exception as error:
                if is_outage(error):
                    raise
                # one that cannot be kept hides none of the others
                log.exception("photo_not_kept", photo=wanted.id, problem=type(error).__name__)
                await self.photos.put_off(wanted, now + LONGEST_PAUSE)
        return kept

    async def _fetched(self, wanted: WantedPhoto, now: datetime) -> bool:
        content = await self.channel.media(Media("image", wanted.media_id, wanted.mime_type))
        if content is None:
            if now > wanted.sent_at + FORGOTTEN_AFTER:
                await self.photos.give_up(wanted, PhotoState.GONE)
            else:
                pause = min(FIRST_PAUSE * 2 ** min(wanted.tries, 10), LONGEST_PAUSE)
                await self.photos.put_off(wanted, now + pause)
            return False
        if len(content) > LARGEST:
            await self.photos.give_up(wanted, PhotoState.TOO_LARGE)
            return False
        kind = picture_type(content)
        if kind is None:
            await self.photos.give_up(wanted, PhotoState.NO_PICTURE)
            return False
        return await self.photos.keep(wanted, kind, content)
