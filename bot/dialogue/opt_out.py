"""STOP, START, and what is said to somebody who asked for silence and writes all the same."""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.alarms import AlarmReason
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome, Withdraw
from bot.replies import first_words
from intents.understanding import Confidence, Intent, Understanding

REMINDER_EVERY: Final = timedelta(hours=24)


def is_meant(understanding: Understanding) -> bool:
    """Whether these words, or a tap, surely ask for silence or for its end."""
    sure = understanding.confidence is Confidence.ACT
    return understanding.intent is Intent.OPT_IN or (sure and understanding.intent is Intent.OPT_OUT)


def may_be_meant(understanding: Understanding) -> bool:
    """Whether they may ask for silence: a contact number that is asked for, or a car that has to stop, is no STOP."""
    unsure = understanding.confidence is not Confidence.ACT
    return understanding.intent is Intent.OPT_OUT or (unsure and understanding.asks_to_opt_out)


def answer(lead: Lead, understanding: Understanding, now: datetime) -> Outcome:
    """Obeyed at once, said once."""
    opted_out = lead.conversation.opted_out
    if understanding.intent is Intent.OPT_IN:
        lead = lead.conversing(opted_out=False, reminded_of_opt_out_at=None, greeted=True)
        key = "talk.opted_in" if opted_out else "talk.not_opted_out"
        outcome = Outcome(lead).requesting(first_words.menu(lead, key))
        return outcome.recording("opted_in", "customer", now) if opted_out else outcome
    if is_meant(understanding) and not opted_out:
        lead = lead.conversing(opted_out=True, reminded_of_opt_out_at=now)
        outcome = Outcome(lead, withdraw=Withdraw.SUPERSEDED).requesting(first_words.text(lead, "talk.opted_out"))
        return outcome.recording("opted_out", "customer", now)
    lead = lead.alarmed(AlarmReason.WROTE_AFTER_STOP, now)
    last = lead.conversation.reminded_of_opt_out_at
    if lead.is_with_agent or (last is not None and now - last < REMINDER_EVERY):
        # at most once a day, so that nobody who asked for silence is talked to at each word
        return Outcome(lead)
    return Outcome(lead.conversing(reminded_of_opt_out_at=now)).requesting(first_words.still_opted_out(lead))
