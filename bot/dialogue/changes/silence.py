"""Nobody answers about a change: asked once more after an hour, then everything stays as it was."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.business.context import Context
from bot.dialogue.changes import blocks, quoting
from bot.domain import window
from bot.domain.booking import Booking
from bot.domain.events import TimerFired
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import Modification
from bot.lifecycle.changes import end_change
from bot.replies import changes as words
from intents.understanding import ExpectedAnswer

_BY_TEMPLATE: Final = timedelta(hours=24)
"""So long an answer to a template is waited for."""


def silence(lead: Lead, booking: Booking, event: TimerFired, context: Context) -> Outcome:
    """The first silence asks once more, the second withdraws the change; what staff quoted for themselves ends
    unheard."""
    change = booking.change
    if change is None or change.accepted_at is not None:
        return Outcome(lead)
    if change.block is not None:
        return blocks.money_back(lead, booking, change, context)
    is_heard = change.asked and not lead.conversation.opted_out
    if is_heard and not change.asked_again and not lead.is_with_agent:
        again = replace(booking, change=replace(change, asked_again=True))
        if not window.is_open(lead, event.at):
            # who was asked by a template may read it tomorrow, and a second one would only cost
            waits = lead.with_booking(again)
            return Outcome(waits.with_timer(quoting.silence_timer(booking), event.at + _BY_TEMPLATE))
        asked = lead.with_booking(again).with_timer(quoting.silence_timer(booking), event.at + quoting.SILENCE)
        return Outcome(asked).requesting(words.with_keep(lead, "change.ask.again", booking, change, context))
    ended = lead.with_booking(end_change(booking, Modification.WITHDRAWN))
    outcome = Outcome(ended.conversing(expecting=ExpectedAnswer.BOOKING) if is_heard else ended)
    return outcome.requesting(words.told(lead, "change.stays", booking, context)) if is_heard else outcome
