"""Who has to be told of a task, given how it stands and what they were told last: a change each, and nothing twice."""

from dataclasses import replace

from bot.domain.job import JobNews
from bot.domain.task import ShownJob, Task, TaskState

_HELD = frozenset({TaskState.TAKEN, TaskState.CHANGED, TaskState.PROBLEM})
"""States in which somebody has it."""


def holder(task: Task) -> str | None:
    """Whose it is now."""
    return task.assignee if task.state in _HELD else None


def job_notices(task: Task) -> tuple[tuple[str, JobNews], ...]:
    """Who is to be told what; nothing where everybody knows."""
    has_it, shown = holder(task), task.shown
    found = []
    if shown is not None and shown.who != has_it and task.state is not TaskState.DONE:
        found.append((shown.who, JobNews.GONE))
    if has_it is None:
        return tuple(found)
    if shown is None or shown.who != has_it:
        found.append((has_it, JobNews.GIVEN))
    elif replace(shown, was_asked=False) != _as_it_stands(task, has_it):
        found.append((has_it, JobNews.CHANGED))
    elif task.asked_at is not None and not shown.was_asked:
        found.append((has_it, JobNews.OVERDUE))
    return tuple(found)


def having_told(task: Task) -> Task:
    """The task after everybody was told how it stands."""
    has_it = holder(task)
    if has_it is None:
        return task if task.state is TaskState.DONE else replace(task, shown=None)
    return replace(task, shown=replace(_as_it_stands(task, has_it), was_asked=task.asked_at is not None))


def _as_it_stands(task: Task, who: str) -> ShownJob:
    planned = task.planned
    return ShownJob(who, planned.begins_at, planned.due_at, planned.place, planned.guests)
