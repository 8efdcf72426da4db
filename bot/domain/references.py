"""Booking references: `BK-YYMMDDHH-` and six letters that nobody mistakes, the same each time decided again."""

import hashlib
from datetime import datetime
from typing import Final

from bot.domain.ids import BookingReference, LeadId

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
_LENGTH: Final = 6


def reference_of(lead: LeadId, event: str, at: datetime) -> BookingReference:
    """The reference of the booking that this event begins; 30 bits of hash within an hour (ADR 0006)."""
    number = int.from_bytes(hashlib.sha256(f"{lead}\n{event}".encode()).digest()[:8], "big")
    letters = "".join(_ALPHABET[(number >> (5 * place)) & 31] for place in range(_LENGTH))
    return BookingReference(f"BK-{at:%y%m%d%H}-{letters}")
