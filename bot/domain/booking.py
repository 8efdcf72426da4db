"""One booking of one customer: where it stands, and the facts the rules ask about."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated

from pydantic import Field

from bot.domain.booking_money import KeptMoney, MoneyAccount
from bot.domain.change import Change
from bot.domain.ids import BookingReference
from bot.domain.offers import BookingWish as BookingWish
from bot.domain.offers import OfferedSlot as OfferedSlot
from bot.domain.states import Dispute, Documents, FollowUp, ItemStatus, Modification, PaymentStatus, ShowUp, State
from payments.domain.money import Money


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a booking's history, with the verdict it was made under."""

    origin: State | None
    """None where the booking begins."""
    target: State
    by: str
    rules: tuple[str, ...]
    """Every rule that was asked."""
    overridden: tuple[str, ...] = ()
    """The rules that said no to what had already happened."""


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking between a wish and its end; closed ones are known by reference only."""

    reference: BookingReference
    state: State = State.INQUIRY
    previous_state: State | None = None
    """Where it came from when it was rescheduled or stopped by an error."""
    service: str | None = None
    business_version: str | None = None
    """Hash of the business file its price and policy were quoted under."""
    guests: int | None = None
    nights: int = 0
    place: str | None = None
    wish: BookingWish = BookingWish()
    last_choices: Annotated[tuple[str, ...], Field(alias="choices")] = ()
    """What the last list showed, as taps in order, so that "the first" means something."""
    pending_questions: Annotated[tuple[str, ...], Field(alias="also")] = ()
    """Questions asked along with the wish, by the names of their answers: answered with the proposal."""
    open_question: Annotated[str | None, Field(alias="question")] = None
    """A yes-or-no question that is open: cancel, reschedule, or whether they came; what is asked later ends it."""
    asked_when: bool = False
    """Whether the customer was asked when, so that "any time" counts as an answer."""
    offered: tuple[OfferedSlot, ...] = ()
    chosen: OfferedSlot | None = None
    explicitly_confirmed: bool = False
    booked_hold: str | None = None
    """Under which hold the time is booked."""
    price: Money | None = None
    due: Money | None = None
    """What has to come in before it is PAID: the price, a deposit, or nothing."""
    paid: Money | None = None
    referrer: str | None = None
    """Who sent the customer, as its shares were computed."""
    payment_method: str | None = None
    pay_by: datetime | None = None
    money_account: str | None = None
    """Under which name its money is kept, where that is not its own reference: moved before it was paid, or brought
    back by late money."""
    link_count: Annotated[int, Field(alias="links")] = 0
    """How many payment links were asked for."""
    pay_url: str | None = None
    """The link the customer has been given last."""
    recovery_steps: Annotated[int, Field(alias="recoveries")] = 0
    """Nudges, new links and other ways to pay so far."""
    only_provider: str | None = None
    """Whose time it has to be, because money that came late is promised to them."""
    payment_status: PaymentStatus = PaymentStatus.NONE
    show_up: ShowUp = ShowUp.UNKNOWN
    follow_up: FollowUp = FollowUp.NONE
    modification: Modification = Modification.NONE
    dispute: Dispute = Dispute.NONE
    documents: Documents = Documents.NONE
    items: Mapping[str, ItemStatus] = field(default_factory=dict)
    reschedule_count: int = 0
    reschedule_reason: str | None = None
    cancellation_reason: str | None = None
    cancelled_by: str | None = None
    error_reason: str | None = None
    last_activity_at: datetime | None = None
    change: Change | None = None
    """The change that is open, at most one; closed ones are in the audit."""
    change_count: int = 0
    """How many changes were begun; the next one is named by it."""
    accounts: tuple[MoneyAccount, ...] = ()
    """Every account with money of this booking: former ones, and those of its changes."""
    refund_ordered: Money | None = None
    """What was ordered to go back to the customer so far."""
    fees_charged: Money | None = None
    """Fees of its changes: paid beside the price, and not given back with it."""
    kept: KeptMoney | None = None
    """What it keeps of its money, once it has ended."""
    moves: tuple[Move, ...] = ()
    """The moves of the decision in the making; the decision hands them to the audit, a stored booking has none."""

    @property
    def needs_payment(self) -> bool:
        """Whether money has to come in before it can be confirmed."""
        return self.due is not None and self.due.amount > 0

    @property
    def account(self) -> str:
        """The name its money is kept under."""
        return self.money_account or str(self.reference)

    @property
    def is_rebooked_by_late_payment(self) -> bool:
        """Whether it was made anew by money that came after its time was released."""
        return not self.account.startswith(str(self.reference))

    @property
    def holds(self) -> tuple[str, ...]:
        """The holds of what is offered."""
        return tuple(one.hold_id for one in self.offered if one.hold_id is not None)

    def refunded(self, amount: Money) -> "Booking":
        """The booking after so much went back, where it has ended; what came in for it decides whether that is all."""
        if self.state is not State.CANCELLED or self.payment_status is PaymentStatus.REFUNDED:
            return self
        whole = self.paid or self.due
        rest = whole is not None and (whole.currency != amount.currency or amount.amount < whole.amount)
        status = PaymentStatus.PARTIALLY_REFUNDED if rest else PaymentStatus.REFUNDED
        return replace(self, payment_status=status)
