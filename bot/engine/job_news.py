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
from bot.domain.job import JobNews
from bot.domain.task import ShownJob, Task, TaskKind
from bot.engine.internal import internal
from bot.engine.partner_directory import PartnerDirectory
from bot.lifecycle.job_notices import job_notices
from bot.store.driver import is_outage
from bot.store.received import Received
from bot.store.shapes import pack_shown_job, unpack_shown_job
from bot.store.tasks import Tasks
from bot.store.vault import Vault

log = structlog.get_logger(__name__)

JOB_NEWS: Final = "job_news"


@dataclass(frozen=True, slots=True)
class JobTelling:
    """What a delivery of that kind says."""

    task: str
    news: JobNews
    shown: ShownJob | None


@dataclass(frozen=True, slots=True)
class JobCourier:
    """Tasks in one hand, the threads of partners in the other."""

    tasks: Tasks
    received: Received
    vault: Vault
    directory: PartnerDirectory

    async def tell(self, task: Task) -> None:
        """Everybody who has to know how it stands is told."""
        business = self.directory.business()
        for who, news in job_notices(task):
            contact = contact_of(business, who, is_provider=task.planned.kind is TaskKind.SERVICE)
            if contact is None:
                # who has left the file is not written to, and their work is for a person to give away
                log.warning("job_of_nobody", task=task.id)
                continue
            partner = await self.directory.thread_of(contact.phone)
            name = f"{task.id}:{task.revision}:{who}"
            gone = task.shown if news is JobNews.GONE and task.shown is not None else None
            facts = {"task": task.id, "news": news.value, "shown": gone and pack_shown_job(gone).decode()}
            now = await self.directory.threads.server_now()
            text = orjson.dumps(facts).decode()
            await self.received.record([await internal(self.vault, JOB_NEWS, text, partner, now, name)])
        await self.tasks.mark_shown(task)

    async def tell_of(self, booking: BookingReference) -> None:
        """What its lead has ordered for its tasks is told at once."""
        for task in await self.tasks.of_booking(booking):
            if job_notices(task):
                await self.tell(task)

    async def sweep(self, now: datetime) -> int:
        """Tell what was not told; how many tasks that were."""
        told = 0
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
        facts["task"], JobNews(facts["news"]), None if shown is None else unpack_shown_job(shown.encode())
    )
