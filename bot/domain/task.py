"""Work that somebody owes, by when: a cleaner's turn, the meeting at check-in, something a person must look at.

Values only; which moves a task may make is `bot.lifecycle.tasks`. A task's id is `<subject>:<template>:<number>`: the
subject is its booking's reference, the session of a group event, or the house. Ensured twice it is made once; the same
work wanted a second time, after the first was done or withdrawn, is the next number.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.ids import BookingReference

HOUSE: Final = "house"
"""The subject of work that belongs to no booking."""
SERVICE_TASK: Final = "service"
"""The template of what the guest has booked."""
BY_HAND: Final = "by-hand"
"""How the template of a task begins that a person made: no plan of a booking knows it."""

AMENITIES_ON: Final = "amenities-on"
AMENITIES_OFF: Final = "amenities-off"
AMENITY_TASKS: Final = frozenset({AMENITIES_ON, AMENITIES_OFF})
"""What a stay brings where its place has amenities."""
UPKEEP: Final = "upkeep"
"""How the template of a task begins that a place needs again and again."""


class TaskState(StrEnum):
    """Where a task stands."""

    WAITING = "waiting"
    """Other work has to be done first."""
    OPEN = "open"
    """Nobody has it yet."""
    TAKEN = "taken"
    """Somebody has it."""
    CHANGED = "changed"
    """Its time or place became another after somebody had taken it: theirs again when they take it once more."""
    PROBLEM = "problem"
    """Whoever has it cannot do it as it is."""
    DONE = "done"
    WITHDRAWN = "withdrawn"
    """Not wanted any more."""


FINISHED: Final = frozenset({TaskState.DONE, TaskState.WITHDRAWN})
"""Nobody owes anything any more."""


class TaskKind(StrEnum):
    """What sort of work it is."""

    CHORE = "chore"
    """Cleaning, meeting the guest, inspection."""
    ATTENTION = "attention"
    """A person has to look at something."""
    SERVICE = "service"
    """What the guest has booked: its provider's."""


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """What is to be done, where and by when, as a plan or a person says it."""

    template: str
    title: tuple[tuple[str, str], ...]
    """By language code."""
    due_at: datetime
    minutes: int
    """How long it takes."""
    role: str | None = None
    """Whose work it is, as `staff[].roles` of the business file says; none: anybody's."""
    place: str | None = None
    after: tuple[str, ...] = ()
    """Templates of the same booking that have to be done first."""
    kind: TaskKind = TaskKind.CHORE
    who: str | None = None
    """Whose it is from the beginning: the provider whose time was sold."""
    guests: int | None = None
    """For how many; none where that is all one to the work."""
    wants_photo: bool = False
    """Whether it counts as done with a picture alone."""
    is_over: bool = False
    """Whether its booking took place: then it is done, whoever forgot to say so."""

    @property
    def begins_at(self) -> datetime:
        """When it has to be begun, to be done in time."""
        return self.due_at - timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class ShownJob:
    """What somebody was told of a task of theirs."""

    who: str
    starts_at: datetime
    ends_at: datetime
    place: str | None
    guests: int | None
    was_asked: bool = False
    """Whether they were asked what became of it."""


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work, from the moment it is wanted to its end."""

    booking: BookingReference | None
    number: int
    plan_no: int
    """Which arrangement of its booking it was planned for: news of an earlier one changes nothing."""
    planned: PlannedTask
    state: TaskState
    next_at: datetime | None
    """When somebody has to look at it, in business time; none once it is finished."""
    assignee: str | None = None
    """Who has it: an id of `staff` of the business file."""
    note: str | None = None
    done_by: str | None = None
    done_at: datetime | None = None
    withdrawn_for: str | None = None
    """Why it is not wanted any more."""
    is_late: bool = False
    """Whether its next look came before anybody had begun, or ended, it."""
    by: str = "system"
    """Who made its last move."""
    revision: int = 1
    """Grows with each write."""
    on_the_way_at: datetime | None = None
    started_at: datetime | None = None
    photo: str | None = None
    """The picture that proves it, as the messenger knows it."""
    asked_at: datetime | None = None
    """When its person was asked what became of it; asked once."""
    shown: "ShownJob | None" = None
    """Who was told of it last, and how it stood then."""
    acknowledged: int = 1
    """Up to which revision its booking's customer has been told what became of it (as the cashier's records)."""
    session: str | None = None
    """The time of a group event it is done for, by its slot's id: once for all who booked it."""

    @property
    def id(self) -> str:
        """Its name, the same each time it is wanted again."""
        return task_id(self.booking or self.session, self.planned.template, self.number)

    @property
    def is_finished(self) -> bool:
        """Whether nobody owes anything any more."""
        return self.state in FINISHED

    @property
    def is_by_hand(self) -> bool:
        """Whether a person made it."""
        return self.planned.template.startswith(BY_HAND)


def task_id(subject: str | None, template: str, number: int) -> str:
    """`<subject>:<template>:<number>`."""
    return f"{subject or HOUSE}:{template}:{number}"


def booking_named(task: str) -> str:
    """The reference of the booking that a task's id begins with, or the house."""
    return task.partition(":")[0]
