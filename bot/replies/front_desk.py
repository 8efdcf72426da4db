"""What is said to the contact of a place about their guests: today's arrivals and departures with a tap for each."""

from typing import Final

from bot.business.contacts import Roles
from bot.business.context import Context
from bot.domain import message_limits as limits
from bot.domain.commands import Button, SendList, SendText
from bot.domain.front_desk import DeskGuest, DeskStep
from bot.domain.outcome import EffectRequest
from bot.domain.partner_events import GuestsFound, GuestStepped
from bot.replies import times
from bot.replies.booking import fitting
from bot.replies.words import say

GUESTS_TAP: Final = "work:guests"


def step_tap(step: DeskStep) -> str:
    """How the id of that button begins; the booking follows."""
    return f"work:{step.value}:"


def today(found: GuestsFound, roles: Roles, context: Context) -> EffectRequest:
    """Who comes, who leaves, who stays on; a row for each of whom something is to be said."""
    language = roles.language
    day = times.long_day(found.at, context.business.zone, language)
    coming, leaving = (tuple(one for one in found.guests if one.next is step) for step in DeskStep)
    if not found.guests:
        body = say("desk.nobody", language, day=day)
        return EffectRequest(SendText("\n".join((body, *_staying(found, language)))))
    lines = [say("desk.today", language, day=day)]
    for key, guests in (("desk.coming", coming), ("desk.leaving", leaving)):
        if guests:
            lines += [say(key, language), *(f"• {_line(one, language, context)}" for one in guests)]
    lines += _staying(found, language)
    # who does not fit is on the list when the first ones are noted
    rows = tuple(_row(one, language, context) for one in found.guests[: limits.LIST_ROWS])
    order = SendList(fitting("\n".join(lines), limits.BODY), say("desk.button.tell", language), rows)
    return EffectRequest(order, is_fact=True)


def stepped(event: GuestStepped, roles: Roles, context: Context) -> EffectRequest:
    """Noted, or why not."""
    language, guest = roles.language, event.guest
    if guest is None:
        return EffectRequest(SendText(say("desk.not_yours", language)))
    facts = {"guest": _name(guest, language), "house": _house(guest, language, context)}
    match event.refusal, event.step:
        case None, DeskStep.ARRIVED:
            key = "desk.noted_in"
        case None, DeskStep.LEFT:
            key = "desk.noted_out"
        case "arrival", _:
            facts["clock"] = times.clock(guest.at, context.business.zone, language)
            facts["day"] = times.long_day(guest.at, context.business.zone, language)
            key = "desk.too_early"
        case _:
            key = "desk.not_now"
    return EffectRequest(SendText(say(key, language, **facts)), is_fact=True)


def _row(guest: DeskGuest, language: str, context: Context) -> Button:
    key = "desk.row.in" if guest.next is DeskStep.ARRIVED else "desk.row.out"
    title = fitting(say(key, language, guest=_name(guest, language)), limits.ROW_TITLE)
    described = fitting(_line(guest, language, context), limits.ROW_DESCRIPTION)
    return Button(f"{step_tap(guest.next)}{guest.booking}", title, described)


def _line(guest: DeskGuest, language: str, context: Context) -> str:
    clock = times.clock(guest.at, context.business.zone, language)
    people = say("booking.people", language, count=guest.guests)
    return " · ".join((clock, _name(guest, language), people, _house(guest, language, context)))


def _staying(found: GuestsFound, language: str) -> tuple[str, ...]:
    return (say("desk.staying", language, count=found.staying),) if found.staying else ()


def _name(guest: DeskGuest, language: str) -> str:
    return guest.guest or say("partner.job.a_guest", language)


def _house(guest: DeskGuest, language: str, context: Context) -> str:
    place = context.business.place(guest.place)
    return guest.place if place is None else place.name.say(language)
