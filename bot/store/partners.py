"""The collection `partners`: one document for each person who delivers, under the keyed hash of their number."""

import structlog

from bot.domain.alarms import AlarmReason
from bot.domain.partner import Partner
from bot.store.alarms import alarm_document
from bot.store.driver import Database, Document, is_outage
from bot.store.shapes import pack_partner, unpack_partner
from bot.store.threads import Threads
from bot.store.vault import Vault

log = structlog.get_logger(__name__)

PARTNERS = "partners"


class Partners(Threads[Partner]):
    """The collection `partners`."""

    def __init__(self, database: Database, vault: Vault) -> None:
        super().__init__(database, vault, PARTNERS)

    def _packed(self, thread: Partner) -> bytes:
        return pack_partner(thread)

    def _unpacked(self, packed: bytes) -> Partner:
        return unpack_partner(packed)

    def _plain(self, thread: Partner) -> Document:
        return {
            "consent": thread.consent.value,
            "is_locked": thread.is_locked,
            "is_behind": thread.is_behind,
            "alarms": [alarm_document(alarm) for alarm in thread.alarms],
        }

    async def behind(self) -> list[str]:
        """The numbers of those for whom something waits to be told."""
        return [one.phone for one in await self._readable({"is_behind": True})]

    async def everybody(self) -> list[Partner]:
        """Everybody there is a thread with."""
        return await self._readable({})

    async def doubted(self) -> list[Partner]:
        """Those whose number a person has to look at."""
        query = {"$or": [{"is_locked": True}, {"alarms.reason": AlarmReason.PARTNER_NUMBER.value}]}
        return await self._readable(query)

    async def _readable(self, query: Document) -> list[Partner]:
        """All of these that can be read: one that cannot hides none of the others. The collection is as small as the
        business file."""
        found = list[Partner]()
        for row in await self._collection.find(query, {"_id": 1}).to_list(None):
            try:
                stored = await self.load(row["_id"])
            except Exception as error:
                if is_outage(error):
                    raise
                log.error("partner_unreadable", partner=str(row["_id"]), problem=type(error).__name__)
                continue
            found += [] if stored is None else [stored.thread]
        return found


async def partner_indexes(database: Database) -> None:
    """What has to be looked at, as those of customers; the whole collection is as small as the business file."""
    partners = database[PARTNERS]
    outbox = {"outbox.look_at": {"$exists": True}}
    await partners.create_index([("outbox.look_at", 1)], partialFilterExpression=outbox)
    for key in ("next_due_at", "alarms.since"):
        await partners.create_index([(key, 1)], partialFilterExpression={key: {"$type": "date"}})
