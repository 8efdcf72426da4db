"""Who has to be told of a task, given how it stands and what they were told last: a change each, and nothing twice."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.job import JobNews
from bot.domain.task import OfferOutcome, ShownJob, Task, TaskOffer, TaskState
from bot.lifecycle.tasks import is_settled

_HELD: Final = frozenset({TaskState.TAKEN, TaskState.CHANGED, TaskState.PROBLEM})
"""States in which somebody has it."""
_LAST_WORDS: Final = {
    OfferOutcome.LOST: JobNews.OFFER_LOST,
    OfferOutcome.WITHDRAWN: JobNews.OFFER_OVER,
    OfferOutcome.EXPIRED: JobNews.OFFER_EXPIRED,
}
"""What ends without a word of theirs; every other end is the answer to what they said."""


@dataclass(frozen=True, slots=True)
class JobNotice:
    """One thing that one person has to be told."""

    who: str
    news: JobNews
    shown: ShownJob | None = None
    """Its time and place as they know it, where it is theirs no longer, or not yet."""
    offer: int | None = None
    """Which arrangement they were asked for."""


def holder(task: Task) -> str | None:
    """Whose it is now, and may be told so."""
    return task.assignee if task.state in _HELD and is_settled(task) else None


def job_notices(task: Task) -> tuple[JobNotice, ...]:
    """Who is to be told what; nothing where everybody knows."""
    has_it, shown = holder(task), task.shown
    found = list(_of_offers(task))
    if shown is not None and shown.who != has_it and task.state is not TaskState.DONE:
        found.append(JobNotice(shown.who, JobNews.GONE, shown))
    if has_it is None:
        return tuple(found)
    if shown is None or shown.who != has_it:
        found.append(JobNotice(has_it, JobNews.GIVEN))
    elif replace(shown, was_asked=False, thread=None) != task.planned.shown_to(has_it):
        found.append(JobNotice(has_it, JobNews.CHANGED))
    elif task.asked_at is not None and not shown.was_asked:
        found.append(JobNotice(has_it, JobNews.OVERDUE))
    return tuple(found)


def having_told(task: Task, thread: str | None = None) -> Task:
    """The task after everybody was told how it stands, whoever has it in that thread."""
    task = replace(task, offers=tuple(replace(offer, told=offer.outcome) for offer in task.offers))
    has_it = holder(task)
    if has_it is None:
        return task if task.state is TaskState.DONE else replace(task, shown=None)
    if thread is None and task.shown is not None and task.shown.who == has_it:
        thread = task.shown.thread
    was_asked = task.asked_at is not None
    return replace(task, shown=replace(task.planned.shown_to(has_it), was_asked=was_asked, thread=thread))


def _of_offers(task: Task) -> Iterator[JobNotice]:
    """Last words first: who is asked again about another time hears that the former one is over.

    Also where nobody has noted that they were asked: whoever asked them may have died before that. Their thread knows
    what it said, and says no last word about anything else.
    """
    for offer in task.offers:
        if offer.outcome in _LAST_WORDS and offer.told is not offer.outcome:
            yield _notice(offer, _LAST_WORDS[offer.outcome])
    for offer in task.offers:
        if offer.is_open and offer.told is None:
            yield _notice(offer, JobNews.OFFERED)


def _notice(offer: TaskOffer, news: JobNews) -> JobNotice:
    return JobNotice(offer.who, news, offer.shown, offer.number)
