"""The recorded envelopes and keys of `payloads/`, as values.

They were made once by a script of its own (low-level `Cipher`/`GCM`, keys by openssl), not by the code
under test.
"""

import json
from base64 import b64decode
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PAYLOADS = Path(__file__).parent / "payloads"


@dataclass(frozen=True, slots=True)
class Vector:
    """One recorded exchange."""

    name: str
    body: bytes
    aes_key: bytes
    iv: bytes
    plaintext: bytes
    answer: bytes
    sealed_answer: str


@cache
def recorded_keys() -> dict[str, str]:
    """The test keys by format, with their passphrase and public half."""
    return {name: str(text) for name, text in json.loads((PAYLOADS / "test_keys.json").read_text()).items()}


def vectors() -> list[Vector]:
    """All recorded exchanges."""
    recorded = json.loads((PAYLOADS / "envelope_vectors.json").read_text())
    return [
        Vector(
            name=name,
            body=case["body"].encode(),
            aes_key=b64decode(case["aes_key"]),
            iv=b64decode(case["iv"]),
            plaintext=case["plaintext"].encode(),
            answer=case["answer"].encode(),
            sealed_answer=case["sealed_answer"],
        )
        for name, case in recorded.items()
    ]
