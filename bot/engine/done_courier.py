"""Whom a task of the business file tells that it is done (`tasks[].tell`): the contact of its place, people of a role.

Told to their threads through `received`, once each: the name is that of the task and the thread, so telling twice is
telling once. Its guest hears of it by the news of the task, which goes to their lead anyway.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson

from bot.business.catalogue import Contact
from bot.business.contacts import contact_of
from bot.business.definition import Business
from bot.business.staff import GUEST, PLACE
from bot.domain.task import Task, TaskState
from bot.engine.internal import internal
from bot.engine.partner_directory import PartnerDirectory
from bot.store.received import Received
from bot.store.vault import Vault

DONE_NEWS: Final = "task_done"


@dataclass(frozen=True, slots=True)
class DoneCourier:
    """What is done in one hand, the threads of those who want to know in the other."""

    received: Received
    vault: Vault
    directory: PartnerDirectory

    async def tell(self, task: Task, now: datetime) -> None:
        """Everybody whom the file names hears of it, but for whoever did it."""
        if task.state is not TaskState.DONE:
            return
        for phone in dict.fromkeys(contact.phone for contact in _concerned(task, self.directory.business(), now)):
            partner = await self.directory.thread_of(phone)
            real_now, text = await self.directory.threads.server_now(), orjson.dumps({"task": task.id}).decode()
            news = await internal(self.vault, DONE_NEWS, text, partner, real_now, f"{task.id}:{partner}")
            await self.received.record([news])


def _concerned(task: Task, business: Business, now: datetime) -> Iterator[Contact]:
    told = business.told_when_done(task.planned.template)
    place, doer = business.place(task.planned.place), task.done_by or task.assignee
    if PLACE in told and place is not None:
        yield place.contact
    area = None if place is None else place.area
    for person in business.staff:
        # who is not at work is not disturbed by what they need not do anything about
        is_doer = not task.planned.is_providers and person.id == doer
        is_there = not is_doer and person.works(area, now, business.zone)
        if is_there and any(role in told for role in person.roles if role != GUEST):
            yield person.contact


def who_did(task: Task, business: Business) -> str:
    """By name; empty where nobody of the file did it."""
    contact = contact_of(business, task.done_by or "", is_provider=task.planned.is_providers)
    return "" if contact is None else contact.name
