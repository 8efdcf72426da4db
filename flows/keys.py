"""The private keys that open Flow exchanges: parsed once, the new one tried before the old.

Meta's generator writes PKCS#1 encrypted with des-ede3-cbc, other tools PKCS#8; an environment variable
often carries `\\n` in place of line ends (reference: whatsapp 1.2). Parsing costs some 50 ms and is done at
start, never in a request.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

SMALLEST_BITS = 2048


class KeyUnreadable(ValueError):
    """The Flow private key cannot be used; the message says what to correct and shows nothing of the key."""


@dataclass(frozen=True, slots=True)
class FlowKeys:
    """The keys that may open a request, in the order in which they are tried."""

    current: RSAPrivateKey
    previous: RSAPrivateKey | None = None

    def __iter__(self) -> Iterator[RSAPrivateKey]:
        yield self.current
        if self.previous is not None:
            yield self.previous


def load_keys(
    current: str,
    passphrase: str | None = None,
    previous: str | None = None,
    previous_passphrase: str | None = None,
) -> FlowKeys:
    """Read the current key and, during a rotation, the previous one; raises KeyUnreadable.

    Without a passphrase of its own the previous key is tried with the current one's.
    """
    if not previous:
        return FlowKeys(load_key(current, passphrase))
    return FlowKeys(load_key(current, passphrase), load_key(previous, previous_passphrase or passphrase))


def load_key(pem: str, passphrase: str | None = None) -> RSAPrivateKey:
    """Read one RSA private key, PKCS#1 or PKCS#8, encrypted or not; raises KeyUnreadable."""
    written = restore_lines(pem).encode()
    password = passphrase.encode() if passphrase and is_encrypted(pem) else None
    try:
        key = load_pem_private_key(written, password)
    except TypeError as needs_passphrase:
        raise KeyUnreadable("the key is encrypted; its passphrase is missing") from needs_passphrase
    except (ValueError, UnsupportedAlgorithm) as wrong:
        raise KeyUnreadable("not a PEM private key, or the passphrase is wrong") from wrong
    if not isinstance(key, RSAPrivateKey):
        raise KeyUnreadable("WhatsApp Flows need an RSA key, this is another kind")
    if key.key_size < SMALLEST_BITS:
        raise KeyUnreadable(f"the key has {key.key_size} bits; WhatsApp Flows need {SMALLEST_BITS}")
    return key


def restore_lines(pem: str) -> str:
    """The PEM with real line ends, whether it came from a file or from an environment variable."""
    bare = pem.strip().strip("\"'")
    return bare.replace("\\r", "").replace("\\n", "\n").replace("\r\n", "\n") + "\n"


def is_encrypted(pem: str) -> bool:
    """Whether a passphrase is needed; a passphrase set with a bare key is not an error."""
    return "ENCRYPTED" in pem


def public_pem(key: RSAPrivateKey | RSAPublicKey) -> str:
    """The public half as the SPKI PEM that Meta wants uploaded."""
    public = key.public_key() if isinstance(key, RSAPrivateKey) else key
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
