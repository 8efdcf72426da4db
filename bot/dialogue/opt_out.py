"""STOP, START, and what is said to somebody who asked for silence and writes all the same."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.alarms import AlarmReason
from bot.domain.commands import Author, Lane, lane_of
from bot.domain.events import CustomerWrote, Event, LeadsMerged
from bot.domain.form_events import ChangeFormSubmitted, FormSubmitted
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome, Withdraw
from bot.replies import first_words
from intents.understanding import Confidence, Intent, Understanding

REMINDER_EVERY: Final = timedelta(hours=24)
_CALLED_FOR: Final = (CustomerWrote, FormSubmitted, ChangeFormSubmitted, LeadsMerged)
"""What a customer does themselves is answered, and a merge repeats what was said to the other lead."""


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


def obeyed(lead: Lead, event: Event, outcome: Outcome) -> Outcome:
    """What is said to somebody who asked for silence before this event: facts, and answers to what they did.

    Whichever step would say more, such as the times a search found after the STOP, it is not said.
    """
    if not lead.conversation.opted_out or isinstance(event, _CALLED_FOR):
        return outcome
    said = tuple(
        one
        for one in outcome.requests
        if lane_of(one.command) is not Lane.CHAT or one.author is not Author.BOT or one.is_fact or one.draft
    )
    return replace(outcome, requests=said)
