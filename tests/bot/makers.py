"""Leads, events and a context for pure tests: short to write, whole to decide on."""

from datetime import UTC, datetime, timedelta

from bot.business.context import Context
from bot.domain.events import Bubble, Content, CustomerWrote, Text
from bot.domain.ids import EventId, LeadId, Wamid
from bot.domain.lead import Address, Conversation, Lead
from bot.domain.states import Mode
from intents.understanding import Confidence, Intent, Language, Understanding
from tests.bot.business.makers import sample

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HERE = Address(wa_id="6281234567890")


def context() -> Context:
    return Context(now=NOW, business=sample())


def a_lead(**conversation: object) -> Lead:
    return Lead(LeadId("lead-1"), HERE).conversing(**conversation)


def with_agent(**conversation: object) -> Lead:
    return Lead(LeadId("lead-1"), HERE, conversation=Conversation(mode=Mode.AGENT, epoch=1)).conversing(**conversation)


def meaning(
    intent: Intent,
    language: Language = Language.EN,
    *,
    sure: Confidence = Confidence.ACT,
    wanted: Language | None = None,
) -> Understanding:
    return Understanding(
        intent=intent,
        intents=(intent,),
        score=0.9,
        confidence=sure,
        language=language,
        wanted_language=wanted,
        detected=language,
    )


def wrote(understanding: Understanding, *contents: Content, at: datetime = NOW, event: str = "m1") -> CustomerWrote:
    bubbles = tuple(
        Bubble(Wamid(f"{event}-{n}"), at + timedelta(seconds=n), content)
        for n, content in enumerate(contents or (Text("words"),))
    )
    return CustomerWrote(EventId(event), at, bubbles, understanding, HERE)
