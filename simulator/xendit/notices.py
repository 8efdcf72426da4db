"""What Xendit tells the app: bodies in odd key order, and the retry ladder (reference: xendit 3)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

LADDER = tuple(timedelta(minutes=minutes) for minutes in (15, 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60))
"""After the first try, six more at these distances from it (reference: xendit 3.2)."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One event to be told: about what, when it happened, and the body as bytes."""

    event: str
    subject: str
    at: datetime
    body: bytes


def next_try(first_at: datetime, tries: int) -> datetime | None:
    """When to try again after so many failed tries; None when the ladder is at its end."""
    return first_at + LADDER[tries - 1] if tries <= len(LADDER) else None


def shuffled(value: object) -> object:
    """The same value with every object's keys by length, as a JSONB store gives them back."""
    if isinstance(value, Mapping):
        return {key: shuffled(value[key]) for key in sorted(value, key=lambda name: (len(name), name))}
    if isinstance(value, list):
        return [shuffled(item) for item in value]
    return value


def body(value: Mapping[str, object]) -> bytes:
    """The JSON text of a callback."""
    return json.dumps(shuffled(value), separators=(",", ":"), ensure_ascii=False).encode()
