"""What `decide` may know of one lead: the business as it is, kept under its hash, and as it was when its bookings were
quoted."""

from dataclasses import replace
from datetime import datetime

import structlog

from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.engine.parts import Parts

log = structlog.get_logger(__name__)


async def context_for(parts: Parts, lead: Lead, now: datetime) -> Context:
    """The context of a decision about that lead; what is decided names a version that is kept."""
    context = parts.context(now)
    await parts.businesses.keep(context.business)
    versions = {version for booking in lead.bookings for version in _versions_of(booking)}
    wanted = versions - {None, context.business.version}
    quoted = []
    for version in sorted(str(one) for one in wanted):
        business = await parts.businesses.find(version)
        if business is None:
            log.error("business_version_unknown", lead=lead.id, version=version)
        else:
            quoted.append(business)
    return replace(context, quoted=tuple(quoted))


def _versions_of(booking: Booking) -> tuple[str | None, ...]:
    """Every version of the business file that a decision about it may ask for."""
    quote = None if booking.change is None else booking.change.quote
    return booking.business_version, booking.policy_version, None if quote is None else quote.business_version
