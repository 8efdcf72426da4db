"""What the routes of the inside of a customer take and answer."""

from typing import Annotated, Literal

from pydantic import Field

from bot.domain.states import PaymentStatus, State
from webhooks.api.bookings.verdicts import VerdictShown
from webhooks.api.money.models import Monies
from webhooks.edge.models import EdgeModel, ReasonShown


class StateOfLifecycle(EdgeModel):
    """A state, where a booking may go from it, and whether nobody owes a next step there."""

    name: State
    next: list[State]
    is_closed: bool


class Lifecycle(EdgeModel):
    """The table of states and edges."""

    states: list[StateOfLifecycle]


class BookingInside(EdgeModel):
    """Where a booking stands, and the verdict on every way on from there."""

    reference: str
    state: State
    previous_state: State | None
    payment_status: PaymentStatus
    service: str | None
    start: str | None
    pay_by: str | None
    pay_url: str | None
    been: Annotated[list[str], Field(description="The states it went through, oldest first.")]
    ways_on: list[VerdictShown]


class Timer(EdgeModel):
    """What happens by itself, and when."""

    name: str
    due_at: str


class Hold(EdgeModel):
    """A time that is kept."""

    id: str
    booking: str | None
    state: Literal["held", "booked"]
    expires_at: str | None
    claims: int
    start: str | None
    provider: str | None
    place: str | None


class Waiting(EdgeModel):
    """What was decided and is not done yet."""

    id: str
    lane: str
    kind: str
    status: str
    attempts: int
    author: str
    text: str | None
    look_at: str
    not_after: str | None


class MoneyOfBooking(Monies):
    """The money of one booking."""

    booking: str
    account: str


class Refusal(EdgeModel):
    """A step that a rule blocked."""

    at: str
    by: str
    booking: str | None
    from_: Annotated[str | None, Field(serialization_alias="from")]
    target: str | None
    reason: ReasonShown


class Entry(EdgeModel):
    """One line of the history."""

    at: str
    what: str
    by: str
    facts: dict[str, str]


class Insight(EdgeModel):
    """All that is known inside of one customer, as of one moment."""

    id: str
    version: int
    now: str
    timezone: str
    mode: str
    epoch: int
    expecting: str
    window_expires_at: str | None
    next_start: str | None
    bookings: list[BookingInside]
    timers: list[Timer]
    holds: list[Hold]
    outbox: list[Waiting]
    money: Annotated[list[MoneyOfBooking], Field(description="One entry a booking that was ever to be paid.")]
    refusals: list[Refusal]
    history: list[Entry]
