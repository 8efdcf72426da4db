"""Meta's signature over a webhook's raw bytes."""

import hashlib
import hmac
import json
from typing import Any

HEADER = "X-Hub-Signature-256"


def sign(secret: str, body: bytes) -> str:
    """`sha256=` and 64 lower-case hex digits (reference: whatsapp 1.1, 4.1)."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def wire(payload: dict[str, Any]) -> bytes:
    r"""JSON as Meta is quoted as signing it: non-ASCII as `\uXXXX` (reference: whatsapp 4.1)."""
    return json.dumps(payload, ensure_ascii=True, separators=(",", ":")).encode()
