"""Leads, events and a context for pure tests: short to write, whole to decide on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Unpack

from bot.business.context import Context
from bot.domain.contents import Bubble, Content, Text
from bot.domain.events import CustomerWrote
from bot.domain.ids import EventId, LeadId, Wamid
from bot.domain.lead import Address, Conversation, ConversationChanges, Lead
from bot.domain.states import Mode
from intents.understanding import Confidence, Intent, Language, Understanding
from tests.bot.business.makers import sample

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HERE = Address(wa_id="6281234567890")


def context() -> Context:
    return Context(now=NOW, business=sample())


class AnyConversation(ConversationChanges, total=False):
    """Any field of a conversation, for a test that begins in the middle of one."""

    mode: Mode
    epoch: int


def conversing(lead: Lead, **changes: Unpack[AnyConversation]) -> Lead:
    """The lead with its conversation as the test wants it, whatever the tables say."""
    return replace(lead, conversation=replace(lead.conversation, **changes))


def a_lead(**conversation: Unpack[AnyConversation]) -> Lead:
    return conversing(Lead(LeadId("lead-1"), HERE), **conversation)


def with_agent(**conversation: Unpack[AnyConversation]) -> Lead:
    lead = Lead(LeadId("lead-1"), HERE, conversation=Conversation(mode=Mode.AGENT, epoch=1))
    return conversing(lead, **conversation)


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
