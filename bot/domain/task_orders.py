"""What a booking's move means for the work around it: ordered by the lead, written by the store of tasks.

Both carry the booking's `plan_no`, which grows with each change of its arrangement: a lower number changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.ids import BookingReference
from bot.domain.task import PlannedTask


@dataclass(frozen=True, slots=True)
class EnsureTasks:
    """These are the tasks of this booking: missing ones are made, others get their new time, what is not named is
    withdrawn."""

    booking: BookingReference
    plan_no: int
    planned: tuple[PlannedTask, ...]
    at: datetime
    not_asked: tuple[str, ...] = ()
    """Templates of tasks that asked about a change which is over: withdrawn, though the arrangement is as it was."""
    kind: Literal["ensure_tasks"] = "ensure_tasks"


@dataclass(frozen=True, slots=True)
class WithdrawTasks:
    """Nothing is to be done for this booking any more."""

    booking: BookingReference
    plan_no: int
    reason: str
    at: datetime
    kind: Literal["withdraw_tasks"] = "withdraw_tasks"
