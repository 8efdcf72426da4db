"""Changes by staff and machines: quoted and then confirmed, or, in their short forms, done at once with the quote of
that moment. The cause is theirs to name; it alone chooses policy, apology and who bears what.
"""

from dataclasses import replace

from bot.business.context import Context
from bot.dialogue import choice
from bot.dialogue.changes import applying, quoting, searching
from bot.dialogue.holds import release_holds
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.change import Cause, Change, ChangeKind, ChangeWish, Requester
from bot.domain.events import StaffAsked
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import CLOSED, Modification
from bot.lifecycle import booking_money
from bot.lifecycle.changes import begin_change, end_change
from bot.lifecycle.quotes import Override, QuoteDenied, is_outdated
from bot.lifecycle.verdicts import actor_named
from payments.domain.money import Money


def cause_of(event: StaffAsked) -> Cause:
    """The cause they named. The API asks for one; a request of version 0.1 named none, and was the house's doing."""
    named = event.fact("cause")
    return Cause(named) if named in set(Cause) else Cause.BUSINESS


def requester_of(event: StaffAsked) -> Requester:
    """Who asks, in the role they have; who has none of the tables' works in operations."""
    return Requester(event.fact("person") or event.by, actor_named(event.fact("role") or event.by).value)


def cancel(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """The short form: cancelled at once, with the quote of this moment; it supersedes any open change."""
    change = _begun(booking, ChangeKind.CANCEL, event)
    found = quoting.quoted(change, _open(change), context, _override(change, event))
    if isinstance(found, QuoteDenied):
        return _denied(lead, booking, event, found)
    return applying.accept(lead, replace(change, change=found), found, event.at, context)


def reschedule(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """The short form: to the named time at once; without one the customer is asked which, and keeps theirs."""
    if booking.change is not None and cause_of(event) is Cause.CUSTOMER:
        # one change after another; the API has said so
        return Outcome(lead)
    begun = _begun(booking, ChangeKind.TIME, event)
    change = _open(begun)
    if event.fact("slot_id") is None and change.wish.guests is None:
        asked = replace(change, asked=True)
        return searching.go_on(lead, begun, asked, context)
    quoted = _quoted(begun, change, event, context)
    if isinstance(quoted, QuoteDenied):
        return _denied(lead, booking, event, quoted)
    return applying.accept(lead, replace(begun, change=quoted), quoted, event.at, context)


def request(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """Quoted and left open: the customer hears of it when it is confirmed."""
    kind = event.fact("kind")
    if kind not in set(ChangeKind):
        return Outcome(lead)
    supersedes = kind == ChangeKind.CANCEL or cause_of(event) is not Cause.CUSTOMER
    if booking.change is not None and not supersedes:
        return Outcome(lead)
    begun = _begun(booking, ChangeKind(kind), event)
    quoted = _quoted(begun, _open(begun), event, context)
    if isinstance(quoted, QuoteDenied):
        return _denied(lead, booking, event, quoted)
    asked = lead.with_booking(replace(begun, change=quoted))
    return Outcome(asked.with_timer(quoting.silence_timer(booking), quoting.given(quoted).valid_until))


def confirm(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """The yes to exactly that quote; one that no longer holds is quoted again, and nothing is done."""
    change = booking.change
    if change is None or change.quote is None or change.accepted_at is not None:
        return Outcome(lead)
    if (event.fact("change"), event.fact("quote")) != (change.id, str(change.quote.number)):
        return Outcome(lead)
    if not is_outdated(change, booking, event.at):
        return applying.accept(lead, booking, change, event.at, context)
    again = quoting.quoted(booking, change, context)
    if isinstance(again, QuoteDenied):
        return _denied(lead, booking, event, again)
    requoted = lead.with_booking(replace(booking, change=again))
    return Outcome(requoted.with_timer(quoting.silence_timer(booking), quoting.given(again).valid_until))


def withdraw(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """That change is taken back; the booking stays as it is."""
    if booking.change is None or event.fact("change") != booking.change.id:
        return Outcome(lead)
    return Outcome(lead.with_booking(end_change(booking, Modification.REJECTED)))


def may_change(booking: Booking) -> bool:
    """Whether there is anything that could be quoted; a booking without a time is dropped, not changed."""
    return booking.state not in CLOSED and booking.chosen is not None and booking.booked_hold is not None


def _begun(booking: Booking, kind: ChangeKind, event: StaffAsked) -> Booking:
    said_guests = event.fact("guests")
    wish = ChangeWish(
        service=event.fact("service"),
        place=event.fact("place"),
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
        change = quoting.with_slot(booking, change, slot)
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


def _denied(lead: Lead, booking: Booking, event: StaffAsked, denied: QuoteDenied) -> Outcome:
    """Nothing is changed; the hold that was claimed for it is released, and the reason is on record."""
    outcome = release_holds(Outcome(lead), (event.fact("hold_id"),))
    facts = {"booking": str(booking.reference), "action": event.action.value, "reason": denied.reason.value}
    return outcome.recording(quoting.DENIED, event.by, event.at, **facts)
