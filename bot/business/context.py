"""What `decide` may know besides lead and event: time, the business file, the published forms."""

from dataclasses import dataclass
from datetime import datetime

from bot.business.catalogue import Place
from bot.business.definition import Business
from bot.domain.booking import Booking
from bot.domain.place_codes import BoundPlace


@dataclass(frozen=True, slots=True)
class Context:
    """All that `decide` may know besides lead and event: nothing in it can be another at the next try."""

    now: datetime
    business: Business
    forms: tuple[tuple[str, str], ...] = ()
    """The published form of each language, by its Flow id; the booking form by the language alone, those that change
    a booking as `<purpose>:<language>`."""
    quoted: tuple[Business, ...] = ()
    """Older versions of the business file, under which bookings of the lead were quoted; none of them ever changes."""

    def form_in(self, language: str) -> str | None:
        """The Flow id of the booking form in that language, where one is published."""
        return dict(self.forms).get(language)

    def change_form_in(self, purpose: str, language: str) -> str | None:
        """The Flow id of the form that moves or cancels a booking, where one is published in that language."""
        return dict(self.forms).get(f"{purpose}:{language}")

    def business_of(self, booking: Booking) -> Business:
        """The business as it was when that booking was quoted; as it is now where it was not, or nobody knows."""
        return self.version(booking.business_version)

    def sold_under(self, booking: Booking) -> Business:
        """The business whose policy the booking keeps: the one it was first sold under, whatever was changed since."""
        return self.version(booking.policy_version or booking.business_version)

    def version(self, wanted: str | None) -> Business:
        """The business of that version; as it is now where nobody knows it."""
        return next((business for business in self.quoted if business.version == wanted), self.business)

    def place_of(self, bound: BoundPlace | None) -> Place | None:
        """Where a customer is now, as far as a code says; none once it is over, or where the place left the file."""
        return None if bound is None or bound.until <= self.now else self.business.place(bound.place)

    def offers(self, language: str) -> tuple[str, ...]:
        """What can be booked, named in that language."""
        return tuple(service.name.say(language) for service in self.business.services)
