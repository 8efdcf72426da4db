"""Today's guests as the contact of their place may know them: who comes, who leaves, and no number of anybody's."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeskStep(StrEnum):
    """What a front desk says of a guest; the words stand in their buttons."""

    ARRIVED = "in"
    LEFT = "out"


@dataclass(frozen=True, slots=True)
class DeskGuest:
    """One stay whose guest comes, is there, or leaves."""

    booking: str
    place: str
    """An id of the business file."""
    guest: str | None
    """By which name the guest is asked for."""
    guests: int
    at: datetime
    """When they check in, or out."""
    next: DeskStep
    """What will be said of them next."""
