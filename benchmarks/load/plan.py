"""How much of everything a run does."""

from dataclasses import dataclass
from typing import Final

PARTS: Final = ("journeys", "acks", "messages", "forms", "scale")


@dataclass(frozen=True, slots=True)
class Plan:
    """One run's sizes; each part may be left out."""

    leads: int
    """So many are there for the second half of `scale`."""
    small: int
    """Customers who write at once, and …"""
    large: int
    """… more of them, so often:"""
    large_rounds: int
    ack_rounds: int
    ack_seconds: float
    forms: int
    form_rounds: int
    idle_seconds: float
    waits: int
    """Customers looked at one by one while their burst waits."""
    soak_minutes: float = 0.0
    """Load before the resident memory is read."""
    cache_gb: float = 0.25
    parts: tuple[str, ...] = PARTS


FULL: Final = Plan(
    leads=1_000_000,
    small=120,
    large=400,
    large_rounds=3,
    ack_rounds=5,
    ack_seconds=5.0,
    forms=400,
    form_rounds=5,
    idle_seconds=15.0,
    waits=7,
)
QUICK: Final = Plan(
    leads=50_000,
    small=120,
    large=400,
    large_rounds=1,
    ack_rounds=3,
    ack_seconds=1.5,
    forms=120,
    form_rounds=3,
    idle_seconds=5.0,
    waits=3,
)
TINY: Final = Plan(
    leads=60,
    small=6,
    large=12,
    large_rounds=1,
    ack_rounds=1,
    ack_seconds=0.3,
    forms=6,
    form_rounds=1,
    idle_seconds=1.0,
    waits=1,
)
