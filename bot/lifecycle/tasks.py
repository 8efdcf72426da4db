"""The machine of a task: its table, the one function that applies it, and what a plan makes of what is there already.

What a service's partners will be offered (offered, declined, expired, unfilled, dropped) has no row yet, because
nothing writes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.ids import BookingReference
from bot.domain.task import FINISHED, PlannedTask, Task, TaskKind, TaskState

S = TaskState

TASK: Final[Mapping[TaskState, frozenset[TaskState]]] = {
    S.WAITING: frozenset({S.OPEN, S.WITHDRAWN}),
    # done by somebody who never said that they would
    S.OPEN: frozenset({S.TAKEN, S.DONE, S.PROBLEM, S.WITHDRAWN}),
    # handed to another person
    S.TAKEN: frozenset({S.TAKEN, S.CHANGED, S.DONE, S.PROBLEM, S.WITHDRAWN}),
    S.CHANGED: frozenset({S.TAKEN, S.DONE, S.PROBLEM, S.WITHDRAWN}),
    # another word about it
    S.PROBLEM: frozenset({S.PROBLEM, S.TAKEN, S.DONE, S.WITHDRAWN}),
    S.DONE: frozenset(),
    S.WITHDRAWN: frozenset(),
}

LOOK_AGAIN: Final = timedelta(days=1)
"""How long after it was found late somebody looks again."""


ANSWERS_WITHIN: Final = timedelta(hours=3)
"""How long a provider has to say what became of it, before a person is called."""


class TaskDenied(Exception):
    """The table has no such move."""

    def __init__(self, task: Task, target: TaskState) -> None:
        super().__init__(f"{task.id}: {task.state} -> {target}")
        self.task = task
        self.target = target


def move_task(task: Task, target: TaskState, now: datetime, by: str) -> Task:
    """The task in that state, told to nobody yet; TaskDenied where the table has no such move."""
    if target not in TASK[task.state]:
        raise TaskDenied(task, target)
    moved = replace(task, state=target, by=by, revision=task.revision + 1)
    if target in FINISHED:
        return replace(moved, next_at=None, is_late=False)
    return _looked_at(replace(moved, is_late=False), now)


def found_late(task: Task, now: datetime) -> Task:
    """The task after a look at its moment found it unfinished: its provider is asked first, then it is late."""
    if task.planned.kind is TaskKind.SERVICE and task.state is S.TAKEN and task.asked_at is None:
        asked = replace(task, asked_at=now, next_at=now + ANSWERS_WITHIN, by="system", revision=task.revision + 1)
        return _told(task, asked)
    return replace(task, is_late=True, next_at=now + LOOK_AGAIN, by="system", revision=task.revision + 1)


def _looked_at(task: Task, now: datetime) -> Task:
    """With its next look: nobody's when it has to begin, somebody's when it has to be done."""
    if task.state not in {S.TAKEN, S.CHANGED}:
        return replace(task, next_at=max(task.planned.begins_at, now))
    # taken too late it has its time all the same
    due = task.planned.due_at if task.planned.due_at > now else now + timedelta(minutes=task.planned.minutes)
    return replace(task, next_at=due)


# What a plan makes of it --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """A plan of one booking, or of the session of a group event, as it is written."""

    booking: BookingReference | None
    plan_no: int
    now: datetime
    by: str = "system"
    session: str | None = None

    def ensured(self, last: Task | None, planned: PlannedTask, *, is_ready: bool) -> Task | None:
        """What that planned task is from now on, given its last occurrence; none where it stays as it is."""
        if last is None:
            return self._new(1, planned, is_ready)
        if planned.is_over and not last.is_finished:
            # it took place, as its booking says
            done = move_task(replace(last, planned=planned), S.DONE, self.now, self.by)
            return _told(last, replace(done, done_by=last.assignee, done_at=self.now))
        if self.plan_no <= last.plan_no:
            return None
        # what was done exactly as it is wanted now is done, and nobody is asked again for a time that is as it was
        was, wanted = last.planned, planned
        as_it_was = _arranged(was) == _arranged(wanted) and last.state is not S.WITHDRAWN
        if last.is_finished and not as_it_was:
            return self._new(last.number + 1, planned, is_ready)
        moved = replace(last, plan_no=self.plan_no, planned=planned)
        if as_it_was:
            moved = replace(moved, revision=last.revision + 1)
        elif planned.who is not None and last.state is not S.WAITING:
            # sold from their own hours: theirs at the new time too, or the other's whose time it is now
            moved = move_task(replace(moved, asked_at=None), S.TAKEN, self.now, self.by)
            moved = replace(moved, assignee=planned.who, on_the_way_at=None, started_at=None)
        elif last.state is S.TAKEN:
            moved = move_task(moved, S.CHANGED, self.now, self.by)
        elif last.state is S.WAITING and is_ready:
            moved = move_task(moved, S.OPEN, self.now, self.by)
        else:
            moved = _looked_at(replace(moved, is_late=False, by=self.by, revision=last.revision + 1), self.now)
        return _told(last, moved)

    def withdrawn(self, task: Task, reason: str) -> Task | None:
        """The task, not wanted any more; none where it is finished, or planned for a later arrangement."""
        if task.is_finished or task.plan_no > self.plan_no:
            return None
        moved = replace(task, plan_no=self.plan_no, withdrawn_for=reason)
        return _told(task, move_task(moved, S.WITHDRAWN, self.now, self.by))

    def _new(self, number: int, planned: PlannedTask, is_ready: bool) -> Task:
        state = S.WAITING if not is_ready else S.OPEN if planned.who is None else S.TAKEN
        new = Task(
            self.booking, number, self.plan_no, planned, state, None, planned.who, by=self.by, session=self.session
        )
        return _looked_at(new, self.now)


def _arranged(planned: PlannedTask) -> tuple[object, ...]:
    """What of a plan its work depends on."""
    return planned.due_at, planned.place, planned.who, planned.guests


def _told(was: Task, task: Task) -> Task:
    """What its booking ordered itself is no news for it; what it has not heard yet stays untold."""
    return replace(task, acknowledged=task.revision) if was.acknowledged == was.revision else task


def last_of(tasks: Sequence[Task], template: str) -> Task | None:
    """The last occurrence of that work."""
    found = [task for task in tasks if task.planned.template == template]
    return max(found, key=lambda task: task.number, default=None)


def is_ready(tasks: Sequence[Task], planned: PlannedTask) -> bool:
    """Whether all that has to be done before it is finished."""
    before = [last_of(tasks, template) for template in planned.after]
    return all(task is None or task.is_finished for task in before)


def are_all_finished(tasks: Sequence[Task]) -> bool:
    """Whether nothing is left to be done."""
    return all(task.is_finished for task in tasks)
