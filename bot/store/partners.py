"""The collection `partners`: one document for each person who delivers, under the keyed hash of their number."""

from bot.domain.partner import Partner
from bot.store.alarms import alarm_document
from bot.store.driver import Database, Document
from bot.store.shapes import pack_partner, unpack_partner
from bot.store.threads import Threads
from bot.store.vault import Vault

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
            "alarms": [alarm_document(alarm) for alarm in thread.alarms],
        }


async def partner_indexes(database: Database) -> None:
    """What has to be looked at, as those of customers; the whole collection is as small as the business file."""
    partners = database[PARTNERS]
    outbox = {"outbox.look_at": {"$exists": True}}
    await partners.create_index([("outbox.look_at", 1)], partialFilterExpression=outbox)
    for key in ("next_due_at", "alarms.since"):
        await partners.create_index([(key, 1)], partialFilterExpression={key: {"$type": "date"}})
