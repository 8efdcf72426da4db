"""`businesses`: each version of the business file that anything was decided under, under its hash; never changed.

Sealed, since it names people of the house and where their money goes.
"""

from collections import OrderedDict
from typing import Final

import structlog

from bot.business import file
from bot.business.definition import Business
from bot.store.driver import Collection, Database
from bot.store.vault import Vault

log = structlog.get_logger(__name__)

REMEMBERED: Final = 32
"""So many versions are kept in memory; what is under a hash cannot change."""


class Businesses:
    """The collection `businesses`."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._collection: Collection = database["businesses"]
        self._vault = vault
        self._kept: set[str] = set()
        self._read: OrderedDict[str, Business] = OrderedDict()

    async def keep(self, business: Business) -> None:
        """Keep that version; asked again, nothing is written."""
        if business.version in self._kept:
            return
        sealed = await self._vault.seal_house(business.version, file.packed(business))
        document = {"sealed": sealed, "name": business.name}
        await self._collection.update_one({"_id": business.version}, {"$setOnInsert": document}, upsert=True)
        self._kept.add(business.version)

    async def find(self, version: str) -> Business | None:
        """The business as that version said; none when nobody kept it, or in a shape this code does not know."""
        if version in self._read:
            self._read.move_to_end(version)
            return self._read[version]
        row = await self._collection.find_one({"_id": version})
        if row is None:
            return None
        packed = await self._vault.open_house(version, bytes(row["sealed"]))
        try:
            business = file.unpacked(packed, version)
        except file.UnreadableBusiness:
            log.error("business_version_unreadable", version=version)
            return None
        self._read[version] = business
        while len(self._read) > REMEMBERED:
            self._read.popitem(last=False)
        return business

    async def versions(self) -> list[str]:
        """Every version that is kept."""
        return sorted([row["_id"] for row in await self._collection.find({}, {"_id": 1}).to_list(None)])
