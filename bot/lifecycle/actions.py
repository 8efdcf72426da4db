"""What can be done with a booking now, by whom, and what it costs: the one source for chat menu, API and console."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.business.catalogue import Venue
from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.change import Cause, Change, ChangeKind, ChangeQuote, Requester
from bot.domain.states import CLOSED, RESCHEDULABLE, Absence, Modification, State
from bot.lifecycle import apply, booking_money
from bot.lifecycle.quotes import ChangeRequest, QuoteDenied, change_fee, quote
from bot.lifecycle.rules.built_in import EARLIEST_CHECK_IN
from bot.lifecycle.verdicts import MAY, Actor, actor_named
from payments.domain.money import Money

_REBOOKED: Final = frozenset({State.CANCELLED, State.NO_SHOW, State.ABANDONED, State.COMPLETED})


class ActionType(StrEnum):
    """What can be done."""

    PAY = "pay"
    ANOTHER_LINK = "another_link"
    CONFIRM_CHANGE = "confirm_change"
    WITHDRAW_CHANGE = "withdraw_change"
    CHANGE_TIME = "change_time"
    CHANGE_PLACE = "change_place"
    CHANGE_GUESTS = "change_guests"
    CHANGE_PROVIDER = "change_provider"
    DETAILS = "details"
    CANCEL = "cancel"
    MARK_CAME = "mark_came"
    MARK_ABSENT = "mark_absent"
    CHECK_IN = "check_in"
    CHECK_OUT = "check_out"
    COMPLETE = "complete"
    REBOOK = "rebook"
    TALK_TO_PERSON = "talk_to_person"


class ActionPrice(StrEnum):
    """What is said of an action's price or deadline, under its name."""

    REFUND_OF = "refund_of"
    NO_REFUND = "no_refund"
    NO_COST = "no_cost"
    FEE_OF = "fee_of"
    TO_PAY = "to_pay"
    UNTIL = "until"
    ASKS_TEAM = "asks_team"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done; label and description are keys of the catalogues, their facts stand here."""

    type: ActionType
    price: ActionPrice
    amount: Money | None = None
    until: datetime | None = None
    urgent: bool = False
    needs_yes: bool = False
    """Whether it is done only after an explicit yes to its quote."""
    quote: ChangeQuote | None = None
    change: str | None = None
    """The open change it is about."""

    @property
    def label(self) -> str:
        """The key of its name."""
        return f"action.label.{self.type.value}"

    @property
    def description(self) -> str:
        """The key of what is said under its name."""
        return f"action.description.{self.price.value}"


def actions(booking: Booking, context: Context, by: Requester) -> tuple[Action, ...]:
    """Everything that this person can do with that booking at `context.now`, the urgent first."""
    found = (*_of_money(booking), *_of_change(booking), *_new(booking, context, by), *_of_show_up(booking, context, by))
    if by.is_customer:
        found = (*found, Action(ActionType.TALK_TO_PERSON, ActionPrice.ASKS_TEAM))
    return tuple(sorted(found, key=lambda action: not action.urgent))


def _of_money(booking: Booking) -> Iterator[Action]:
    if booking.state is not State.PAYMENT_PENDING or booking.due is None:
        return
    if booking.pay_url is not None and not booking.has_dead_link:
        yield Action(ActionType.PAY, ActionPrice.TO_PAY, booking_money.rest(booking), booking.pay_by, urgent=True)
    price = ActionPrice.NO_COST if booking.pay_by is None else ActionPrice.UNTIL
    yield Action(ActionType.ANOTHER_LINK, price, until=booking.pay_by)


def _of_change(booking: Booking) -> Iterator[Action]:
    change = booking.change
    if change is None or change.quote is None:
        return
    if booking.modification is Modification.AWAITING_PAYMENT:
        paying = Action(ActionType.PAY, ActionPrice.TO_PAY, change.quote.to_pay, change.pay_by, urgent=True)
        yield _about(paying, change)
    elif change.accepted_at is None:
        yield _about(priced(ActionType.CONFIRM_CHANGE, change.quote, urgent=True), change)
    may_stay = change.awaits_yes or booking.modification is Modification.AWAITING_PAYMENT
    if change.accepted_at is None or may_stay:
        yield _about(Action(ActionType.WITHDRAW_CHANGE, ActionPrice.NO_COST), change)


def _about(action: Action, change: Change) -> Action:
    return replace(action, quote=change.quote, change=change.id)


def _new(booking: Booking, context: Context, by: Requester) -> Iterator[Action]:
    """Another time, place or number, and calling it off; each with its price of this moment."""
    if booking.state in _REBOOKED:
        yield Action(ActionType.REBOOK, ActionPrice.NO_COST)
    if booking.state in CLOSED:
        return
    if booking.change is None and booking.state in RESCHEDULABLE:
        yield from _alterations(booking, context, by)
    actor = Actor.CUSTOMER if by.is_customer else actor_named(by.role)
    found = quote(booking, ChangeRequest(ChangeKind.CANCEL, Cause.CUSTOMER, by), context)
    if not isinstance(found, QuoteDenied) and actor in MAY[State.CANCELLED]:
        yield priced(ActionType.CANCEL, found)


def _alterations(booking: Booking, context: Context, by: Requester) -> Iterator[Action]:
    fee = change_fee(booking, by, Cause.CUSTOMER, context)
    service = context.business.service(booking.service or "")
    if isinstance(fee, QuoteDenied) or service is None:
        return
    charged, _, until = fee
    price = ActionPrice.FEE_OF if charged else ActionPrice.NO_COST
    kinds = [ActionType.CHANGE_TIME]
    if service.venue is Venue.GUEST_PLACE and len(context.business.places_of(service)) > 1:
        kinds.append(ActionType.CHANGE_PLACE)
    if service.max_guests > service.min_guests:
        kinds.append(ActionType.CHANGE_GUESTS)
    if not by.is_customer and len(context.business.providers_of(service.id, None)) > 1:
        kinds.append(ActionType.CHANGE_PROVIDER)
    for kind in kinds:
        yield Action(kind, price, charged or None, until, needs_yes=True)
    yield Action(ActionType.DETAILS, ActionPrice.NO_COST)


def priced(kind: ActionType, found: ChangeQuote, *, urgent: bool = False) -> Action:
    """That action with what its quote says."""
    if found.to_refund:
        price, amount = ActionPrice.REFUND_OF, found.to_refund
    elif found.to_pay:
        price, amount = ActionPrice.TO_PAY, found.to_pay
    else:
        kept = bool(found.paid) and not found.price_after
        price, amount = (ActionPrice.NO_REFUND if kept else ActionPrice.NO_COST), None
    return Action(kind, price, amount, found.valid_until, urgent, needs_yes=True, quote=found)


def _of_show_up(booking: Booking, context: Context, by: Requester) -> Iterator[Action]:
    """Whether they came, and how a stay goes on."""
    slot = booking.chosen
    if by.is_customer or slot is None:
        return
    service = context.business.service(booking.service or "")
    steps: list[tuple[ActionType, State]] = []
    match booking.state:
        case State.CONFIRMED | State.REMINDER_SENT:
            is_stay = service is not None and service.is_stay
            if is_stay and slot.start - context.now <= EARLIEST_CHECK_IN:
                steps.append((ActionType.CHECK_IN, State.CHECKED_IN))
            if slot.start <= context.now:
                steps += [] if is_stay else [(ActionType.MARK_CAME, State.COMPLETED)]
                steps.append((ActionType.MARK_ABSENT, State.NO_SHOW))
        case State.CHECKED_IN:
            steps.append((ActionType.CHECK_OUT, State.CHECKED_OUT))
        case State.CHECKED_OUT:
            steps.append((ActionType.COMPLETE, State.COMPLETED))
        case State.NO_SHOW:
            # a correction has its own people and its own time
            if apply.may_be_corrected(booking, actor_named(by.role), context):
                yield Action(ActionType.MARK_CAME, ActionPrice.NO_COST)
            return
        case _:
            return
    for kind, target in steps:
        if actor_named(by.role) in MAY[target]:
            # proposed, and to be decided soon: their provider waits
            is_proposed = kind is ActionType.MARK_ABSENT and booking.absence is Absence.PROPOSED
            yield Action(kind, ActionPrice.NO_COST, urgent=is_proposed)
