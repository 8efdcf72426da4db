"""When a customer would like a time, and the times that were shown."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class BookingWish:
    """When the customer would like it: local days and local minutes of the day, each open when nothing was said."""

    first_day: date | None = None
    last_day: date | None = None
    from_minute: int | None = None
    until_minute: int | None = None
    without_days: tuple[date, ...] = ()
    """Days that are not wished: "any day but Tuesday"."""
    without_minutes: tuple[int, ...] = ()
    """Times of day that are not wished."""

    @property
    def is_open(self) -> bool:
        """Whether nothing was said yet."""
        return self == BookingWish()


@dataclass(frozen=True, slots=True)
class ProviderWish:
    """Who is to give it, by ids of the business file; nobody in particular when nothing was said."""

    named: tuple[str, ...] = ()
    """Whom the words may mean: one where that is clear, several until the customer has been asked."""
    anyone: bool = False
    """Whoever it is was said outright: nobody is put first for what was before."""
    refused: str | None = None
    """Whose times are not wanted."""

    @property
    def only(self) -> str | None:
        """The one who is wished, once that is clear."""
        return self.named[0] if len(self.named) == 1 else None

    def allows(self, provider: str | None) -> bool:
        """Whether a time of theirs, or of nobody, may be kept for it."""
        return (not self.named or provider in self.named) and (self.refused is None or provider != self.refused)


@dataclass(frozen=True, slots=True)
class OfferedSlot:
    """A time as it was shown to the customer, and the hold that keeps it, if one does."""

    slot_id: str
    start: datetime
    end: datetime
    provider: str | None = None
    place: str | None = None
    nights: int = 0
    hold_id: str | None = None
    held_until: datetime | None = None


class Fit(StrEnum):
    """How near the offered times come to the wish."""

    WISHED = "wished"
    OTHER_TIMES = "other_times"
    OTHER_DAYS = "other_days"
    NOTHING = "nothing"
