"""What is said before and after an appointment, each with the template that stands for it outside the 24 hours."""

from typing import Final

from bot.business.context import Context
from bot.business.timers import absent_after
from bot.domain.about import about_time_of
from bot.domain.booking import Booking
from bot.domain.commands import Button, SendButtons, SendText, Urgency
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.domain.timers import TimerKind
from bot.replies import booking as words
from bot.replies import notices, rebooking
from bot.replies.words import say

CAME_TAP: Final = "came:"
ABSENT_TAP: Final = "absent:"


def reminder(lead: Lead, kind: TimerKind, booking: Booking, context: Context) -> EffectRequest:
    """That it is soon; no longer true once it has begun."""
    key = f"reminder.{kind}"
    expect = words.expectation(lead, booking, context) + words.meeting(lead, booking, context)
    link = words.meeting_link(booking, context)
    known = words.facts(lead, booking, context) | {"expect": expect, "link": link}
    order = SendText(
        say(key, lead.language, **known), notices.outside(notices.told_with(link, key), lead.language, known)
    )
    start = None if booking.chosen is None else booking.chosen.start
    about = about_time_of(booking)
    return EffectRequest(order, urgency=Urgency.REMINDER, is_fact=True, not_after=start, about=about)


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
