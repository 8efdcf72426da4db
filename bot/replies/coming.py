"""The question whether they come, which goes with a reminder: its three answers, and that it is asked again."""

from typing import Final

from bot.business.context import Context
from bot.domain import message_limits as limits
from bot.domain.booking import Booking
from bot.domain.commands import Button, SendButtons, SendText, Urgency
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.replies import booking as words
from bot.replies import notices
from bot.replies.words import say

YES_TAP: Final = "coming_yes:"
CHANGE_TAP: Final = "coming_change:"
NO_TAP: Final = "coming_no:"


def buttons(lead: Lead, booking: Booking) -> tuple[Button, ...]:
    """Yes, another time, no."""
    taps = ((YES_TAP, "yes"), (CHANGE_TAP, "change"), (NO_TAP, "no"))
    return tuple(
        Button(f"{tap}{booking.reference}", say(f"coming.button.{answer}", lead.language)) for tap, answer in taps
    )


def asking(lead: Lead, booking: Booking, body: str, known: dict[str, str]) -> SendButtons | SendText:
    """These words with the question under them; where there is no room for buttons it is answered in words."""
    shown = buttons(lead, booking)
    key = "coming.again"
    outside = notices.outside(notices.told_with(known["link"], key), lead.language, known, buttons=shown)
    text = f"{body}\n\n{say('coming.question', lead.language)}"
    return SendButtons(text, shown, outside=outside) if len(text) <= limits.BODY else SendText(text, outside)


def not_understood(lead: Lead, booking: Booking) -> EffectRequest:
    """We did not understand the answer: the question with its buttons."""
    text = f"{say('talk.not_understood', lead.language)}\n\n{say('coming.question', lead.language)}"
    return EffectRequest(SendButtons(text, buttons(lead, booking)), supersedable=True)


def asked_for(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """When it is and the question, said again to whoever asks."""
    text = say("coming.again", lead.language, **words.facts(lead, booking, context))
    return EffectRequest(SendButtons(text, buttons(lead, booking)), supersedable=True)


def again(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """The same once more, in short."""
    known = words.facts(lead, booking, context) | {"link": words.meeting_link(booking, context)}
    shown = buttons(lead, booking)
    key = "coming.again"
    outside = notices.outside(notices.told_with(known["link"], key), lead.language, known, buttons=shown)
    order = SendButtons(say(key, lead.language, **known), shown, outside=outside)
    start = None if booking.chosen is None else booking.chosen.start
    return EffectRequest(order, urgency=Urgency.REMINDER, is_fact=True, not_after=start)
