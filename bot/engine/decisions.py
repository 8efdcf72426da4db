"""An event is decided and committed, by whoever comes first: what everything that happens to a lead goes through."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Generic

import structlog

from bot.business.context import Context
from bot.dialogue.decide import as_known, decide
from bot.dialogue.partners.decide import decide as decide_partner
from bot.domain.booking import Booking
from bot.domain.events import Event
from bot.domain.ids import EffectId, LeadId
from bot.domain.lead import Lead
from bot.domain.outbox import StoredThread, WantedLease
from bot.domain.outcome import Decided, Decision
from bot.domain.partner import Partner
from bot.domain.partner_events import AnyEvent
from bot.domain.thread import AnyThread
from bot.store.businesses import Businesses
from bot.store.threads import Threads

log = structlog.get_logger(__name__)

COMMIT_TRIES: Final = 20
LARGE_THREAD_BYTES: Final = 64 * 1024


class LostRace(Exception):
    """Somebody else was faster; look again and go on."""


@dataclass(frozen=True)
class ThreadDecisions(Generic[AnyThread]):
    """Threads of one sort in one hand, what their `decide` may know in the other."""

    threads: Threads[AnyThread]
    businesses: Businesses
    context: Callable[[datetime], Context]
    """What is known now of business and forms."""

    @abstractmethod
    async def decide(self, thread: AnyThread, event: AnyEvent) -> Decided[AnyThread]:
        """What the event means for that thread; nothing is saved."""

    async def commit(
        self,
        stored: StoredThread[AnyThread],
        event: AnyEvent,
        deliveries: Sequence[str],
        settled: Sequence[EffectId] = (),
        under: WantedLease | None = None,
    ) -> StoredThread[AnyThread] | None:
        """Decide one event and save what comes of it, under that lease if one is named; the thread as it stands then,
        none when the race was lost."""
        saved = await self.threads.commit(stored, await self.decide(stored.thread, event), deliveries, settled, under)
        if saved is None:
            return None
        if saved.size > LARGE_THREAD_BYTES:
            log.error("lead_too_large", lead=stored.thread.id, bytes=saved.size)
        return saved.stored

    async def tell(
        self, thread_id: LeadId, event: AnyEvent, settled: Sequence[EffectId] = ()
    ) -> StoredThread[AnyThread] | None:
        """Decide and commit an event whoever has the lease; the thread it was decided for, none when there is none."""
        for _ in range(COMMIT_TRIES):
            stored = await self.threads.load(thread_id)
            if stored is None or stored.merged_into is not None:
                return None
            if await self.commit(stored, event, [], settled) is not None:
                return stored
        raise LostRace(f"{COMMIT_TRIES} times in a row")


@dataclass(frozen=True)
class Decisions(ThreadDecisions[Lead]):
    """Those of customers, who also know the business as it was."""

    async def context_for(self, lead: Lead, now: datetime) -> Context:
        """What a decision about that lead may know: also the business as it was when its bookings were quoted."""
        context = self.context(now)
        # what is decided names a version that is kept
        await self.businesses.keep(context.business)
        versions = {version for booking in lead.bookings for version in _versions_of(booking)}
        wanted = versions - {None, context.business.version}
        quoted = []
        for version in sorted(str(version) for version in wanted):
            business = await self.businesses.find(version)
            if business is None:
                log.error("business_version_unknown", lead=lead.id, version=version)
            else:
                quoted.append(business)
        return replace(context, quoted=tuple(quoted))

    async def decide(self, thread: Lead, event: AnyEvent) -> Decision:
        """What the event means for that lead; nothing is saved."""
        if not isinstance(event, Event):
            # a partner's: nobody sends it here
            return Decision(thread)
        return decide(thread, event, await self.context_for(as_known(thread, event), event.at))


@dataclass(frozen=True)
class PartnerDecisions(ThreadDecisions[Partner]):
    """Those of whoever delivers."""

    async def decide(self, thread: Partner, event: AnyEvent) -> Decided[Partner]:
        """What the event means for that partner; nothing is saved."""
        context = self.context(event.at)
        await self.businesses.keep(context.business)
        return decide_partner(thread, event, context)


def _versions_of(booking: Booking) -> tuple[str | None, ...]:
    """Every version of the business file that a decision about it may ask for."""
    quote = None if booking.change is None else booking.change.quote
    return booking.business_version, booking.policy_version, None if quote is None else quote.business_version
