"""What a person may do with a task: judged against where it stands, who has it and who they are; nothing is written."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from bot.business.definition import Business
from bot.business.staff import StaffMember
from bot.domain.task import Task, TaskKind, TaskState
from bot.lifecycle.tasks import move_task


class TaskStep(StrEnum):
    """What is asked for."""

    TAKE = "take"
    ASSIGN = "assign"
    DONE = "done"
    PROBLEM = "problem"
    WITHDRAW = "withdraw"
    ON_THE_WAY = "on-the-way"
    STARTED = "started"


class TaskRefusal(StrEnum):
    """Why nothing was done; the words are the problem types of the API."""

    NO_SUCH_TASK = "no-such-task"
    NO_SUCH_PERSON = "no-such-person"
    WRONG_ROLE = "wrong-role"
    TAKEN = "task-taken"
    DONE = "task-done"
    WITHDRAWN = "task-withdrawn"
    WAITS = "task-waits"
    NO_SUCH_PLACE = "no-such-place"
    BOOKING_NOT_CONFIRMED = "booking-not-confirmed"
    BOOKING_ENDED = "booking-ended"
    OF_PROVIDER = "task-of-provider"
    """Who provides it changes with the booking alone."""
    TOO_EARLY = "task-too-early"
    """It begins later: perhaps it was moved since."""
    WANTS_PHOTO = "task-wants-photo"
    NO_PHOTO = "task-no-photo"
    """What was sent is no picture."""


class TaskRefused(Exception):
    """It cannot be done; `named` is whom or what the sentence names."""

    def __init__(self, why: TaskRefusal, task: Task | None = None, named: str = "") -> None:
        super().__init__(why.value)
        self.why = why
        self.task = task
        self.named = named


@dataclass(frozen=True, slots=True)
class TaskRequest:
    """A step, who asks for it, for whom and in which words."""

    step: TaskStep
    by: str
    who: str | None = None
    note: str | None = None
    photo: str | None = None
    """The picture that proves it."""


def stepped(task: Task, asked: TaskRequest, business: Business, now: datetime) -> Task:
    """The task after that step, or as it is where it stands there already; TaskRefused."""
    _require_possible(task, asked, business)
    if asked.step is TaskStep.WITHDRAW:
        return replace(move_task(task, TaskState.WITHDRAWN, now, asked.by), withdrawn_for=asked.note)
    match asked.step:
        case TaskStep.TAKE | TaskStep.ASSIGN:
            if task.planned.kind is TaskKind.SERVICE:
                raise TaskRefused(TaskRefusal.OF_PROVIDER, task, task.assignee or "")
            person = business.staff_member(asked.who)
            if person is None:
                raise TaskRefused(TaskRefusal.NO_SUCH_PERSON, task, asked.who or "")
            if task.planned.role is not None and task.planned.role not in person.roles:
                raise TaskRefused(TaskRefusal.WRONG_ROLE, task, person.id)
            if task.state is TaskState.TAKEN and task.assignee == person.id:
                return task
            return replace(move_task(task, TaskState.TAKEN, now, asked.by), assignee=person.id)
        case TaskStep.DONE:
            done = move_task(task, TaskState.DONE, now, asked.by)
            who = asked.who or task.assignee or asked.by
            photo = asked.photo or task.photo
            return replace(done, done_by=who, done_at=now, note=asked.note or task.note, photo=photo)
        case TaskStep.PROBLEM:
            return replace(move_task(task, TaskState.PROBLEM, now, asked.by), note=asked.note)
        case TaskStep.ON_THE_WAY | TaskStep.STARTED:
            is_start = asked.step is TaskStep.STARTED
            if (task.started_at if is_start else task.on_the_way_at) is not None:
                return task
            # theirs again, where it had changed or they had called for help
            on_it = replace(move_task(task, TaskState.TAKEN, now, asked.by), assignee=asked.who or task.assignee)
            return replace(on_it, started_at=now) if is_start else replace(on_it, on_the_way_at=now)
        case _:
            assert_never(asked.step)


def _require_possible(task: Task, asked: TaskRequest, business: Business) -> None:
    """That it may be asked at all, whatever the step; TaskRefused."""
    if task.state is TaskState.DONE:
        raise TaskRefused(TaskRefusal.DONE, task, task.done_by or task.by)
    if task.state is TaskState.WITHDRAWN:
        raise TaskRefused(TaskRefusal.WITHDRAWN, task, task.withdrawn_for or "")
    if asked.who is not None and not _is_worker(task, asked.who, business):
        raise TaskRefused(TaskRefusal.NO_SUCH_PERSON, task, asked.who)
    if asked.step is TaskStep.WITHDRAW:
        return
    if task.state is TaskState.WAITING:
        raise TaskRefused(TaskRefusal.WAITS, task, ", ".join(task.planned.after))
    is_anothers = task.assignee is not None and asked.who not in {None, task.assignee}
    if is_anothers and asked.step is not TaskStep.ASSIGN:
        raise TaskRefused(TaskRefusal.TAKEN, task, task.assignee or "")


def _is_worker(task: Task, who: str, business: Business) -> bool:
    """Whether the file knows that person among those whose kind of work it is."""
    if task.planned.kind is TaskKind.SERVICE and business.provider(who) is not None:
        return True
    return business.staff_member(who) is not None


def candidates(task: Task, business: Business) -> tuple[StaffMember, ...]:
    """Who could do it: of its role, at work there when it has to be begun; in the file's order."""
    if task.planned.kind is TaskKind.SERVICE:
        return ()
    place = business.place(task.planned.place)
    area = None if place is None else place.area
    return tuple(
        person
        for person in business.staff
        if (task.planned.role is None or task.planned.role in person.roles)
        and person.works(area, task.planned.begins_at, business.zone)
    )
