"""Tasks as people make and move them, what nobody began in time, and the news of both for the booking's customer.

A step is one guarded write; its news is a delivery under the task's id and revision, so telling twice is telling once,
and what a process did not come to tell is told by the next sweep.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import orjson
import structlog

from bot.business.context import Context
from bot.dialogue.task_plan import HAVE_TASKS, session_plans
from bot.domain.ids import EventId
from bot.domain.states import CLOSED
from bot.domain.task import BY_HAND, GUEST_ABSENT, PlannedTask, Task, TaskKind, TaskMove, TaskState, task_id
from bot.domain.task_events import TaskNewsCame
from bot.engine.done_courier import DoneCourier
from bot.engine.internal import internal
from bot.engine.job_news import JobCourier
from bot.engine.living import living
from bot.engine.staff_actions import StaffActions
from bot.lifecycle.offers import is_searched
from bot.lifecycle.sessions import due_session_tasks
from bot.lifecycle.task_steps import TaskRefusal, TaskRefused, TaskRequest, TaskStep, stepped
from bot.lifecycle.tasks import TaskPlan, are_all_finished, found_late, move_task
from bot.lifecycle.upkeep import due_upkeep
from bot.slots.slot import read_slot_id
from bot.store.driver import is_outage
from bot.store.received import Received
from bot.store.tasks import Tasks
from bot.store.vault import Vault

log = structlog.get_logger(__name__)

TASK_NEWS: Final = "task_news"
_GIVEN_TO: Final = frozenset({TaskStep.TAKE, TaskStep.ASSIGN})
CALLED_OFF: Final = "called_off"
SESSIONS_KEPT: Final = timedelta(days=7)
"""So long after a session what its bookings become still brings work."""


@dataclass(frozen=True, slots=True)
class TaskDesk:
    """Tasks in one hand, the bookings they belong to in the other."""

    tasks: Tasks
    staff: StaffActions
    received: Received
    vault: Vault
    context: Callable[[datetime], Context]
    courier: JobCourier

    async def move(self, task: str, asked: TaskRequest) -> Task:
        """One step of a task; TaskRefused. Of two at the same moment the second is judged by what the first left."""
        while True:
            now = await self.staff.clock.business_now()
            known = await self.tasks.find(task)
            if known is None:
                raise TaskRefused(TaskRefusal.NO_SUCH_TASK)
            moved = await self._stepped(known, asked, now)
            if moved is known:
                return known
            if await self.tasks.write(moved, now):
                await self.tell(moved, now)
                await self.courier.tell(moved)
                return moved

    async def would_move(self, task: str, asked: TaskRequest) -> Task:
        """How it would stand after that step; nothing is written. TaskRefused."""
        now = await self.staff.clock.business_now()
        known = await self.tasks.find(task)
        if known is None:
            raise TaskRefused(TaskRefusal.NO_SUCH_TASK)
        return await self._stepped(known, asked, now)

    async def _stepped(self, task: Task, asked: TaskRequest, now: datetime) -> Task:
        """The task after that step, as its booking stands; TaskRefused."""
        moved = stepped(task, asked, self.context(now).business, now)
        if moved is not task and asked.step in _GIVEN_TO and asked.who is not None:
            await self._require_there(asked.who, task)
        if moved is task or task.booking is None or task.planned.kind is not TaskKind.SERVICE:
            return moved
        # what the booking has become since reaches its task by an order of its own, and is true before
        booking = (await self.staff.find(task.booking)).booking
        if booking.state not in HAVE_TASKS:
            raise TaskRefused(TaskRefusal.WITHDRAWN, task, booking.cancellation_reason or booking.state.value.lower())
        if booking.plan_no > task.plan_no:
            raise TaskRefused(TaskRefusal.TOO_EARLY, task)
        return moved

    async def _require_there(self, who: str, task: Task) -> None:
        """That they are not off when it has to be begun; TaskRefused."""
        if who in await self.staff.claims.blocks.staff_off([who], task.planned.begins_at):
            raise TaskRefused(TaskRefusal.PERSON_OFF, task, who)

    async def add(
        self, wanted: PlannedTask, booking: str | None, who: str | None, by: str, name: str, role: str | None = None
    ) -> Task:
        """A task that a person makes; made again under the same name it is the same. TaskRefused, NoSuchBooking."""
        now = await self.staff.clock.business_now()
        business = self.context(now).business
        if wanted.kind is TaskKind.SERVICE:
            # no plan of a booking would know it, and whoever had it would hear of nothing
            raise TaskRefused(TaskRefusal.OF_PROVIDER)
        if wanted.place is not None and business.place(wanted.place) is None:
            raise TaskRefused(TaskRefusal.NO_SUCH_PLACE, named=wanted.place)
        found = None if booking is None else (await self.staff.find(booking)).booking
        if found is not None and found.state not in HAVE_TASKS:
            has_ended = found.state in CLOSED
            why = TaskRefusal.BOOKING_ENDED if has_ended else TaskRefusal.BOOKING_NOT_CONFIRMED
            raise TaskRefused(why, named=found.reference)
        planned = replace(wanted, template=f"{BY_HAND}-{name}")
        reference, plan_no = (None, 0) if found is None else (found.reference, found.plan_no)
        made = TaskPlan(reference, plan_no, now, by).ensured(None, planned, is_ready=True)
        assert made is not None
        made = replace(made, history=made.on_record(TaskMove(now, made.state, by, role)))
        if who is not None:
            # judged before anything is kept: who is unknown is refused with nothing made
            person = business.staff_member(who)
            if person is None or (planned.role is not None and planned.role not in person.roles):
                why = TaskRefusal.NO_SUCH_PERSON if person is None else TaskRefusal.WRONG_ROLE
                raise TaskRefused(why, made, who)
            await self._require_there(who, made)
            taken = move_task(made, TaskState.TAKEN, now, by, role)
            # one write: nobody hears of a task that was made theirs
            made = replace(taken, assignee=person.id, revision=made.revision, acknowledged=made.acknowledged)
        if not await self.tasks.write(made, now):
            return await self.tasks.find(task_id(reference, planned.template, 1)) or made
        await self.courier.tell(made)
        # it may have ended since it was looked at; what is ordered for its tasks from now on knows this one
        again = None if booking is None else (await self.staff.find(booking)).booking
        if again is not None and again.state not in HAVE_TASKS:
            gone = TaskPlan(reference, again.plan_no, now, by).withdrawn(made, CALLED_OFF)
            if gone is not None:
                await self.tasks.write(gone, now)
            raise TaskRefused(TaskRefusal.BOOKING_ENDED, named=again.reference)
        return made

    async def ensure_upkeep(self, now: datetime) -> int:
        """The next task of each work that a place needs again and again; how many were written. Twice makes one."""
        business = self.context(now).business
        # looked up also where the file has none: what an earlier one wanted is withdrawn
        changed = due_upkeep(business, await self.tasks.of_upkeep(), now)
        # of two processes at once one writes; the other's is refused by its number or revision
        return sum([await self.tasks.write(task, now) for task in changed])

    async def ensure_sessions(self, now: datetime) -> int:
        """The tasks of group events: one of each kind for all who booked a session; how many were written.

        Read from what is booked, and not ordered by a lead: none of them knows who else comes.
        """
        business = self.context(now).business
        groups = [service.id for service in business.services if service.is_group]
        unfinished = await self.tasks.unfinished_sessions()
        starts = [name.start for session in unfinished if (name := read_slot_id(session)) is not None]
        first = min((now - SESSIONS_KEPT, *(start - timedelta(minutes=1) for start in starts)))
        recorded, unread = await self.staff.bookings.of_services_since(groups, first)
        planned = session_plans([one.booking for one in recorded], business)
        known = await self.tasks.of_sessions(planned.keys() | unfinished)
        # where a booking cannot be read nobody can say that the last one has gone
        spared = frozenset(one for one in unfinished if (name := read_slot_id(one)) is None or name.start in unread)
        changed = due_session_tasks(planned, known, now, spared)
        return sum([await self.tasks.write(task, now) for task in changed])

    async def sweep(self, now: datetime) -> int:
        """Find what nobody began or ended in time, and tell what was not told yet; how many were told."""
        for task in await self.tasks.to_look_at(now):
            if not is_searched(task):
                # what is offered is looked at by who offers it
                await self.tasks.write(found_late(task, now), now)
        told = 0
        for task in await self.tasks.untold():
            try:
                await self.tell(task, now)
                told += 1
            except Exception as error:
                if is_outage(error):
                    raise
                # the next sweep tries it again, and the others are told now
                log.exception("task_not_told", task=task.id, problem=type(error).__name__)
        return told + await self.courier.sweep(now)

    async def tell(self, task: Task, now: datetime) -> None:
        """What follows from where it stands: work that waited for it, the news for its booking's customer, and for
        whom the file names when it is done."""
        await DoneCourier(self.received, self.vault, self.courier.directory).tell(task, now)
        if task.booking is None:
            await self.tasks.acknowledge(task)
            return
        if task.is_finished:
            await self.tasks.open_ready(task.booking, now)
        recorded = await self.staff.bookings.find(task.booking)
        stored = None if recorded is None else await living(self.staff.leads, recorded.lead)
        if stored is not None:
            all_of_it = await self.tasks.of_booking(task.booking)
            facts = {
                "booking": task.booking,
                "task": task.id,
                "state": task.state.value,
                "by": task.by,
                "is_late": task.is_late,
                "is_on_the_way": _has_set_out(task),
                "is_guest_absent": _finds_nobody(task),
                "is_last": are_all_finished(all_of_it),
                "plan_no": max((one.plan_no for one in all_of_it), default=task.plan_no),
                "who": task.assignee,
            }
            name, real_now = f"{task.id}:{task.revision}", await self.staff.leads.server_now()
            text = orjson.dumps(facts).decode()
            await self.received.record([await internal(self.vault, TASK_NEWS, text, stored.lead.id, real_now, name)])
        await self.tasks.acknowledge(task)


def _has_set_out(task: Task) -> bool:
    """Whether its provider is on the way: told in that one revision, since nothing but their arrival follows it."""
    is_theirs = task.planned.kind is TaskKind.SERVICE and task.state is TaskState.TAKEN
    return is_theirs and task.on_the_way_at is not None and task.started_at is None


def _finds_nobody(task: Task) -> bool:
    """Whether its provider has just said that the guest is not there."""
    is_theirs = task.planned.kind is TaskKind.SERVICE and task.state is TaskState.PROBLEM
    return is_theirs and task.note == GUEST_ABSENT and not task.is_late


def event_of(delivery_id: str, kind: str, body: bytes, now: datetime) -> TaskNewsCame:
    """The news back out of its delivery."""
    facts = orjson.loads(body)
    return TaskNewsCame(EventId(delivery_id), now, **facts | {"state": TaskState(facts["state"])})
