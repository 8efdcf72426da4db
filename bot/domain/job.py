"""A task as whoever does it may know it: what, where, when and for how many; no number of anybody's."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.task import TaskKind, TaskState


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
    """An id of the business file."""
    booking: str | None = None
    guests: int | None = None
