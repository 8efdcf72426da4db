"""A task as whoever does it may know it: what, where, when, for whom, and what they get; no number of anybody's."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.task import TaskKind, TaskState
from payments.domain.money import Money


@dataclass(frozen=True, slots=True)
class Job:
    """One task of theirs, as it stood when it was looked up."""

    task: str
    kind: TaskKind
    title: tuple[tuple[str, str], ...]
    """By language code."""
    state: TaskState
    starts_at: datetime
    ends_at: datetime
    place: str | None = None
    """An id of the business file: address, map and access notes are read when it is told."""
    booking: str | None = None
    guest: str | None = None
    """By which name the guest is asked for."""
    guests: int | None = None
    payout: Money | None = None
    """What they themselves get for it."""
    is_with_access: bool = False
    """Whether the gate code is theirs to know: they come to a booking that takes place."""
    meeting: str | None = None
    """The link of what takes place online."""


class JobNews(StrEnum):
    """Why somebody is told of a job; the words are stored."""

    GIVEN = "given"
    """It is theirs."""
    CHANGED = "changed"
    """Its time, place or guests are others than they were told."""
    GONE = "gone"
    """It is not theirs any more: cancelled, or given to somebody else."""
    OVERDUE = "overdue"
    """Its time is over, and nobody said what became of it."""


class JobStep(StrEnum):
    """What somebody says of a job of theirs; the words stand in their buttons."""

    ON_THE_WAY = "way"
    STARTED = "start"
    DONE = "done"
    ABSENT = "absent"
    """The guest is not there."""
    TROUBLE = "trouble"
