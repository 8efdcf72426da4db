"""Changes by staff and machines: quoted and then confirmed, or, in their short forms, done at once with the quote of
that moment. The cause is theirs to name; it alone chooses policy, apology and who bears what.
"""

from dataclasses import replace
from typing import Final

from bot.business.context import Context
from bot.dialogue import choice
from bot.dialogue.changes import applying, quoting, records, searching, telling
from bot.dialogue.holds import release_holds
from bot.dialogue.overrides import overridden_in
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.change import Cause, Change, ChangeKind, ChangeWish, Requester
from bot.domain.events import StaffAsked
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import CLOSED, Modification
from bot.lifecycle import booking_money
from bot.lifecycle.changes import begin_change, end_change
from bot.lifecycle.quotes import NoChange, Override, QuoteDenied, is_outdated
from bot.lifecycle.verdicts import actor_named
from payments.domain.money import Money

_EDITED: Final = "The words about the change of {} were edited before they were sent."


def cause_of(event: StaffAsked) -> Cause:
    """The cause they named. The API asks for one; a request of version 0.1 named none, and was the house's doing."""
    named = event.fact("cause")
    return Cause(named) if named in set(Cause) else Cause.BUSINESS


def requester_of(event: StaffAsked) -> Requester:
    """Who asks, in the role they have; who has none of the tables' works in operations."""
    return Requester(event.fact("person") or event.by, actor_named(event.fact("role") or event.by).value)


def cancel(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """The short form: cancelled at once, with the quote of this moment; it supersedes any open change."""
    begun = _begun(booking, ChangeKind.CANCEL, event)
    found = quoting.quoted(begun, _open(begun), context, _override(begun, event))
    if isinstance(found, QuoteDenied):
        return _denied(lead, booking, event, found.reason)
    done = applying.accept(lead, replace(begun, change=found), found, event.at, context)
    return records.recorded(done, records.CHANGE_ASKED, event, booking, found)


def reschedule(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """The short form: to the named time at once; without one the customer is asked which, and keeps theirs."""
    if booking.change is not None and (cause_of(event) is Cause.CUSTOMER or booking.change.is_moving):
        # one change after another
        return _denied(lead, booking, event, NoChange.ANOTHER_OPEN)
    begun = _begun(booking, ChangeKind.TIME, event)
    change = _open(begun)
    if event.fact("slot_id") is None and change.wish.guests is None:
        asked = searching.go_on(lead, begun, replace(change, asked=True), context)
        return records.recorded(asked, records.CHANGE_ASKED, event, booking, change)
    quoted = _quoted(begun, change, event, context)
    if isinstance(quoted, QuoteDenied):
        return _denied(lead, booking, event, quoted.reason)
    done = applying.accept(lead, replace(begun, change=quoted), quoted, event.at, context)
    return records.recorded(done, records.CHANGE_ASKED, event, booking, quoted)


def request(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """Quoted and left open: the customer hears of it when it is confirmed."""
    kind = event.fact("kind")
    if kind not in set(ChangeKind):
        return Outcome(lead)
    supersedes = kind == ChangeKind.CANCEL or cause_of(event) is not Cause.CUSTOMER
    is_moving = booking.change is not None and booking.change.is_moving and kind != ChangeKind.CANCEL
    if booking.change is not None and (is_moving or not supersedes):
        return _denied(lead, booking, event, NoChange.ANOTHER_OPEN)
    begun = _begun(booking, ChangeKind(kind), event)
    quoted = _quoted(begun, _open(begun), event, context)
    if isinstance(quoted, QuoteDenied):
        return _denied(lead, booking, event, quoted.reason)
    asked = lead.with_booking(replace(begun, change=quoted))
    waits = Outcome(asked.with_timer(quoting.silence_timer(booking), quoting.given(quoted).valid_until))
    return records.recorded(waits, records.CHANGE_ASKED, event, booking, quoted)


def confirm(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """The yes to exactly that quote; one that no longer holds is quoted again, and nothing is done."""
    change = booking.change
    is_open = change is not None and change.quote is not None and change.accepted_at is None
    if change is None or not is_open or event.fact("change") != change.id:
        return _denied(lead, booking, event, NoChange.NOT_OPEN)
    if event.fact("quote") != str(quoting.given(change).number):
        # a yes to an older quote: the one that holds now is the answer
        return records.recorded(Outcome(lead), records.CHANGE_OUTDATED, event, booking, change)
    if not is_outdated(change, booking, event.at):
        change = telling.as_read(replace(change, accepted_by=requester_of(event).person), event)
        done = applying.accept(lead, booking, change, event.at, context)
        done = telling.told(done, booking.reference, change, event.at)
        if change.told:
            done = done.noting(telling.EDITED, _EDITED.format(booking.reference), event.at, change.told_by)
        return records.recorded(done, records.CHANGE_AGREED, event, booking, change)
    again = quoting.quoted(booking, change, context)
    if isinstance(again, QuoteDenied):
        return _denied(lead, booking, event, again.reason)
    requoted = lead.with_booking(replace(booking, change=again))
    waits = Outcome(requoted.with_timer(quoting.silence_timer(booking), quoting.given(again).valid_until))
    return records.recorded(waits, records.CHANGE_OUTDATED, event, booking, again)


def withdraw(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """That change is taken back; the booking stays as it is."""
    change = booking.change
    if change is None or event.fact("change") != change.id or _is_being_applied(booking, change):
        return _denied(lead, booking, event, NoChange.NOT_OPEN)
    kept = Outcome(lead.with_booking(end_change(booking, Modification.REJECTED)))
    return records.recorded(kept, records.CHANGE_WITHDRAWN, event, booking, change)


def _is_being_applied(booking: Booking, change: Change) -> bool:
    """Its yes was given and the swap of its time is under way: what was agreed to is not taken back half way."""
    is_waiting = change.awaits_yes or booking.modification is Modification.AWAITING_PAYMENT
    return change.is_moving or (change.accepted_at is not None and not is_waiting)


def may_change(booking: Booking) -> bool:
    """Whether there is anything that could be quoted; a booking without a time is dropped, not changed."""
    return booking.state not in CLOSED and booking.chosen is not None and booking.booked_hold is not None


def nothing_to_change(lead: Lead, booking: Booking, event: StaffAsked) -> Outcome:
    """The booking ended, or has no time yet; on record for whoever asked."""
    return _denied(lead, booking, event, NoChange.CLOSED if booking.state in CLOSED else NoChange.NO_TIME)


def _begun(booking: Booking, kind: ChangeKind, event: StaffAsked) -> Booking:
    said_guests = event.fact("guests")
    wish = ChangeWish(
        service=event.fact("service"),
        place=event.fact("place"),
        provider=event.fact("provider"),
        guests=int(said_guests) if said_guests is not None and said_guests.isdecimal() else None,
        details=tuple((name, value) for name, value in event.facts if name in {"name", "contact", "note"}),
    )
    reason = event.fact("reason") or ""
    return begin_change(booking, kind, cause_of(event), requester_of(event), event.at, reason=reason, wish=wish)


def _open(booking: Booking) -> Change:
    assert booking.change is not None
    return booking.change


def _quoted(booking: Booking, change: Change, event: StaffAsked, context: Context) -> Change | QuoteDenied:
    if change.kind is not ChangeKind.CANCEL:
        slot = _named(event, booking, change, context) or booking.chosen
        assert slot is not None
        kind = change.kind
        change = replace(quoting.with_slot(booking, change, slot), override=overridden_in(event))
        if kind is ChangeKind.DETAILS:
            change = replace(change, kind=kind)
    return quoting.quoted(booking, change, context, _override(booking, event))


def _named(event: StaffAsked, booking: Booking, change: Change, context: Context) -> OfferedSlot | None:
    """The time staff named, with the hold that was claimed for it."""
    seen = replace(booking, service=change.wish.service or booking.service)
    slot = choice.slot_of_id(event.fact("slot_id") or "", seen, context)
    return None if slot is None else replace(slot, hold_id=event.fact("hold_id"))


def _override(booking: Booking, event: StaffAsked) -> Override | None:
    fee, refund = event.fact("fee"), event.fact("refund")
    if fee is None and refund is None:
        return None
    try:
        fee_amount, refund_amount = (None if text is None else int(text) for text in (fee, refund))
    except ValueError:
        # the API lets no such thing through; nothing is done on a sum that cannot be read
        return Override()
    currency = booking_money.currency_of(booking, event.fact("currency") or "IDR")
    return Override(
        None if fee_amount is None else Money(fee_amount, currency),
        None if refund_amount is None else Money(refund_amount, currency),
        event.fact("reason") or "",
    )


def _denied(lead: Lead, booking: Booking, event: StaffAsked, why: NoChange) -> Outcome:
    """Nothing is changed; the hold that was claimed for it is released, and the reason is on record."""
    outcome = release_holds(Outcome(lead), (event.fact("hold_id"),))
    facts = {"booking": str(booking.reference), "action": event.action.value, "reason": why.value}
    return outcome.recording(quoting.DENIED, event.by, event.at, **facts)
