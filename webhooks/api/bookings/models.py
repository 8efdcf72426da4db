"""What the routes of services and bookings take and answer."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from bot.domain.change import Bearer, ChangeKind, RefundWay
from bot.domain.complaints import ComplaintState
from bot.domain.policy_sentence import PolicyClause
from bot.domain.states import Modification, PaymentStatus, State
from bot.domain.task import TaskState
from bot.lifecycle.actions import ActionType
from webhooks.api.bookings.acting import ROLES, Acting, Because, Caused, OverrideOfBooking, OverrideOfMove
from webhooks.api.bookings.coming import ComingShown
from webhooks.api.bookings.saga import SagaShown
from webhooks.api.money.models import Monies
from webhooks.api.tasks.models import TaskShown
from webhooks.edge.fields import (
    DEFAULT_PAGE_SIZE,
    Count,
    Day,
    Identifier,
    Otherwise,
    PageSize,
    PlaceInList,
    Words,
    YesOrNo,
)
from webhooks.edge.masked import Personal
from webhooks.edge.models import AmountShown, EdgeModel, ItemPage, Problem

MAX_DAYS = 62
_STATES = ", ".join(State)
_COUNT = "{} is a whole number from 1 to 500."

# Asked -----------------------------------------------------------------------------------------------------------


class ServicePath(EdgeModel):
    """Which service."""

    service: Identifier


class BookingPath(EdgeModel):
    """Which booking."""

    reference: Identifier


class SlotsQuery(EdgeModel):
    """The days, both included, and for whom; without days the week from today on."""

    first: Annotated[
        Day | None, Field(validation_alias="from"), Otherwise("bad-day", "from is a day like 2026-12-31.")
    ] = None
    to: Annotated[Day | None, Otherwise("bad-day", "to is a day like 2026-12-31.")] = None
    guests: Annotated[Count | None, Otherwise("bad-number", _COUNT.format("guests"))] = None
    nights: Annotated[Count | None, Otherwise("bad-number", _COUNT.format("nights"))] = None
    place: Identifier | None = None
    provider: Identifier | None = None


class BookingsQuery(EdgeModel):
    """Whose bookings, and where they stand."""

    lead: Identifier | None = None
    state: Annotated[State | None, Otherwise("unknown-state", f"state is one of {_STATES}.")] = None
    limit: PageSize = DEFAULT_PAGE_SIZE
    cursor: PlaceInList = None


class NewBooking(EdgeModel):
    """A booking by hand, for a lead or for the customer of a phone number."""

    lead_id: Identifier | None = None
    phone: Identifier | None = None
    service: Identifier
    slot_id: Annotated[Identifier, Field(description="As a free slot names it.")]
    place: Annotated[
        Identifier | None,
        Field(description="Where the guest stays, for a service that comes there and a slot that names no place."),
    ] = None
    guests: Annotated[Count | None, Otherwise("bad-number", _COUNT.format("guests"))] = None
    override: OverrideOfBooking = None

    @model_validator(mode="after")
    def _has_a_customer(self) -> "NewBooking":
        if self.lead_id is None and self.phone is None:
            raise PydanticCustomError("missing", "lead_id or phone")
        return self


class AgreedSlot(EdgeModel):
    """The time that was agreed to."""

    slot_id: Identifier


class AnotherTime(Because):
    """Why it is moved, and where to; without a time the customer is asked which."""

    slot_id: Annotated[Identifier | None, Field(description="As a free slot names it.")] = None
    override: OverrideOfMove = None


_KINDS = ", ".join(ChangeKind)


class WishedChange(Caused):
    """What is to be different, why, and whose doing it is."""

    kind: Annotated[ChangeKind, Otherwise("unknown-kind", f"kind is one of {_KINDS}.", 422)]
    reason: Annotated[Words | None, Field(description="Needed where fee or refund are set.")] = None
    slot_id: Annotated[Identifier | None, Field(description="As a free slot names it.")] = None
    service: Identifier | None = None
    place: Identifier | None = None
    provider: Identifier | None = None
    guests: Annotated[Count | None, Otherwise("bad-number", _COUNT.format("guests"))] = None
    override: OverrideOfMove = None
    name: Annotated[Words | None, Field(description="Details: the guest's name.")] = None
    contact: Annotated[Words | None, Field(description="Details: how the guest is reached.")] = None
    note: Annotated[Words | None, Field(description="Details: a special request.")] = None


class ChangePath(EdgeModel):
    """Which change of which booking."""

    reference: Identifier
    change: Annotated[Identifier, Field(description="As its quote names it.")]


class QuoteAgreed(Acting):
    """The yes, to which quote."""

    quote: Annotated[
        Count | None,
        Otherwise("bad-number", _COUNT.format("quote")),
        Field(description="Its number; without it the yes is to the quote that is open now."),
    ] = None


class ActionsQuery(EdgeModel):
    """For whom: the customer or a role of the house."""

    role: Annotated[
        Literal["customer", "sales", "operations", "provider", "finance", "support", "admin"],
        Otherwise("unknown-role", f"role is customer or one of {ROLES}."),
    ] = "operations"


class Came(EdgeModel):
    """Whether the customer was there."""

    showed_up: YesOrNo


class GivenScore(Acting):
    """How the customer said it was."""

    score: Annotated[
        StrictInt,
        Field(ge=1, le=5),
        Otherwise("bad-score", "score is a whole number from 1 to 5.", 422),
    ]
    words: Annotated[Words | None, Field(description="In their words; the first 300 letters are kept.")] = None


# Answered --------------------------------------------------------------------------------------------------------


class GuestsShown(EdgeModel):
    """How many people one booking is for."""

    min: int
    max: int


class PriceRow(EdgeModel):
    """A row of the price book, for the least number of guests."""

    unit: str
    provider: str | None
    area: str | None
    amount: int
    currency: str
    id: str | None
    place: str | None
    from_day: date | None
    until_day: date | None
    at_least: int | None
    at_most: int | None


class ServicePrice(EdgeModel):
    """What it costs."""

    from_: Annotated[AmountShown, Field(serialization_alias="from")]
    rows: list[PriceRow]


class PaymentShown(EdgeModel):
    """When it is paid."""

    rule: str
    window_minutes: int


class ServiceShown(EdgeModel):
    """What can be booked."""

    id: str
    name: Annotated[dict[str, str], Field(description="By language code.")]
    summary: Annotated[dict[str, str], Field(description="By language code.")]
    kind: str
    venue: str
    duration_minutes: Annotated[int | None, Field(description="Null where it is sold by the night.")]
    guests: GuestsShown
    price: ServicePrice
    payment: PaymentShown
    places: list[str]
    providers: list[str]
    timezone: str


class SlotShown(EdgeModel):
    """A free time; `slot_id` is what booking it takes."""

    slot_id: str
    start: str
    end: str
    timezone: str
    provider: str | None
    place: Annotated[
        str | None, Field(description="Null at the guest's place when none was asked for: name it when booking.")
    ]
    nights: int
    resources: list[str]
    left: Annotated[int, Field(description="How many guests it still takes.")]


class MoveShown(EdgeModel):
    """A move of a booking, with the verdict of then."""

    at: str | None
    from_: Annotated[str | None, Field(serialization_alias="from")]
    to: str | None
    by: Annotated[str, Field(description="A user, `machine`, or `customer`, `system`, `webhook`.")]
    role: Annotated[str | None, Field(description="In which role; null where it was no person, or long ago.")]
    reason: str | None
    verdict: Annotated[str | None, Field(description="Null for what was recorded before verdicts were.")]
    rules: list[str]
    overridden: list[str]


class RatingShown(EdgeModel):
    """How it was."""

    score: int
    by: Annotated[str, Field(description="`customer`, or whoever of the house entered it.")]
    at: str
    words: Annotated[
        str | None,
        Personal.WORDS,
        Field(description="Null in lists, and once the customer's last ten visits were others."),
    ]


class AwaitingShown(EdgeModel):
    """Whose yes a booking waits for; nothing is asked of its customer's money before that."""

    task: Annotated[str, Field(description="service: one of its providers; approval: a person of the house.")]
    state: Annotated[TaskState, Field(description="unfilled: nobody would, and the customer is asked what instead.")]
    answer_by: str
    candidates: Annotated[list[str], Field(description="The providers who can be asked, best first.")]


class BookingShown(Monies):
    """A booking, its money and its history."""

    id: str
    reference: str
    lead_id: str
    state: State
    status: str
    payment_status: PaymentStatus
    awaiting: Annotated[AwaitingShown | None, Field(description="Null where it waits for nobody's yes.")]
    service: str | None
    guests: int | None
    nights: int | None
    place: str | None
    provider: Annotated[str | None, Field(description="Null while its providers are asked who takes it.")]
    start: str | None
    end: str | None
    timezone: str
    slot_id: str | None
    total: AmountShown
    referrer: str | None
    pay_by: str | None
    coming: Annotated[ComingShown | None, Field(description="Null where its reminder has not asked yet.")]
    cancellation_reason: str | None
    cancelled_by: str | None
    reschedule_count: int
    offered: Annotated[list[str], Field(description="Slot ids.")]
    history: list[MoveShown]
    tasks: Annotated[list[TaskShown], Field(description="The work around it, the first due first.")]
    saga: Annotated[
        SagaShown | None,
        Field(description="Its state as steps, and what is still owed for it; null while nothing is promised."),
    ]
    rating: RatingShown | None
    complaint: Annotated[
        ComplaintState | None, Field(description="How a complaint about it stands; the rest is at `…/complaint`.")
    ]
    redo_of: Annotated[str | None, Field(description="The booking in whose place it was made, free for its guest.")]


class QuoteShown(EdgeModel):
    """What a change costs, before the yes."""

    id: Annotated[str | None, Field(description="Of its change; null where none has begun.")]
    number: Annotated[int, Field(description="Counted within its change; a confirmation may name it.")]
    kind: ChangeKind
    price_before: AmountShown
    price_after: AmountShown
    fee: AmountShown
    keep: Annotated[AmountShown, Field(description="What the booking keeps of its money.")]
    to_pay: AmountShown
    to_refund: AmountShown
    to_credit: Annotated[AmountShown, Field(description="What of `to_refund` comes back as a credit, not as money.")]
    by_way: RefundWay
    borne_by: Bearer
    policy: Annotated[str, Field(description="The policy's clause in words; empty where a change is simply free.")]
    policy_clause: PolicyClause
    valid_until: str
    apology: bool


class ChangeShown(EdgeModel):
    """A change, and its quote."""

    id: str
    booking: str
    state: Modification
    quote: QuoteShown | None


class BookingChanged(BookingShown):
    """A booking after a change of it, with the quote it was changed at."""

    change: str | None
    change_state: Modification | None
    quote: QuoteShown | None


class QuoteOutdated(Problem):
    """The yes was to a quote that holds no more; `quote` is the one that does."""

    quote: QuoteShown


class ActionShown(EdgeModel):
    """Something that can be done now, with its price."""

    type: ActionType
    label: str
    description: str
    urgent: bool
    needs_yes: Annotated[bool, Field(description="Whether it is done only after an explicit yes to its quote.")]
    amount: AmountShown | None
    until: str | None
    change: Annotated[str | None, Field(description="The open change it is about.")]
    quote: QuoteShown | None


class ActionList(ItemPage[ActionShown]):
    """What can be done now, the urgent first."""


class ServiceList(ItemPage[ServiceShown]):
    """The catalogue."""


class SlotList(ItemPage[SlotShown]):
    """Free times."""


class BookingList(ItemPage[BookingShown]):
    """Bookings, the last changed first."""
