"""Work that is offered: who is asked next, and what an answer means; nothing is written here.

Those who are asked at the same time are a wave: everybody at once, or one after the other, the best first. The first
who accepts has it. Silence counts as a no when its time is over, and where nobody is left it is unfilled.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.task import FINISHED, OfferOutcome, Task, TaskKind, TaskOffer, TaskState
from bot.lifecycle.task_steps import TaskRefusal, TaskRefused
from bot.lifecycle.tasks import move_task, without_yes

SEARCHED_AGAIN_FOR: Final = timedelta(hours=24)
"""So long at most others are asked after somebody gave it back."""
LEFT_FOR_THE_REST: Final = timedelta(hours=2)
"""So long before it begins the search ends, where it can: time to find another way."""
SEARCHED: Final = frozenset({TaskState.OPEN, TaskState.OFFERED})
"""Where somebody is still to be asked, or to answer."""

MORNING: Final = time(8)
EVENING: Final = time(20)
NIGHT: Final = timedelta(hours=12)
"""Staff are asked by day, in the house's own time."""
_HURRY: Final = timedelta(hours=6)
"""With less time than this to find somebody else, all are asked at once."""
_NO: Final = frozenset({OfferOutcome.DECLINED, OfferOutcome.DROPPED, OfferOutcome.BUSY})
_ANSWERED: Final = {
    OfferOutcome.LOST: TaskRefusal.OFFER_LOST,
    OfferOutcome.DECLINED: TaskRefusal.OFFER_DECLINED,
    OfferOutcome.DROPPED: TaskRefusal.OFFER_DECLINED,
    OfferOutcome.BUSY: TaskRefusal.OFFER_BUSY,
}
"""Why an answer to an offer that ended so does nothing; otherwise it is simply over."""


def is_searched(task: Task) -> bool:
    """Whether it is offered, or to be offered."""
    return task.planned.is_offered and task.state in SEARCHED


def ends_at(task: Task) -> datetime:
    """Until when somebody has to have accepted."""
    return task.planned.answer_by or task.planned.begins_at


def offer_of(task: Task, who: str, number: int | None = None) -> TaskOffer | None:
    """What that person was asked, in that arrangement or the last one."""
    found = [offer for offer in task.offers if offer.who == who and number in {None, offer.number}]
    return found[-1] if found else None


def unasked(task: Task, ranked: Sequence[str]) -> tuple[str, ...]:
    """Those of them who were not asked for this arrangement, and have not said no to the same time and place before."""
    asked = {offer.who for offer in task.offers if offer.number == task.arrangement or _is_no_to_this(offer, task)}
    return tuple(who for who in dict.fromkeys(ranked) if who not in asked)


def _is_no_to_this(offer: TaskOffer, task: Task) -> bool:
    return offer.outcome in _NO and offer.shown == task.planned.shown_to(offer.who)


def advanced(task: Task, ranked: Sequence[str], now: datetime) -> Task:
    """The task after a look at its offers: silence has ended, the next are asked, or it is unfilled; the same where
    nothing is to be done yet. `ranked`: who can be asked now, best first."""
    if not is_searched(task):
        return task
    is_over = ends_at(task) <= now
    silent = [offer for offer in task.offers if offer.is_open and (is_over or offer.answer_by <= now)]
    offers = tuple(replace(offer, outcome=OfferOutcome.EXPIRED) if offer in silent else offer for offer in task.offers)
    waiting = [offer.answer_by for offer in offers if offer.is_open]
    if waiting and not silent:
        return task
    task = replace(task, offers=offers)
    if waiting:
        return replace(move_task(task, TaskState.OFFERED, now, "system"), next_at=min(waiting))
    left = () if is_over else unasked(task, ranked)
    if not left:
        return move_task(task, TaskState.UNFILLED, now, "system")
    until = _answer_by(task, now)
    wave = left if task.planned.at_once else left[:1]
    made = tuple(TaskOffer(who, now, until, number=task.arrangement, shown=task.planned.shown_to(who)) for who in wave)
    asked = replace(task, offers=(*offers, *made))
    return replace(move_task(asked, TaskState.OFFERED, now, "system"), next_at=until)


def asked_from(task: Task, now: datetime, zone: ZoneInfo) -> Task:
    """The task with its next look when staff are to be asked: so many days before it, and in the morning where that
    is at night; the same where they are asked now: a guest waits for a service, and what begins soon cannot wait."""
    if task.planned.kind is TaskKind.SERVICE:
        return task
    asked_at = _asked_at(task, now)
    local = asked_at.astimezone(zone)
    if task.planned.begins_at - asked_at > _HURRY + NIGHT and not MORNING <= local.time() < EVENING:
        day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
        asked_at = datetime.combine(day, MORNING, zone).astimezone(UTC)
    if asked_at == now:
        return task
    return replace(task, next_at=asked_at, revision=task.revision + 1, acknowledged=_unchanged(task))


def asked_later(task: Task, now: datetime) -> datetime | None:
    """When staff are to be asked about it; none where they were, are about to be, or need not be."""
    if not task.planned.is_offered or task.state is not TaskState.OPEN:
        return None
    return task.next_at if task.next_at is not None and task.next_at > now else None


def _asked_at(task: Task, now: datetime) -> datetime:
    """When they are asked, night or day."""
    days = task.planned.asked_days
    return now if days is None else max(now, task.planned.begins_at - timedelta(days=days))


def _unchanged(task: Task) -> int:
    """What was told stays told: that somebody looks later is no news."""
    return task.acknowledged + (task.acknowledged == task.revision)


def accepted(task: Task, who: str, number: int, now: datetime, by: str) -> Task:
    """Theirs, as they were the first to accept; TaskRefused."""
    _answerable(task, who, number, now)
    offers = _answered(task, who, OfferOutcome.ACCEPTED)
    taken = move_task(replace(task, offers=offers), TaskState.TAKEN, now, by)
    return replace(taken, assignee=who, note=None, asked_at=None, on_the_way_at=None, started_at=None)


def declined(
    task: Task, who: str, number: int, now: datetime, by: str, outcome: OfferOutcome = OfferOutcome.DECLINED
) -> Task:
    """They do not want it, cannot be told, or have no time; whoever is next is asked at the next look. TaskRefused."""
    _answerable(task, who, number, now)
    moved = move_task(replace(task, offers=_answered(task, who, outcome)), TaskState.OFFERED, now, by)
    waiting = [offer.answer_by for offer in moved.offers if offer.is_open]
    return replace(moved, next_at=min(waiting, default=now))


def assigned(task: Task, who: str, now: datetime, by: str, role: str | None = None) -> Task:
    """Theirs because a person has said so, whatever became of its offers; TaskRefused."""
    _require_unfinished(task)
    if not task.planned.candidates:
        raise TaskRefused(TaskRefusal.OF_PROVIDER, task, task.assignee or "")
    if who not in task.planned.candidates:
        raise TaskRefused(TaskRefusal.NOT_A_CANDIDATE, task, who)
    if task.assignee == who:
        return task
    accepted_by = TaskOffer(who, now, now, OfferOutcome.ACCEPTED, task.arrangement, None, task.planned.shown_to(who))
    theirs = offer_of(task, who, task.arrangement)
    offers = tuple(without_yes(offer, task) for offer in task.offers if offer is not theirs or not offer.is_open)
    taken = move_task(replace(task, offers=(*offers, accepted_by)), TaskState.TAKEN, now, by, role)
    return replace(taken, assignee=who, asked_at=None, on_the_way_at=None, started_at=None)


def dropped(task: Task, who: str, now: datetime, note: str | None = None) -> Task:
    """They give back what they had: it is offered to the others who could do it then and there; TaskRefused."""
    _require_unfinished(task)
    if task.assignee != who:
        asked = offer_of(task, who)
        why = TaskRefusal.NO_SUCH_TASK if asked is None else _ANSWERED.get(asked.outcome, TaskRefusal.OFFER_OVER)
        raise TaskRefused(why, task, who)
    if task.started_at is not None:
        # somebody is there: that is a problem for a person
        raise TaskRefused(TaskRefusal.STARTED, task)
    planned = replace(task.planned, who=None)
    if planned.is_offered:
        # given back long before anybody is asked, it is offered when its time for that has come
        asked_at = _asked_at(task, now)
        until = _search_again_until(task, asked_at)
        planned = replace(planned, answer_by=until, at_once=planned.at_once or until - asked_at < _HURRY)
    free = replace(task, planned=planned, offers=_given_back(task, who, now), assignee=None, shown=None, note=note)
    free = replace(free, arrangement=task.arrangement + 1, on_the_way_at=None, asked_at=None)
    return move_task(free, TaskState.OPEN if planned.is_offered else TaskState.UNFILLED, now, f"partner:{who}")


def _require_unfinished(task: Task) -> None:
    if task.state is TaskState.DONE:
        raise TaskRefused(TaskRefusal.DONE, task, task.done_by or task.by)
    if task.state is TaskState.WITHDRAWN:
        raise TaskRefused(TaskRefusal.WITHDRAWN, task, task.withdrawn_for or "")


def _given_back(task: Task, who: str, now: datetime) -> tuple[TaskOffer, ...]:
    theirs = offer_of(task, who, task.arrangement)
    if theirs is not None:
        return _answered(task, who, OfferOutcome.DROPPED)
    # sold from their own hours, or given to them by a person: they were never asked
    given_back = OfferOutcome.DROPPED
    made = TaskOffer(who, now, now, given_back, task.arrangement, given_back, task.planned.shown_to(who))
    return (*task.offers, made)


def _answerable(task: Task, who: str, number: int, now: datetime) -> None:
    """That their answer still counts; TaskRefused."""
    offer = offer_of(task, who, number)
    if offer is None:
        raise TaskRefused(TaskRefusal.NO_SUCH_TASK, task)
    if task.assignee == who and task.state not in FINISHED and offer.outcome is OfferOutcome.ACCEPTED:
        raise TaskRefused(TaskRefusal.OFFER_YOURS, task, who)
    if not offer.is_open:
        raise TaskRefused(_ANSWERED.get(offer.outcome, TaskRefusal.OFFER_OVER), task, who)
    if offer.answer_by <= now:
        # nobody has looked since; silence has ended it all the same
        raise TaskRefused(TaskRefusal.OFFER_OVER, task, who)


def _answered(task: Task, who: str, outcome: OfferOutcome) -> tuple[TaskOffer, ...]:
    """The offers, the last one to that person answered by them, who hears so as they answer."""
    last = offer_of(task, who)
    return tuple(replace(one, outcome=outcome, told=outcome) if one is last else one for one in task.offers)


def _answer_by(task: Task, now: datetime) -> datetime:
    """Until when those have time who are asked now."""
    minutes, end = task.planned.answer_minutes, ends_at(task)
    return end if minutes is None else min(end, now + timedelta(minutes=minutes))


def _search_again_until(task: Task, now: datetime) -> datetime:
    begins = task.planned.begins_at
    until = min(now + SEARCHED_AGAIN_FOR, begins - LEFT_FOR_THE_REST)
    # too late for another way: then they are asked until the last moment
    return until if until > now else begins
