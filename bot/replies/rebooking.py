"""The offer to book again what has ended: one button, which brings along what is known already."""

from typing import Final

from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.commands import Button
from bot.domain.lead import Lead
from bot.replies.words import say

REBOOK_TAP: Final = "rebook:"


def is_offered(lead: Lead, context: Context) -> bool:
    """Whether the house offers it, and nobody asked for silence."""
    return context.business.sop.rebook_offer and not lead.conversation.opted_out


def again(lead: Lead, reference: str, service: str | None, guests: int | None, place: str | None) -> Button:
    """Book again: the same service for as many at the same place, as `read_tap` reads it."""
    known = (reference, service or "", "" if guests is None else str(guests), place or "")
    return Button(f"{REBOOK_TAP}{':'.join(known)}", say("change.button.rebook", lead.language))


def again_of(lead: Lead, booking: Booking) -> Button:
    """The same of a booking that has ended."""
    return again(lead, booking.reference, booking.service, booking.guests, booking.place)


def read_tap(tapped: str) -> tuple[str, str, int | None, str]:
    """Reference, service, guests and place of that button; what an older one did not have is empty, and none."""
    former, service, guests, place, *_ = (*tapped.split(":"), "", "", "")
    return former, service, int(guests) if guests.isascii() and guests.isdecimal() else None, place
