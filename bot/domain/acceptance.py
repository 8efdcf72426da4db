"""Somebody's yes that a booking needs before any money is asked for: a provider's, or a person's of the house.

Who is asked, one after the other or together, is the work of its task; the booking keeps what came of it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.task import SERVICE_TASK, TaskState

APPROVAL_TASK: Final = "approval"
"""The template of the task by which a person of the house says yes."""
OF_CHANGE: Final = "~"
"""What parts the template of a task from the change whose new time it asks about; no template of a file has it."""
_YES: Final = frozenset({TaskState.TAKEN, TaskState.CHANGED, TaskState.PROBLEM, TaskState.DONE})


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The yes to one arrangement of a booking; another time, place or service needs another one."""

    task: str
    """The template of the task that asks for it."""
    answer_by: datetime
    """Then its customer hears that nobody can."""
    since_plan: int
    """The first plan of its tasks that it is about: news of an earlier one says nothing of it."""
    answer: TaskState = TaskState.OPEN
    """How far it is: nobody has said yes, somebody has, or nobody will."""
    candidates: tuple[str, ...] = ()
    """The providers who can be asked, best first; none where a person of the house is."""
    who: str | None = None
    """Who said yes."""
    has_passed_on: bool = False
    """Whether whoever said yes gave it back, and another one took it before it was paid: the link was still theirs."""

    @property
    def is_given(self) -> bool:
        """Whether somebody has said yes."""
        return self.answer in _YES

    @property
    def is_refused(self) -> bool:
        """Whether nobody will."""
        return self.answer is TaskState.UNFILLED

    @property
    def is_of_provider(self) -> bool:
        """Whether its providers are asked, and not the house."""
        return self.base_task == SERVICE_TASK

    @property
    def base_task(self) -> str:
        """The template it has where it is no change's."""
        return self.task.partition(OF_CHANGE)[0]
