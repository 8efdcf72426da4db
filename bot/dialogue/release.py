"""The conversation comes back to the bot: by an agent's click, or because nobody said anything for long."""

from dataclasses import replace
from datetime import datetime

from bot.business.context import Context
from bot.dialogue import conversation, takeover
from bot.dialogue.customer_turn import CustomerTurn
from bot.domain.events import AgentReleased, TimerFired
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome, Withdraw
from bot.replies import first_words
from intents.understanding import Intent


def released(lead: Lead, event: AgentReleased, context: Context) -> Outcome:
    """The bot may speak again; drafts are decided again from what the customer said last."""
    if not lead.is_with_agent:
        return Outcome(lead)
    outcome = _back_to_bot(lead, event.at, context)
    note = f"Handed back to the bot: {event.note}" if event.note else "Handed back to the bot."
    outcome = outcome.noting("handed_back", note, event.at, by=str(event.agent))
    role = {"role": event.role} if event.role else {}
    return outcome.recording("released", str(event.agent), event.at, agent=str(event.agent), **role)


def idle(lead: Lead, event: TimerFired, context: Context) -> Outcome:
    """The bot takes it back, and says so if nobody ever came."""
    if not lead.is_with_agent:
        return Outcome(lead)
    if lead.inbox.snooze is not None or lead.inbox.later:
        # somebody has planned what comes next here: silence is meant
        return Outcome(lead.with_timer(takeover.IDLE_TIMER, event.at + takeover.idle_after(context)))
    outcome = _back_to_bot(lead, event.at, context)
    if lead.conversation.agent is None and not outcome.requests and not lead.conversation.opted_out:
        outcome = outcome.requesting(first_words.text(outcome.lead, "talk.nobody_came"))
    return outcome.recording("released", "system", event.at, reason="idle")


def _back_to_bot(lead: Lead, now: datetime, context: Context) -> Outcome:
    unanswered = lead.conversation.unanswered
    back = takeover.given_back(lead)
    if unanswered is None or unanswered.intent is Intent.TALK_HUMAN or back.conversation.opted_out:
        return Outcome(back, withdraw=Withdraw.HAND_BACK)
    turn = CustomerTurn(event=f"handback:{back.conversation.epoch}", at=now, understanding=unanswered)
    return replace(conversation.answer_words(back, turn, context), withdraw=Withdraw.HAND_BACK)
