"""What is said to a customer whom their provider does not find."""

from datetime import datetime
from typing import Final

from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.commands import Button, SendButtons, SendText, Urgency
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.replies import notices
from bot.replies.words import say

HERE_TAP: Final = "absent_here:"
LATE_TAP: Final = "absent_late:"
CANNOT_TAP: Final = "absent_cannot:"


def question(lead: Lead, booking: Booking, context: Context, until: datetime) -> EffectRequest:
    """Where are you? With the three answers."""
    language, known = lead.language, _facts(lead, booking, context)
    buttons = (
        Button(f"{HERE_TAP}{booking.reference}", say("visit.button.here", language)),
        Button(f"{LATE_TAP}{booking.reference}", say("visit.button.late", language)),
        Button(f"{CANNOT_TAP}{booking.reference}", say("visit.button.cannot", language)),
    )
    outside = notices.outside("visit.absent_question", language, known, buttons=buttons)
    order = SendButtons(say("visit.absent_question", language, **known), buttons, outside=outside)
    return EffectRequest(order, urgency=Urgency.ANSWER, is_fact=True, not_after=until)


def told(key: str, lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """Whoever gives it has heard their answer."""
    return EffectRequest(SendText(say(key, lead.language, **_facts(lead, booking, context))), is_fact=True)


def answered(key: str, booking: Booking, context: Context) -> str:
    """The same as words of theirs, in the language of whoever stands there."""
    provider = None if booking.chosen is None else context.business.provider(booking.chosen.provider)
    language = context.business.languages[0] if provider is None else provider.contact.language.value
    return say(key, language)


def noted(lead: Lead) -> EffectRequest:
    """Nothing is asked any more."""
    return EffectRequest(SendText(say("visit.noted", lead.language)))


def _facts(lead: Lead, booking: Booking, context: Context) -> dict[str, str]:
    provider = None if booking.chosen is None else context.business.provider(booking.chosen.provider)
    service = context.business.service(booking.service or "")
    return {
        "who": context.business.name if provider is None else provider.name.say(lead.language),
        "service": booking.service or "" if service is None else service.name.say(lead.language),
        "reference": str(booking.reference),
    }
