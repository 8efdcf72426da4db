"""The record lane: audit, read model and tasks. Every write is idempotent: under the effect's id, under the booking's
reference, or under a task's id and the number of its plan."""

from dataclasses import dataclass
from typing import Protocol, assert_never

from bot.domain.arrival import TellPlace
from bot.domain.commands import RecordAudit, RecordBooking, RecordCommand, RecordRefund
from bot.domain.complaints import KeepPhoto, RecordComplaint
from bot.domain.ids import BookingReference, EffectId, LeadId
from bot.domain.notes import RecordNote
from bot.domain.passing import PassToProvider
from bot.domain.task_orders import EnsureTasks, WithdrawTasks
from bot.domain.visits import RecordVisit
from bot.domain.waiting import RecordWaiting
from bot.store.audit import Audit
from bot.store.bookings import Bookings
from bot.store.messages import Messages
from bot.store.photos import SealedPhotos
from bot.store.ratings import Ratings
from bot.store.tasks import Tasks
from bot.store.waiting import WaitingRows


class TellsOfJobs(Protocol):
    """What recording needs of whoever tells partners of their work."""

    async def tell_of(self, booking: BookingReference) -> None:
        """Everybody who has work of that booking knows how it stands."""


class TellsPlaces(Protocol):
    """What recording needs of whoever tells the contacts of places of bookings there."""

    async def tell(self, effect: EffectId, order: TellPlace) -> None:
        """They are told, once however often it is asked."""


class PassesWords(Protocol):
    """What recording needs of whoever passes words of guests on."""

    async def to_provider(self, effect: EffectId, order: PassToProvider) -> None:
        """They are told, once however often it is asked."""


@dataclass(frozen=True, slots=True)
class RecordPerformer:
    """Writes what a lead says of itself."""

    audit: Audit
    messages: Messages
    bookings: Bookings
    tasks: Tasks
    ratings: Ratings
    photos: SealedPhotos
    waiting: WaitingRows
    partners: TellsOfJobs | None = None
    """Without it the next sweep tells them."""
    places: TellsPlaces | None = None
    words: PassesWords | None = None

    async def _told(self, booking: BookingReference) -> None:
        if self.partners is not None:
            await self.partners.tell_of(booking)

    async def perform(self, lead: LeadId, effect: EffectId, order: RecordCommand) -> None:
        """Write it; the second time changes nothing."""
        match order:
            case RecordAudit():
                await self.audit.write(lead, effect, order)
            case RecordNote():
                await self.messages.record_note(lead, effect, order)
            case RecordBooking(booking=booking, at=at):
                await self.bookings.record(booking, lead, at)
            case RecordRefund(booking=reference, amount=amount, at=at):
                await self.bookings.refunded(reference, amount, at)
            case RecordVisit(visit=visit, at=at):
                await self.bookings.rated(visit, at)
                await self.ratings.record(visit)
            case RecordComplaint(complaint=complaint, at=at):
                await self.bookings.complained(complaint.without_words(), at)
            case KeepPhoto(booking=reference, picture=picture):
                await self.photos.want(reference, lead, picture)
            case RecordWaiting():
                await self.waiting.record(order)
            case EnsureTasks() | WithdrawTasks():
                await (self.tasks.ensure(order) if isinstance(order, EnsureTasks) else self.tasks.withdraw(order))
                await self._told(order.booking)
            case TellPlace():
                assert self.places is not None
                await self.places.tell(effect, order)
            case PassToProvider():
                assert self.words is not None
                await self.words.to_provider(effect, order)
            case _:
                assert_never(order)


def subject_of(order: RecordCommand) -> BookingReference | None:
    """The booking whose records keep their order; the audit has none, its lines are sorted when they are read, and what
    is said of the waiting list names its own revision."""
    match order:
        case RecordAudit() | RecordNote() | RecordWaiting():
            return None
        case RecordBooking(booking=booking):
            return booking.reference
        case RecordRefund(booking=reference) | EnsureTasks(booking=reference) | WithdrawTasks(booking=reference):
            return reference
        case PassToProvider(booking=reference):
            return reference
        case RecordVisit(visit=visit):
            return visit.reference
        case TellPlace(arrival=arrival):
            return arrival.booking
        case RecordComplaint(complaint=complaint):
            return complaint.reference
        case KeepPhoto(booking=reference):
            return reference
        case _:
            assert_never(order)
