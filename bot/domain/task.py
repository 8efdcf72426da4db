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

PROVIDER_ROLE: Final = "provider"
"""The role of work that is its booking's own provider's, whoever that is; no person of `staff` has it."""

GUEST_ABSENT: Final = "guest absent"
"""The note of a task whose guest is not there."""

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
    OFFERED = "offered"
    """Some of those who could do it have been asked; whoever accepts first has it."""
    UNFILLED = "unfilled"
    """Nobody whom it was offered to would, or could, and the time to ask is over: a person has to look."""
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

    APPROVAL = "approval"
    """A person of the house has to say yes to a booking."""
    CHORE = "chore"
    """Cleaning, meeting the guest, inspection."""
    ATTENTION = "attention"
    """A person has to look at something."""
    SERVICE = "service"
    """What the guest has booked: its provider's."""


class OfferOutcome(StrEnum):
    """What became of an offer; everything but `OPEN` is final."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    """No answer in time."""
    UNSENT = "unsent"
    """It could not be said to them at all."""
    BUSY = "busy"
    """They accepted, and have something else at that time by now."""
    LOST = "lost"
    """Somebody else was first."""
    WITHDRAWN = "withdrawn"
    """Not wanted any more, or at another time or place."""
    DROPPED = "dropped"
    """They had accepted, and gave it back."""


@dataclass(frozen=True, slots=True)
class TaskOffer:
    """A task as it was offered to one person."""

    who: str
    at: datetime
    answer_by: datetime
    outcome: OfferOutcome = OfferOutcome.OPEN
    number: int = 1
    """Which arrangement of the task it was for, counted from one: a button of an earlier one accepts nothing."""
    told: OfferOutcome | None = None
    """The last of it that they were told; none: not even that they are asked."""
    shown: "ShownJob | None" = None
    """Its time and place as they were asked about it."""

    @property
    def is_open(self) -> bool:
        """Whether their answer still counts."""
        return self.outcome is OfferOutcome.OPEN


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
    """Whose it is, and may be told so: the provider whose time was sold, or who accepted and is confirmed by now."""
    guests: int | None = None
    """For how many; none where that is all one to the work."""
    wants_photo: bool = False
    """Whether it counts as done with a picture alone."""
    is_over: bool = False
    """Whether its booking took place: then it is done, whoever forgot to say so."""
    candidates: tuple[str, ...] = ()
    """Who could do it then and there for the same price, best first: providers, or staff for chores. With nobody in
    `who` it is offered to them; whoever accepts waits for the plan that names them in `who`, and hears then that it is
    theirs."""
    answer_by: datetime | None = None
    """Until when somebody has to have accepted; none: until it has to be begun."""
    answer_minutes: int | None = None
    """How long those who are asked have for their answer, before the next are asked; none: until `answer_by`."""
    at_once: bool = False
    """Whether all are asked at the same time, and not one after the other."""
    asked_days: int | None = None
    """So many days before it begins they are asked; none: as soon as it is there."""
    accepted_by: str | None = None
    """Who of them has said yes to just that time before it was planned: theirs as soon as it is, and told to nobody
    before `who` names them. Only a plan says it, no task that is kept."""
    booked_by: tuple[str, ...] = ()
    """Of a session's: the bookings it is or was for. Where all of them have gone to one other session, so has it."""

    @property
    def begins_at(self) -> datetime:
        """When it has to be begun, to be done in time."""
        return self.due_at - timedelta(minutes=self.minutes)

    @property
    def is_offered(self) -> bool:
        """Whether those who could do it are asked, and nobody has it before they accept."""
        return self.who is None and (bool(self.candidates) or self.answer_minutes is not None)

    @property
    def is_providers(self) -> bool:
        """Whether a provider has it, and nobody of the staff: what was booked, or what they do for it besides."""
        return self.kind is TaskKind.SERVICE or self.role == PROVIDER_ROLE

    def shown_to(self, who: str) -> "ShownJob":
        """What that person is told of its time and place."""
        return ShownJob(who, self.begins_at, self.due_at, self.place, self.guests)


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
    thread: str | None = None
    """To which thread it was told: that of the number they had then; none where nobody knows."""


@dataclass(frozen=True, slots=True)
class TaskMove:
    """One move as it stands on record: to where, by whom, and in which role."""

    at: datetime
    to: TaskState
    by: str
    role: str | None = None
    """A person's; none of the house itself, of who works in WhatsApp, and of what was done before roles were kept."""


MOST_MOVES: Final = 50
"""So many of the last moves stay on record: asked and answered, a task may go to and fro."""


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
    offers: tuple[TaskOffer, ...] = ()
    """Who was asked and what they said, in the order of asking; never forgotten."""
    arrangement: int = 1
    """Counted up each time those who were asked are asked once more: at another time or place, or given back."""
    history: tuple[TaskMove, ...] = ()
    """Who moved it, the last one last."""

    def on_record(self, move: TaskMove) -> tuple[TaskMove, ...]:
        """Its history with that move."""
        return (*self.history, move)[-MOST_MOVES:]

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
