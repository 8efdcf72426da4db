"""A task as whoever does it may know it: what, where, when, for whom, and what they get; no number of anybody's."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.task import TaskKind, TaskState
from payments.domain.money import Money

JOB_NEWS: Final = "job_news"
"""The kind of a delivery that tells somebody of a task."""


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
    """None: work of the house, or of a session and of all who booked it."""
    guest: str | None = None
    """By which name the guest is asked for."""
    guests: int | None = None
    payout: Money | None = None
    """What they themselves get for it."""
    is_with_access: bool = False
    """Whether the gate code is theirs to know: they come to a booking that takes place."""
    meeting: str | None = None
    """The link of what takes place online."""
    room: str | None = None
    """In which room of the place the guest is, as far as is known."""
    offer: int | None = None
    """Which arrangement of it they were offered; none where it is theirs."""
    answer_by: datetime | None = None
    """Until when their answer counts; none where nobody waits for it any more."""
    is_unconfirmed: bool = False
    """Whether they have accepted it, and its guest has not paid yet."""
    is_paid: bool = False
    """Whether its booking is confirmed."""

    @property
    def is_class(self) -> bool:
        """Whether it is given to everybody who booked a session: no guest of it is named."""
        return self.kind is TaskKind.SERVICE and self.booking is None


def telling_name(task: str, revision: int, who: str) -> str:
    """Under which name that person is told of that task as it stands: told again it is the same news."""
    return f"{task}:{revision}:{who}"


def task_told(effect: str) -> str | None:
    """The task that a message told of whose effect has that id; none where it told of none."""
    kind, _, name = effect.removeprefix("internal:").partition(":")
    return name.rsplit(":", 3)[0] if kind == JOB_NEWS and name.count(":") > 3 else None


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
    OFFERED = "offered"
    """Do they want it?"""
    OFFER_LOST = "offer_lost"
    """They were asked, and somebody else was first."""
    OFFER_OVER = "offer_over"
    """They were asked, or had said yes, and it is not wanted any more, or at another time."""
    OFFER_EXPIRED = "offer_expired"
    """They were asked and did not answer in time."""


class JobStep(StrEnum):
    """What somebody says of a job of theirs; the words stand in their buttons."""

    ON_THE_WAY = "way"
    STARTED = "start"
    DONE = "done"
    ABSENT = "absent"
    """The guest is not there."""
    TROUBLE = "trouble"
    ACCEPT = "accept"
    DECLINE = "decline"
    DROP = "drop"
    """They give back what they had."""
    UNSENT = "unsent"
    """They say nothing: it cannot be offered to them here."""
