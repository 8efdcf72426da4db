"""What the worker tidies once a minute: bodies and forms kept long enough, holds that ended, times nobody knows."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Final

import structlog

from bot.engine.channel import Gravity
from bot.engine.parts import Parts
from intents.dates import holidays
from webhooks.doors.metrics import SET_ASIDE

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(minutes=1)
BODIES_KEPT: Final = timedelta(days=30)
"""Never under 8 days: Meta sends again for 7 (reference: whatsapp 4.1)."""
FORMS_KEPT: Final = timedelta(days=30)
"""So long after its end a form is remembered: until then what it sent is known when it comes back in the chat."""


def _nobody() -> int:
    return 0


async def run(parts: Parts, resting: Callable[[], int] = _nobody) -> None:
    """Tidy now and then, until cancelled; what fails is tried again the next time."""
    warned: date | None = None
    while True:
        try:
            server_now = await parts.leads.server_now()
            await tidy(parts, server_now, await parts.clock.business_now(), resting)
            if warned != server_now.date():
                # once a day: a year is enough to bring the library up to date
                warned = server_now.date()
                await asyncio.to_thread(warn_of_holidays, warned)
        except Exception as error:
            # tidying is never worth the worker: it is tried again the next time
            log.exception("housekeeping_failed", problem=type(error).__name__)
        await asyncio.sleep(EVERY.total_seconds())


def warn_of_holidays(today: date) -> int:
    """How many feasts our calendar knows for no more than a year from now; each is in the log with its last day."""
    ends = holidays.expiring(today)
    for feast, last in ends.items():
        log.warning("holidays_expiring", feast=feast.name.lower(), known_until=last.isoformat())
    return len(ends)


async def tidy(
    parts: Parts, server_now: datetime, business_now: datetime, resting: Callable[[], int] = _nobody
) -> None:
    """One round, each step for itself. Retention runs on real time, holds end in business time."""
    steps: dict[str, Callable[[], Awaitable[int]]] = {
        "bodies_emptied": lambda: parts.received.empty_bodies(before=server_now - BODIES_KEPT),
        "forms_forgotten": lambda: parts.forms.forms.forget_ended(before=business_now - FORMS_KEPT),
        "holds_forgotten": lambda: parts.claims.forget_expired(now=business_now - timedelta(days=1)),
        "block_news_told": lambda: parts.blocks.sweep(business_now),
        "upkeep_planned": lambda: parts.task_desk.ensure_upkeep(business_now),
        "session_tasks_planned": lambda: parts.task_desk.ensure_sessions(business_now),
        "tasks_offered": lambda: parts.offers.sweep(business_now),
        "task_news_told": lambda: parts.task_desk.sweep(business_now),
        "digests_sent": lambda: parts.digests.sweep(business_now),
        "tasks_carried": lambda: parts.task_carrier.sweep(business_now),
        "conversations_shared": lambda: parts.fair_share.sweep(business_now),
        "made_findable": parts.findable.sweep,
        "photos_kept": lambda: parts.photos.sweep(business_now),
        "orphans_freed": lambda: parts.orphans.sweep(business_now),
        "set_aside": lambda: _count(parts, resting),
    }
    for name, step in steps.items():
        try:
            done = await step()
        except Exception as error:
            # A step that fails every time, for one broken document, keeps none of the others from running.
            log.exception("housekeeping_step_failed", step=name, problem=type(error).__name__)
            continue
        if done and name != "set_aside":
            log.info(name, count=done)


async def _count(parts: Parts, resting: Callable[[], int]) -> int:
    """Say how much waits for a person or another version, where it is read by readiness and metrics."""
    counts = {
        "parked_deliveries": sum((await parts.received.parked()).values()),
        "deliveries_passed_by": parts.received.passed_by(),
        "orders_kept": await parts.leads.count_kept_orders() + await parts.partners.count_kept_orders(),
        "leads_resting": resting(),
        "tasks_not_carried": await parts.task_carrier.stuck(),
        "critical_notices": await parts.notices.unseen([Gravity.CRITICAL.value]),
    }
    for kind, count in counts.items():
        SET_ASIDE.labels(kind=kind).set(count)
    # Stored as well: readiness is answered by the doors, which are another process.
    await parts.set_aside.tell(counts)
    # Once a minute for as long as it waits: what is logged once is overlooked.
    if sum(counts.values()):
        log.error("set_aside", **counts)
    return sum(counts.values())
