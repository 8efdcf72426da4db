"""Between bot and person: asking for one, taking over, giving back, and what happens to the bot's words meanwhile.

The epoch grows at each change; the gate in the relay lets no chat effect of an older epoch through.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.commands import Author, Lane, Repeat, SendText, lane_of
from bot.domain.events import AgentTookOver, AgentWrote
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome, Withdraw
from bot.domain.states import Mode
from bot.replies import first_words
from intents.understanding import Confidence, Intent, Understanding

IDLE_TIMER = "agent_idle"
IDLE_AFTER = timedelta(hours=12)
"""Setting takeover of requirements 2.8: hand-back by itself after 12 h without an agent's word."""


def asked_for_person(lead: Lead, now: datetime, words: str = "talk.handed_over") -> Outcome:
    """The customer wants a person, or needs one: the bot says so once and is silent from then on."""
    changed = lead.conversing(
        mode=Mode.AGENT,
        epoch=lead.conversation.epoch + 1,
        agent=None,
        waits_for_person=True,
        greeted=True,
        misunderstood=0,
    ).with_timer(IDLE_TIMER, now + IDLE_AFTER)
    said = replace(first_words.text(changed, words), hands_over=True)
    return Outcome(changed, (said,), Withdraw.BOT_CHAT).recording("handed_over", "customer", now)


def taken_over(lead: Lead, event: AgentTookOver) -> Outcome:
    """A person takes it; whatever the bot had not sent becomes a draft."""
    changed = lead.conversing(
        mode=Mode.AGENT,
        epoch=lead.conversation.epoch + 1,
        agent=event.agent,
        waits_for_person=False,
        misunderstood=0,
    ).with_timer(IDLE_TIMER, event.at + IDLE_AFTER)
    step = Outcome(changed, withdraw=Withdraw.BOT_CHAT)
    return step.recording("taken_over", "agent", event.at, agent=str(event.agent))


def given_back(lead: Lead) -> Lead:
    """The lead with the bot in charge again; what the customer said last is the caller's to answer."""
    waits = lead.conversation.waits_for_person and lead.conversation.unanswered is not None
    return lead.conversing(
        mode=Mode.BOT,
        epoch=lead.conversation.epoch + 1,
        agent=None,
        unanswered=None,
        waits_for_person=waits,
        misunderstood=0,
    ).without_timer(IDLE_TIMER)


def agent_wrote(lead: Lead, event: AgentWrote) -> Outcome:
    """A person's words go out once, never twice by doubt; writing without having taken over takes over."""
    if not lead.is_with_agent:
        lead = lead.conversing(mode=Mode.AGENT, epoch=lead.conversation.epoch + 1, misunderstood=0)
    lead = lead.conversing(agent=event.agent, unanswered=None, waits_for_person=False)
    lead = lead.with_timer(IDLE_TIMER, event.at + IDLE_AFTER)
    said = EffectRequest(SendText(event.body), author=Author.AGENT, repeat=Repeat.ONCE)
    return Outcome(lead, (said,), Withdraw.BOT_CHAT)


def overheard(lead: Lead, bot_would: Outcome, understanding: Understanding) -> Outcome:
    """The customer wrote to the person: the bot's answer is only a draft, and its state does not move."""
    chat = (said for said in bot_would.requests if lane_of(said.command) is Lane.CHAT)
    drafts = () if understanding.intent is Intent.TALK_HUMAN else tuple(replace(said, draft=True) for said in chat)
    if understanding.confidence is Confidence.ASK_BACK:
        # nothing that could be answered at hand-back: what was said before it still stands
        return Outcome(lead, drafts, Withdraw.DRAFTS)
    return Outcome(lead.conversing(unanswered=understanding), drafts, Withdraw.DRAFTS)


def as_drafts(step: Outcome) -> Outcome:
    """The same step for a person's eyes: the state moves and is recorded, the bot's words are only drafts."""
    said = tuple(replace(one, draft=True) if lane_of(one.command) is Lane.CHAT else one for one in step.requests)
    return replace(step, requests=said, withdraw=Withdraw.DRAFTS)
