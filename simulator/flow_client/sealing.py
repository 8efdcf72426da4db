"""The phone's half of the Flow encryption, written on its own from the protocol (reference: whatsapp 1.2).

It shares nothing with the endpoint's implementation, so that the two can prove each other.
"""

import base64
import json
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_TAG = 16


class AnswerUnreadable(ValueError):
    """The answer was not sealed with the key of this request."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A sealed request and what opens its answer."""

    body: bytes
    aes_key: bytes
    iv: bytes


def seal_request(content: bytes, public_key_pem: str, aes_key: bytes, iv: bytes) -> Letter:
    """Seal a request for the holder of the key; `aes_key` and `iv` are 16 fresh bytes each."""
    public = serialization.load_pem_public_key(public_key_pem.encode())
    if not isinstance(public, rsa.RSAPublicKey):
        raise AnswerUnreadable("the published key is no RSA key")
    oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
    machine = Cipher(algorithms.AES(aes_key), modes.GCM(iv)).encryptor()
    sealed = machine.update(content) + machine.finalize() + machine.tag
    body = {
        "encrypted_flow_data": _text(sealed),
        "encrypted_aes_key": _text(public.encrypt(aes_key, oaep)),
        "initial_vector": _text(iv),
    }
    return Letter(json.dumps(body).encode(), aes_key, iv)


def open_answer(text: str, letter: Letter) -> bytes:
    """Open the endpoint's answer; raises AnswerUnreadable."""
    try:
        sealed = base64.b64decode(text, validate=True)
        turned = (int.from_bytes(letter.iv, "big") ^ ((1 << 128) - 1)).to_bytes(16, "big")
        gcm = modes.GCM(turned, sealed[-_TAG:])
        machine = Cipher(algorithms.AES(letter.aes_key), gcm).decryptor()
        return machine.update(sealed[:-_TAG]) + machine.finalize()
    except (ValueError, InvalidTag) as wrong:
        raise AnswerUnreadable from wrong


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
