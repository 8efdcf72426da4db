"""What a person has to look at of work that belongs to no customer: of the house, of its upkeep, of a session.

A projection of the task as it is written: it is open as long as the task is late, is nobody's or cannot be done, and
gone with the write that ends that. Work for one booking is its customer's alarm (`bot.dialogue.states.staying`).
"""

from datetime import datetime

from bot.domain.alarms import AlarmReason, LeadAlarm
from bot.domain.task import Task, TaskState


def work_alarms(task: Task, now: datetime) -> tuple[LeadAlarm, ...] | None:
    """The alarms that stand with the task; none (no tuple) where those that are kept with it stay as they are."""
    if task.booking is not None or task.is_finished:
        return ()
    due, is_unfilled = task.planned.due_at, task.state is TaskState.UNFILLED
    if task.state is TaskState.PROBLEM:
        # found unfinished day by day it is the same trouble, since whoever has it told of it
        return None if task.is_late else (LeadAlarm(AlarmReason.TASK_PROBLEM, task.id, now, due=due),)
    if not task.is_late:
        # given back, or nobody took it: there may be time yet to give it to somebody
        return (LeadAlarm(AlarmReason.TASK_UNFILLED, task.id, now, due=due),) if is_unfilled else ()
    # the moment that passed, the same at each look: nobody had begun, or whoever has it had not ended
    since = due if task.assignee is not None else task.planned.begins_at
    return (LeadAlarm(AlarmReason.TASK_LATE, task.id, min(since, now), due=due),)
