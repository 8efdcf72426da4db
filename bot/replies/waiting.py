"""What is said about the waiting list: that they are on it, that a time is kept for them, and how it ends."""

from dataclasses import replace
from datetime import datetime, time
from typing import Final

from bot.business.context import Context
from bot.domain import message_limits as limits
from bot.domain.booking import Booking
from bot.domain.commands import Button, SendButtons, SendList, SendText
from bot.domain.lead import Lead
from bot.domain.offers import BookingWish
from bot.domain.outcome import EffectRequest
from bot.domain.waiting import KeptTime, WaitingEntry
from bot.replies import booking as words
from bot.replies import notices, times
from bot.replies.words import say

JOIN_TAP: Final = "wait:"
YES_TAP: Final = "wait_yes:"
NO_TAP: Final = "wait_no:"
LEAVE_TAP: Final = "wait_off:"
_KEPT: Final = "waiting.kept"
_OVER: Final = "waiting.over"


def with_join(said: EffectRequest, lead: Lead, booking: Booking) -> EffectRequest:
    """The same message with the button that puts them on the list; as a row where there is no place for a button."""
    join = Button(f"{JOIN_TAP}{booking.reference}", say("waiting.button.join", lead.language))
    match said.command:
        case SendText(body=body):
            return replace(said, command=SendButtons(body, (join,)))
        case SendButtons(body=body, buttons=buttons) if len(buttons) < limits.BUTTONS:
            return replace(said, command=SendButtons(body, (*buttons, join)))
        case SendButtons(body=body, buttons=rows):
            return replace(said, command=SendList(body, say("booking.button.choose", lead.language), (*rows, join)))
        case SendList(rows=rows) as shown:
            return replace(said, command=replace(shown, rows=(*rows[: limits.LIST_ROWS - 1], join)))
        case _:
            return said


def joined(lead: Lead, entry: WaitingEntry, context: Context, *, again: bool = False) -> EffectRequest:
    """They are on the list, for what, and how to leave it."""
    key = "waiting.joined_already" if again else "waiting.joined"
    return EffectRequest(SendButtons(say(key, lead.language, **_facts(lead, entry, context)), (_leave(lead, entry),)))


def kept(lead: Lead, entry: WaitingEntry, offer: KeptTime, booking: Booking, context: Context) -> EffectRequest:
    """A time is kept for them until its hour: all that would be booked, with yes, no and leave."""
    assert offer.slot.held_until is not None
    until = times.short_moment(offer.slot.held_until, context.business.zone, lead.language)
    known = words.facts(lead, booking, context) | {"until": until}
    known["hours"] += words.as_wished(lead, booking, context)
    buttons = (
        Button(f"{YES_TAP}{entry.id}.{offer.number}", say("waiting.button.yes", lead.language)),
        Button(f"{NO_TAP}{entry.id}.{offer.number}", say("waiting.button.no", lead.language)),
        _leave(lead, entry),
    )
    template = known | {"amount": known["price"], "place": known["place"].strip()}
    order = SendButtons(
        say(_KEPT, lead.language, **known),
        buttons,
        outside=notices.outside(_KEPT, lead.language, template, buttons=buttons),
    )
    return EffectRequest(order, not_after=offer.slot.held_until)


def passed_on(lead: Lead, entry: WaitingEntry, context: Context) -> EffectRequest:
    """They did not want that time, and wait on."""
    body = say("waiting.passed", lead.language, **_facts(lead, entry, context))
    return EffectRequest(SendButtons(body, (_leave(lead, entry),)))


def nothing_came(lead: Lead, entry: WaitingEntry, context: Context, until: datetime) -> EffectRequest:
    """The day is over and nothing became free; not said after `until`."""
    known = _facts(lead, entry, context)
    order = SendText(say(_OVER, lead.language, **known), notices.outside(_OVER, lead.language, known))
    return EffectRequest(order, not_after=until)


def _leave(lead: Lead, entry: WaitingEntry) -> Button:
    return Button(f"{LEAVE_TAP}{entry.id}", say("waiting.button.leave", lead.language))


def _facts(lead: Lead, entry: WaitingEntry, context: Context) -> dict[str, str]:
    service = context.business.service(entry.service)
    stand_in = Booking(entry.booking, guests=entry.guests, nights=entry.nights)
    return {
        "service": entry.service if service is None else service.name.say(lead.language),
        "people": words.people(lead, stand_in),
        "when": ", ".join(
            filter(None, [when(entry.wish, context, lead.language), _whom(entry, context, lead.language)])
        ),
    }


def _whom(entry: WaitingEntry, context: Context, language: str) -> str:
    """Whose time they wait for, where they named somebody."""
    provider = context.business.provider(entry.who.only)
    return "" if provider is None else say("booking.with_provider", language, provider=provider.name.say(language))


def when(wish: BookingWish, context: Context, language: str) -> str:
    """The wish in words: its days, and its hours where any were said."""
    first, last = wish.first_day or wish.last_day, wish.last_day or wish.first_day
    if first is None or last is None:
        days = say("waiting.when.any_day", language)
    elif first == last:
        days = times.day_in_words(first, language)
    else:
        days = f"{times.short_day(first, language)} – {times.short_day(last, language)}"
    return ", ".join(filter(None, [days, _hours(wish, context, language)]))


def _hours(wish: BookingWish, context: Context, language: str) -> str:
    minutes = (wish.from_minute, wish.until_minute)
    begins, ends = (None if minute is None else _clock(minute, context, language) for minute in minutes)
    if begins is not None and ends is not None:
        return begins if begins == ends else f"{begins}–{ends}"
    if begins is not None:
        return say("waiting.when.from", language, time=begins)
    return "" if ends is None else say("waiting.when.until", language, time=ends)


def _clock(minute: int, context: Context, language: str) -> str:
    zone = context.business.zone
    at = datetime.combine(context.now.astimezone(zone).date(), time(minute // 60 % 24, minute % 60), zone)
    return times.clock(at, zone, language)
