"""The tasks of a group event's session: one of each kind for all its bookings together, while there are any.

The subject of such a task is the session: another time is another session, so what moves there has its tasks there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.task import PlannedTask, Task, TaskState
from bot.lifecycle.tasks import TaskPlan, last_of, move_task

NO_BOOKINGS: Final = "no_bookings"
"""Why the tasks of a session are withdrawn that nobody comes to any more."""
NO_LONGER_PLANNED: Final = "not_planned"


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
    changed: list[Task] = []
    for session in planned.keys() | by_session.keys():
        own = by_session.get(session, {})
        if session in planned:
            changed += _ensured(session, planned[session], own, now)
        elif session not in spared:
            changed += _withdrawn(session, list(own.values()), NO_BOOKINGS, now)
    return changed


def _ensured(session: str, planned: Sequence[PlannedTask], own: dict[str, Task], now: datetime) -> list[Task]:
    names = {one.template for one in planned}
    changed = []
    for wanted in planned:
        last = last_of(list(own.values()), wanted.template)
        task = _next(session, wanted, last, _is_ready(wanted, names, own), now)
        if task is not None:
            own[task.id] = task
            changed.append(task)
    others = [task for task in own.values() if task.planned.template not in names]
    return changed + _withdrawn(session, others, NO_LONGER_PLANNED, now)


def _next(session: str, wanted: PlannedTask, last: Task | None, is_ready: bool, now: datetime) -> Task | None:
    if last is None:
        return TaskPlan(None, 1, now, session=session).ensured(None, wanted, is_ready=is_ready)
    plan = TaskPlan(None, last.plan_no + 1, now, session=session)
    if last.state is TaskState.WITHDRAWN:
        # somebody booked again after the last one had gone
        return plan.ensured(last, wanted, is_ready=is_ready)
    if last.is_finished:
        return None
    if last.planned != wanted:
        return plan.ensured(last, wanted, is_ready=is_ready)
    if last.state is TaskState.WAITING and is_ready:
        opened = move_task(last, TaskState.OPEN, now, "system")
        return replace(opened, acknowledged=opened.revision)
    return None


def _is_ready(wanted: PlannedTask, names: set[str], own: dict[str, Task]) -> bool:
    before = {name: last_of(list(own.values()), name) for name in wanted.after if name in names}
    return all(task is not None and task.is_finished for task in before.values())


def _withdrawn(session: str, tasks: Sequence[Task], reason: str, now: datetime) -> list[Task]:
    gone = [TaskPlan(None, task.plan_no, now, session=session).withdrawn(task, reason) for task in tasks]
    return [task for task in gone if task is not None]
