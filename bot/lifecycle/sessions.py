"""The tasks of a group event's session: one of each kind for all its bookings together, while there are any.

The subject of such a task is the session: another time is another session, so what moves there has its tasks there.
Nothing says that a session as a whole moved; where all who booked it, as far as they still come, are in one other
session, whoever had taken a task of it has that one there, as after any move: theirs when they take it once more.

What its provider gives is one task as well: theirs from the first confirmed booking on, for as many guests as come,
and done when its time is over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.task import PlannedTask, Task, TaskKind, TaskState
from bot.lifecycle.tasks import TaskPlan, as_given_back, last_of, move_task

NO_BOOKINGS: Final = "no_bookings"
"""Why the tasks of a session are withdrawn that nobody comes to any more."""
NO_LONGER_PLANNED: Final = "not_planned"
_HELD: Final = frozenset({TaskState.TAKEN, TaskState.CHANGED})


def due_session_tasks(
    planned: Mapping[str, Sequence[PlannedTask]], known: Sequence[Task], now: datetime, spared: frozenset[str]
) -> list[Task]:
    """The tasks of sessions that are to be written, given what each is to have and all that there are.

    A session that is not named has nobody left; `spared` ones are left alone, since nobody can say now.
    """
    by_session: dict[str, dict[str, Task]] = {}
    for task in known:
        if task.session is not None:
            by_session.setdefault(task.session, {})[task.id] = task
    gone = {session: own for session, own in by_session.items() if session not in planned and session not in spared}
    taken = _moved_on([task for own in gone.values() for task in own.values()], planned)
    changed: list[Task] = []
    for session in planned:
        own = by_session.setdefault(session, {})
        changed += _ensured(session, planned[session], own, taken, now)
    # after what goes on elsewhere: who dies in between has it there and here, and not nowhere
    for session, own in gone.items():
        left = [_as_told(task, taken, by_session) for task in own.values()]
        changed += _withdrawn(session, left, NO_BOOKINGS, now)
    return changed


def _moved_on(tasks: Sequence[Task], planned: Mapping[str, Sequence[PlannedTask]]) -> dict[tuple[str, str], Task]:
    """The tasks that somebody has of sessions that moved as a whole, by where they went and what they are."""
    where = {one: session for session, plan in planned.items() for task in plan for one in task.booked_by}
    found: dict[tuple[str, str], list[Task]] = {}
    for task in tasks:
        sessions = {where[one] for one in task.planned.booked_by if one in where}
        if task.assignee is not None and task.state in _HELD and len(sessions) == 1:
            found.setdefault((sessions.pop(), task.planned.template), []).append(task)
    # two sessions that became one leave it open which of two people has it
    return {key: candidates[0] for key, candidates in found.items() if len(candidates) == 1}


def _as_told(task: Task, taken: Mapping[tuple[str, str], Task], by_session: Mapping[str, Mapping[str, Task]]) -> Task:
    """The task before it is withdrawn: who has it elsewhere hears of another time, and not of its loss."""
    for (session, template), moved in taken.items():
        there = last_of(list(by_session[session].values()), template)
        # what they were told of this one went along with it; who had that one before hears of both
        if moved.id == task.id and there is not None and there.shown == task.shown:
            return replace(task, shown=None)
    return task


def _ensured(
    session: str,
    planned: Sequence[PlannedTask],
    own: dict[str, Task],
    taken: Mapping[tuple[str, str], Task],
    now: datetime,
) -> list[Task]:
    names = {one.template for one in planned}
    changed = []
    for one in planned:
        last = last_of(list(own.values()), one.template)
        # who has gone elsewhere is remembered: were they all, it moved
        before_now = () if last is None or last.is_finished else last.planned.booked_by
        wanted = replace(one, booked_by=tuple(sorted({*before_now, *one.booked_by})))
        task = _next(session, wanted, last, _is_ready(wanted, names, own), now)
        before, there = taken.get((session, wanted.template)), task or last
        if before is not None and there is not None and there.state is TaskState.OPEN:
            # one write: nobody hears of what it was in between
            revision = there.revision + (1 if task is None else 0)
            task = _taken_along(there, before, revision, now)
        elif before is not None and task is not None and task.revision == 1 and task.assignee == before.assignee:
            # what the same provider gives at another time: they hear of that, and of no loss and new work
            task = replace(task, shown=before.shown)
        if task is not None:
            own[task.id] = task
            changed.append(task)
    others = [task for task in own.values() if task.planned.template not in names]
    return changed + _withdrawn(session, others, NO_LONGER_PLANNED, now)


def _next(session: str, wanted: PlannedTask, last: Task | None, is_ready: bool, now: datetime) -> Task | None:
    has_ended = wanted.kind is TaskKind.SERVICE and wanted.due_at <= now
    if (last is None or last.state is TaskState.WITHDRAWN) and has_ended:
        # nobody is told of what has been
        return None
    if last is None:
        return TaskPlan(None, 1, now, session=session).ensured(None, wanted, is_ready=is_ready)
    plan = TaskPlan(None, last.plan_no + 1, now, session=session)
    if last.state is TaskState.WITHDRAWN:
        # somebody booked again after the last one had gone
        return plan.ensured(last, wanted, is_ready=is_ready)
    if last.is_finished:
        return None
    # a problem is for a person, until it is known that the guests were there
    is_over = has_ended and (wanted.is_over or last.state in _HELD)
    wanted = replace(as_given_back(last, wanted), is_over=is_over)
    is_as_it_was = last.planned == wanted
    if last.state is TaskState.WAITING and is_ready:
        known = last if is_as_it_was else replace(last, planned=wanted, plan_no=plan.plan_no)
        opened = move_task(known, TaskState.OPEN, now, "system")
        return replace(opened, acknowledged=opened.revision)
    if is_as_it_was:
        return None
    if replace(last.planned, guests=wanted.guests, booked_by=wanted.booked_by) == wanted:
        return plan.recounted(last, wanted)
    return plan.ensured(last, wanted, is_ready=is_ready)


def _taken_along(there: Task, before: Task, revision: int, now: datetime) -> Task:
    """The open task of the new session as that of whoever had it in the former, to be taken once more."""
    held = replace(move_task(there, TaskState.TAKEN, now, "system"), assignee=before.assignee, shown=before.shown)
    changed = move_task(held, TaskState.CHANGED, now, "system")
    return replace(changed, revision=revision, acknowledged=revision)


def _is_ready(wanted: PlannedTask, names: set[str], own: dict[str, Task]) -> bool:
    before = {name: last_of(list(own.values()), name) for name in wanted.after if name in names}
    return all(task is not None and task.is_finished for task in before.values())


def _withdrawn(session: str, tasks: Sequence[Task], reason: str, now: datetime) -> list[Task]:
    gone = [TaskPlan(None, task.plan_no, now, session=session).withdrawn(task, reason) for task in tasks]
    return [task for task in gone if task is not None]
