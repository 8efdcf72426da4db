"""Why a wish cannot be had, in a sentence, with what would work."""

from bot.business.catalogue import Service
from bot.business.context import Context
from bot.domain.lead import Lead
from bot.replies import times
from bot.replies.words import say
from bot.slots.why_not import Impediment, WhyNot


def sentence(lead: Lead, service: Service, found: Impediment, context: Context) -> str:
    """The reason, and from when on, until when, or for how many it can be had."""
    language, zone = lead.language, context.business.zone
    in_nights = found.why in {WhyNot.TOO_FEW_NIGHTS, WhyNot.TOO_MANY_NIGHTS}
    known = {
        "service": service.name.say(language),
        "day": "" if found.day is None else times.day_in_words(found.day, language),
        "first": "" if found.first is None else times.clock(found.first, zone, language),
        "last": "" if found.last is None else times.clock(found.last, zone, language),
        "moment": "" if found.first is None else times.short_moment(found.first, zone, language),
        "most": say("booking.nights" if in_nights else "booking.people", language, count=max(1, found.count)),
    }
    return say(f"why_not.{found.why.value}", language, **known)
