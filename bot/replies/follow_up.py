"""What is said some days after a visit: once, in words inside the 24 hours, else by an approved template."""

from datetime import datetime
from typing import Final

from bot.business.catalogue import Service
from bot.business.context import Context
from bot.domain.commands import SendButtons, Urgency
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.domain.visits import Visit
from bot.replies import notices, rebooking
from bot.replies.words import say

_KEY: Final = "follow_up.question"


def come_again(lead: Lead, visit: Visit, service: Service, context: Context, until: datetime) -> EffectRequest:
    """How it has been since, and whether they would like to come again; not sent after `until`."""
    known = {"business": context.business.name, "service": service.name.say(lead.language)}
    buttons = (rebooking.again(lead, visit.reference, visit.service, None, visit.place),)
    outside = notices.outside(_KEY, lead.language, known, buttons=buttons)
    order = SendButtons(say(_KEY, lead.language, **known), buttons, outside=outside)
    return EffectRequest(order, urgency=Urgency.MARKETING, is_fact=True, not_after=until)
