"""Between bot and person: asking for one, taking over, giving back, and what happens to the bot's words meanwhile.

The epoch grows at each change; the gate in the relay lets no chat effect of an older epoch through.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.context import Context
from bot.domain.alarms import OF_CONVERSATION, AlarmReason
from bot.domain.commands import Author, Lane, Repeat, SendText, lane_of
from bot.domain.events import AgentTookOver, AgentWrote, StaffEchoed
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome, Withdraw
from bot.domain.states import Mode
from bot.domain.timers import TimerKind, TimerName
from bot.lifecycle import apply
from bot.replies import first_words
from intents.understanding import Confidence, Intent, Understanding

IDLE_TIMER: Final = TimerName(TimerKind.AGENT_IDLE)
IDLE_AFTER: Final = timedelta(hours=12)
"""The bot takes over again after so long without an agent's word."""


def asked_for_person(lead: Lead, now: datetime, words: str = "talk.handed_over") -> Outcome:
    """The customer wants a person, or needs one: the bot says so once and is silent from then on."""
    changed = apply.set_mode(lead, Mode.AGENT).conversing(greeted=True, misunderstood=0)
    changed = changed.alarmed(AlarmReason.ASKED_FOR_PERSON, now)
    changed = changed.with_timer(IDLE_TIMER, now + IDLE_AFTER)
    said = replace(first_words.text(changed, words), hands_over=True)
    return Outcome(changed, (said,), Withdraw.BOT_CHAT).recording("handed_over", "customer", now)


def taken_over(lead: Lead, event: AgentTookOver, context: Context) -> Outcome:
    """A person takes it; whatever the bot had not sent becomes a draft."""
    changed = apply.set_mode(lead, Mode.AGENT, event.agent).conversing(misunderstood=0)
    changed = changed.without_alarms(OF_CONVERSATION)
    changed = changed.with_timer(IDLE_TIMER, event.at + IDLE_AFTER)
    outcome = Outcome(changed, withdraw=Withdraw.BOT_CHAT)
    return outcome.recording("taken_over", "agent", event.at, agent=str(event.agent))


def given_back(lead: Lead) -> Lead:
    """The lead with the bot in charge again; what the customer said last is the caller's to answer."""
    if lead.conversation.unanswered is None:
        lead = lead.without_alarms(OF_CONVERSATION)
    back = apply.set_mode(lead, Mode.BOT).conversing(unanswered=None, misunderstood=0)
    return back.without_timer(IDLE_TIMER)


def agent_wrote(lead: Lead, event: AgentWrote, context: Context) -> Outcome:
    """A person's words go out once, never twice by doubt; writing without having taken over takes over."""
    if not lead.is_with_agent:
        lead = apply.set_mode(lead, Mode.AGENT).conversing(misunderstood=0)
    # who writes has it from now on; the epoch stays, since no word of the bot can be on its way in mode agent
    lead = lead.conversing(agent=event.agent, unanswered=None).without_alarms(OF_CONVERSATION)
    lead = lead.with_timer(IDLE_TIMER, event.at + IDLE_AFTER)
    said = EffectRequest(SendText(event.body), author=Author.AGENT, repeat=Repeat.ONCE)
    return Outcome(lead, (said,), Withdraw.BOT_CHAT)


def staff_echoed(lead: Lead, event: StaffEchoed, context: Context) -> Outcome:
    """Staff wrote in the messenger's own app: as if in the console, except that their words have arrived already."""
    if not lead.is_with_agent:
        lead = apply.set_mode(lead, Mode.AGENT).conversing(misunderstood=0)
    lead = replace(lead, conversation=replace(lead.conversation, agent=event.agent))
    lead = lead.conversing(unanswered=None).without_alarms(OF_CONVERSATION)
    outcome = Outcome(lead.with_timer(IDLE_TIMER, event.at + IDLE_AFTER), withdraw=Withdraw.BOT_CHAT)
    return outcome.recording("echoed", "agent", event.at, agent=str(event.agent))


def overheard(lead: Lead, bot_would: Outcome, understanding: Understanding) -> Outcome:
    """The customer wrote to the person: the bot's answer is only a draft, and its state does not move."""
    chat = (said for said in bot_would.requests if lane_of(said.command) is Lane.CHAT)
    drafts = () if understanding.intent is Intent.TALK_HUMAN else tuple(replace(said, draft=True) for said in chat)
    if understanding.confidence is Confidence.ASK_BACK:
        # nothing that could be answered at release: what was said before it still stands
        return Outcome(lead, drafts, Withdraw.DRAFTS)
    return Outcome(lead.conversing(unanswered=understanding), drafts, Withdraw.DRAFTS)


def as_drafts(outcome: Outcome) -> Outcome:
    """The same outcome for a person's eyes: the state moves and is recorded, the bot's words are only drafts."""

    def shown(request: EffectRequest) -> EffectRequest:
        return replace(request, draft=True) if lane_of(request.command) is Lane.CHAT else request

    return replace(outcome, requests=tuple(map(shown, outcome.requests)), withdraw=Withdraw.DRAFTS)
