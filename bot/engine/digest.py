"""The digest of the evening: each contact hears once, in one message, of what there is to do tomorrow.

It is a delivery under day and person, so of two processes that send it at once one does, and what one did not come to
is made up for by the other, or by itself when it starts again. What it says is looked up when it is told.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

import structlog

from bot.business.catalogue import PlaceNotices
from bot.business.contacts import contact_of, roles_of
from bot.business.definition import Business
from bot.domain.ids import EventId
from bot.domain.job import Job
from bot.domain.partner import Partner, booking_held, unmarked
from bot.domain.partner_events import DigestTold
from bot.domain.task import Task
from bot.engine.internal import internal
from bot.engine.job_book import JobBook, is_of
from bot.engine.partner_directory import PartnerDirectory
from bot.lifecycle.place_notices import day_starts
from bot.lifecycle.tasks import is_settled
from bot.store.driver import is_outage
from bot.store.received import Received
from bot.store.vault import Vault

log = structlog.get_logger(__name__)

DIGEST: Final = "digest"
SETTLES: Final = timedelta(minutes=2)
"""So long after its hour it is sent: what was confirmed right before stands in the read model by then."""


@dataclass(slots=True)
class DigestCourier:
    """Tasks and bookings in one hand, the threads of partners in the other."""

    book: JobBook
    directory: PartnerDirectory
    received: Received
    vault: Vault
    _sent: date | None = field(default=None, init=False)
    """The day that this process has sent last; what is sent again is known by its name."""

    async def sweep(self, now: datetime) -> int:
        """Send tomorrow's, once its hour has come; to how many."""
        business = self.book.context(now).business
        local = (now - SETTLES).astimezone(business.zone)
        day = local.date() + timedelta(days=1)
        if local.hour * 60 + local.minute < business.sop.partner.digest_at or self._sent == day:
            return 0
        phones, sent = await self._concerned(business, day), 0
        server_now = await self.directory.threads.server_now()
        for phone in sorted(phones):
            try:
                partner = await self.directory.thread_of(phone)
                name, text = f"{day}:{partner}", day.isoformat()
                await self.received.record([await internal(self.vault, DIGEST, text, partner, server_now, name)])
                sent += 1
            except Exception as error:
                if is_outage(error):
                    raise
                # the next round tries it again, under the same name for all of them
                log.exception("digest_not_sent", problem=type(error).__name__)
        self._sent = day if sent == len(phones) else None
        return sent

    async def _concerned(self, business: Business, day: date) -> set[str]:
        """The numbers of everybody who has something to do that day, or something that waits to be told."""
        phones = set(await self.directory.threads.behind())
        for task in await self._tasks(business, day):
            contact = contact_of(business, task.assignee or "", is_provider=task.planned.is_providers)
            phones |= set() if contact is None else {contact.phone}
        wanting = {str(place.id): place.contact.phone for place in business.places if _wants_digest(business, place.id)}
        first, last = _span(business, day)
        phones |= {wanting[arrival.place] for arrival in await self.book.places.between(tuple(wanting), first, last)}
        return phones

    async def event_of(self, delivery: str, body: bytes, partner: Partner, now: datetime) -> DigestTold | None:
        """What it says to that partner; none where that day is over, or they have left the file."""
        business, day = self.book.context(now).business, date.fromisoformat(body.decode())
        roles = roles_of(business, partner.phone)
        if roles is None or day < now.astimezone(business.zone).date():
            return None
        tasks = [task for task in await self._tasks(business, day) if is_of(task, roles)]
        wanting = tuple(place for place in roles.places if _wants_digest(business, place))
        arrivals = await self.book.places.between(wanting, *_span(business, day))
        known = {task.id for task in tasks} | {arrival.booking for arrival in arrivals}
        held_jobs, held_arrivals = [], []
        for name in partner.held:
            reference = booking_held(name)
            if reference is not None:
                arrival = await self.book.places.of(reference, roles.places)
                held_arrivals += [] if arrival is None or reference in known else [arrival]
                continue
            task = await self.book.desk.tasks.find(unmarked(name))
            is_theirs = task is not None and is_of(task, roles) and not task.is_finished and task.id not in known
            held_jobs += [await self.book.job(task, now)] if task is not None and is_theirs else []
        jobs: tuple[Job, ...] = tuple([await self.book.job(task, now) for task in tasks])
        return DigestTold(EventId(delivery), now, day, jobs, arrivals, tuple(held_jobs), tuple(held_arrivals))

    async def _tasks(self, business: Business, day: date) -> list[Task]:
        """What somebody has to begin that day."""
        first, last = _span(business, day)
        # a task takes a day at most, so what begins then is due in these two
        found = await self.book.desk.tasks.due_between(first, last + timedelta(days=1))
        return [task for task in found if first <= task.planned.begins_at < last and is_settled(task)]


def _wants_digest(business: Business, place: str) -> bool:
    known = business.place(place)
    return known is not None and known.notices is PlaceNotices.DIGEST


def _span(business: Business, day: date) -> tuple[datetime, datetime]:
    return day_starts(day, business.zone), day_starts(day + timedelta(days=1), business.zone)
