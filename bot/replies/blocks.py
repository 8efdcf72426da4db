"""What is said when a booking cannot take place because of us: sorry, what can be had in its place, or the money."""

from typing import Final

from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.change import Change
from bot.domain.commands import Button, SendButtons, SendList, SendTemplate, Urgency
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.replies import booking as booking_words
from bot.replies import changes as change_words
from bot.replies import notices, times
from bot.replies.words import say

TIMES: Final = 3
"""So many times or people are offered at most."""


def choices(lead: Lead, booking: Booking, change: Change, context: Context) -> EffectRequest:
    """Sorry; up to three times or people at the same price, and the way out: one tap each."""
    language, zone = lead.language, context.business.zone
    rows = tuple(
        Button(
            change_words.tap(change_words.SLOT_TAP, booking, change, slot.slot_id),
            times.short_moment(slot.start, zone, language),
            booking_words.where(slot, context, lead),
        )
        for slot in change.offered[:TIMES]
    )
    order = SendList(
        _body(lead, _key(booking, change, "change.block.choices", "acceptance.unfilled"), booking, context),
        say("booking.button.choose", language),
        (*rows, _way_out(lead, booking, change)),
        _outside(lead, booking, change, context),
    )
    return EffectRequest(order, urgency=Urgency.MONEY, is_fact=True)


def nothing_near(lead: Lead, booking: Booking, change: Change, context: Context) -> EffectRequest:
    """Sorry; nothing near is free: another day, or the way out."""
    buttons = (_way_out(lead, booking, change),)
    key = _key(booking, change, "change.block.none_near", "acceptance.unfilled_none_near")
    order = SendButtons(_body(lead, key, booking, context), buttons, _outside(lead, booking, change, context))
    return EffectRequest(order, urgency=Urgency.MONEY, is_fact=True)


def outside_the_window(lead: Lead, booking: Booking, change: Change, context: Context) -> EffectRequest:
    """Sorry; another time, or the way out: no time is kept for somebody who may not read it for days."""
    buttons = (_another(lead, booking, change), _way_out(lead, booking, change))
    key = "change.block.asks_unpaid" if booking.paid is None else "change.block.asks"
    order = SendButtons(_body(lead, key, booking, context), buttons, _outside(lead, booking, change, context))
    return EffectRequest(order, urgency=Urgency.MONEY, is_fact=True)


def _key(booking: Booking, change: Change, usual: str, for_want_of_a_yes: str) -> str:
    """Who has paid nothing for a time that nobody has accepted hears just that."""
    return for_want_of_a_yes if change.is_for_want_of_a_yes and not booking.paid else usual


def _body(lead: Lead, key: str, booking: Booking, context: Context) -> str:
    said = say(key, lead.language, **booking_words.facts(lead, booking, context))
    apology = context.business.texts.apology
    return said if apology is None else f"{said}\n\n{apology.say(lead.language)}"


def _outside(lead: Lead, booking: Booking, change: Change, context: Context) -> SendTemplate:
    """The template, whose two buttons are the same wherever it stands in for more of them."""
    known = booking_words.facts(lead, booking, context)
    key = "change.block.asks_unpaid" if booking.paid is None else "change.block.asks"
    buttons = (_another(lead, booking, change), _way_out(lead, booking, change))
    template = notices.outside(key, lead.language, known, buttons=buttons)
    assert template is not None
    return template


def _another(lead: Lead, booking: Booking, change: Change) -> Button:
    label = say("change.block.button.another", lead.language)
    return Button(change_words.tap(change_words.TIME_TAP, booking, change), label)


def _way_out(lead: Lead, booking: Booking, change: Change) -> Button:
    """All of the money; for who has paid nothing, just the end of it."""
    key = "change.block.button.cancel" if booking.paid is None else "change.block.button.money_back"
    return Button(change_words.tap(change_words.BACK_TAP, booking, change), say(key, lead.language))
