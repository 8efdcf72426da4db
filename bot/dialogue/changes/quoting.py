"""A change gets its quote and is shown with it, or is told why it cannot be had."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.context import Context
from bot.dialogue.holds import release_holds
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking, BookingQuestion, OfferedSlot
from bot.domain.change import Arrangement, Change, ChangeKind, ChangeQuote
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.overrides import TimeRule
from bot.domain.states import Modification
from bot.domain.timers import TimerKind, TimerName
from bot.lifecycle.changes import end_change
from bot.lifecycle.quotes import ChangeRequest, NoChange, Override, QuoteDenied, arrangement_of, main_kind, quote
from bot.replies import changes as words
from intents.understanding import ExpectedAnswer

SILENCE: Final = timedelta(hours=1)
"""So long an answer about a change is waited for, twice."""
_FOR_A_PERSON: Final = frozenset(
    {NoChange.STARTED, NoChange.TOO_LATE, NoChange.NO_PRICE, NoChange.OTHER_CURRENCY, NoChange.UNKNOWN_SERVICE}
)
"""What the customer cannot have alone; our team may find a way."""


def silence_timer(booking: Booking) -> TimerName:
    """Fires when nobody has answered about the change."""
    return TimerName(TimerKind.CHANGE_SILENCE, booking.reference)


def waiting(lead: Lead, booking: Booking, change: Change, now: datetime, expecting: ExpectedAnswer) -> Lead:
    """The lead with the customer asked about that change just now."""
    question = BookingQuestion.CANCEL if change.kind is ChangeKind.CANCEL else BookingQuestion.RESCHEDULE
    asking = replace(booking, change=replace(change, asked=True), open_question=question)
    asked = lead.without_questions().with_booking(asking)
    # who was told that it cannot take place has until then, and hears nothing more
    asked = asked.with_timer(silence_timer(booking), change.answer_by or now + SILENCE)
    return asked.conversing(expecting=expecting, misunderstood=0)


def quoted(
    booking: Booking, change: Change, context: Context, override: Override | None = None
) -> Change | QuoteDenied:
    """The change with a quote of this moment, or why there is none."""
    of_any_size = TimeRule.GUESTS in change.against
    request = ChangeRequest(change.kind, change.cause, change.by, change.after, override, of_any_size)
    found = quote(booking, request, context, change.next_number)
    if isinstance(found, QuoteDenied):
        return found
    # what it was before is what it is now: the quote is made on it
    return replace(change, quote=found, before=arrangement_of(booking))


def with_slot(booking: Booking, change: Change, slot: OfferedSlot) -> Change:
    """The change to that time, for as many people as are wished."""
    wish = change.wish
    service, guests = wish.service or booking.service or "", wish.guests or booking.guests or 1
    after = Arrangement(service, slot, guests, wish.details)
    before = arrangement_of(booking)
    kind = change.kind if before is None else main_kind(before, after)
    return replace(change, kind=kind, after=after)


def show_quote(lead: Lead, booking: Booking, change: Change, context: Context, prefix: str = "") -> Outcome:
    """The quote goes to the customer with its two buttons; what cannot be had is said, and nothing is lost."""
    found = quoted(booking, change, context)
    if isinstance(found, QuoteDenied):
        return deny(lead, booking, change, found.reason, context, found.price_row)
    shown = replace(booking, change=found)
    asked = waiting(lead, shown, found, context.now, ExpectedAnswer.CONFIRMATION)
    return Outcome(asked).requesting(words.quote(lead, shown, found, context, prefix))


def choose(
    lead: Lead, booking: Booking, change: Change, slot: OfferedSlot, context: Context, prefix: str = ""
) -> Outcome:
    """One time is chosen: its price is told, and the other times are released."""
    others = tuple(hold for hold in change.holds if hold != slot.hold_id)
    chosen = with_slot(booking, replace(change, offered=(slot,)), slot)
    return release_holds(show_quote(lead, booking, chosen, context, prefix), others)


DENIED: Final = "change_denied"
"""The audit's name for a change that was asked for and could not be quoted."""


def deny(
    lead: Lead, booking: Booking, change: Change, reason: NoChange, context: Context, price_row: str = ""
) -> Outcome:
    """Why there is no quote, told and recorded; what may yet be had otherwise is asked for."""
    facts = {"booking": str(booking.reference), "kind": change.kind.value, "reason": reason.value}
    if price_row:
        facts["price_row"] = price_row
    outcome = _told_why(lead, booking, change, reason, context)
    return outcome.recording(DENIED, change.by.person, context.now, **facts)


def _told_why(lead: Lead, booking: Booking, change: Change, reason: NoChange, context: Context) -> Outcome:
    said = words.denied(lead, booking, reason, context)
    calls = reason in _FOR_A_PERSON
    person = lead.alarmed(AlarmReason.CHANGE_DENIED, context.now, booking.reference) if calls else lead
    if change.kind is ChangeKind.CANCEL or not change.wish.needs_time:
        # nothing else could be chosen for it
        ended = end_change(replace(booking, change=change), Modification.REJECTED)
        return Outcome(person.with_booking(ended).conversing(expecting=ExpectedAnswer.BOOKING)).requesting(said)
    open_again = replace(change, after=None, quote=None)
    return Outcome(waiting(person, booking, open_again, context.now, ExpectedAnswer.WISH)).requesting(said)


def given(change: Change) -> ChangeQuote:
    """The quote of a change that was accepted."""
    assert change.quote is not None
    return change.quote
