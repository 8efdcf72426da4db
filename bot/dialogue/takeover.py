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
from bot.domain.ids import AgentId
from bot.domain.inbox import IN_THE_APP, DraftKind, StaffDraft
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome, Withdraw
from bot.domain.states import Mode
from bot.domain.timers import TimerKind, TimerName
from bot.lifecycle import apply
from bot.replies import first_words
from intents.understanding import Confidence, Intent, Understanding

IDLE_TIMER: Final = TimerName(TimerKind.AGENT_IDLE)


def idle_after(context: Context) -> timedelta:
    """The bot takes over again after so long without an agent's word."""
    return timedelta(hours=context.business.sop.handback_hours)


def asked_for_person(lead: Lead, now: datetime, context: Context, words: str = "talk.handed_over") -> Outcome:
    """The customer wants a person, or needs one: the bot says so once and is silent from then on."""
    # whoever the conversation was assigned to has it
    changed = apply.set_mode(lead, Mode.AGENT, lead.conversation.agent).conversing(greeted=True, misunderstood=0)
    changed = changed.alarmed(AlarmReason.ASKED_FOR_PERSON, now)
    changed = changed.with_timer(IDLE_TIMER, now + idle_after(context))
    said = replace(first_words.text(changed, words), hands_over=True)
    return Outcome(changed, (said,), Withdraw.BOT_CHAT).recording("handed_over", "customer", now)


def taken_over(lead: Lead, event: AgentTookOver, context: Context) -> Outcome:
    """A person takes it; whatever the bot had not sent becomes a draft, and what they were writing is theirs."""
    if holder(lead, event) is not None:
        return Outcome(lead)
    if event.draft is not None:
        lead = with_reply_draft(lead, event.agent, event.draft, event.at)
    changed = apply.set_mode(lead, Mode.AGENT, event.agent).conversing(misunderstood=0)
    changed = changed.without_alarms(OF_CONVERSATION)
    changed = changed.with_timer(IDLE_TIMER, event.at + idle_after(context))
    outcome = Outcome(changed, withdraw=Withdraw.BOT_CHAT)
    role = {"role": event.role} if event.role else {}
    return outcome.recording("taken_over", str(event.agent), event.at, agent=str(event.agent), **role)


def holder(lead: Lead, event: AgentTookOver) -> AgentId | None:
    """Whose the conversation is, where whoever wants it does not know that; none: they may have it."""
    owner = lead.conversation.agent
    if not lead.is_with_agent or owner is None or owner in {event.agent, event.instead_of}:
        return None
    # who writes in the messenger's app is not in the console, and cannot be asked
    return None if owner == IN_THE_APP else owner


def with_reply_draft(lead: Lead, agent: AgentId, words: str, at: datetime) -> Lead:
    """The lead with these words as the reply that is being written."""
    draft = StaffDraft(DraftKind.REPLY, agent, words, at, lead.inbox.revision + 1)
    return replace(lead, inbox=lead.inbox.with_draft(draft))


def given_back(lead: Lead) -> Lead:
    """The lead with the bot in charge again; what the customer said last is the caller's to answer."""
    if lead.conversation.unanswered is None:
        lead = lead.without_alarms(OF_CONVERSATION)
    back = apply.set_mode(lead, Mode.BOT).conversing(unanswered=None, misunderstood=0)
    return back.without_timer(IDLE_TIMER)


def agent_wrote(lead: Lead, event: AgentWrote, context: Context) -> Outcome:
    """A person's words go out once, never twice by doubt; writing without having taken over takes over. Words that
    crossed with newer ones of anybody else are their draft again, for them to read first."""
    if event.seen is not None and lead.inbox.spoken_since(event.seen, event.agent):
        kept = with_reply_draft(lead, event.agent, event.body, event.at).alarmed(AlarmReason.DRAFTS_WAIT, event.at)
        outcome = Outcome(kept).recording("not_sent", "agent", event.at, agent=str(event.agent), reason="crossed")
        return outcome.noting(
            "not_sent", "Not sent: somebody wrote meanwhile. The words are kept as a draft.", event.at
        )
    was_taken = lead.is_with_agent
    if not lead.is_with_agent:
        lead = apply.set_mode(lead, Mode.AGENT).conversing(misunderstood=0)
    # who writes has it from now on; the epoch stays, since no word of the bot can be on its way in mode agent
    lead = lead.conversing(agent=event.agent, unanswered=None).without_alarms(OF_CONVERSATION)
    lead = lead.with_timer(IDLE_TIMER, event.at + idle_after(context))
    entry = lead.inbox.spoken(event.agent, event.at, event.body).without_draft(DraftKind.REPLY)
    lead = replace(lead, inbox=entry)
    order = SendText(event.body) if event.template is None else event.template
    said = EffectRequest(order, author=Author.AGENT, repeat=Repeat.ONCE)
    return Outcome(lead, (said,), Withdraw.ANSWERED if was_taken else Withdraw.BOT_CHAT)


def staff_echoed(lead: Lead, event: StaffEchoed, context: Context) -> Outcome:
    """Staff wrote in the messenger's own app: as if in the console, except that their words have arrived already."""
    if not lead.is_with_agent:
        lead = apply.set_mode(lead, Mode.AGENT).conversing(misunderstood=0)
    # the app does not say who writes: whoever has the conversation already may be the one, and keeps it
    owner = lead.conversation.agent or event.agent
    lead = replace(lead, conversation=replace(lead.conversation, agent=owner))
    lead = replace(lead, inbox=lead.inbox.spoken(event.agent, event.at, event.body or lead.inbox.preview))
    lead = lead.conversing(unanswered=None).without_alarms(OF_CONVERSATION)
    outcome = Outcome(lead.with_timer(IDLE_TIMER, event.at + idle_after(context)), withdraw=Withdraw.BOT_CHAT)
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
