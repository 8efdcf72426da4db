"""The second factor: six digits of a shared secret and the half minute (RFC 6238), and codes for a lost phone."""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Final
from urllib.parse import quote

STEP_SECONDS: Final = 30
DIGITS: Final = 6
SECRET_BYTES: Final = 20
RECOVERY_CODES: Final = 10


def code_at(secret: bytes, step: int) -> str:
    """The six digits of that half minute."""
    # SHA-1 and six digits: what every authenticator app takes, whatever the address of the secret says
    digest = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def step_of(now: datetime) -> int:
    """Which half minute it is."""
    return int(now.timestamp()) // STEP_SECONDS


def matching_step(secret: bytes, code: str, now: datetime, last: int) -> int | None:
    """The half minute the code is of, one early or late at most; none where it is wrong or was used before."""
    digits = "".join(code.split())
    here = step_of(now)
    # every one is computed: which of them fits is not told by the time it takes
    fits = [
        step
        for step in (here - 1, here, here + 1)
        if hmac.compare_digest(code_at(secret, step).encode(), digits.encode())
    ]
    return next((step for step in fits if step > last), None)


def as_base32(secret: bytes) -> str:
    """The secret as people type it."""
    return base64.b32encode(secret).decode().rstrip("=")


def provisioning_uri(secret: bytes, account: str, issuer: str) -> str:
    """What the square of the set-up page says to an authenticator app."""
    label = quote(f"{issuer}:{account}", safe="")
    return f"otpauth://totp/{label}?secret={as_base32(secret)}&issuer={quote(issuer, safe='')}&digits={DIGITS}"


def recovery_hash(code: str) -> str:
    """What is kept of a recovery code; spaces, dashes and case do not matter."""
    # 64 random bits: no slow hash is needed
    return hashlib.sha256(code.replace("-", "").replace(" ", "").lower().encode()).hexdigest()
