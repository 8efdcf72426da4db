"""What a burst means: our own reading, made better by a model where one is configured, alive and within budget.

Made once for a burst and kept with its delivery. A retry or a replay reads the same; when what the lead expects has
changed meanwhile, only our own part is made again and the model's old answer is joined to it. A model is asked about
a delivery once: a question that ends a process is not put again.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from bot.business.definition import Business
from bot.domain.events import Media
from bot.domain.ids import DeliveryId, LeadId
from bot.domain.outbox import StoredLead
from bot.engine.parts import Parts, Understands
from bot.store.received import Delivery, Helper
from bot.store.shapes import UnknownKind, pack_answer, pack_understanding, unpack_answer, unpack_understanding
from intents import head, joining
from intents.head import Embeds
from intents.said import Answer, ModelQuestion, Option
from intents.understanding import ExpectedAnswer, Language, Understanding

log = structlog.get_logger(__name__)

BUDGET_LASTS: Final = timedelta(hours=24)
"""Questions about one conversation are counted over this long."""


async def of_burst(
    parts: Parts, stored: StoredLead, batch: Sequence[Delivery], words: str, now: datetime
) -> Understanding:
    """The understanding of these words, as it was made or made now."""
    expecting = stored.lead.conversation.expecting
    ids = [one.id for one in batch]
    of = [*ids, expecting.value]
    last = ids[-1]
    kept = await parts.received.remembered_understanding(last, of)
    if kept is not None:
        return unpack_understanding(await parts.vault.open_inbound(last, kept))
    understanding = await _made(parts, stored, ids, words, now)
    sealed = await parts.vault.seal_inbound(last, pack_understanding(understanding))
    await parts.received.remember_understanding(last, of, sealed)
    return understanding


async def _made(
    parts: Parts, stored: StoredLead, ids: Sequence[DeliveryId], words: str, now: datetime
) -> Understanding:
    talk = stored.lead.conversation
    local_now = now.astimezone(ZoneInfo(parts.timezone))
    local = await locally(parts.understand, parts.embeds, words, talk.expecting, local_now, talk.language)
    if parts.model is None or not words or not joining.is_worth_asking(local):
        return local
    question = question_of(words, talk.expecting, local_now, parts.context(now).business)
    answer = await _answer(parts, stored, ids, question)
    return (
        local if answer is None or answer.said is None else joining.joined(local, answer.said, question, talk.language)
    )


async def locally(
    understand: Understands,
    embeds: Embeds | None,
    words: str,
    expecting: ExpectedAnswer,
    local_now: datetime,
    language: Language | None,
) -> Understanding:
    """Our own reading; the embedded model, where installed, is asked in a thread, and not about what rules decide."""
    today = local_now.date()
    meant = understand(words, expecting, today, local_now, language)
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


async def _answer(
    parts: Parts, stored: StoredLead, ids: Sequence[DeliveryId], question: ModelQuestion
) -> Answer | None:
    """What the model said about this burst before, or says now; none when it is not to be asked."""
    last, model = ids[-1], parts.model
    kept = await parts.received.remembered_answer(Helper.MODEL, last, ids)
    if kept is not None:
        return _read(await parts.vault.open_inbound(_field(last, Helper.MODEL), kept))
    if model is None or not await _may_ask(parts, stored, last, Helper.MODEL):
        return None
    answer = await model.ask(question)
    sealed = await parts.vault.seal_inbound(_field(last, Helper.MODEL), pack_answer(answer))
    await parts.received.remember_answer(Helper.MODEL, last, ids, sealed)
    return answer


async def _may_ask(parts: Parts, stored: StoredLead, delivery: DeliveryId, helper: Helper) -> bool:
    """Whether the conversation's budget has room and this was not asked before; counted before it is asked."""
    now = await parts.leads.server_now()
    spent = await parts.received.asked_since(helper, stored.lead.id, now - BUDGET_LASTS)
    return spent < parts.questions_a_day and await parts.received.asks(helper, delivery, now)


async def spoken_words(parts: Parts, stored: StoredLead, delivery: DeliveryId, note: Media) -> str | None:
    """The words of a voice note, as they were written down before or are now; none when nobody can."""
    written = await words_written_down(parts, delivery)
    if written is not None:
        return written
    if parts.voice is None or not await _may_ask(parts, stored, delivery, Helper.VOICE):
        return None
    words = await parts.voice.words_of(note)
    if words is not None:
        sealed = await parts.vault.seal_inbound(_field(delivery, Helper.VOICE), words.encode())
        await parts.received.remember_answer(Helper.VOICE, delivery, [delivery], sealed)
    return words


async def words_written_down(parts: Parts, delivery: DeliveryId) -> str | None:
    """The words of a voice note, where they were written down before."""
    kept = await parts.received.remembered_answer(Helper.VOICE, delivery)
    return None if kept is None else (await parts.vault.open_inbound(_field(delivery, Helper.VOICE), kept)).decode()


@dataclass(frozen=True, slots=True)
class KeptUnderstanding:
    """How a message was understood, and what a model was asked and said about it."""

    understanding: Understanding
    answer: Answer | None


async def kept_about(parts: Parts, lead: LeadId, delivery: DeliveryId) -> KeptUnderstanding | None:
    """How that message of that lead was understood; none when it never was, or is too old to be told."""
    found = await parts.received.find(delivery)
    understood = await parts.received.remembered_understanding(delivery)
    if found is None or found.lead != lead or understood is None:
        return None
    said = await parts.received.remembered_answer(Helper.MODEL, delivery)
    return KeptUnderstanding(
        unpack_understanding(await parts.vault.open_inbound(delivery, understood)),
        None if said is None else _read(await parts.vault.open_inbound(_field(delivery, Helper.MODEL), said)),
    )


def _read(packed: bytes) -> Answer | None:
    """An answer in a shape of another version is no answer; the local reading stands."""
    try:
        return unpack_answer(packed)
    except UnknownKind:
        return None


def _field(delivery: DeliveryId, helper: Helper) -> str:
    return f"{delivery}:{helper.value}"
