"""Who says in their own words that they are ill: one tap gives their jobs of that day to others."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.business.contacts import Roles
from bot.business.context import Context
from bot.domain.outcome import EffectRequest
from bot.domain.partner import Partner
from bot.domain.partner_events import DayOffNoted
from bot.domain.partner_orders import TakeDayOff
from bot.replies import days_off as words
from bot.replies.words import in_all

LONGEST_AHEAD: Final = timedelta(days=14)
"""A tap on a day later than that, or past, is of another time: nothing is done."""
_LETTER: Final = r"[\w'’]"


def asked(body: str, roles: Roles, context: Context) -> EffectRequest | None:
    """What to ask whoever says that they cannot come; none where they say no such thing, or do no work."""
    said = unicodedata.normalize("NFC", body).casefold()
    if not roles.workers or not _has_any(said, "ill"):
        return None
    today = context.now.astimezone(context.business.zone).date()
    named = [today + timedelta(days=days) for days, when in enumerate(("today", "tomorrow")) if _has_any(said, when)]
    return words.which_day(named or [today, today + timedelta(days=1)], roles, context)


def tapped(partner: Partner, tap: str, roles: Roles, context: Context) -> EffectRequest | None:
    """The day off they have confirmed; none where it is no such button."""
    if not tap.startswith(words.DAY_OFF_TAP):
        return None
    today = context.now.astimezone(context.business.zone).date()
    try:
        day = date.fromisoformat(tap.removeprefix(words.DAY_OFF_TAP))
    except ValueError:
        return words.too_late(roles)
    if not today <= day <= today + LONGEST_AHEAD:
        return words.too_late(roles)
    return EffectRequest(TakeDayOff(partner.phone, day))


def noted(event: DayOffNoted, roles: Roles, context: Context) -> EffectRequest:
    """Their day off stands."""
    noon = datetime.combine(event.day, time(12), context.business.zone)
    return words.noted(noon, event.given_back, roles, context)


def _has_any(said: str, what: str) -> bool:
    """Whether any of these words stands in it, in any language; "ill" is none in "I'll"."""
    ways = {way.strip() for text in in_all(f"partner.off.ways.{what}").values() for way in text.split("|")}
    return any(re.search(rf"(?<!{_LETTER}){re.escape(way)}(?!{_LETTER})", said) for way in ways)
