"""Since when each secret of the settings is what it is: seen by the processes that begin with it, as a keyed hash."""

from collections.abc import Mapping
from datetime import datetime

from bot.store.driver import Collection, Database
from bot.store.vault import Vault

_ID = "keys"


class KeyAges:
    """The document `keys` of the collection `house`; no secret stands in it, nor anything it could be guessed from
    without ours."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._collection: Collection = database["house"]
        self._vault = vault

    async def saw(self, keys: Mapping[str, str], at: datetime) -> None:
        """These are in use, by their names; what was seen before keeps its time, also when it comes back."""
        # the smaller one stays: of two processes that begin at once, and of a process with the key of before
        change = {f"seen.{name}.{self._hash(name, value)}": at for name, value in keys.items()}
        if change:
            await self._collection.update_one({"_id": _ID}, {"$min": change}, upsert=True)

    async def since(self, keys: Mapping[str, str]) -> dict[str, datetime]:
        """When each of these was first seen; those that were not seen yet are left out."""
        row = await self._collection.find_one({"_id": _ID}) or {}
        seen = row.get("seen", {})
        found = {name: seen.get(name, {}).get(self._hash(name, value)) for name, value in keys.items()}
        return {name: at for name, at in found.items() if isinstance(at, datetime)}

    def _hash(self, name: str, value: str) -> str:
        return self._vault.alias("key", f"{name}:{value}").rpartition(":")[2]
