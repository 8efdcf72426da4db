"""The one codec of personal data on its way to the database: a key a customer, wrapped by the master key.

What comes in at a door before anybody knows whose it is is sealed under the door's own key and kept 30 days at most;
erasing a customer destroys the customer's key and deletes what the door kept of them.
"""

import os
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Final

from bot.domain.ids import LeadId
from bot.store.driver import Collection, Database
from bot.store.gathered import GatheredWrite, GatheredWrites, by_id
from bot.store.sealing import DataKey, KeyDestroyed, MasterKeys
from bot.store.search_terms import TERM_LENGTH

CACHED_KEYS: Final = 4096
CACHED_FOR: Final = 30.0
"""Seconds a process goes by a key it has read: that long at most it can still read a customer erased by another."""
_NONCES_AT_ONCE: Final = 256
_DOOR: Final = "door"
_HOUSE: Final = "house"


class Nonces:
    """Nonces nobody can guess, fetched by the block: asking the system for twelve bytes costs more than sealing."""

    def __init__(self) -> None:
        self._block = b""
        self._at = 0
        # two processes that went on with the same block would use nonces twice
        os.register_at_fork(after_in_child=self._forget)

    def fresh(self) -> bytes:
        """One that was never given before."""
        if self._at >= len(self._block):
            self._block, self._at = secrets.token_bytes(_NONCES_AT_ONCE * DataKey.NONCE_BYTES), 0
        begin, self._at = self._at, self._at + DataKey.NONCE_BYTES
        return self._block[begin : self._at]

    def _forget(self) -> None:
        self._block, self._at = b"", 0


NONCES: Final = Nonces()
"""This process's."""


class Vault:
    """Seals and opens; keys live in the collection `keys`."""

    def __init__(
        self, database: Database, masters: MasterKeys, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._keys: Collection = database["keys"]
        self._writes = GatheredWrites(self._keys)
        self._looks = by_id(self._keys)
        self._masters = masters
        self._monotonic = monotonic
        self._cache: OrderedDict[str, tuple[float, DataKey]] = OrderedDict()

    async def seal(self, lead: LeadId, field: str, plain: bytes) -> bytes:
        """Those bytes, readable only with this customer's key and only as this field."""
        key = await self._key(lead, make=True)
        return key.seal(context=_context(lead, field), plaintext=plain, nonce=NONCES.fresh())

    async def open(self, lead: LeadId, field: str, sealed: bytes) -> bytes:
        """The bytes again; KeyDestroyed after the customer was erased, Tampered when they were moved or changed."""
        return (await self._key(lead, make=False)).open(context=_context(lead, field), sealed=sealed)

    async def seal_inbound(self, delivery: str, plain: bytes) -> bytes:
        """What came in, before it is known whose it is."""
        return await self.seal(LeadId(_DOOR), delivery, plain)

    async def open_inbound(self, delivery: str, sealed: bytes) -> bytes:
        """What came in, as it came in."""
        return await self.open(LeadId(_DOOR), delivery, sealed)

    async def seal_house(self, what: str, plain: bytes) -> bytes:
        """What belongs to no customer and is nobody's to read: the accounts of those who work here."""
        return await self.seal(LeadId(_HOUSE), what, plain)

    async def open_house(self, what: str, sealed: bytes) -> bytes:
        """What the house sealed."""
        return await self.open(LeadId(_HOUSE), what, sealed)

    def alias(self, kind: str, value: str) -> str:
        """The keyed hash an address is known by."""
        return f"{kind}:{self._masters.search_hash(f'{kind}:{value}')}"

    def terms(self, asked: Iterable[tuple[str, str]]) -> list[str]:
        """The keyed hashes that something can be found by, each once."""
        found = (self._masters.search_hash(f"{kind}:{value}")[:TERM_LENGTH] for kind, value in asked)
        return list(dict.fromkeys(found))

    async def destroy(self, lead: LeadId) -> None:
        """Erase: nothing sealed for this customer can be read again, by other processes after CACHED_FOR at most."""
        change = {"$set": {"destroyed": True}, "$unset": {"wrapped": ""}}
        await self._keys.update_one({"_id": lead}, change, upsert=True)
        self._cache.pop(lead, None)

    async def _key(self, lead: str, *, make: bool) -> DataKey:
        read_at = self._monotonic()
        cached = self._cache.get(lead)
        if cached is not None and read_at - cached[0] < CACHED_FOR:
            self._cache.move_to_end(lead)
            return cached[1]
        if make:
            # the first to insert wins; everybody else reads the winner's key
            wrapped = self._masters.wrap(lead, secrets.token_bytes(32), NONCES.fresh())
            kept = {"$cond": ["$destroyed", "$$REMOVE", {"$ifNull": ["$wrapped", wrapped]}]}
            (is_ours,) = await self._writes.write(
                GatheredWrite({"_id": lead}, [{"$set": {"wrapped": kept}}], upsert=True)
            )
            row = {"wrapped": wrapped} if is_ours else await self._looks.find(lead)
        else:
            row = await self._looks.find(lead)
        if row is None or row.get("destroyed"):
            self._cache.pop(lead, None)
            raise KeyDestroyed(lead)
        key = self._masters.unwrap(lead, bytes(row["wrapped"]))
        self._cache[lead] = (read_at, key)
        self._cache.move_to_end(lead)
        if len(self._cache) > CACHED_KEYS:
            self._cache.popitem(last=False)
        return key


def _context(lead: str, field: str) -> str:
    return f"{lead}/{field}"
