"""What is said to a guest who checks in, to one who has left, and to one whom a provider is coming to."""

from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.replies import times
from bot.replies.words import say


def welcome(lead: Lead, booking: Booking, context: Context) -> str:
    """They are there; until when they stay."""
    zone, language = context.business.zone, lead.language
    assert booking.chosen is not None
    end = booking.chosen.end
    known = {"day": times.long_day(end, zone, language), "clock": times.clock(end, zone, language)}
    return say("stay.welcome", language, **_facts(lead, booking, context), **known)


def thanks(lead: Lead, booking: Booking, context: Context) -> str:
    """They have left."""
    return say("stay.thanks", lead.language, **_facts(lead, booking, context))


def on_the_way(lead: Lead, booking: Booking, context: Context) -> str:
    """Whoever gives what they booked has set out."""
    provider = None if booking.chosen is None else context.business.provider(booking.chosen.provider)
    service = context.business.service(booking.service or "")
    who = context.business.name if provider is None else provider.name.say(lead.language)
    what = booking.service or "" if service is None else service.name.say(lead.language)
    return say("visit.on_the_way", lead.language, who=who, service=what)


def _facts(lead: Lead, booking: Booking, context: Context) -> dict[str, str]:
    place = context.business.place(booking.place if booking.chosen is None else booking.chosen.place)
    house = context.business.name if place is None else place.name.say(lead.language)
    return {"house": house, "reference": str(booking.reference)}
