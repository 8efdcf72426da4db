"""What `decide` may know of one lead: the business as it is, kept under its hash, and as it was when its bookings were
quoted."""

from dataclasses import replace
from datetime import datetime

import structlog

from bot.business.context import Context
from bot.domain.lead import Lead
from bot.engine.parts import Parts

log = structlog.get_logger(__name__)


async def context_for(parts: Parts, lead: Lead, now: datetime) -> Context:
    """The context of a decision about that lead; what is decided names a version that is kept."""
    context = parts.context(now)
    await parts.businesses.keep(context.business)
    wanted = {one.business_version for one in lead.bookings} - {None, context.business.version}
    quoted = []
    for version in sorted(str(one) for one in wanted):
        business = await parts.businesses.find(version)
        if business is None:
            log.error("business_version_unknown", lead=lead.id, version=version)
        else:
            quoted.append(business)
    return replace(context, quoted=tuple(quoted))
