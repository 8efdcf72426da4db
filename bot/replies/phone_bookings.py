"""The first that a customer reads of what was booked for them on the phone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.commands import Author, SendTemplate
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.replies import notices

_STANDS_FOR: Final[Mapping[str, str]] = {
    "booking.booked": "template.phone_booked",
    "booking.reserved": "template.phone_booked",
    "acceptance.asking": "template.phone_asking",
    "payment.link.first": "template.phone_to_pay",
}
"""Who has read nothing of their booking is told all of it; by the words it is told in inside the 24 hours."""

FIRST: Final = frozenset(_STANDS_FOR)


def outside(
    lead: Lead, booking: Booking, key: str, known: Mapping[str, str], context: Context, link: str = ""
) -> SendTemplate | None:
    """What goes in place of those words outside the 24 hours."""
    template = _STANDS_FOR.get(key, key) if booking.by_phone else key
    return notices.outside(template, lead.language, {**known, "business": context.business.name}, link)


def as_agreed(lead: Lead, booking: Booking, said: EffectRequest) -> EffectRequest:
    """The same, in the name of whoever spoke with them: agreed on the phone it is said at once, and waits as a draft
    for nobody who has the conversation."""
    return replace(said, author=Author.AGENT) if booking.by_phone and lead.is_with_agent else said
