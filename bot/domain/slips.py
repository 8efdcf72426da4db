"""What a customer let the house down with: moved, called off, or not come."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.ids import BookingReference

MOST_SLIPS: Final = 20
"""So many a lead remembers, the last ones."""


class SlipKind(StrEnum):
    """In which way."""

    MOVED = "moved"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


@dataclass(frozen=True, slots=True)
class Slip:
    """One of them: of the customer's own doing, and of a time that was kept for them."""

    booking: BookingReference
    kind: SlipKind
    at: datetime


def with_slips(known: tuple[Slip, ...], more: tuple[Slip, ...]) -> tuple[Slip, ...]:
    """Both, each once, the oldest first."""
    return tuple(sorted({*known, *more}, key=lambda one: (one.at, one.booking, one.kind))[-MOST_SLIPS:])
