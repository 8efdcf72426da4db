"""What is said to a guest of a stay, asked, welcomed and thanked, and to one whom a provider is coming to."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from bot.business.context import Context
from bot.domain import message_limits as limits
from bot.domain.about import about_time_of
from bot.domain.booking import Booking
from bot.domain.commands import Button, SendButtons, SendText, Urgency
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.lifecycle import booking_money
from bot.lifecycle.visits import visits
from bot.replies import booking as booking_words
from bot.replies import notices, times
from bot.replies.words import say
from payments.domain.money import Money, total

HERE_TAP: Final = "here:"
LATER_TAP: Final = "here_later:"
LEFT_TAP: Final = "left:"
_ASKED_FOR: Final = timedelta(hours=12)
"""So long after its hour the question whether they have arrived still makes sense."""


def have_you_arrived(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """The question, with its two answers."""
    buttons = (
        Button(f"{HERE_TAP}{booking.reference}", say("stay.button.here", lead.language)),
        Button(f"{LATER_TAP}{booking.reference}", say("stay.button.later", lead.language)),
    )
    start = None if booking.chosen is None else booking.chosen.start
    return _question(
        "stay.arrived_question", lead, booking, buttons, context, None if start is None else start + _ASKED_FOR
    )


def are_you_leaving(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """Until when, and a tap for the moment they go."""
    buttons = (Button(f"{LEFT_TAP}{booking.reference}", say("stay.button.left", lead.language)),)
    until = None if booking.chosen is None else booking.chosen.end
    return _question("stay.leaving_question", lead, booking, buttons, context, until)


def _question(
    key: str, lead: Lead, booking: Booking, buttons: tuple[Button, ...], context: Context, until: datetime | None
) -> EffectRequest:
    known = _facts(lead, booking, context)
    outside = notices.outside(key, lead.language, known, buttons=buttons)
    order = SendButtons(say(key, lead.language, **known), buttons, outside=outside)
    about = about_time_of(booking)
    return EffectRequest(order, urgency=Urgency.REMINDER, is_fact=True, not_after=until, about=about)


def welcome(lead: Lead, booking: Booking, context: Context) -> str:
    """They are there; until when they stay."""
    return say("stay.welcome", lead.language, **_facts(lead, booking, context))


def too_early(lead: Lead, booking: Booking, context: Context) -> str:
    """From when the house is theirs."""
    return say("stay.too_early", lead.language, **_facts(lead, booking, context))


def no_hurry(lead: Lead, booking: Booking, context: Context) -> str:
    """They come later, and say so then."""
    return say("stay.no_hurry", lead.language, **_facts(lead, booking, context))


def noted(lead: Lead) -> EffectRequest:
    """Their tap changes nothing any more."""
    return EffectRequest(SendText(say("stay.noted", lead.language)))


def thanks(lead: Lead, booking: Booking, context: Context) -> str:
    """They have left: thanks, and what it was."""
    said = say("stay.thanks", lead.language, **_facts(lead, booking, context))
    return booking_words.fitting("\n\n".join([said, report(lead, booking, context)]), limits.TEXT)


def report(lead: Lead, booking: Booking, context: Context) -> str:
    """What it was, how many nights, what was paid, and what else they had from us meanwhile."""
    language, slot = lead.language, booking.chosen
    assert slot is not None
    service = context.business.service(booking.service or "")
    facts = {
        "service": booking.service or "" if service is None else service.name.say(language),
        "first": times.long_day(slot.start, context.business.zone, language),
        "last": times.long_day(slot.end, context.business.zone, language),
        "people": booking_words.people(lead, booking),
    }
    lines = [say("stay.report.what", language, **facts)]
    currency = booking_money.currency_of(booking, context.business.currency)
    paid = booking_money.paid(booking, currency)
    if paid:
        lines.append(say("stay.report.paid", language, amount=times.money(paid, language)))
    extras = tuple(_extras(lead, booking, context))
    if extras:
        lines.append(say("stay.report.extras", language))
        lines += [f"• {line}" for line, _ in extras]
        sums = (paid, *(one for _, one in extras if one is not None))
        if all(one.currency == currency for one in sums):
            amount = times.money(total(sums, currency), language)
            lines.append(say("stay.report.total", language, amount=amount))
    return "\n".join(lines)


def _extras(lead: Lead, stay: Booking, context: Context) -> Iterator[tuple[str, Money | None]]:
    """What else was delivered to them between check-in and check-out, a line each, with what they paid for it."""
    language, slot = lead.language, stay.chosen
    assert slot is not None
    for visit in visits(lead, context.now):
        if visit.reference == stay.reference or not slot.start <= visit.ended_at <= slot.end:
            continue
        service = context.business.service(visit.service or "")
        what = visit.service or "" if service is None else service.name.say(language)
        when = times.short_day(visit.ended_at.astimezone(context.business.zone).date(), language)
        price = () if not visit.paid else (times.money(visit.paid, language),)
        yield ", ".join((what, when, *price)), visit.paid


def work_done(lead: Lead, booking: Booking, template: str, context: Context) -> str:
    """Work for what they booked is done, in the words of the file."""
    language, business = lead.language, context.business
    title = next((one.title for one in business.task_templates if one.id == template), None)
    task = say(f"task.title.{template.replace('-', '_')}", language) if title is None else title.say(language)
    known = booking_words.facts(lead, booking, context)
    return say("visit.work_done", language, task=task, service=known["service"], day=known["day"])


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
    zone, language = context.business.zone, lead.language
    known = {"house": house, "reference": str(booking.reference), "business": context.business.name}
    if booking.chosen is None:
        return known
    start, end = booking.chosen.start, booking.chosen.end
    return known | {
        "day": times.long_day(end, zone, language),
        "clock": times.clock(end, zone, language),
        "opens": times.clock(start, zone, language),
    }
