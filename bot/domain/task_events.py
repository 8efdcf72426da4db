"""What became of a task, told to the customer's lead whose booking it belongs to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.ids import BookingReference, EventId
from bot.domain.task import TaskState


@dataclass(frozen=True, slots=True)
class TaskNewsCame:
    """Where a task stands now; told again until every crash is outlived. Id: by the task and its revision."""

    id: EventId
    at: datetime
    booking: BookingReference
    task: str
    state: TaskState
    by: str
    """Whose move it was."""
    is_late: bool
    """Whether its moment came before anybody had begun, or ended, it."""
    is_last: bool
    """Whether no task of the booking is left to be done."""
    plan_no: int
    """The latest plan that any task of the booking was made or moved for."""
    is_on_the_way: bool = False
    """Whether whoever gives what was booked has just set out."""
    who: str | None = None
    """Whose it is now: `taken` with somebody whom its booking does not name yet is an offer they have accepted,
    `unfilled` one that nobody has."""
    is_guest_absent: bool = False
    """Whether whoever gives what was booked has just said that nobody is there."""
    kind: Literal["task_news_came"] = "task_news_came"
