"""What is said to somebody who left a booking unfinished: once, days later, by an approved template."""

from datetime import datetime
from typing import Final

from bot.business.catalogue import Service
from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.commands import Button, SendButtons, Urgency
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.replies import booking as words
from bot.replies import notices
from bot.replies.words import say

GO_ON_TAP: Final = "go_on:"
LEAVE_TAP: Final = "leave:"
_KEY: Final = "abandoned.question"


def still_wanted(lead: Lead, booking: Booking, service: Service, context: Context, until: datetime) -> EffectRequest:
    """Whether they still want it, with both answers; not sent after `until`."""
    known = {"business": context.business.name, "service": service.name.say(lead.language)}
    buttons = (
        Button(f"{GO_ON_TAP}{booking.reference}", say("abandoned.button.go_on", lead.language)),
        Button(f"{LEAVE_TAP}{booking.reference}", say("abandoned.button.leave", lead.language)),
    )
    outside = notices.outside(_KEY, lead.language, known, buttons=buttons)
    order = SendButtons(say(_KEY, lead.language, **known), buttons, outside=outside)
    return EffectRequest(order, urgency=Urgency.MARKETING, is_fact=True, not_after=until)


def left_at_that(lead: Lead) -> EffectRequest:
    """They do not."""
    return words.text_message(lead, "abandoned.left")
