"""A Flow exchange's envelope: what comes sealed from the phone is opened, what goes back is sealed under
the same key.

The phone makes an AES key and an IV for each request, seals the AES key with our RSA public key, and sends
three base64 strings; Meta's proxy in between sees only those. We unwrap the AES key (RSA-OAEP, SHA-256 in
both places), open the letter (AES-128-GCM, 16-byte IV, the 16-byte tag last) and answer under the same AES
key with every bit of the IV turned over, so that the two directions never share a nonce. reference:
whatsapp 1.1, 1.2.

Everything here is synchronous and pure; an RSA operation takes milliseconds, so the caller keeps it off the
event loop. The two reasons for which decryption fails (the wrapped key, the letter) are one error, so that
nobody can ask us questions about our key.
"""

import binascii
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from flows.errors import CannotDecrypt, NotAnEnvelope, SignatureWrong, TooLarge
from flows.keys import FlowKeys

LARGEST_BODY = 1_500_000  # bytes: 1 MB of payload (reference: whatsapp 1.1) as base64, and a margin
AES_KEY_BYTES = 16
IV_BYTES = 16
TAG_BYTES = 16


@dataclass(frozen=True, slots=True)
class ReplyKey:
    """What seals the one answer to a request: its AES key and its IV, still as they came."""

    aes_key: bytes
    request_iv: bytes

    def __repr__(self) -> str:
        return "ReplyKey(…)"


@dataclass(frozen=True, slots=True)
class Opened:
    """A request in clear, and the key that seals its answer."""

    plaintext: bytes
    reply_key: ReplyKey


@dataclass(frozen=True, slots=True)
class Envelope:
    """The three parts of a request, decoded and not yet opened."""

    letter: bytes
    wrapped_key: bytes
    iv: bytes


def admit(raw: bytes, *, is_signed: bool, keys: FlowKeys) -> Opened:
    """Size, then signature, then shape, then decryption: the order in which a request is let in (reference:
    whatsapp 1.6).

    Raises TooLarge, SignatureWrong, NotAnEnvelope or CannotDecrypt; what follows (ping, error notification,
    token) is decided by `flows.exchange`.
    """
    if len(raw) > LARGEST_BODY:
        raise TooLarge
    if not is_signed:
        raise SignatureWrong
    return open_request(raw, keys)


def open_request(raw: bytes, keys: FlowKeys) -> Opened:
    """Open a request with the first key that fits; raises NotAnEnvelope or CannotDecrypt."""
    envelope = parse_envelope(raw)
    for key in keys:
        try:
            aes_key = key.decrypt(envelope.wrapped_key, OAEP(MGF1(SHA256()), SHA256(), label=None))
            if len(aes_key) != AES_KEY_BYTES:
                continue
            plaintext = AESGCM(aes_key).decrypt(envelope.iv, envelope.letter, None)
        except (ValueError, InvalidTag):
            # The phone may have sealed it for the key before the last change: the next one is tried.
            continue
        return Opened(plaintext, ReplyKey(aes_key, envelope.iv))
    raise CannotDecrypt


def parse_envelope(raw: bytes) -> Envelope:
    """Take the three base64 strings apart; raises NotAnEnvelope."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as wrong:
        raise NotAnEnvelope from wrong
    if not isinstance(body, dict):
        raise NotAnEnvelope
    envelope = Envelope(
        letter=_decoded(body.get("encrypted_flow_data")),
        wrapped_key=_decoded(body.get("encrypted_aes_key")),
        iv=_decoded(body.get("initial_vector")),
    )
    if len(envelope.iv) != IV_BYTES or len(envelope.letter) < TAG_BYTES:
        raise NotAnEnvelope
    return envelope


def seal_response(plaintext: bytes, reply_key: ReplyKey) -> str:
    """Seal an answer (also the body of a 427) for the phone that asked: one base64 string, not quoted."""
    sealed = AESGCM(reply_key.aes_key).encrypt(flipped(reply_key.request_iv), plaintext, None)
    return b64encode(sealed).decode("ascii")


def flipped(iv: bytes) -> bytes:
    """The IV with every bit turned over."""
    return bytes(byte ^ 0xFF for byte in iv)


def _decoded(text: object) -> bytes:
    """Strict base64: a text that another text decodes to as well is refused, so that no changed byte goes
    unseen."""
    if not isinstance(text, str):
        raise NotAnEnvelope
    try:
        decoded = b64decode(text, validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise NotAnEnvelope from wrong
    if b64encode(decoded).decode("ascii") != text:
        raise NotAnEnvelope
    return decoded
