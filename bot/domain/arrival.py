"""A booking as the contact of its place may know it: what, when, for whom, in which room; no number of anybody's."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.domain.ids import BookingReference


class PlaceNews(StrEnum):
    """Why the contact of a place is told of a booking there; the words are stored."""

    BOOKED = "booked"
    MOVED = "moved"
    """Its time or number of guests is another than they were told."""
    CALLED_OFF = "called_off"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One booking at a place, as it stands or stood."""

    booking: BookingReference
    place: str
    """An id of the business file, as service and provider."""
    service: str
    starts_at: datetime
    ends_at: datetime
    guests: int | None = None
    provider: str | None = None
    guest: str | None = None
    """By which name they are asked for; looked up when it is told."""
    room: str | None = None
    """The same."""


@dataclass(frozen=True, slots=True)
class TellPlace:
    """Have the contact of a place told; the second time changes nothing."""

    news: PlaceNews
    arrival: Arrival
    """As it is now; of what is called off as it was."""
    kind: Literal["tell_place"] = "tell_place"
