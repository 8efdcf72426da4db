"""The record lane: audit, read model and tasks. Every write is idempotent: under the effect's id, under the booking's
reference, or under a task's id and the number of its plan."""

from dataclasses import dataclass
from typing import Protocol, assert_never

from bot.domain.commands import RecordAudit, RecordBooking, RecordCommand, RecordRefund
from bot.domain.ids import BookingReference, EffectId, LeadId
from bot.domain.task_orders import EnsureTasks, WithdrawTasks
from bot.domain.visits import RecordVisit
from bot.store.audit import Audit
from bot.store.bookings import Bookings
from bot.store.ratings import Ratings
from bot.store.tasks import Tasks


class TellsOfJobs(Protocol):
    """What recording needs of whoever tells partners of their work."""

    async def tell_of(self, booking: BookingReference) -> None:
        """Everybody who has work of that booking knows how it stands."""


@dataclass(frozen=True, slots=True)
class RecordPerformer:
    """Writes what a lead says of itself."""

    audit: Audit
    bookings: Bookings
    tasks: Tasks
    ratings: Ratings
    partners: TellsOfJobs | None = None
    """Without it the next sweep tells them."""

    async def _told(self, booking: BookingReference) -> None:
        if self.partners is not None:
            await self.partners.tell_of(booking)

    async def perform(self, lead: LeadId, effect: EffectId, order: RecordCommand) -> None:
        """Write it; the second time changes nothing."""
        match order:
            case RecordAudit():
                await self.audit.write(lead, effect, order)
            case RecordBooking(booking=booking, at=at):
                await self.bookings.record(booking, lead, at)
            case RecordRefund(booking=reference, amount=amount, at=at):
                await self.bookings.refunded(reference, amount, at)
            case RecordVisit(visit=visit, at=at):
                await self.bookings.rated(visit, at)
                await self.ratings.record(visit)
            case EnsureTasks():
                await self.tasks.ensure(order)
                await self._told(order.booking)
            case WithdrawTasks():
                await self.tasks.withdraw(order)
                await self._told(order.booking)
            case _:
                assert_never(order)


def subject_of(order: RecordCommand) -> BookingReference | None:
    """The booking whose records keep their order; the audit has none, its lines are sorted when they are read."""
    match order:
        case RecordAudit():
            return None
        case RecordBooking(booking=booking):
            return booking.reference
        case RecordRefund(booking=reference) | EnsureTasks(booking=reference) | WithdrawTasks(booking=reference):
            return reference
        case RecordVisit(visit=visit):
            return visit.reference
        case _:
            assert_never(order)
