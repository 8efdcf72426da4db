"""Ids as long and as shaped as Xendit's, out of a seed."""

from random import Random
from uuid import UUID


class Ids:
    """A source of ids; the same seed gives the same ids in the same order."""

    def __init__(self, seed: str | int | None) -> None:
        self._random = Random(seed)

    def hexes(self, length: int) -> str:
        """So many hexadecimal digits: an invoice id has 24 (reference: xendit 2.3)."""
        return f"{self._random.getrandbits(4 * length):0{length}x}"

    def digits(self, length: int) -> str:
        """So many decimal digits, as in a virtual account number."""
        return f"{self._random.randrange(10**length):0{length}d}"

    def uuid(self) -> str:
        """A version-4 UUID: callbacks, payments, transactions, request ids."""
        return str(UUID(int=self._random.getrandbits(128), version=4))
