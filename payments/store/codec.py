"""What payee data passes before it is stored; the caller brings the keys."""

from typing import Protocol


class Codec(Protocol):
    """Seals personal data and opens it again; opening what was changed raises."""

    def seal(self, plain: bytes) -> bytes:
        """The bytes to store."""

    def open(self, sealed: bytes) -> bytes:
        """The bytes that were sealed."""
