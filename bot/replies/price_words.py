"""What services cost, in words."""

from typing import Final

from bot.business.catalogue import Service
from bot.business.context import Context
from bot.business.prices import Unit
from bot.domain.lead import Lead
from bot.replies import booking as booking_words
from bot.replies.words import say
from payments.domain.money import Money

PRICES_SHOWN: Final = 20


def price_text(lead: Lead, service_id: str, context: Context) -> str:
    """What this service costs, or all of them, from the price book; the very sum where times are offered or chosen."""
    service = context.business.service(service_id)
    if service is None:
        return "\n".join(_price_line(lead, one, context) for one in context.business.services[:PRICES_SHOWN])
    return _quoted_line(lead, service, context) or _price_line(lead, service, context)


def _quoted_line(lead: Lead, service: Service, context: Context) -> str:
    """The price of the time that is chosen, or of those offered where they cost the same; else nothing."""
    booking = lead.open_booking
    if booking is None or booking.service != service.id:
        return ""
    slots = booking.offered if booking.chosen is None else (booking.chosen,)
    quotes = [booking_words.quoted(booking, slot, context.business) for slot in slots]
    sums = {Money(one.total, one.currency) for one in quotes if one is not None}
    if len(sums) != 1 or None in quotes:
        return ""
    named = f"{service.name.say(lead.language)}, {booking_words.people(lead, booking)}"
    return say(
        "booking.price.answer", lead.language, service=named, price=booking_words.price_in_words(lead, sums.pop())
    )


def _priced(lead: Lead, service: Service, price: str) -> str:
    return say("booking.price.answer", lead.language, service=service.name.say(lead.language), price=price)


def _price_line(lead: Lead, service: Service, context: Context) -> str:
    """From the cheapest row to the dearest, for the fewest guests."""
    today = context.now.astimezone(context.business.zone).date()
    known = [row for row in context.business.prices if row.service == service.id and not row.is_over(today)]
    if not known and any(row.service == service.id for row in context.business.prices):
        return _priced(lead, service, say("booking.price.none", lead.language))
    amounts = sorted({row.at(service.min_guests)[0] for row in known})
    if not amounts:
        return _priced(lead, service, booking_words.price_in_words(lead, None))
    shown = [
        booking_words.price_in_words(lead, Money(one, context.business.currency)) for one in (amounts[0], amounts[-1])
    ]
    price = " – ".join(dict.fromkeys(shown))
    units = {row.unit for row in known} - {Unit.PER_BOOKING}
    unit = say(f"booking.price.{units.pop().value}", lead.language) if len(units) == 1 else ""
    return _priced(lead, service, f"{price} {unit}".strip())
