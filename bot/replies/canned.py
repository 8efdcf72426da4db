"""Ready words of the house, filled with the facts of the customer they go to; what is unknown is named, not guessed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Final

from bot.business.definition import Business
from bot.business.inbox import FACTS, CannedReply
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.replies import times

_BLANK: Final = re.compile(rf"\[(?:{'|'.join(FACTS)})\]")


@dataclass(frozen=True, slots=True)
class FilledReply:
    """A ready text as it would go out."""

    id: str
    title: str
    text: str
    """What is not known stands in it as `[day]`."""
    blanks: tuple[str, ...]
    """What somebody has to fill in before it can go."""
    language: str


def facts(lead: Lead, booking: Booking | None, business: Business) -> Mapping[str, str]:
    """What is known of the customer and that booking, in their language."""
    language = lead.language
    known = {"name": lead.name, "business": business.name}
    if booking is not None:
        service, place = business.service(booking.service or ""), business.place(booking.place)
        known |= {
            "reference": booking.reference,
            "service": None if service is None else service.name.say(language),
            "place": None if place is None else place.name.say(language),
            "price": None if booking.price is None else times.money(booking.price, language),
            "link": booking.pay_url,
        }
        slot = booking.chosen
        if slot is not None:
            known["day"] = times.long_day(slot.start, business.zone, language)
            known["time"] = times.clock(slot.start, business.zone, language)
    return {name: value for name, value in known.items() if value}


def filled(reply: CannedReply, known: Mapping[str, str], language: str) -> FilledReply:
    """The text in that language with its facts."""
    text, blanks = "", []
    for words, name, _, _ in Formatter().parse(reply.text.say(language)):
        text += words
        if name is None:
            continue
        if name not in known:
            blanks.append(name)
        text += known.get(name, f"[{name}]")
    return FilledReply(reply.id, reply.title, text, tuple(dict.fromkeys(blanks)), language)


def blanks_in(text: str) -> tuple[str, ...]:
    """What of a ready text nobody has filled in yet, as it stands in these words."""
    return tuple(dict.fromkeys(_BLANK.findall(text)))


def all_filled(lead: Lead, booking: Booking | None, business: Business) -> tuple[FilledReply, ...]:
    """Every ready text of the house for that customer."""
    known = facts(lead, booking, business)
    return tuple(filled(reply, known, lead.language) for reply in business.replies)
