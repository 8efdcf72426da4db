"""What is said to whoever cannot work a day."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final

from bot.business.contacts import Roles
from bot.business.context import Context
from bot.domain.commands import Button, SendButtons, SendText
from bot.domain.outcome import EffectRequest
from bot.replies import times
from bot.replies.words import say

DAY_OFF_TAP: Final = "work:off:"
FINE_TAP: Final = "work:fine"
"""Nothing is the matter; the menu answers."""


def which_day(days: Sequence[date], roles: Roles, context: Context) -> EffectRequest:
    """One tap confirms it: the day they named, or which of these."""
    language, zone = roles.language, context.business.zone
    noons = [datetime.combine(day, time(12), zone) for day in days]
    fine = Button(FINE_TAP, say("partner.off.button.fine", language))
    if len(days) == 1:
        yes = Button(f"{DAY_OFF_TAP}{days[0].isoformat()}", say("partner.off.button.yes", language))
        body = say("partner.off.sure", language, day=times.long_day(noons[0], zone, language))
        return EffectRequest(SendButtons(body, (yes, fine)))
    labels = (say("partner.off.button.today", language), say("partner.off.button.tomorrow", language))
    choices = tuple(Button(f"{DAY_OFF_TAP}{day.isoformat()}", label) for day, label in zip(days, labels, strict=True))
    return EffectRequest(SendButtons(say("partner.off.which", language), (*choices, fine)))


def noted(day: datetime, given_back: int, roles: Roles, context: Context) -> EffectRequest:
    """It stands, and their jobs of that day are looked after."""
    key = "partner.off.noted_given" if given_back else "partner.off.noted"
    body = say(key, roles.language, day=times.long_day(day, context.business.zone, roles.language))
    return EffectRequest(SendText(body), is_fact=True)


def too_late(roles: Roles) -> EffectRequest:
    """A button of a day that is past."""
    return EffectRequest(SendText(say("partner.off.too_late", roles.language)))
