"""Personal data as bytes nobody can read, move or mix up: a key a customer, wrapped by the master key.

AES-256-GCM with the owner and the field as associated data, so that a sealed text opens only as the field of the
customer it was sealed for. Destroying the wrapped key erases the customer. Pure: nonces and keys come in.
"""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass, field
from typing import ClassVar, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION: Final = b"\x01"
_NONCE: Final = 12
_FINGERPRINT: Final = 4
# Four digits and more, with what people write between the digits of a phone number.
_NUMBER: Final = re.compile(r"\+?[0-9](?:[ ().-]*[0-9]){3,}")


class Tampered(Exception):
    """The bytes were changed, or belong to another customer or field."""


class KeyDestroyed(Exception):
    """The customer was erased; what was sealed for them cannot be read again."""


class UnknownMasterKey(Exception):
    """Wrapped by a master key we do not have: was SECRET_KEY changed without keeping the previous one?"""


@dataclass(frozen=True, slots=True, repr=False)
class DataKey:
    """One customer's key."""

    NONCE_BYTES: ClassVar[int] = _NONCE
    secret: bytes
    _cipher: AESGCM = field(init=False, compare=False)
    """Made once: making it costs as much as sealing a message."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_cipher", AESGCM(self.secret))

    def seal(self, *, context: str, plaintext: bytes, nonce: bytes) -> bytes:
        """Those bytes sealed as that field; a nonce must never be used twice with one key."""
        return _VERSION + nonce + self._cipher.encrypt(nonce, plaintext, context.encode())

    def open(self, *, context: str, sealed: bytes) -> bytes:
        """The bytes again, or Tampered."""
        if sealed[:1] != _VERSION or len(sealed) < 1 + _NONCE + 16:
            raise Tampered("not a sealed text of this version")
        nonce, held = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            return self._cipher.decrypt(nonce, held, context.encode())
        except InvalidTag:
            raise Tampered("the seal does not fit") from None


@dataclass(frozen=True, slots=True, repr=False)
class MasterKeys:
    """The key that wraps all customers' keys, the ones it replaced, and the key of searchable hashes."""

    current: bytes
    previous: tuple[bytes, ...]
    search: bytes

    @classmethod
    def from_secret(cls, secret: str, previous: tuple[str, ...] = ()) -> "MasterKeys":
        """Derived from SECRET_KEY. The search key stays that of the oldest secret: look-ups survive rotation."""
        oldest = previous[-1] if previous else secret
        return cls(
            current=_derive(secret, b"janji master"),
            previous=tuple(_derive(one, b"janji master") for one in previous),
            search=_derive(oldest, b"janji search"),
        )

    def wrap(self, owner: str, key: bytes, nonce: bytes) -> bytes:
        """A customer's key for storage."""
        sealed = AESGCM(self.current).encrypt(nonce, key, owner.encode())
        return _fingerprint(self.current) + nonce + sealed

    def unwrap(self, owner: str, wrapped: bytes) -> DataKey:
        """The customer's key again; UnknownMasterKey, or Tampered when it is another customer's."""
        mark, nonce = wrapped[:_FINGERPRINT], wrapped[_FINGERPRINT : _FINGERPRINT + _NONCE]
        for master in (self.current, *self.previous):
            if hmac.compare_digest(mark, _fingerprint(master)):
                return DataKey(_unsealed(master, nonce, wrapped[_FINGERPRINT + _NONCE :], owner))
        raise UnknownMasterKey("no master key has this fingerprint")

    def is_current(self, wrapped: bytes) -> bool:
        """Whether the current master key wrapped it; if not, wrap it again."""
        return hmac.compare_digest(wrapped[:_FINGERPRINT], _fingerprint(self.current))

    def search_hash(self, text: str) -> str:
        """A keyed hash to look a text up by, without storing it."""
        return hmac.digest(self.search, text.encode(), "sha256").hex()[:40]


def search_words(text: str) -> tuple[str, ...]:
    """The whole words of a text without case and accents, and the last four digits of each number in it."""
    numbers = [re.sub(r"\D", "", number) for number in _NUMBER.findall(text)]
    words = re.findall(r"[^\W\d_]\w*", plain(_NUMBER.sub(" ", text)))
    return tuple(dict.fromkeys([*words, *(number[-4:] for number in numbers)]))


def plain(text: str) -> str:
    """A text as people type it in a hurry: no case, no accents, one form per letter (Nguyễn and nguyen are one)."""
    letters = unicodedata.normalize("NFKD", text).casefold().replace("đ", "d")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _unsealed(master: bytes, nonce: bytes, sealed: bytes, owner: str) -> bytes:
    try:
        return AESGCM(master).decrypt(nonce, sealed, owner.encode())
    except InvalidTag:
        raise Tampered("that key is another customer's") from None


def _fingerprint(master: bytes) -> bytes:
    return hashlib.sha256(b"janji fingerprint" + master).digest()[:_FINGERPRINT]


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"janji", info=purpose).derive(secret.encode())
