"""Answers of the business file, rendered: prices, hours, places, what to expect, the house's own entries."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import assert_never

from bot.business.catalogue import Place, Venue
from bot.business.context import Context
from bot.business.hours import Week
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.side_question import About, SideQuestion
from bot.replies import booking as words
from bot.replies import price_words, times, zones
from bot.replies.words import say

PLACES_SHOWN = 8
A_MONDAY = date(2026, 11, 2)


def text(lead: Lead, asked: Sequence[SideQuestion], context: Context) -> str:
    """The answers in one text, one after another; what the file no longer knows is left out."""
    return "\n\n".join(dict.fromkeys(filter(None, (answer(lead, one, context) for one in asked))))


def answer(lead: Lead, asked: SideQuestion, context: Context) -> str:
    """One answer, in the customer's language; empty when the file has none."""
    match asked.about:
        case About.PRICE:
            return price_words.price_text(lead, asked.what, context)
        case About.FAQ:
            entry = context.business.entry(asked.what)
            return "" if entry is None else entry.answer.say(lead.language)
        case About.HOURS:
            in_zone = zones.note(lead, context.now, context)
            return say("info.hours", lead.language, hours=_week(lead, context.business.agents.hours), zone_note=in_zone)
        case About.WHERE:
            return _where(lead, asked, context)
        case About.EXPECT:
            service = context.business.service(asked.what)
            return "" if service is None or service.expect is None else service.expect.say(lead.language)
        case About.OFFERS:
            return say(
                "info.offers", lead.language, list="\n".join(f"• {line}" for line in context.offers(lead.language))
            )
        case About.STATUS:
            booking = lead.booking(asked.what)
            known = booking is not None and booking.chosen is not None
            return words.status_text(lead, booking, context) if booking is not None and known else ""
        case About.DISCOUNT | About.PEOPLE | About.BOT | About.PAID:
            return _by_words(lead, asked, context)
        case About.PHONE:
            return say("info.phone", lead.language, hours=_week(lead, context.business.agents.hours))
        case About.UNKNOWN:
            return say("talk.passed_on", lead.language)
        case _:
            assert_never(asked.about)


def _where(lead: Lead, asked: SideQuestion, context: Context) -> str:
    """Where it is: with the street and the way there for who has a booking."""
    # The place of the booking that is talked about, with the way there; else where the service or all things
    # are.
    booking = lead.open_booking
    mine = booking if booking is not None and asked.what in {"", booking.service} else None
    chosen = None if mine is None or mine.chosen is None else mine.chosen.place
    place = context.business.place(chosen or (None if mine is None else mine.place))
    if place is not None and mine is not None and words.knows_address(mine, context):
        lines = [_place(lead, place, directions=True), words.access_notes(lead, mine, context)]
        return "\n".join(filter(None, lines))
    if place is not None:
        # the street of somebody's villa is told to who has a booking there
        return say("info.where_booked", lead.language, place=_named(lead, place, context))
    service = context.business.service(asked.what)
    if service is not None and service.venue is not Venue.OWN_PLACE:
        key = "info.online" if service.venue is Venue.ONLINE else "info.to_you"
        return say(key, lead.language, service=service.name.say(lead.language))
    places = context.business.places if service is None else context.business.places_of(service)
    open_to_all = {
        place.id
        for each in context.business.services
        if each.venue is Venue.OWN_PLACE and not each.is_stay
        for place in context.business.places_of(each)
    }
    shown = "\n".join(
        _place(lead, one) if one.id in open_to_all else _named(lead, one, context) for one in places[:PLACES_SHOWN]
    )
    return say("info.where", lead.language, places=shown) if shown else ""


def _by_words(lead: Lead, asked: SideQuestion, context: Context) -> str:
    """What a receptionist answers: a lower price, more people, whether a machine speaks, whether money is in."""
    if asked.about is About.DISCOUNT:
        price = price_words.price_text(lead, asked.what, context) if asked.what else ""
        return "\n".join(filter(None, [say("info.discount", lead.language), price]))
    if asked.about is About.BOT:
        return say("info.bot", lead.language, business=context.business.name)
    if asked.about is About.PAID:
        booking = lead.booking(asked.what)
        return "" if booking is None else _paid(lead, booking, context)
    service = context.business.service(asked.what)
    if service is None:
        return ""
    named = service.name.say(lead.language)
    if service.max_guests == 1:
        return say("info.people_one", lead.language, service=named)
    return say("info.people", lead.language, service=named, most=str(service.max_guests))


def _paid(lead: Lead, booking: Booking, context: Context) -> str:
    """Whether the money is in, as the books know it; until when it is waited for."""
    if booking.paid is not None and booking.due is not None and booking.paid == booking.due:
        amount = times.money(booking.paid, lead.language)
        return say("payment.is_in", lead.language, amount=amount, reference=str(booking.reference))
    if booking.pay_by is None:
        return say("talk.passed_on", lead.language)
    zone = context.business.zone
    until = f"{times.short_moment(booking.pay_by, zone, lead.language)}"
    return say("payment.not_in_yet", lead.language, until=until, reference=str(booking.reference))


def source(asked: Sequence[SideQuestion]) -> str:
    """Where the answers stand in the file, for the person who reads a draft."""
    return ", ".join(str(one) for one in asked if one.about is not About.UNKNOWN)


def _week(lead: Lead, week: Week) -> str:
    """Days in a row with the same hours share a line."""
    days = [A_MONDAY + timedelta(days=number) for number in range(7)]
    lines = []
    for spans, same in groupby(days, key=week.on):
        known = list(same)
        names = [times.weekday(day, lead.language) for day in (known[0], known[-1])]
        named = names[0] if len(known) == 1 else " – ".join(names)
        lines.append(
            say(
                "info.days",
                lead.language,
                days=named,
                hours=", ".join(str(span).replace("-", "–") for span in spans) or say("info.closed", lead.language),
            )
        )
    return "\n".join(lines)


def _named(lead: Lead, place: Place, context: Context) -> str:
    """A place by its name and part of town."""
    area = context.business.area(place.area)
    return ", ".join([place.name.say(lead.language), *([] if area is None else [area.name.say(lead.language)])])


def _place(lead: Lead, place: Place, *, directions: bool = False) -> str:
    lines = [f"{place.name.say(lead.language)}, {place.address}"]
    if directions:
        lines += [place.directions.say(lead.language)] if place.directions is not None else []
        lines += [place.map_url] if place.map_url is not None else []
    return "\n".join(lines)
