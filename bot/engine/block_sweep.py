"""Blocks as due records: every standing booking that one hits gets its news once, however often a sweep dies half way.

The news is a delivery under a name of its own (`block:<block>:<booking>`), so telling twice is telling once; what was
told is noted after that, for the progress that people see and for the good news when the block is lifted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson
import structlog

from bot.business.catalogue import Venue
from bot.business.context import Context
from bot.domain.blocks import PROVIDER, STAFF, Block, HitState
from bot.domain.booking import Booking
from bot.domain.events import StaffAction, StaffAsked
from bot.domain.ids import BookingReference, EventId
from bot.domain.states import CLOSED
from bot.domain.task import SERVICE_TASK
from bot.engine.internal import internal
from bot.engine.living import living
from bot.lifecycle.tasks import last_of
from bot.store.bookings import Bookings, Recorded
from bot.store.claims import Claims
from bot.store.driver import is_outage
from bot.store.leads import Leads
from bot.store.received import Received
from bot.store.tasks import Tasks
from bot.store.vault import Vault

log = structlog.get_logger(__name__)

BLOCK: Final = "block"
BLOCK_LIFTED: Final = "block_lifted"
KINDS: Final = {BLOCK: StaffAction.BLOCK, BLOCK_LIFTED: StaffAction.LIFT_BLOCK}


@dataclass(frozen=True, slots=True)
class BlockProgress:
    """How far those whom a block hits have come."""

    block: Block
    hits: tuple[tuple[BookingReference, HitState], ...]

    def count(self, state: HitState) -> int:
        """How many are there."""
        return sum(found is state for _, found in self.hits)


@dataclass(frozen=True, slots=True)
class BlockSweep:
    """Blocks in one hand, the bookings they hit in the other."""

    claims: Claims
    bookings: Bookings
    leads: Leads
    received: Received
    vault: Vault
    context: Callable[[datetime], Context]
    tasks: Tasks

    async def add(self, block: Block, now: datetime) -> Block:
        """It stands from now on, and no claim made meanwhile has missed it; standing already it stays as it is."""

        async def once(session: object) -> Block:
            return await self.claims.blocks.put(session, block, now)

        return await self.claims.together(once)

    async def sweep(self, now: datetime) -> int:
        """Tell everybody who has to hear of a block, or of its end, and was not told yet; how many were told now."""
        told = 0
        for block in await self.claims.blocks.due(now):
            try:
                told += await self._lifted(block, now) if block.lifted_at is not None else await self._told(block, now)
            except Exception as error:
                if is_outage(error):
                    raise
                # the next sweep tries it again, and the other blocks are looked at now
                log.exception("block_not_swept", problem=type(error).__name__)
        return told

    async def would_hit(self, block: Block, now: datetime) -> BlockProgress:
        """Whom it would tell; nobody is told."""
        standing = await self.bookings.standing_between(now, block.end)
        hits = [recorded.booking.reference for recorded in standing if self._hits(block, recorded.booking)]
        return BlockProgress(block, tuple((reference, HitState.WAITING) for reference in hits))

    async def progress(self, block: Block) -> BlockProgress:
        """Who was told of it, and what became of each."""
        found = []
        for reference in await self.claims.blocks.hits(block):
            recorded = await self.bookings.find(BookingReference(reference))
            if recorded is not None:
                found.append((BookingReference(reference), await self._state(block, recorded)))
        return BlockProgress(block, tuple(found))

    async def _state(self, block: Block, recorded: Recorded) -> HitState:
        stored = await living(self.leads, recorded.lead)
        known = None if stored is None else stored.lead.booking(recorded.booking.reference)
        booking = known or recorded.booking
        if booking.state in CLOSED:
            return HitState.CANCELLED
        if not self._hits(block, booking):
            return HitState.MOVED
        return HitState.WAITING if block.lifted_at is None else HitState.LIFTED

    def _hits(self, block: Block, booking: Booking) -> bool:
        """Whether that booking has the resource in that time; where a guest stays is not ours to close."""
        slot = booking.chosen
        if slot is None or booking.booked_hold is None or not block.overlaps(slot.start, slot.end):
            return False
        if block.resource.startswith(STAFF):
            # their chores are given back (`offer_desk`); no guest has booked them
            return False
        kind, _, name = block.resource.partition(":")
        if kind == "provider":
            return slot.provider == name
        service = self.context(slot.start).business.service(booking.service or "")
        return slot.place == name and (service is None or service.venue is not Venue.GUEST_PLACE)

    async def _told(self, block: Block, now: datetime) -> int:
        known, told = set(await self.claims.blocks.hits(block)), 0
        for recorded in await self.bookings.standing_between(now, block.end):
            booking = recorded.booking
            if booking.reference in known or not self._hits(block, booking):
                continue
            try:
                if await self._is_given_back(block, booking):
                    continue
                await self._news(BLOCK, block, recorded)
                await self.claims.blocks.note_hit(block, booking.reference, recorded.lead, now)
                told += 1
            except Exception as error:
                if is_outage(error):
                    raise
                log.exception("booking_not_told", booking=booking.reference, problem=type(error).__name__)
        return told

    async def _is_given_back(self, block: Block, booking: Booking) -> bool:
        """Whether somebody else is asked, or has it by now: then its guest need not be, and hears of it by the task's
        own news."""
        if not block.resource.startswith(PROVIDER):
            return False
        last = last_of(await self.tasks.of_booking(booking.reference), SERVICE_TASK)
        who = block.resource.removeprefix(PROVIDER)
        if last is None or last.is_finished or not last.planned.candidates:
            # nobody else could do it: its guest is the one to ask
            return False
        return last.assignee != who

    async def _lifted(self, block: Block, now: datetime) -> int:
        hits, missed = await self.claims.blocks.hits(block), 0
        for reference in hits:
            try:
                recorded = await self.bookings.find(BookingReference(reference))
                if recorded is not None:
                    await self._news(BLOCK_LIFTED, block, recorded)
            except Exception as error:
                if is_outage(error):
                    raise
                # the others are told now, and this one is tried again as long as it is so
                missed += 1
                log.exception("booking_not_told", booking=reference, problem=type(error).__name__)
        if not missed:
            await self.claims.blocks.lifted_is_told(block.id)
        return len(hits) - missed

    async def _news(self, kind: str, block: Block, recorded: Recorded) -> None:
        stored = await living(self.leads, recorded.lead)
        if stored is None:
            return
        facts = {
            "booking": str(recorded.booking.reference),
            "block": block.name,
            "resource": block.resource,
            "from": block.start.isoformat(),
            "to": block.end.isoformat(),
            "cause": block.cause.value,
            "reason": block.reason,
            "person": block.by,
            "role": block.role,
        }
        name = f"{block.name}:{recorded.booking.reference}"
        real_now = await self.leads.server_now()
        text = orjson.dumps(facts).decode()
        await self.received.record([await internal(self.vault, kind, text, stored.lead.id, real_now, name)])


def event_of(delivery_id: str, kind: str, body: bytes, now: datetime) -> StaffAsked:
    """The news back out of its delivery."""
    facts: dict[str, str] = orjson.loads(body)
    reference, by = BookingReference(facts.pop("booking")), facts.get("person", "operations")
    return StaffAsked(EventId(delivery_id), now, by, KINDS[kind], reference, tuple(sorted(facts.items())))
