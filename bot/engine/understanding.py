"""What a burst means: our own reading, made better by a model where one is configured, alive and within budget.

Made once for a burst and kept with its delivery. A retry or a replay reads the same; when what the lead expects has
changed meanwhile, only our own part is made again and the model's old answer is joined to it. A model is asked about
a delivery once: a question that ends a process is not put again.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import structlog

from bot.business.context import Context
from bot.business.definition import Business
from bot.dialogue import referrals
from bot.domain import place_codes
from bot.domain.contents import Media
from bot.domain.ids import DeliveryId, LeadId
from bot.domain.languages import understood
from bot.domain.lead import Lead
from bot.domain.outbox import StoredLead
from bot.engine.read_messages import FirstReading
from bot.engine.visits import outside
from bot.store.delivery import Delivery, Helper, KeptReading
from bot.store.leads import Leads
from bot.store.received import Received
from bot.store.shapes import UnknownKind, pack_answer, pack_understanding, unpack_answer, unpack_understanding
from bot.store.vault import Vault
from intents import head, joining
from intents.head import Embeds
from intents.said import Answer, ModelQuestion, Option
from intents.understanding import ExpectedAnswer, Language, Understanding

log = structlog.get_logger(__name__)

BUDGET_LASTS: Final = timedelta(hours=24)
"""Questions about one conversation are counted over this long."""
QUESTIONS_A_DAY: Final = 40


class Understands(Protocol):
    """Words in, meaning out; pure, never raises."""

    def __call__(
        self,
        text: str,
        expecting: ExpectedAnswer,
        today: date,
        now: datetime,
        language: Language | None,
        vector: Sequence[float] | None = None,
    ) -> Understanding:
        """What these words mean to somebody who waits for that; `now` is in the business's zone."""


class Asks(Protocol):
    """A language model: asked in time or not at all, and nothing is ever raised."""

    async def ask(self, question: ModelQuestion) -> Answer:
        """What it says of a message, or why it says nothing."""


class Listens(Protocol):
    """Somebody who writes down voice notes: in time or not at all, and nothing is ever raised."""

    async def words_of(self, note: Media) -> str | None:
        """The words, or none."""


@dataclass(frozen=True, slots=True)
class KeptUnderstanding:
    """How a message was understood, and what a model was asked and said about it."""

    understanding: Understanding
    answer: Answer | None


@dataclass(slots=True)
class Interpreter:
    """Our own rules, and the helpers that are configured."""

    received: Received
    vault: Vault
    leads: Leads
    understand: Understands
    context: Callable[[datetime], Context]
    timezone: str
    """The business's, IANA name."""
    embeds: Embeds | None = None
    """The small embedded model, where the extra `nlu` is installed; some 25 ms, called from a thread."""
    model: Asks | None = None
    """None where no model is configured: understanding is then local alone."""
    voice: Listens | None = None
    """None where nobody writes down voice notes: a person listens to them."""
    questions_a_day: int = QUESTIONS_A_DAY
    """How often a model may be asked about one conversation in 24 hours."""

    def first_reading(self, lead: Lead, body: str, now: datetime) -> FirstReading:
        """What our own rules make of a single text, without a helper."""
        words, talk, local_now = meant_words(body), lead.conversation, self._local(now)
        meant = self.understand(words, talk.expecting, local_now.date(), local_now, understood(talk.language))
        return FirstReading(words, talk.expecting, meant)

    async def sealed_if_final(self, delivery: DeliveryId, reading: FirstReading) -> KeptReading | None:
        """The reading as it is kept with its delivery, where no helper would make it better."""
        meant = reading.understanding
        is_embedded = self.embeds is not None and not meant.by_rule
        if is_embedded or (self.model is not None and joining.is_worth_asking(meant)):
            return None
        sealed = await self.vault.seal_inbound(delivery, pack_understanding(meant))
        return KeptReading((delivery, reading.expecting.value), sealed)

    async def of_burst(
        self,
        stored: StoredLead,
        batch: Sequence[Delivery],
        words: str,
        now: datetime,
        first: FirstReading | None = None,
    ) -> Understanding:
        """The understanding of these words, as it was made or made now; `first` is what the router made of them."""
        expecting = stored.lead.conversation.expecting
        ids = [delivery.id for delivery in batch]
        of = (*ids, expecting.value)
        last, kept = ids[-1], batch[-1].reading
        is_same = first is not None and (first.words, first.expecting) == (words, expecting)
        if kept is not None and kept.of == of:
            if is_same and first is not None:
                return first.understanding
            return unpack_understanding(await self.vault.open_inbound(last, kept.sealed))
        understanding = await self._made(stored, ids, words, now, first.understanding if is_same and first else None)
        sealed = await self.vault.seal_inbound(last, pack_understanding(understanding))
        await self.received.remember_understanding(last, of, sealed)
        return understanding

    async def _made(
        self,
        stored: StoredLead,
        ids: Sequence[DeliveryId],
        words: str,
        now: datetime,
        first: Understanding | None,
    ) -> Understanding:
        talk, local_now = stored.lead.conversation, self._local(now)
        local = await locally(
            self.understand, self.embeds, words, talk.expecting, local_now, understood(talk.language), first=first
        )
        if self.model is None or not words or not joining.is_worth_asking(local):
            return local
        spoken_of = stored.lead.open_booking
        if spoken_of is not None and spoken_of.open_field is not None:
            # what a house asks besides is nobody else's to read
            return local
        question = question_of(words, talk.expecting, local_now, self.context(now).business)
        answer = await self._answer(stored, ids, question)
        if answer is None or answer.said is None:
            return local
        return joining.joined(local, answer.said, question, understood(talk.language))

    def _local(self, now: datetime) -> datetime:
        return now.astimezone(ZoneInfo(self.timezone))

    async def _answer(self, stored: StoredLead, ids: Sequence[DeliveryId], question: ModelQuestion) -> Answer | None:
        """What the model said about this burst before, or says now; none when it is not to be asked."""
        last, model = ids[-1], self.model
        kept = await self.received.remembered_answer(Helper.MODEL, last, ids)
        if kept is not None:
            return _read(await self.vault.open_inbound(_field(last, Helper.MODEL), kept))
        if model is None or not await self._may_ask(stored, last, Helper.MODEL):
            return None
        async with outside():
            answer = await model.ask(question)
        sealed = await self.vault.seal_inbound(_field(last, Helper.MODEL), pack_answer(answer))
        await self.received.remember_answer(Helper.MODEL, last, ids, sealed)
        return answer

    async def _may_ask(self, stored: StoredLead, delivery: DeliveryId, helper: Helper) -> bool:
        """Whether the conversation's budget has room and this was not asked before; counted before it is asked."""
        now = await self.leads.server_now()
        spent = await self.received.asked_since(helper, stored.lead.id, now - BUDGET_LASTS)
        return spent < self.questions_a_day and await self.received.asks(helper, delivery, now)

    async def spoken_words(self, stored: StoredLead, delivery: DeliveryId, note: Media) -> str | None:
        """The words of a voice note, as they were written down before or are now; none when nobody can."""
        written = await self.words_written_down(delivery)
        if written is not None:
            return written
        if self.voice is None or not await self._may_ask(stored, delivery, Helper.VOICE):
            return None
        async with outside():
            words = await self.voice.words_of(note)
        if words is not None:
            sealed = await self.vault.seal_inbound(_field(delivery, Helper.VOICE), words.encode())
            await self.received.remember_answer(Helper.VOICE, delivery, [delivery], sealed)
        return words

    async def words_written_down(self, delivery: DeliveryId) -> str | None:
        """The words of a voice note, where they were written down before."""
        kept = await self.received.remembered_answer(Helper.VOICE, delivery)
        if kept is None:
            return None
        return (await self.vault.open_inbound(_field(delivery, Helper.VOICE), kept)).decode()

    async def kept_about(self, lead: LeadId, delivery: DeliveryId) -> KeptUnderstanding | None:
        """How that message of that lead was understood; none when it never was, or is too old to be told."""
        found = await self.received.find(delivery)
        if found is None or found.lead != lead or found.reading is None:
            return None
        said = await self.received.remembered_answer(Helper.MODEL, delivery)
        return KeptUnderstanding(
            unpack_understanding(await self.vault.open_inbound(delivery, found.reading.sealed)),
            None if said is None else _read(await self.vault.open_inbound(_field(delivery, Helper.MODEL), said)),
        )


def meant_words(said: str) -> str:
    """What is to be understood: without the words of who sent the customer and where they are, unless that is all."""
    return place_codes.without(referrals.without(said)) or said


async def locally(
    understand: Understands,
    embeds: Embeds | None,
    words: str,
    expecting: ExpectedAnswer,
    local_now: datetime,
    language: Language | None,
    first: Understanding | None = None,
) -> Understanding:
    """Our own reading; the embedded model, where installed, is asked in a thread, and not about what rules decide."""
    today = local_now.date()
    meant = first or understand(words, expecting, today, local_now, language)
    if embeds is None or meant.by_rule or not head.is_readable(words, language):
        return meant
    try:
        vector = await asyncio.to_thread(embeds, words)
    except Exception as error:  # whatever a compiled model does: our own reading stands
        log.warning("embedding_failed", problem=type(error).__name__)
        return meant
    return understand(words, expecting, today, local_now, language, vector)


def question_of(words: str, expecting: ExpectedAnswer, local_now: datetime, business: Business) -> ModelQuestion:
    """These words as they are put to a model, with what it may choose from."""
    services = tuple(Option(one.id, one.name.say("en")) for one in business.services)
    topics = tuple(Option(one.id, one.question.say("en")) for one in business.faq)
    return ModelQuestion(words, expecting, local_now, services, topics)


def _read(packed: bytes) -> Answer | None:
    """An answer in a shape of another version is no answer; the local reading stands."""
    try:
        return unpack_answer(packed)
    except UnknownKind:
        return None


def _field(delivery: DeliveryId, helper: Helper) -> str:
    return f"{delivery}:{helper.value}"
