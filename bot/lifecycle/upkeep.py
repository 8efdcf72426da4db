"""What upkeep makes of the tasks that are there: one unfinished of each work and place, the next when it is done."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from bot.business.catalogue import Place
from bot.business.definition import Business
from bot.business.upkeep import Upkeep
from bot.domain.task import UPKEEP, PlannedTask, Task
from bot.lifecycle.tasks import TaskPlan, last_of

NO_LONGER_NEEDED: Final = "not_planned"
"""Why a task is withdrawn that the business file no longer wants."""


def due_upkeep(business: Business, known: Sequence[Task], now: datetime) -> list[Task]:
    """The tasks of upkeep that are to be written, given all that were; none where all is as it should be."""
    wanted = {template_of(work, place): (work, place) for work, place in _wanted(business)}
    changed = [_next(business, work, place, known, now) for work, place in wanted.values()]
    gone = [task for task in known if task.planned.template not in wanted and not task.is_finished]
    withdrawn = [TaskPlan(None, task.plan_no, now).withdrawn(task, NO_LONGER_NEEDED) for task in gone]
    return [task for task in (*changed, *withdrawn) if task is not None]


def template_of(work: Upkeep, place: Place) -> str:
    """What the task of that work at that place is called."""
    return f"{UPKEEP}.{work.id}.{place.id}"


def _wanted(business: Business) -> Iterator[tuple[Upkeep, Place]]:
    for work in business.upkeep:
        for place in business.places:
            if not work.places or place.id in work.places:
                yield work, place


def _next(business: Business, work: Upkeep, place: Place, known: Sequence[Task], now: datetime) -> Task | None:
    template = template_of(work, place)
    last = last_of(known, template)
    if last is not None and not last.is_finished:
        if last.planned.due_at <= now:
            # late, and seen as such; the next one is made when somebody has ended it
            return None
        # what was done before its time is not wanted a second time
        before = [task.planned.due_at for task in known if task.planned.template == template and task is not last]
        due = work.due_after(max((now, *before)), business.zone)
    else:
        due = work.due_after(now if last is None else max(now, last.planned.due_at), business.zone)
    title = tuple((code, words) for code in ("en", "id", "vi") if (words := work.title.written(code)))
    planned = PlannedTask(template, title, due, work.minutes, work.role, place.id)
    if last is None:
        return TaskPlan(None, 1, now).ensured(None, planned, is_ready=True)
    if not last.is_finished and last.planned == planned:
        return None
    return TaskPlan(None, last.plan_no + 1, now).ensured(last, planned, is_ready=True)
