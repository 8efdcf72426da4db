"""A provider and their guest write to each other through us while the job is on, and nothing goes by accident.

Each side taps a button first, and the next words alone go on. While a person has the guest's conversation, what the
provider says is a draft for them, and what the guest says is theirs to answer.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.context import Context
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.money_events import for_agent
from bot.dialogue.task_plan import HAVE_TASKS
from bot.domain import window
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.masking import without_contacts
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.passing import PassToProvider, ProviderWrote, SpokeAsPartner, WordsNotPassed, WritingTo
from bot.domain.task import booking_named
from bot.replies import passing as words
from intents.understanding import Intent

ANSWERED_WITHIN: Final = timedelta(hours=1)
"""So long after the tap the next words are those for the provider."""
AFTER_THE_END: Final = timedelta(hours=3)
"""So long after its time something can still be said of it."""
_LONGEST: Final = 500
"""Characters of one message that are passed on."""
_FOR_THE_HOUSE: Final = (Intent.CANCEL, Intent.RESCHEDULE, Intent.TALK_HUMAN)
"""What only the house can do is heard by the house, whoever it was meant for."""


def provider_wrote(lead: Lead, event: ProviderWrote, context: Context) -> Outcome:
    """Passed on within their 24 hours; else a person has the words as a draft, and is called."""
    booking = _on(lead, event.booking, event.at)
    if booking is None:
        return Outcome(lead)
    said = words.to_guest(lead, booking, event.task, event.who, event.words, context)
    if lead.conversation.opted_out or not window.is_open(lead, event.at):
        waiting = lead.alarmed(AlarmReason.WORDS_WAIT, event.at, event.task)
        return Outcome(waiting).requesting(replace(said, draft=True))
    return for_agent(lead, Outcome(lead).requesting(said), event.at)


def not_passed(lead: Lead, event: WordsNotPassed, context: Context) -> Outcome:
    """Nobody has that task: a person reads what the guest wrote."""
    return Outcome(lead.alarmed(AlarmReason.WORDS_WAIT, event.at, event.task))


def spoke_as_partner(lead: Lead, event: SpokeAsPartner, context: Context) -> Outcome:
    """One number has one window, whichever of their threads they write to."""
    last = lead.conversation.last_inbound_at
    return Outcome(lead.conversing(last_inbound_at=event.at if last is None else max(last, event.at)))


def answer(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """What the guest taps and writes for their provider; none where it is not for them."""
    tapped, open_ask = turn.tapped(words.ANSWER_TAP), lead.writing_to
    if tapped is not None:
        return _asking(lead.conversing(misunderstood=0), tapped, turn.at, context)
    is_meant = turn.tap is None and turn.text.strip() and not turn.surely(*_FOR_THE_HOUSE)
    if open_ask is None or turn.at > open_ask.until or not is_meant:
        return None
    if lead.is_with_agent:
        # the person who has the conversation reads it, and says what there is to say
        return Outcome(lead)
    lead = replace(lead, writing_to=None).conversing(misunderstood=0)
    booking = _on(lead, open_ask.booking, turn.at)
    if booking is None:
        return Outcome(lead).requesting(words.over(lead))
    return Outcome(lead).requesting(*passed(lead, booking, open_ask.task, turn, context))


def passed(
    lead: Lead, booking: Booking, task: str, turn: CustomerTurn, context: Context
) -> tuple[EffectRequest, EffectRequest]:
    """Their words, without a number or link of theirs, for whoever has that task, and that they are passed on."""
    order = PassToProvider(booking.reference, task, without_contacts(turn.text.strip())[:_LONGEST])
    return EffectRequest(order), words.about_words(lead, booking, "visit.words.passed", context)


def _asking(lead: Lead, task: str, now: datetime, context: Context) -> Outcome:
    booking = _on(lead, booking_named(task), now)
    if booking is None:
        return Outcome(replace(lead, writing_to=None)).requesting(words.over(lead))
    asked = replace(lead, writing_to=WritingTo(task, booking.reference, now + ANSWERED_WITHIN))
    return Outcome(asked).requesting(words.about_words(lead, booking, "visit.words.ask", context))


def _on(lead: Lead, reference: str, now: datetime) -> Booking | None:
    """That booking, while its provider and its guest may write to each other."""
    booking = lead.booking(reference)
    if booking is None or booking.chosen is None or booking.state not in HAVE_TASKS:
        return None
    return booking if now < booking.chosen.end + AFTER_THE_END else None
