"""The one status word for outsiders who want one: a pure projection of lifecycle state and facets.

Nothing is stored in these words; they are computed from where the booking stands and its facets.
"""

from bot.domain.booking import Booking
from bot.domain.states import UPCOMING, Dispute, ItemStatus, Modification, PaymentStatus, State

_ENDED_ITEMS = {ItemStatus.CANCELLED, ItemStatus.PROVIDER_CANCELLED}

_BEFORE_CONFIRMATION = {
    State.INQUIRY,
    State.SERVICE_SELECTED,
    State.SLOT_PROPOSED,
    State.SLOT_CONFIRMED,
    State.PAYMENT_PENDING,
    State.PAID,
    State.PENDING_CONFIRMATION,
    State.RESCHEDULED,
}


_STATUS_WORDS = {
    State.CHECKED_OUT: "completed",
    State.COMPLETED: "completed",
    State.NO_SHOW: "no_show",
    State.CANCELLED: "cancelled",
    State.ABANDONED: "abandoned",
    State.ERROR: "failed",
}


def status_word(booking: Booking) -> str:
    """The seeds' outside word: pending, confirmed, ticketed, modified, cancelled, refunded, disputed …"""
    if booking.dispute is Dispute.OPEN:
        return "disputed"
    if booking.state is State.CANCELLED and booking.payment_status is PaymentStatus.REFUNDED:
        return "refunded"
    if booking.state in UPCOMING:
        items = set(booking.items.values())
        if items & _ENDED_ITEMS and items - _ENDED_ITEMS:
            return "partially_cancelled"
        if booking.modification is Modification.CONFIRMED:
            return "modified"
        if items and items == {ItemStatus.TICKETED}:
            return "ticketed"
    return "pending" if booking.state in _BEFORE_CONFIRMATION else _STATUS_WORDS.get(booking.state, "confirmed")


def reservation_word(booking: Booking) -> str:
    """The property trade's five words (seed 1): PENDING, CONFIRMED, CHECKED_IN, CHECKED_OUT, CANCELLED."""
    if booking.state in _BEFORE_CONFIRMATION or booking.state is State.ERROR:
        return "PENDING"
    match booking.state:
        case State.CONFIRMED | State.REMINDER_SENT:
            return "CONFIRMED"
        case State.CHECKED_IN:
            return "CHECKED_IN"
        case State.CHECKED_OUT | State.COMPLETED:
            return "CHECKED_OUT"
        case _:
            return "CANCELLED"
