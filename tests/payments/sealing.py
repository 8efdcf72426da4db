"""A codec for tests: not secret, but what it seals is neither readable nor alterable unseen."""

import hashlib


class TestCodec:
    """Turns every byte over and adds a checksum."""

    __test__ = False

    def seal(self, plain: bytes) -> bytes:
        """Turned over, with a checksum before it."""
        return hashlib.sha256(plain).digest() + bytes(255 - byte for byte in plain)

    def open(self, sealed: bytes) -> bytes:
        """Turned back; raises ValueError for what was changed."""
        plain = bytes(255 - byte for byte in sealed[32:])
        if hashlib.sha256(plain).digest() != sealed[:32]:
            raise ValueError("changed")
        return plain
