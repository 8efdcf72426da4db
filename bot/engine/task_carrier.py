"""Tells an outside task system of the house's tasks: the whole of a booking's work each time, until it was taken.

Told twice it is the same to whoever listens: each message says how new it is. What the outside says of a task comes
back through a door of its own and is a step like a person's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot.business.context import Context
from bot.business.definition import Business
from bot.domain.ids import BookingReference
from bot.domain.task import Task
from bot.store.bookings import Bookings, Recorded
from bot.store.carried_tasks import CarriedTasks, CarryMark
from bot.store.driver import is_outage
from bot.store.tasks import Tasks

log = structlog.get_logger(__name__)

FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=1)
STUCK_AFTER: Final = 5
"""So many tries in vain, and a person should look."""
AWAY_AFTER: Final = 2
"""So many unanswered calls in a row end a round: the others would wait as long, each for nothing."""
AT_MOST: Final = 50
"""Messages of one round: other things of the house wait for its end."""


class NotCarried(Exception):
    """The outside system did not take it; `is_away` where nobody answered."""

    def __init__(self, why: str, *, is_away: bool) -> None:
        super().__init__(why)
        self.is_away = is_away


@dataclass(frozen=True, slots=True)
class CarriedWork:
    """Everything there is to do for one booking or session, or one task of neither, at this moment."""

    subject: str
    revision: int
    """Grows with each change of any of its tasks: of two messages the higher one counts."""
    is_first: bool
    """Whether the outside was told nothing of it yet, as far as we know."""
    recorded: Recorded | None
    tasks: tuple[Task, ...]
    business: Business
    at: datetime


class TaskSystem(Protocol):
    """Whoever carries tasks outside; the port."""

    async def tell(self, work: CarriedWork) -> None:
        """Hand it over; NotCarried."""
        ...


@dataclass(slots=True)
class TaskCarrier:
    """The tasks in one hand, the outside in the other; without one there is nothing to do."""

    carried: CarriedTasks
    tasks: Tasks
    bookings: Bookings
    context: Callable[[datetime], Context]
    system: TaskSystem | None = None

    async def sweep(self, now: datetime) -> int:
        """Tell what is due; how many messages were taken."""
        if self.system is None:
            return 0
        told = unanswered = 0
        for subject in (await self.carried.due(now))[:AT_MOST]:
            # before the tasks are read: what is written from here on stays marked
            marks = await self.carried.marks(subject)
            try:
                work = await self._work(subject, marks, now)
                if not work.tasks:
                    # told without any, the outside would take all of it for called off
                    raise NotCarried("no task that can be read", is_away=False)
                await self.system.tell(work)
            except Exception as error:
                if is_outage(error):
                    raise
                # also what we could not even put into words: the others are told all the same
                why = str(error) if isinstance(error, NotCarried) else type(error).__name__
                await self._put_off(subject, marks, now, why)
                unanswered = unanswered + 1 if isinstance(error, NotCarried) and error.is_away else 0
                if unanswered >= AWAY_AFTER:
                    break
                continue
            told_of = {task.id for task in work.tasks}
            await self.carried.told([mark for mark in marks if mark.task in told_of])
            unread = [mark for mark in marks if mark.task not in told_of]
            if unread:
                # the others of its booking are told, and it waits for somebody to make it readable
                await self._put_off(subject, unread, now, "a task that cannot be read")
            told, unanswered = told + 1, 0
        return told

    async def stuck(self) -> int:
        """How many tasks could not be told for long."""
        return 0 if self.system is None else await self.carried.count_stuck(STUCK_AFTER)

    async def _work(self, subject: str, marks: list[CarryMark], now: datetime) -> CarriedWork:
        reference = BookingReference(subject)
        tasks = await self.tasks.of_booking(reference)
        if not tasks:
            tasks = await self.tasks.of_sessions([subject])
        alone = None if tasks else await self.tasks.find(subject)
        return CarriedWork(
            subject,
            sum(mark.revision for mark in marks),
            all(mark.carried == 0 for mark in marks),
            await self.bookings.find(reference) if tasks and tasks[0].booking is not None else None,
            tuple(tasks) if alone is None else (alone,),
            self.context(now).business,
            now,
        )

    async def _put_off(self, subject: str, marks: list[CarryMark], now: datetime, why: str) -> None:
        tries = max((mark.tries for mark in marks), default=0) + 1
        pause = min(FIRST_PAUSE * 2 ** min(tries - 1, 10), LONGEST_PAUSE)
        await self.carried.put_off(marks, now + pause)
        say = log.error if tries >= STUCK_AFTER else log.warning
        say("tasks_not_carried", subject=subject, tries=tries, problem=why)
