"""Tasks as whoever does them may know and move them: with what of the booking is theirs to know, and no number."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.business.contacts import Roles, roles_of
from bot.business.context import Context
from bot.dialogue.payment_links import payee_id, terms_of
from bot.dialogue.task_plan import HAVE_TASKS
from bot.domain.booking import Booking
from bot.domain.contents import Media
from bot.domain.ids import EffectId, EventId
from bot.domain.job import Job, JobStep
from bot.domain.lead import Lead
from bot.domain.partner_events import EarningsFound, JobsFound, JobShown, JobStepped
from bot.domain.partner_orders import FindEarnings, FindJobs, PartnerOrder, ShowJob, StepJob
from bot.domain.task import ShownJob, Task, TaskKind
from bot.engine.channel import Channel
from bot.engine.living import living
from bot.engine.staff_actions import StaffActions
from bot.engine.task_desk import TaskDesk
from bot.lifecycle.task_steps import TaskRefusal, TaskRefused, TaskRequest, TaskStep
from payments.domain.money import Money
from payments.domain.splits import Party, SharesDoNotFit
from payments.services.payees import Earnings

EARLIEST: Final = timedelta(hours=3)
"""So long before its begin something can be said of a job."""
GUEST_ABSENT: Final = "guest absent"
"""The note of a task whose guest is not there."""
_STEPS: Final = {
    JobStep.ON_THE_WAY: TaskStep.ON_THE_WAY,
    JobStep.STARTED: TaskStep.STARTED,
    JobStep.DONE: TaskStep.DONE,
    JobStep.ABSENT: TaskStep.PROBLEM,
    JobStep.TROUBLE: TaskStep.PROBLEM,
}
_ANY_TIME: Final = frozenset({JobStep.TROUBLE})
"""What may be said of a job however far ahead it is."""
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


@dataclass(frozen=True, slots=True)
class JobBook:
    """Tasks in one hand, the bookings they belong to in the other."""

    desk: TaskDesk
    staff: StaffActions
    channel: Channel
    context: Callable[[datetime], Context]
    earnings: Callable[[Sequence[str]], Awaitable[Earnings]]

    async def perform(
        self, effect: EffectId, order: PartnerOrder, now: datetime
    ) -> JobsFound | EarningsFound | JobShown | JobStepped:
        """Do it; the event that tells the partner what came of it."""
        name, roles = EventId(f"done:{effect}"), roles_of(self.context(now).business, order.phone)
        match order:
            case FindJobs():
                found = [] if roles is None else await self.desk.tasks.of_workers(roles.workers)
                jobs = tuple([await self.job(task, now) for task in found if roles and is_of(task, roles)])
                return JobsFound(name, now, jobs)
            case ShowJob(task=task_id):
                task = await self.desk.tasks.find(task_id)
                theirs = task is not None and roles is not None and is_of(task, roles)
                return JobShown(name, now, await self.job(task, now) if task is not None and theirs else None)
            case FindEarnings():
                payees = [] if roles is None else payees_of(roles)
                found_sums = await self.earnings(payees)
                return EarningsFound(name, now, found_sums.waiting, found_sums.on_its_way)
            case StepJob():
                return await self._stepped(name, order, roles, now)

    async def _stepped(self, name: EventId, order: StepJob, roles: Roles | None, now: datetime) -> JobStepped:
        task = await self.desk.tasks.find(order.task)
        if task is None or roles is None or not is_of(task, roles):
            # somebody else's button, or that of who had it before
            return JobStepped(name, now, order.step, order.task, TaskRefusal.NO_SUCH_TASK)
        try:
            task = await self._moved(task, order, now)
        except TaskRefused as refused:
            known = await self.desk.tasks.find(order.task)
            job = await self.job(known or task, now)
            return JobStepped(name, now, order.step, order.task, refused.why.value, job)
        return JobStepped(name, now, order.step, order.task, None, await self.job(task, now))

    async def _moved(self, task: Task, order: StepJob, now: datetime) -> Task:
        """The task after that step; TaskRefused."""
        if not task.is_finished and order.step not in _ANY_TIME and now < task.planned.begins_at - EARLIEST:
            raise TaskRefused(TaskRefusal.TOO_EARLY, task)
        photo = None
        if order.step is JobStep.DONE and task.planned.wants_photo and not task.is_finished:
            if order.picture is None:
                raise TaskRefused(TaskRefusal.WANTS_PHOTO, task)
            if not await self._is_picture(order.picture):
                raise TaskRefused(TaskRefusal.NO_PHOTO, task)
            photo = order.picture.media_id
        note = GUEST_ABSENT if order.step is JobStep.ABSENT else order.note
        request = TaskRequest(_STEPS[order.step], f"partner:{task.assignee}", task.assignee, note, photo)
        return await self.desk.move(task.id, request)

    async def _is_picture(self, media: Media) -> bool:
        """Whether it can be had, and is one: what it calls itself proves nothing."""
        if media.what != "image":
            return False
        found = await self.channel.media(media)
        if found is None:
            return False
        return found.startswith(_PICTURES) or (found[:4] == b"RIFF" and found[8:12] == b"WEBP")

    async def job(self, task: Task, now: datetime, told: ShownJob | None = None) -> Job:
        """That task for whoever does it; with the time that was `told`, where it is theirs no longer."""
        planned = task.planned
        lead, booking = await self._booking(task)
        is_service = planned.kind is TaskKind.SERVICE
        stands = booking is not None and booking.state in HAVE_TASKS and told is None
        return Job(
            task.id,
            planned.kind,
            planned.title,
            task.state,
            planned.begins_at if told is None else told.starts_at,
            planned.due_at if told is None else told.ends_at,
            planned.place if told is None else told.place,
            task.booking,
            lead.name if lead is not None and is_service and stands else None,
            planned.guests if is_service else None,
            await self._payout(lead, booking, now) if is_service and stands else None,
            stands,
            self._meeting(booking, now) if is_service and stands else None,
        )

    def _meeting(self, booking: Booking | None, now: datetime) -> str | None:
        """Where it takes place, if it is a link."""
        service = None if booking is None else self.context(now).business.service(booking.service or "")
        return None if booking is None or service is None else service.meeting_of(str(booking.reference))

    async def _booking(self, task: Task) -> tuple[Lead | None, Booking | None]:
        recorded = None if task.booking is None else await self.staff.bookings.find(task.booking)
        if recorded is None:
            return None, None
        stored = await living(self.staff.leads, recorded.lead)
        lead = None if stored is None else stored.lead
        known = None if lead is None else lead.booking(recorded.booking.reference)
        return lead, known or recorded.booking

    async def _payout(self, lead: Lead | None, booking: Booking | None, now: datetime) -> Money | None:
        """The provider's share of its price, as it was sold."""
        if lead is None or booking is None or not booking.price:
            return None
        terms = terms_of(booking, await self.staff.decisions.context_for(lead, now))
        try:
            shares = {share.party: share.amount for share in terms.shares_of(booking.price)}
        except SharesDoNotFit:
            # a person has to look at its money anyway
            return None
        return shares.get(Party.PROVIDER) or None


def payees_of(roles: Roles) -> list[str]:
    """As whom that person is paid."""
    named = (("provider", roles.providers), ("place", roles.places))
    return [payee_id(kind, one) for kind, ids in named for one in ids]


def is_of(task: Task, roles: Roles) -> bool:
    """Whether it is that person's: a service is its provider's, everything else somebody's of the staff."""
    return task.assignee in (roles.providers if task.planned.kind is TaskKind.SERVICE else roles.staff)
