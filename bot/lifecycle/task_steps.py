"""What a person may do with a task: judged against where it stands, who has it and who they are; nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

from bot.business.definition import Business
from bot.business.staff import StaffMember
from bot.domain.task import Task, TaskKind, TaskState
from bot.lifecycle.tasks import move_task

EARLIEST: Final = timedelta(hours=3)
"""So long before its begin something can be said of a job."""


class TaskStep(StrEnum):
    """What is asked for."""

    TAKE = "take"
    ASSIGN = "assign"
    DONE = "done"
    PROBLEM = "problem"
    WITHDRAW = "withdraw"
    ON_THE_WAY = "on-the-way"
    STARTED = "started"


_GIVEN: Final = frozenset({TaskStep.ON_THE_WAY, TaskStep.STARTED, TaskStep.DONE})
"""What nobody says of a guest's service before its time, whoever says it: it ends the booking."""


class TaskRefusal(StrEnum):
    """Why nothing was done; the words are the problem types of the API."""

    NO_SUCH_TASK = "no-such-task"
    NO_SUCH_PERSON = "no-such-person"
    WRONG_ROLE = "wrong-role"
    PERSON_OFF = "person-off"
    """They are ill or off when it has to be begun."""
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
    PHOTO_UNREACHABLE = "task-photo-unreachable"
    """The channel does not give us what was sent."""
    PHOTO_TOO_LARGE = "task-photo-too-large"
    UNCONFIRMED = "task-unconfirmed"
    """They have accepted it, and its guest has not paid yet."""
    STARTED = "task-started"
    """Whoever has it is at work already."""
    NOT_A_CANDIDATE = "not-a-candidate"
    """They do not do it at that time and place for the same price."""
    OFFER_YOURS = "offer-yours"
    OFFER_LOST = "offer-lost"
    """Somebody else was first."""
    OFFER_DECLINED = "offer-declined"
    """They have said no to it before."""
    OFFER_BUSY = "offer-busy"
    """They have something else at that time."""
    OFFER_OVER = "offer-over"
    """The time to answer is over, or it is at another time now."""


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
    is_of_now: bool = False
    """Whether it is said of work whose time has come, as whoever does it says in the chat."""
    role: str | None = None
    """In which role they ask, where they have one."""

    def moves(self, task: Task, target: TaskState, now: datetime) -> Task:
        """The task in that state, by who asks and in their role."""
        return move_task(task, target, now, self.by, self.role)


def stepped(task: Task, asked: TaskRequest, business: Business, now: datetime) -> Task:
    """The task after that step, or as it is where it stands there already; TaskRefused."""
    _require_possible(task, asked, business, now)
    if asked.step is TaskStep.WITHDRAW:
        return replace(asked.moves(task, TaskState.WITHDRAWN, now), withdrawn_for=asked.note)
    match asked.step:
        case TaskStep.TAKE | TaskStep.ASSIGN:
            person = business.staff_member(asked.who)
            if person is None:
                raise TaskRefused(TaskRefusal.NO_SUCH_PERSON, task, asked.who or "")
            if task.planned.role is not None and task.planned.role not in person.roles:
                raise TaskRefused(TaskRefusal.WRONG_ROLE, task, person.id)
            if task.state is TaskState.TAKEN and task.assignee == person.id:
                return task
            return replace(asked.moves(task, TaskState.TAKEN, now), assignee=person.id)
        case TaskStep.DONE:
            done = asked.moves(task, TaskState.DONE, now)
            who = asked.who or task.assignee or asked.by
            photo = asked.photo or task.photo
            return replace(done, done_by=who, done_at=now, note=asked.note or task.note, photo=photo)
        case TaskStep.PROBLEM:
            if task.state is TaskState.PROBLEM and (task.note, task.by) == (asked.note, asked.by):
                # the same words again, by whoever said them: heard already
                return task
            return replace(asked.moves(task, TaskState.PROBLEM, now), note=asked.note)
        case TaskStep.ON_THE_WAY | TaskStep.STARTED:
            is_start = asked.step is TaskStep.STARTED
            has_said = (task.started_at if is_start else task.on_the_way_at) is not None
            if has_said and task.state is TaskState.TAKEN:
                return task
            # theirs again, where it had changed or they had called for help
            on_it = replace(asked.moves(task, TaskState.TAKEN, now), assignee=asked.who or task.assignee)
            return replace(on_it, started_at=now) if is_start else replace(on_it, on_the_way_at=now)
        case _:
            assert_never(asked.step)


def _require_possible(task: Task, asked: TaskRequest, business: Business, now: datetime) -> None:
    """That it may be asked at all, whatever the step; TaskRefused."""
    if task.state is TaskState.DONE:
        raise TaskRefused(TaskRefusal.DONE, task, task.done_by or task.by)
    if task.state is TaskState.WITHDRAWN:
        raise TaskRefused(TaskRefusal.WITHDRAWN, task, task.withdrawn_for or "")
    if asked.who is not None and not _is_worker(task, asked.who, business):
        raise TaskRefused(TaskRefusal.NO_SUCH_PERSON, task, asked.who)
    is_service = task.planned.kind is TaskKind.SERVICE
    given = {TaskStep.TAKE, TaskStep.ASSIGN, *((TaskStep.WITHDRAW,) if is_service else ())}
    if task.planned.is_providers and asked.step in given:
        raise TaskRefused(TaskRefusal.OF_PROVIDER, task, task.assignee or "")
    if asked.step is TaskStep.WITHDRAW:
        return
    if task.state is TaskState.WAITING:
        raise TaskRefused(TaskRefusal.WAITS, task, ", ".join(task.planned.after))
    is_anothers = task.assignee is not None and asked.who not in {None, task.assignee}
    if is_anothers and asked.step is not TaskStep.ASSIGN:
        raise TaskRefused(TaskRefusal.TAKEN, task, task.assignee or "")
    # judged here and not where it was tapped: it may have been moved since
    begins_at, gives_it = task.planned.begins_at, is_service and asked.step in _GIVEN
    is_early = now < begins_at - EARLIEST and (gives_it or asked.is_of_now)
    if is_early or (gives_it and asked.step is TaskStep.DONE and now < begins_at):
        raise TaskRefused(TaskRefusal.TOO_EARLY, task)


def _is_worker(task: Task, who: str, business: Business) -> bool:
    """Whether the file knows that person among those whose kind of work it is."""
    if task.planned.is_providers and business.provider(who) is not None:
        return True
    return business.staff_member(who) is not None


def ranked_by_load(
    task: Task, could: Sequence[StaffMember], busy_with: Sequence[Task], business: Business
) -> tuple[str, ...]:
    """Those who could do it, the best to be asked first: nothing else to do at that time, then of just that area, then
    with the least to do that day, given what they have; else in the file's order."""
    place, wanted = business.place(task.planned.place), task.planned
    area = None if place is None else place.area

    def rank(person: StaffMember) -> tuple[bool, bool, int]:
        theirs = [one.planned for one in busy_with if one.assignee == person.id and one.id != task.id]
        is_busy = any(one.begins_at < wanted.due_at and wanted.begins_at < one.due_at for one in theirs)
        is_of_area = area is None or area in person.areas
        return is_busy, not is_of_area, sum(one.minutes for one in theirs)

    return tuple(str(person.id) for person in sorted(could, key=rank))


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
