"""Tasks as whoever does them may know them: looked up, with what of the booking is theirs to know."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.business.contacts import roles_of
from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.ids import EffectId, EventId
from bot.domain.job import Job
from bot.domain.partner_events import JobsFound
from bot.domain.partner_orders import FindJobs, PartnerOrder
from bot.domain.task import Task
from bot.engine.staff_actions import NoSuchBooking, StaffActions
from bot.store.tasks import Tasks


@dataclass(frozen=True, slots=True)
class JobBook:
    """Tasks in one hand, the bookings they belong to in the other."""

    tasks: Tasks
    staff: StaffActions
    context: Callable[[datetime], Context]

    async def perform(self, effect: EffectId, order: PartnerOrder, now: datetime) -> JobsFound:
        """Look it up; the event that tells the partner what was found."""
        match order:
            case FindJobs(phone=phone):
                roles = roles_of(self.context(now).business, phone)
                found = [] if roles is None else await self.tasks.of_workers(roles.workers)
                jobs = tuple([await self.job(task) for task in found])
                return JobsFound(EventId(f"done:{effect}"), now, jobs)

    async def job(self, task: Task) -> Job:
        """That task for whoever does it."""
        booking = await self._booking(task)
        planned = task.planned
        return Job(
            task.id,
            planned.kind,
            planned.title,
            task.state,
            planned.begins_at,
            planned.due_at,
            planned.place,
            task.booking,
            guests=None if booking is None else booking.guests,
        )

    async def _booking(self, task: Task) -> Booking | None:
        if task.booking is None:
            return None
        try:
            return (await self.staff.find(task.booking)).booking
        except NoSuchBooking:
            return None
