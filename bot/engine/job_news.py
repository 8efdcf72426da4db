"""Whoever has a task hears of every change of it: told to their thread through `received`, once each.

What a process did not come to tell is told by the next sweep, under the same name.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson
import structlog

from bot.business.contacts import contact_of
from bot.domain.ids import BookingReference
from bot.domain.job import JOB_NEWS, JobNews, telling_name
from bot.domain.task import ShownJob, Task
from bot.engine.internal import internal
from bot.engine.partner_directory import PartnerDirectory
from bot.lifecycle.job_notices import JobNotice, holder, job_notices
from bot.store.driver import is_outage
from bot.store.received import Received
from bot.store.shapes import pack_shown_job, unpack_shown_job
from bot.store.tasks import Tasks
from bot.store.vault import Vault

log = structlog.get_logger(__name__)

NO_THREAD: Final = ""
"""Where nobody can be told."""


@dataclass(frozen=True, slots=True)
class JobTelling:
    """What a delivery of that kind says."""

    task: str
    news: JobNews
    shown: ShownJob | None
    offer: int | None = None
    """Which arrangement of it was offered; none where it is about what is theirs."""


@dataclass(slots=True)
class JobCourier:
    """Tasks in one hand, the threads of partners in the other."""

    tasks: Tasks
    received: Received
    vault: Vault
    directory: PartnerDirectory
    _numbers_of: str | None = None
    """The version of the business file whose numbers have what they have to do."""

    async def tell(self, task: Task) -> None:
        """Everybody who has to know how it stands is told."""
        has_it, thread = holder(task), None
        for notice in job_notices(task):
            told = await self._told(task, notice)
            thread = told if notice.who == has_it else thread
        await self.tasks.mark_shown(task, thread)

    async def _told(self, task: Task, notice: JobNotice, *, again: bool = False) -> str:
        """The thread of theirs that is told; empty where they have none."""
        business = self.directory.business()
        contact = contact_of(business, notice.who, is_provider=task.planned.is_providers)
        if contact is None:
            # who has left the file is not written to, and their work is for a person to give away
            log.warning("job_of_nobody", task=task.id)
            return NO_THREAD
        partner = await self.directory.thread_of(contact.phone)
        name = telling_name(task.id, task.revision, f"{notice.who}@{partner}" if again else notice.who)
        if notice.offer is not None:
            # one person may be told of the end of one offer and of another in the same moment
            name = f"{name}:{notice.offer}:{notice.news.value}"
        shown = notice.shown and pack_shown_job(notice.shown).decode()
        facts = {"task": task.id, "news": notice.news.value, "shown": shown, "offer": notice.offer}
        now = await self.directory.threads.server_now()
        text = orjson.dumps(facts).decode()
        await self.received.record([await internal(self.vault, JOB_NEWS, text, partner, now, name)])
        return partner

    async def _tell_new_numbers(self, now: datetime) -> int:
        """Whoever has another number in the business file than they were told at hears there what they have to do."""
        business = self.directory.business()
        if business.version == self._numbers_of:
            return 0
        providers, staff = ([str(one.id) for one in people] for people in (business.providers, business.staff))
        told = 0
        for task in await self.tasks.of_workers(providers, staff, None, now):
            shown, has_it = task.shown, holder(task)
            contact = contact_of(business, has_it or "", is_provider=task.planned.is_providers)
            if shown is None or shown.thread is None or contact is None or job_notices(task):
                # told by the sweep anyway, or nobody knows where they were
                continue
            if shown.thread != self.directory.id_of(contact.phone):
                thread = await self._told(task, JobNotice(shown.who, JobNews.GIVEN), again=True)
                await self.tasks.mark_shown(task, thread)
                told += 1
        for task in await self.tasks.offered():
            for notice in await self._asked_elsewhere(task):
                await self._told(task, notice, again=True)
                told += 1
        self._numbers_of = business.version
        return told

    async def _asked_elsewhere(self, task: Task) -> list[JobNotice]:
        """Whose answer is waited for at a number that is theirs no more: at the new one nobody has asked them."""
        business, found = self.directory.business(), []
        for offer in task.offers:
            contact = contact_of(business, offer.who, is_provider=task.planned.is_providers)
            if not offer.is_open or offer.told is None or contact is None:
                # told by the sweep anyway, or nobody can be asked
                continue
            stored = await self.directory.threads.load(self.directory.id_of(contact.phone))
            if stored is None or not stored.thread.was_asked(task.id, offer.number):
                found.append(JobNotice(offer.who, JobNews.OFFERED, offer.shown, offer.number))
        return found

    async def tell_of(self, booking: BookingReference) -> None:
        """What its lead has ordered for its tasks is told at once."""
        for task in await self.tasks.of_booking(booking):
            if job_notices(task):
                await self.tell(task)

    async def sweep(self, now: datetime) -> int:
        """Tell what was not told; how many tasks that were."""
        told = await self._tell_new_numbers(now)
        for task in await self.tasks.unshown():
            try:
                await self.tell(task)
                told += 1
            except Exception as error:
                if is_outage(error):
                    raise
                # the next sweep tries it again, and the others are told now
                log.exception("job_not_told", task=task.id, problem=type(error).__name__)
        return told


def telling_of(body: bytes) -> JobTelling:
    """The news back out of its delivery."""
    facts = orjson.loads(body)
    shown = facts.get("shown")
    return JobTelling(
        facts["task"],
        JobNews(facts["news"]),
        None if shown is None else unpack_shown_job(shown.encode()),
        facts.get("offer"),
    )
