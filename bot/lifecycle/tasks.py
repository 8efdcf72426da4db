"""The machine of a task: its table, the one function that applies it, and what a plan makes of what is there already.

What became of each offer (declined, expired, dropped …) stands in the offer; the steps of an offer are
`bot.lifecycle.offers`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.ids import BookingReference
from bot.domain.task import FINISHED, OfferOutcome, PlannedTask, Task, TaskKind, TaskMove, TaskOffer, TaskState

S = TaskState

TASK: Final[Mapping[TaskState, frozenset[TaskState]]] = {
    S.WAITING: frozenset({S.OPEN, S.WITHDRAWN}),
    # done by somebody who never said that they would
    S.OPEN: frozenset({S.OFFERED, S.UNFILLED, S.TAKEN, S.DONE, S.PROBLEM, S.WITHDRAWN}),
    # one of them declined, or others are asked; open again at another time
    S.OFFERED: frozenset({S.OFFERED, S.OPEN, S.UNFILLED, S.TAKEN, S.DONE, S.PROBLEM, S.WITHDRAWN}),
    # asked again at another time; a person gives it to somebody
    S.UNFILLED: frozenset({S.OPEN, S.TAKEN, S.DONE, S.PROBLEM, S.WITHDRAWN}),
    # handed to another person; open again, or unfilled, where whoever had it gave it back
    S.TAKEN: frozenset({S.OPEN, S.UNFILLED, S.TAKEN, S.CHANGED, S.DONE, S.PROBLEM, S.WITHDRAWN}),
    S.CHANGED: frozenset({S.OPEN, S.UNFILLED, S.TAKEN, S.DONE, S.PROBLEM, S.WITHDRAWN}),
    # another word about it
    S.PROBLEM: frozenset({S.OPEN, S.UNFILLED, S.PROBLEM, S.TAKEN, S.DONE, S.WITHDRAWN}),
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


def move_task(task: Task, target: TaskState, now: datetime, by: str, role: str | None = None) -> Task:
    """The task in that state, told to nobody yet; TaskDenied where the table has no such move."""
    if target not in TASK[task.state]:
        raise TaskDenied(task, target)
    offers = tuple(_closed(offer, task, target) for offer in task.offers)
    history = task.on_record(TaskMove(now, target, by, role))
    moved = replace(task, state=target, by=by, revision=task.revision + 1, offers=offers, history=history)
    if target in FINISHED:
        return replace(moved, next_at=None, is_late=False)
    return _looked_at(replace(moved, is_late=False), now)


def is_settled(task: Task) -> bool:
    """Whether whoever has it may know that it is theirs: a service, once its booking names them."""
    return task.planned.kind is not TaskKind.SERVICE or task.planned.who == task.assignee


def _closed(offer: TaskOffer, task: Task, target: TaskState) -> TaskOffer:
    """An offer as that move leaves it: nobody's answer is waited for where it is offered no more, and who had accepted
    and was not confirmed hears of its end."""
    has_accepted = offer.outcome is OfferOutcome.ACCEPTED and offer.who == task.assignee and not is_settled(task)
    if offer.is_open and target is not S.OFFERED:
        return replace(offer, outcome=OfferOutcome.LOST if target is S.TAKEN else OfferOutcome.WITHDRAWN)
    if has_accepted and target in {S.OPEN, S.UNFILLED, S.WITHDRAWN}:
        return replace(offer, outcome=OfferOutcome.WITHDRAWN)
    return offer


def found_late(task: Task, now: datetime) -> Task:
    """The task after a look at its moment found it unfinished: its provider is asked first, then it is late."""
    if task.planned.kind is TaskKind.SERVICE and task.state is S.TAKEN and task.asked_at is None:
        asked = replace(task, asked_at=now, next_at=now + ANSWERS_WITHIN, by="system", revision=task.revision + 1)
        return _told(task, asked)
    return replace(task, is_late=True, next_at=now + LOOK_AGAIN, by="system", revision=task.revision + 1)


def _looked_at(task: Task, now: datetime) -> Task:
    """With its next look: nobody's when it has to begin, somebody's when it has to be done."""
    if task.planned.is_offered and task.state is S.OPEN:
        # somebody is asked at once
        return replace(task, next_at=now)
    if task.state is S.UNFILLED and task.planned.begins_at <= now:
        # late as it is, somebody was told so just now
        return replace(task, next_at=now + LOOK_AGAIN)
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
            # what is over is not begun
            return None if planned.is_over else self._new(1, planned, is_ready)
        if planned.is_over and not last.is_finished:
            # it took place, as its booking says
            done = move_task(replace(last, planned=planned), S.DONE, self.now, self.by)
            return _told(last, replace(done, done_by=last.assignee, done_at=self.now))
        if self.plan_no == last.plan_no and _confirms(planned, last):
            # whoever accepted hears now that it is theirs
            return _told(last, replace(last, planned=planned, by=self.by, revision=last.revision + 1))
        if self.plan_no <= last.plan_no:
            return None
        planned = as_given_back(last, planned)
        # what was done exactly as it is wanted now is done, and nobody is asked again for a time that is as it was
        as_it_was = _is_as_it_was(last, planned) and last.state is not S.WITHDRAWN
        if last.is_finished and not as_it_was:
            # what is over is not begun again
            return None if planned.is_over else self._new(last.number + 1, planned, is_ready)
        is_asked_longer = last.planned.answer_by != planned.answer_by and last.state is S.UNFILLED
        if as_it_was and not is_asked_longer:
            moved = replace(last, plan_no=self.plan_no, planned=planned, revision=last.revision + 1)
            if last.state is S.OPEN and last.planned.asked_days != planned.asked_days:
                # when they are asked is another matter in the business file by now
                moved = replace(moved, next_at=self.now)
        else:
            moved = self._rearranged(last, planned, is_ready)
        return _told(last, moved)

    def recounted(self, last: Task, planned: PlannedTask) -> Task:
        """The same work for more people or fewer: whatever was said of it holds."""
        return _told(last, replace(last, plan_no=self.plan_no, planned=planned, revision=last.revision + 1))

    def _rearranged(self, last: Task, planned: PlannedTask, is_ready: bool) -> Task:
        """The task at another time or place, or somebody else's."""
        moved = replace(last, plan_no=self.plan_no, planned=planned)
        if planned.accepted_by is not None and planned.who is None and last.state is not S.WAITING:
            return self._accepted(moved, planned.accepted_by)
        if planned.who is not None and last.state is not S.WAITING:
            # sold from their own hours: theirs at the new time too, or the other's whose time it is now
            moved = move_task(replace(_unaccepted(moved, planned.who), asked_at=None), S.TAKEN, self.now, self.by)
            return replace(moved, assignee=planned.who, on_the_way_at=None, started_at=None)
        is_unconfirmed = last.state is S.TAKEN and not is_settled(last) and planned.is_offered
        if last.state in {S.OFFERED, S.UNFILLED} or is_unconfirmed:
            # whatever was said was said of the former time
            opened = move_task(moved, S.OPEN, self.now, self.by)
            return replace(opened, assignee=None, arrangement=last.arrangement + 1)
        if last.state is S.TAKEN:
            return move_task(moved, S.CHANGED, self.now, self.by)
        if last.state is S.WAITING and is_ready:
            return move_task(moved, S.OPEN, self.now, self.by)
        return _looked_at(replace(moved, is_late=False, by=self.by, revision=last.revision + 1), self.now)

    def _accepted(self, task: Task, who: str) -> Task:
        """Theirs by the yes they have said to just this time: whoever else had it hears that it is over."""
        offers = tuple(_given_up(without_yes(offer, task), offer, who) for offer in task.offers)
        yes = TaskOffer(
            who,
            self.now,
            self.now,
            OfferOutcome.ACCEPTED,
            task.arrangement + 1,
            OfferOutcome.ACCEPTED,
            task.planned.shown_to(who),
        )
        planned = replace(task.planned, accepted_by=None)
        taken = move_task(replace(task, planned=planned, offers=offers), S.TAKEN, self.now, self.by)
        return replace(
            taken,
            offers=(*taken.offers, yes),
            assignee=who,
            arrangement=yes.number,
            asked_at=None,
            on_the_way_at=None,
            started_at=None,
        )

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
        if planned.accepted_by is not None and planned.who is None and is_ready:
            return replace(self._accepted(replace(new, arrangement=0), planned.accepted_by), revision=new.revision)
        return _looked_at(new, self.now)


def _given_up(offer: TaskOffer, was: TaskOffer, who: str) -> TaskOffer:
    """An offer of a time that was given up for one which that person has said yes to: they know that it is over."""
    if was.is_open:
        return replace(offer, outcome=OfferOutcome.WITHDRAWN)
    return replace(offer, told=offer.outcome) if offer is not was and offer.who == who else offer


def _is_as_it_was(last: Task, wanted: PlannedTask) -> bool:
    """Whether all that its work depends on is what it was."""
    was = last.planned
    is_same = (was.due_at, was.place, was.guests) == (wanted.due_at, wanted.place, wanted.guests)
    is_same = is_same and wanted.accepted_by in {None, last.assignee}
    return is_same and wanted.who in {was.who, last.assignee}


def _confirms(wanted: PlannedTask, last: Task) -> bool:
    """Whether that plan names whoever has accepted it."""
    is_new = wanted.who is not None and wanted.who != last.planned.who
    return is_new and last.state is S.TAKEN and _is_as_it_was(last, wanted)


def as_given_back(last: Task, planned: PlannedTask) -> PlannedTask:
    """The plan, without whoever cannot come just then: they are not asked again because something else has changed."""
    if not _was_given_back(last, planned):
        return planned
    return replace(planned, who=None, answer_by=last.planned.answer_by, at_once=last.planned.at_once)


def _was_given_back(last: Task, wanted: PlannedTask) -> bool:
    """Whether they have said that they cannot come at just that time and place."""
    given_back = [offer for offer in last.offers if offer.outcome is OfferOutcome.DROPPED and offer.who == wanted.who]
    times = [offer.shown for offer in given_back if offer.shown is not None]
    return any((one.starts_at, one.ends_at) == (wanted.begins_at, wanted.due_at) for one in times)


def _unaccepted(task: Task, who: str) -> Task:
    """The task, where an unconfirmed yes of anybody but them is over."""
    if task.assignee == who or task.state is not S.TAKEN:
        return task
    return replace(task, offers=tuple(without_yes(offer, task) for offer in task.offers))


def without_yes(offer: TaskOffer, task: Task) -> TaskOffer:
    """The offer, over where it is the yes of whoever has the task."""
    is_over = offer.outcome is OfferOutcome.ACCEPTED and offer.who == task.assignee
    return replace(offer, outcome=OfferOutcome.WITHDRAWN) if is_over else offer


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
