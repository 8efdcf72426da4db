"""What the chat knows of a booking when it sends a form: the form's screens begin with it, and bind nobody."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from bot.domain.offers import BookingWish, ProviderWish
from flows.view import ANYONE

_NOBODY: Final = ProviderWish()


@dataclass(frozen=True, slots=True)
class KnownAnswers:
    """The service, day, time, number and person that were named; what was not, or was left open, is not there."""

    service: str = ""
    day: date | None = None
    minute: int | None = None
    """Of the local day."""
    guests: int | None = None
    provider: str = ""
    """Who is wished by name; `ANYONE` where anybody will do."""

    @classmethod
    def of(cls, service: str | None, wish: BookingWish, guests: int | None, who: ProviderWish = _NOBODY) -> Self:
        """A single day and a single time are known; "this week" or "in the afternoon" names none."""
        day = wish.first_day if wish.first_day == wish.last_day else None
        minute = wish.from_minute if wish.from_minute == wish.until_minute else None
        return cls(service or "", day, minute, guests, who.only or (ANYONE if who.anyone else ""))
