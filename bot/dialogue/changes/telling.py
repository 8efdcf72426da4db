"""What the customer is told of a change that somebody of the house has agreed to: the words that were read before the
yes, as they were or as they were changed, and sent although a person has the conversation."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.change import Change
from bot.domain.commands import Author, ChatCommand, SendTemplate
from bot.domain.events import StaffAsked
from bot.domain.ids import BookingReference
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.replies.plain_text import as_text

WORDS: Final = "words"
"""The fact of a yes that names the words that were read before it: empty where nobody changed them."""
EDITED: Final = "words_edited"
"""What the line in the transcript is called that says so."""


def as_read(change: Change, event: StaffAsked) -> Change:
    """The change with the words that were read before this yes; a yes of the API names none."""
    words = event.fact(WORDS)
    if words is None:
        return change
    return replace(change, told=words, told_by=event.fact("person") or event.by)


def told(outcome: Outcome, reference: BookingReference, change: Change, now: datetime) -> Outcome:
    """The outcome whose first message is that one; once it is on its way the change holds no words any more."""
    place = next((at for at, one in enumerate(outcome.requests) if isinstance(one.command, ChatCommand)), None)
    if not change.told_by or place is None:
        return outcome
    lead = _silent(outcome.lead, reference, change.id)
    if not change.told and not lead.is_with_agent:
        return replace(outcome, lead=lead)
    request = outcome.requests[place]
    command = request.command
    assert isinstance(command, ChatCommand)
    if change.told and not isinstance(command, SendTemplate):
        command = replace(command, body=change.told)
    said = replace(request, command=command, author=Author.AGENT)
    lead = replace(lead, inbox=lead.inbox.spoken(change.told_by, now, as_text(command)))
    return replace(outcome, lead=lead, requests=(*outcome.requests[:place], said, *outcome.requests[place + 1 :]))


def _silent(lead: Lead, reference: BookingReference, change_id: str) -> Lead:
    booking = lead.booking(reference)
    change = None if booking is None else booking.change
    if booking is None or change is None or change.id != change_id:
        return lead
    return lead.with_booking(replace(booking, change=replace(change, told="", told_by="")))
