"""What a message is about: said only as long as that is so."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.booking import Booking
from bot.domain.ids import BookingReference
from bot.domain.states import CLOSED


@dataclass(frozen=True, slots=True)
class AboutTime:
    """The time of a booking, as it was when the message was decided."""

    booking: BookingReference
    start: datetime

    def is_so(self, booking: Booking | None) -> bool:
        """Whether it still takes place then; `booking` is that booking today, none where it has left its lead."""
        if booking is None or booking.state in CLOSED or booking.chosen is None:
            return False
        is_blocked = booking.change is not None and booking.change.block is not None
        return booking.chosen.start == self.start and not is_blocked


def about_time_of(booking: Booking) -> AboutTime | None:
    """What is said of the time that it has; none where it has none."""
    return None if booking.chosen is None else AboutTime(booking.reference, booking.chosen.start)
