"""What the worker tidies once a minute: bodies and forms kept long enough, holds that ended, times nobody knows."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.engine import orphans
from bot.engine.parts import Parts

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(minutes=1)
BODIES_KEPT: Final = timedelta(days=30)
"""Never under 8 days: Meta sends again for 7 (reference: whatsapp 4.1)."""
FORMS_KEPT: Final = timedelta(days=30)
"""So long after its end a form is remembered: until then what it sent is known when it comes back in the chat."""


async def run(parts: Parts) -> None:
    """Tidy now and then, until cancelled; what fails is tried again the next time."""
    while True:
        try:
            await tidy(parts, await parts.leads.server_now(), await parts.clock.business_now())
        except Exception as error:
            # tidying is never worth the worker: it is tried again the next time
            log.exception("housekeeping_failed", problem=type(error).__name__)
        await asyncio.sleep(EVERY.total_seconds())


async def tidy(parts: Parts, server_now: datetime, business_now: datetime) -> None:
    """One round. Retention runs on real time, holds end in business time."""
    emptied = await parts.received.empty_bodies(before=server_now - BODIES_KEPT)
    if emptied:
        log.info("bodies_emptied", deliveries=emptied)
    forgotten = await parts.forms.forms.forget_ended(before=business_now - FORMS_KEPT)
    if forgotten:
        log.info("forms_forgotten", forms=forgotten)
    await parts.claims.forget_expired(now=business_now - timedelta(days=1))
    freed = await orphans.sweep(parts, business_now)
    if freed:
        log.error("orphans_freed", times=freed)
