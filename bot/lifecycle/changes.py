"""The one way a change begins, goes on and ends; the table is `tables.MODIFICATION`.

A change that ends leaves the booking and stands in `ended_changes` until the decision is concluded, so that followers
and the audit see it, whoever ended it.
"""

from dataclasses import replace
from datetime import datetime

from bot.domain.booking import Booking
from bot.domain.change import Cause, Change, ChangeKind, ChangeWish, Requester
from bot.domain.states import Modification
from bot.lifecycle import apply
from bot.lifecycle.quotes import arrangement_of


def begin_change(
    booking: Booking,
    kind: ChangeKind,
    cause: Cause,
    by: Requester,
    now: datetime,
    *,
    reason: str = "",
    words: str = "",
    wish: ChangeWish | None = None,
) -> Booking:
    """The booking with a new change in place of the one that was open, which is withdrawn."""
    if booking.change is not None:
        booking = end_change(booking, Modification.WITHDRAWN)
    number = booking.change_count + 1
    change = Change(
        id=f"C{number}",
        kind=kind,
        cause=cause,
        by=by,
        requested_at=now,
        before=arrangement_of(booking),
        reason=reason,
        words=words,
        wish=wish or ChangeWish(),
    )
    begun = apply.set_facet(booking, Modification.REQUESTED)
    # another change takes its place: late money of the one before goes back
    return replace(begun, change=change, change_count=number, open_question=None, unpaid_change=None)


def take_up_again(booking: Booking, change: Change) -> Booking:
    """The booking with a change that had ended for want of its money, which is there now."""
    waits = apply.set_facet(apply.set_facet(booking, Modification.REQUESTED), Modification.AWAITING_PAYMENT)
    # without a deadline: nothing is waited for but its time
    again = replace(change, end=None, hold=None, pay_by=None, offered=())
    return replace(waits, change=again, unpaid_change=None)


def end_change(booking: Booking, end: Modification) -> Booking:
    """The booking without its open change, which ended so; without one it stays as it is."""
    change = booking.change
    if change is None:
        return booking
    moved = apply.set_facet(booking, end)
    ended = replace(change, end=end)
    if end is not Modification.CONFIRMED:
        # what came in for it is the customer's again, so no quote from here on may count it
        moved = replace(moved, accounts=tuple(one for one in moved.accounts if one.purpose != change.id))
    return replace(moved, change=None, open_question=None, ended_changes=(*booking.ended_changes, ended))
