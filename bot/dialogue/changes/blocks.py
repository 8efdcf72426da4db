"""A booking that cannot take place because somebody is ill or something is closed: another time at the same price, or
all of the money, by one tap; no answer in time is the money.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.context import Context
from bot.dialogue.changes import applying, quoting, searching
from bot.dialogue.changes import staff as by_staff
from bot.dialogue.holds import release_holds
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.change import WANT_OF_A_YES, Cause, Change, ChangeKind, Requester
from bot.domain.events import SlotsFound, StaffAsked
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import Modification
from bot.domain.timers import TimerKind, TimerName
from bot.domain.window import is_open
from bot.lifecycle.changes import begin_change, end_change
from bot.lifecycle.quotes import QuoteDenied
from bot.replies import blocks as words
from bot.replies import changes as change_words
from intents.understanding import ExpectedAnswer

ANSWER_WITHIN: Final = timedelta(hours=24)
UNPAID_ANSWERS_WITHIN: Final = timedelta(hours=2)
BEFORE_START: Final = timedelta(hours=2)
NOBODY_ACCEPTED: Final = "nobody_accepted"
"""The reason of a change, and of an end, that nobody's yes has brought about."""


def hit(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """The booking is hit by a block: its open change gives way, and the customer is asked once."""
    slot = booking.chosen
    if slot is None or not by_staff.may_change(booking) or not _is_hit(booking, event):
        # moved or ended since the sweep read it
        return Outcome(lead)
    if booking.change is not None and booking.change.is_moving:
        # on its way to another time: a person sees whether it got there
        return Outcome(lead.alarmed(AlarmReason.STEP_DENIED, event.at, booking.reference))
    reason = event.fact("reason") or ""
    begun = begin_change(
        booking, ChangeKind.TIME, by_staff.cause_of(event), by_staff.requester_of(event), event.at, reason=reason
    )
    return _asked(lead, begun, event.fact("block"), event.at + ANSWER_WITHIN, context)


def ask_for_want_of_a_yes(lead: Lead, booking: Booking, by: Requester, context: Context) -> Outcome:
    """Nobody has accepted their time: the customer is asked in the same way, and has less time while nothing is paid,
    for it is kept from others meanwhile."""
    begun = begin_change(booking, ChangeKind.TIME, Cause.BUSINESS, by, context.now, reason=NOBODY_ACCEPTED)
    answer_by = context.now + (UNPAID_ANSWERS_WITHIN if booking.paid is None else ANSWER_WITHIN)
    return _asked(lead, begun, f"{WANT_OF_A_YES}{booking.reference}:{booking.plan_no}", answer_by, context)


def _asked(lead: Lead, begun: Booking, block: str | None, answer_by: datetime, context: Context) -> Outcome:
    slot = begun.chosen
    assert slot is not None
    assert begun.change is not None
    answer_by = min(answer_by, slot.start - BEFORE_START)
    change = replace(begun.change, block=block, answer_by=answer_by)
    begun = replace(begun, change=change)
    # who is told that it cannot take place is not reminded to pay for it
    lead = lead.without_timer(TimerName(TimerKind.NUDGE, begun.reference))
    if answer_by <= context.now:
        return money_back(lead.with_booking(begun), begun, change, context)
    if is_open(lead, context.now):
        return searching.look_for_times(lead, begun, change, context)
    asked = quoting.waiting(lead, begun, change, context.now, ExpectedAnswer.WISH)
    return Outcome(asked).requesting(words.outside_the_window(lead, begun, change, context))


def _is_hit(booking: Booking, event: StaffAsked) -> bool:
    """Whether its time is still one that the block has."""
    slot, first, last = booking.chosen, event.fact("from"), event.fact("to")
    if slot is None or first is None or last is None:
        return False
    kind, _, name = (event.fact("resource") or "").partition(":")
    if booking.awaiting and kind == "provider":
        # it is nobody's yet: whoever is ill is not asked any more, and cannot accept
        return False
    mine = slot.provider if kind == "provider" else slot.place
    return mine == name and slot.start < datetime.fromisoformat(last) and datetime.fromisoformat(first) < slot.end


def lifted(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """The block is gone: who has not answered keeps their time, and hears so."""
    change = booking.change
    if change is None or change.block != event.fact("block") or change.accepted_at is not None:
        return Outcome(lead)
    kept = lead.with_booking(end_change(booking, Modification.WITHDRAWN)).conversing(expecting=ExpectedAnswer.BOOKING)
    return Outcome(kept).requesting(change_words.told(lead, "change.block.lifted", booking, context))


def offered(lead: Lead, booking: Booking, change: Change, event: SlotsFound, context: Context) -> Outcome:
    """Up to three of the times found are offered; the others are released."""
    found = tuple(
        slot
        for slot in event.offers
        if (booking.chosen is None or slot.slot_id != booking.chosen.slot_id) and slot.start not in booking.turned_down
    )
    kept = found[: words.TIMES]
    unfit = tuple(slot.hold_id for slot in event.offers if slot not in kept)
    change = replace(change, offered=kept, time_lost=False)
    expecting = ExpectedAnswer.SLOT if kept else ExpectedAnswer.WISH
    asked = quoting.waiting(lead, booking, change, event.at, expecting)
    say = words.choices if kept else words.nothing_near
    return release_holds(Outcome(asked).requesting(say(lead, booking, change, context)), unfit)


def chosen(lead: Lead, booking: Booking, change: Change, received_at: datetime, context: Context) -> Outcome:
    """A time that costs nothing more is theirs by the one tap."""
    quoted = quoting.quoted(booking, change, context)
    if isinstance(quoted, QuoteDenied):
        return quoting.deny(lead, booking, change, quoted.reason, context, quoted.price_row)
    return applying.accept(lead, replace(booking, change=quoted), quoted, received_at, context)


def money_back(lead: Lead, booking: Booking, change: Change, context: Context) -> Outcome:
    """Called off for the block's cause: all of the money goes back, by tap, by word or by silence."""
    begun = begin_change(booking, ChangeKind.CANCEL, change.cause, change.by, context.now, reason=change.reason)
    assert begun.change is not None
    quoted = quoting.quoted(begun, begun.change, context)
    if isinstance(quoted, QuoteDenied):
        return quoting.deny(lead, begun, begun.change, quoted.reason, context, quoted.price_row)
    return applying.accept(lead, replace(begun, change=quoted), quoted, context.now, context)
