"""Who else could do work that nobody has taken, or when somebody could: facts for the person who looks."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.definition import Business
from bot.domain.task import OfferOutcome, Task, TaskKind, TaskState
from bot.lifecycle.task_steps import candidates

_NO: Final = frozenset({OfferOutcome.DECLINED, OfferOutcome.DROPPED, OfferOutcome.BUSY})
STEP: Final = timedelta(minutes=30)
LOOKED_AHEAD: Final = timedelta(days=7)
PEOPLE: Final = "people"
"""The fact that names who could be asked by a person: their ids, as `assign` takes them."""
WORKS_FROM: Final = "works_from"
"""The fact that says when somebody of that role is at work there next."""


def alternatives(
    task: Task, business: Business, off_at: Callable[[datetime], Collection[str]] = lambda at: ()
) -> dict[str, str]:
    """People who could have it, are not off (`off_at` says who is at a moment) and have not said no to that time; with
    none of them, when somebody works there next."""
    if task.state is not TaskState.UNFILLED:
        return {}
    said_no = {
        offer.who for offer in task.offers if offer.outcome in _NO and offer.shown == task.planned.shown_to(offer.who)
    }
    if task.planned.kind is TaskKind.SERVICE:
        known = {str(one.id) for one in business.providers}
        able = [who for who in task.planned.candidates if who in known]
    else:
        able = [str(one.id) for one in candidates(task, business)]
    off = off_at(task.planned.begins_at)
    left = [who for who in able if who not in said_no and who not in off]
    if left:
        return {PEOPLE: ", ".join(left)}
    if task.planned.kind is TaskKind.SERVICE:
        return {}
    for steps in range(1, LOOKED_AHEAD // STEP + 1):
        due = task.planned.due_at + steps * STEP
        later = replace(task, planned=replace(task.planned, due_at=due))
        off = off_at(later.planned.begins_at)
        if people := [
            str(one.id) for one in candidates(later, business) if str(one.id) not in said_no and str(one.id) not in off
        ]:
            begins = later.planned.begins_at.astimezone(business.zone).isoformat(timespec="minutes")
            return {WORKS_FROM: begins, PEOPLE: ", ".join(people)}
    return {}
