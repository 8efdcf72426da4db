"""A rule of the house tried over the bookings of the last days: what it would have done, and nothing is written."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.business.house_rules import HouseRule
from bot.domain.ids import BookingReference
from bot.engine.living import living
from bot.engine.parts import Parts
from bot.lifecycle.rule_trial import would_act
from bot.store.sealing import KeyDestroyed

_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class RuleTrial:
    """What came of it."""

    looked_at: int
    """Bookings of services it is for, that changed in these days."""
    caught: tuple[BookingReference, ...]
    """Those it would have done something about, the last changed first."""
    erased: int
    """Bookings of customers who were erased, so that nobody can tell."""


async def tried(parts: Parts, rule: HouseRule, days: int) -> RuleTrial:
    """Over every booking that changed in the last so many days."""
    now = await parts.clock.business_now()
    context, since = parts.context(now), now - timedelta(days=days)
    looked_at, erased, caught = 0, 0, list[BookingReference]()
    cursor: str | None = None
    while True:
        page = await parts.bookings.page(None, None, _PAGE, cursor)
        recent = [one for one in page.bookings if one.updated_at >= since]
        for recorded in recent:
            service = context.business.service(recorded.booking.service or "")
            if service is None or not rule.is_for(service):
                continue
            looked_at += 1
            try:
                stored = await living(parts.leads, recorded.lead)
            except KeyDestroyed:
                stored = None
            if stored is None:
                erased += 1
            elif would_act(rule, stored.lead, recorded.booking, context):
                caught.append(recorded.booking.reference)
        cursor = page.next_cursor
        if cursor is None or len(recent) < len(page.bookings):
            return RuleTrial(looked_at, tuple(caught), erased)
