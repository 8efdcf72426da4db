"""The words for where things stand: the lifecycle of a booking, its facets, and the mode of a conversation.

Values only; which moves are legal is `bot.lifecycle.tables`.
"""

from enum import StrEnum


class State(StrEnum):
    """Where a booking stands."""

    INQUIRY = "INQUIRY"
    """First contact; no service chosen."""
    SERVICE_SELECTED = "SERVICE_SELECTED"
    """A service of the catalogue is chosen; times not yet."""
    SLOT_PROPOSED = "SLOT_PROPOSED"
    """Times are offered and held; none explicitly confirmed."""
    SLOT_CONFIRMED = "SLOT_CONFIRMED"
    """The customer confirmed one time explicitly and the slot is booked."""
    PAYMENT_PENDING = "PAYMENT_PENDING"
    """A link is out; the slot waits for the money until `pay_by`."""
    PAID = "PAID"
    """What was due now has come in."""
    PENDING_CONFIRMATION = "PENDING_CONFIRMATION"
    """A person or a provider has to accept; no money is asked for before that."""
    CONFIRMED = "CONFIRMED"
    """It will take place; everybody knows."""
    REMINDER_SENT = "REMINDER_SENT"
    """The day-before reminder is out."""
    CHECKED_IN = "CHECKED_IN"
    """A stay has begun."""
    CHECKED_OUT = "CHECKED_OUT"
    """A stay has ended; closing work is going on."""
    COMPLETED = "COMPLETED"
    """Done."""
    NO_SHOW = "NO_SHOW"
    """The customer did not come."""
    RESCHEDULED = "RESCHEDULED"
    """Another time is wanted; the next one is not chosen yet."""
    CANCELLED = "CANCELLED"
    """Called off by somebody, with a reason."""
    ABANDONED = "ABANDONED"
    """The customer owed the next step and was silent for days."""
    ERROR = "ERROR"
    """Cannot go on without a person."""


CLOSED: frozenset[State] = frozenset({State.COMPLETED, State.NO_SHOW, State.CANCELLED, State.ABANDONED})
"""States in which nobody owes a next step."""


UPCOMING: frozenset[State] = frozenset({State.CONFIRMED, State.REMINDER_SENT})
"""States of a booking that stands and has not begun to be kept: its customer is expected."""

RESCHEDULABLE: frozenset[State] = frozenset(
    {
        State.SLOT_CONFIRMED,
        State.PAYMENT_PENDING,
        State.PAID,
        State.PENDING_CONFIRMATION,
        State.CONFIRMED,
        State.REMINDER_SENT,
    }
)


ABANDONABLE: frozenset[State] = frozenset(
    {State.INQUIRY, State.SERVICE_SELECTED, State.SLOT_PROPOSED, State.PAYMENT_PENDING, State.RESCHEDULED}
)
"""States where the customer owes the next step."""


IN_PROGRESS: frozenset[State] = ABANDONABLE | {State.SLOT_CONFIRMED, State.PAID, State.PENDING_CONFIRMATION}
"""States on the way to a booking that stands."""


class PaymentStatus(StrEnum):
    """What the booking's money is doing."""

    NONE = "none"
    PENDING = "pending"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"


class LatePayment(StrEnum):
    """What becomes of money that came after its time was released, seen from the booking that was made for it."""

    NONE = "none"
    """Not made by late money."""
    ARRIVED = "arrived"
    """The money is there; the old time is being booked again."""
    TIME_TAKEN = "time_taken"
    """Somebody else has that time; the customer has not seen other times yet."""
    CHOOSING = "choosing"
    """Other times were shown or asked for."""
    BOOKED_AGAIN = "booked_again"
    """A time is theirs, the money is taken for it."""
    RETURNED = "returned"
    """It ended without a time: the money goes back."""


class Modification(StrEnum):
    """The change of a booking that was asked for last."""

    NONE = "none"
    REQUESTED = "requested"
    """Its wish is being heard, or its quote waits for a yes, or the new time is being booked."""
    AWAITING_PAYMENT = "awaiting_payment"
    """The yes is there, and the new time is kept until the difference comes in."""
    CONFIRMED = "confirmed"
    """Applied."""
    REJECTED = "rejected"
    """The customer or staff said no to its quote, or the policy does not sell it."""
    FAILED = "failed"
    """The time was lost, or the difference did not come in time."""
    WITHDRAWN = "withdrawn"
    """Taken back before it was decided: by silence, or because another change took its place."""


class Dispute(StrEnum):
    """A chargeback; it moves no lifecycle state."""

    NONE = "none"
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class FollowUp(StrEnum):
    """What is owed after the end."""

    NONE = "none"
    DUE = "due"
    DONE = "done"


class ShowUp(StrEnum):
    """Whether the customer came, as far as anybody said."""

    UNKNOWN = "unknown"
    ASKED = "asked"
    CAME = "came"
    DID_NOT_COME = "did_not_come"


class Absence(StrEnum):
    """Whether whoever gives what was booked stands there and finds nobody."""

    NONE = "none"
    TOLD = "told"
    """They said so, and the guest is asked."""
    PROPOSED = "proposed"
    """The guest did not answer in time, or cannot come: a person decides whether that is a no-show."""


class ItemStatus(StrEnum):
    """One part of a booking that has several."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    TICKETED = "ticketed"
    MODIFIED = "modified"
    SCHEDULE_CHANGED = "schedule_changed"
    CANCELLED = "cancelled"
    PROVIDER_CANCELLED = "provider_cancelled"
    COMPLETED = "completed"
    NO_SHOW = "no_show"


class Documents(StrEnum):
    """The booking's papers."""

    NONE = "none"
    READY = "ready"
    DELIVERED = "delivered"
    FAILED = "failed"


class Mode(StrEnum):
    """Who may speak."""

    BOT = "bot"
    AGENT = "agent"
