"""The phone's half of the Flow encryption: requests sealed beforehand, answers opened afterwards."""

import json
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A request's body and what opens its answer."""

    body: bytes
    key: bytes
    iv: bytes

    def opened(self, answer: bytes) -> Json:
        """The answer in clear."""
        flipped = bytes(byte ^ 0xFF for byte in self.iv)
        told: Json = json.loads(AESGCM(self.key).decrypt(flipped, b64decode(answer), None))
        return told


def new_key() -> tuple[str, rsa.RSAPublicKey]:
    """A private key as PEM, and its public half."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return pem, key.public_key()


def seal(content: Json, public: rsa.RSAPublicKey) -> Sealed:
    """One request of a form."""
    key, iv = secrets.token_bytes(16), secrets.token_bytes(16)
    oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
    body = {
        "encrypted_flow_data": b64encode(AESGCM(key).encrypt(iv, json.dumps(content).encode(), None)).decode(),
        "encrypted_aes_key": b64encode(public.encrypt(key, oaep)).decode(),
        "initial_vector": b64encode(iv).decode(),
    }
    return Sealed(json.dumps(body).encode(), key, iv)
