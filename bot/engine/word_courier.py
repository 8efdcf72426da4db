"""A provider's words to their guest and back: deliveries from one thread to the other, each once, without numbers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson

from bot.business.contacts import contact_of
from bot.dialogue.task_plan import HAVE_TASKS
from bot.domain import window
from bot.domain.ids import BookingReference, EffectId, EventId
from bot.domain.masking import without_contacts
from bot.domain.partner_events import PassResult
from bot.domain.partner_orders import PassToGuest
from bot.domain.passing import PassToProvider, ProviderWrote, WordsNotPassed
from bot.domain.task import Task, TaskKind
from bot.engine.internal import internal
from bot.engine.living import living
from bot.engine.partner_directory import PartnerDirectory
from bot.lifecycle.job_notices import holder
from bot.store.bookings import Bookings
from bot.store.leads import Leads
from bot.store.received import Received
from bot.store.tasks import Tasks
from bot.store.vault import Vault

PROVIDER_WORDS: Final = "provider_words"
GUEST_WORDS: Final = "guest_words"
NOT_PASSED: Final = "words_not_passed"


@dataclass(frozen=True, slots=True)
class WordCourier:
    """Tasks in one hand, the threads of both in the other."""

    tasks: Tasks
    bookings: Bookings
    leads: Leads
    received: Received
    vault: Vault
    directory: PartnerDirectory

    async def to_guest(self, effect: EffectId, order: PassToGuest, task: Task, now: datetime) -> PassResult:
        """A provider's words to the guest of a job of theirs."""
        if task.planned.kind is not TaskKind.SERVICE or task.booking is None:
            return PassResult.NOT_THEIRS
        recorded = await self.bookings.find(task.booking)
        stored = None if recorded is None else await living(self.leads, recorded.lead)
        booking = None if stored is None else stored.lead.booking(task.booking)
        if stored is None or booking is None or booking.state not in HAVE_TASKS or task.is_finished:
            return PassResult.OVER
        words = without_contacts(order.words)
        facts = {"booking": task.booking, "task": task.id, "who": task.assignee, "words": words}
        real_now, text = await self.leads.server_now(), orjson.dumps(facts).decode()
        lead = stored.lead
        await self.received.record([await internal(self.vault, PROVIDER_WORDS, text, lead.id, real_now, str(effect))])
        is_said = window.is_open(lead, now) and not lead.is_with_agent and not lead.conversation.opted_out
        return PassResult.PASSED if is_said else PassResult.TO_PERSON

    async def to_provider(self, effect: EffectId, order: PassToProvider) -> None:
        """The guest's words to whoever has that task now; where nobody has, a person is called."""
        task = await self.tasks.find(order.task)
        who = None if task is None else holder(task)
        contact = None if who is None else contact_of(self.directory.business(), who, is_provider=True)
        now = await self.leads.server_now()
        facts = orjson.dumps({"booking": order.booking, "task": order.task, "words": order.words}).decode()
        if contact is not None:
            partner = await self.directory.thread_of(contact.phone)
            news = await internal(self.vault, GUEST_WORDS, facts, partner, now, str(effect))
            await self.received.record([news])
            return
        recorded = await self.bookings.find(order.booking)
        stored = None if recorded is None else await living(self.leads, recorded.lead)
        if stored is not None:
            news = await internal(self.vault, NOT_PASSED, facts, stored.lead.id, now, str(effect))
            await self.received.record([news])


def event_of(delivery: str, kind: str, body: bytes, now: datetime) -> ProviderWrote | WordsNotPassed:
    """The news for a lead back out of its delivery."""
    facts = orjson.loads(body)
    booking, task = BookingReference(facts["booking"]), facts["task"]
    if kind == NOT_PASSED:
        return WordsNotPassed(EventId(delivery), now, booking, task)
    return ProviderWrote(EventId(delivery), now, booking, task, facts["who"] or "", facts["words"])
