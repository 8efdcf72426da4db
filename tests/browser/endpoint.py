"""A Flow endpoint of a backend that is not ours, from the protocol alone; it answers as a test tells it to."""

import asyncio
import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.browser.shop import SETTINGS, FlowAnswer, Shop

Json = dict[str, Any]


def new_key() -> rsa.RSAPrivateKey:
    """A key pair for forms."""
    return rsa.generate_private_key(65537, 2048)


@dataclass(slots=True)
class Endpoint:
    """Opens what the phone sealed and answers by `answer`: an object, bytes as they are, or an HTTP status."""

    answer: Callable[[Json], Json | bytes | int]
    key: rsa.RSAPrivateKey = field(default_factory=new_key)
    requests: list[Json] = field(default_factory=list)
    slow: float = 0.0
    closed: str = ""
    """Not empty: every request is answered with a 427 and these words."""

    async def door(self, raw: bytes) -> FlowAnswer:
        """One request."""
        envelope = json.loads(raw)
        parts = {name: base64.b64decode(value) for name, value in envelope.items()}
        oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
        try:
            aes = AESGCM(self.key.decrypt(parts["encrypted_aes_key"], oaep))
        except ValueError:
            return "", 421
        iv = parts["initial_vector"]
        request = json.loads(aes.decrypt(iv, parts["encrypted_flow_data"], None))
        self.requests.append(request)
        await asyncio.sleep(self.slow)
        turned = bytes(byte ^ 0xFF for byte in iv)

        def sealed(body: Json) -> str:
            return base64.b64encode(aes.encrypt(turned, json.dumps(body).encode(), None)).decode()

        if self.closed:
            return sealed({"error_msg": self.closed}), 427
        if "error" in request.get("data", {}):
            return sealed({"data": {"acknowledged": True}}), 200
        found = self.answer(request)
        if isinstance(found, int):
            return "", found
        return (found, 200) if isinstance(found, bytes) else (sealed(found), 200)

    async def publish_key(self, shop: Shop) -> None:
        """Gives Meta the public half."""
        pem = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        assert shop.graph is not None, "opened by opened()"
        path = f"/v26.0/{SETTINGS.phone_number_id}/whatsapp_business_encryption"
        answer = await shop.graph.post(path, data={"business_public_key": pem.decode()})
        assert answer.status_code == 200, answer.text
