"""What is said before and after an appointment, each with the template that stands for it outside the 24 hours."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.business.context import Context
from bot.business.definition import Business
from bot.business.staff import TaskEdge
from bot.business.timers import HOURS_BEFORE, BookingTimer, TimerTemplate, absent_after
from bot.domain.about import about_time_of
from bot.domain.booking import Booking
from bot.domain.commands import Button, SendButtons, SendTemplate, SendText, Urgency
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.lifecycle.rules import house
from bot.replies import booking as words
from bot.replies import canned, coming, notices, rebooking
from bot.replies.notices import Notice
from bot.replies.words import say

CAME_TAP: Final = "came:"
ABSENT_TAP: Final = "absent:"
_ENDS: Final = (".", "!", "?", "…", ":")


def reminder(
    lead: Lead, timer: BookingTimer, booking: Booking, context: Context, *, asks: bool = False
) -> EffectRequest:
    """What that timer says, with the question whether they come; no longer true from its last moment on."""
    expect = words.expectation(lead, booking, context) + words.meeting(lead, booking, context)
    texts = house.reminded_of(lead, booking, context) if adds(timer) else ()
    added = [text.say(lead.language).strip() for text in texts]
    also = "".join(f"\n\n{text}" for text in added)
    link = words.meeting_link(booking, context)
    known = words.facts(lead, booking, context) | {"expect": expect + also, "link": link}
    known["also"] = " ".join(text if text.endswith(_ENDS) else f"{text}." for text in added)
    if timer.text is None:
        body = say(f"reminder.{timer.id.replace('-', '_')}", lead.language, **known)
    else:
        theirs = defaultdict(str, canned.facts(lead, booking, context.business))
        body = timer.text.say(lead.language).format_map(theirs) + also
    if asks:
        order: SendText | SendButtons = coming.asking(lead, booking, body, known)
    else:
        order = SendText(body, _outside(lead, timer, known))
    if timer.template_outside is TimerTemplate.NONE:
        order = replace(order, outside=None)
    about = about_time_of(booking)
    return EffectRequest(
        order, urgency=Urgency.REMINDER, is_fact=True, not_after=_last_moment(timer, booking), about=about
    )


def adds(timer: BookingTimer) -> bool:
    """Whether it says what rules of the house add: before the start, where its words have a place for it."""
    return timer.at.before is TaskEdge.START and (timer.text is not None or timer.id != HOURS_BEFORE)


def templates_of_rules(business: Business) -> tuple[Notice, ...]:
    """Those of `notices.OF_RULES` that this house may send."""
    keys = {
        notices.ALSO[notices.told_with(service.meeting or "", key)]
        for rule in business.rules
        if rule.remind
        for service in business.services
        if rule.is_for(service)
        for timer in business.booking_timers
        if timer.enabled and adds(timer) and timer.is_for(service) and timer.template_outside is not TimerTemplate.NONE
        # who has said that they come is reminded without the question
        for key in (_key(timer), *(("coming.again",) if timer.asks else ()))
    }
    return tuple(notices.NOTICES[key] for key in notices.ALSO.values() if key in keys)


def _key(timer: BookingTimer) -> str:
    return "reminder.hours_before" if timer.template_outside is TimerTemplate.SOON else "reminder.day_before"


def _outside(lead: Lead, timer: BookingTimer, known: Mapping[str, str]) -> SendTemplate | None:
    return notices.outside(notices.told_with(known["link"], _key(timer)), lead.language, known)


def _last_moment(timer: BookingTimer, booking: Booking) -> datetime | None:
    slot = booking.chosen
    return None if slot is None else timer.last_moment(slot.start, slot.end)


def did_you_come(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """The question, with its two answers."""
    buttons = (
        Button(f"{CAME_TAP}{booking.reference}", say("attendance.button.came", lead.language)),
        Button(f"{ABSENT_TAP}{booking.reference}", say("attendance.button.absent", lead.language)),
    )
    known = words.facts(lead, booking, context)
    outside = notices.outside("attendance.question", lead.language, known)
    order = SendButtons(say("attendance.question", lead.language, **known), buttons, outside=outside)
    start = None if booking.chosen is None else booking.chosen.start
    until = None if start is None else start + absent_after(context.business.sop)
    about = about_time_of(booking)
    return EffectRequest(order, urgency=Urgency.REMINDER, is_fact=True, not_after=until, about=about)


def thanks(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """They came."""
    return words.booking_notice(lead, "attendance.came", booking, context)


def corrected(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """They were told that they had not come, and they had."""
    known = words.facts(lead, booking, context)
    key = "attendance.corrected"
    order = SendText(say(key, lead.language, **known), notices.outside(key, lead.language, known))
    return EffectRequest(order, urgency=Urgency.REMINDER, is_fact=True)


def missed_you(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """They did not; another time is offered."""
    known = words.facts(lead, booking, context)
    said, outside = (
        say("attendance.missed", lead.language, **known),
        notices.outside("attendance.missed", lead.language, known),
    )
    order: SendText | SendButtons = SendText(said, outside)
    if rebooking.is_offered(lead, context):
        order = SendButtons(said, (rebooking.again_of(lead, booking),), outside)
    return EffectRequest(order, urgency=Urgency.REMINDER, is_fact=True)
