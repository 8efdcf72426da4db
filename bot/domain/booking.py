"""One booking of one customer: where it stands, and the facts the rules ask about."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from pydantic_core import ArgsKwargs

from bot.domain.acceptance import Acceptance
from bot.domain.booking_money import KeptMoney, MoneyAccount
from bot.domain.change import Change
from bot.domain.coming import Coming
from bot.domain.complaints import Complaint
from bot.domain.credits import SpentCredit
from bot.domain.ids import BookingReference
from bot.domain.offers import BookingWish, OfferedSlot, ProviderWish
from bot.domain.overrides import RulesOverridden, TimeRule
from bot.domain.redo import Redo
from bot.domain.states import (
    Absence,
    Dispute,
    Documents,
    FollowUp,
    ItemStatus,
    LatePayment,
    Modification,
    PaymentStatus,
    ShowUp,
    State,
)
from bot.domain.task import TaskState
from bot.domain.visits import Rating
from payments.domain.money import Money
from payments.domain.splits import Share

__all__ = [
    "Booking",
    "BookingQuestion",
    "BookingWish",
    "Move",
    "OfferedSlot",
    "SlotUnavailable",
]


class BookingQuestion(StrEnum):
    """A question about a booking that a yes or a no answers."""

    CANCEL = "cancel"
    RESCHEDULE = "reschedule"
    SHOW_UP = "show_up"
    """Whether the customer came."""
    ARRIVED = "arrived"
    """Whether the guest of a stay is there."""
    LEFT = "left"
    """Whether the guest of a stay has left."""
    ABSENT = "absent"
    """Whether the customer is there, whom their provider does not find."""
    GO_ON = "go_on"
    """Whether they still want what they left unfinished."""


class SlotUnavailable(StrEnum):
    """Why a chosen time cannot be booked."""

    UNKNOWN_SERVICE = "unknown_service"
    PAST = "past"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    TOO_FEW_GUESTS = "too_few_guests"
    TOO_MANY_GUESTS = "too_many_guests"
    NOT_OFFERED = "not_offered"
    TAKEN = "taken"
    DAY_OFF = "day_off"


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
    """The rules that said no to what had already happened, or to what somebody of the house did all the same."""
    reason: str = ""
    """Why they did."""
    person: str = ""
    """Who of the house asked for it, where what moves it is carried out later; nobody where they moved it then."""


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
    policy_version: str | None = None
    """Hash of the business file it was first sold under, where a change has brought other prices since."""
    guests: int | None = None
    nights: int = 0
    place: str | None = None
    wish: BookingWish = field(default_factory=BookingWish)
    who: ProviderWish = field(default_factory=ProviderWish)
    """Who is wished for it: another day or another time changes nothing of that."""
    last_choices: Annotated[tuple[str, ...], Field(alias="choices")] = ()
    """What the last list showed, as taps in order, so that "the first" means something."""
    pending_questions: Annotated[tuple[str, ...], Field(alias="also")] = ()
    """Questions asked along with the wish, by the names of their answers: answered with the proposal."""
    open_question: Annotated[BookingQuestion | None, Field(alias="question")] = None
    """The yes-or-no question that is open; what is asked later ends it."""
    open_field: str | None = None
    """The question of the house that is open: the next words answer it."""
    asked_fields: tuple[str, ...] = ()
    """The questions of the house that were asked for it, answered or not."""
    yes_waits: bool = False
    """The yes to the chosen time is given, and waits for what the house asks before it."""
    asked_when: bool = False
    """Whether the customer was asked when, so that "any time" counts as an answer."""
    offered: tuple[OfferedSlot, ...] = ()
    chosen: OfferedSlot | None = None
    summed_up: str | None = None
    """The service that was summed up for the explicit yes: from then on only what changes is said."""
    override: RulesOverridden | None = None
    """What was overridden for its time; none where the rules have let it pass."""
    explicitly_confirmed: bool = False
    booked_hold: str | None = None
    """Under which hold the time is booked."""
    price: Money | None = None
    due: Money | None = None
    """What has to come in before it is PAID: the price, a deposit, or nothing."""
    paid: Money | None = None
    """What has come in for it under `account`; another account begins with nothing."""
    referrer: str | None = None
    """Who sent the customer, as its shares were computed."""
    payment_method: str | None = None
    pay_by: datetime | None = None
    money_account: str | None = None
    """Under which name its money is kept, where that is not its own reference: moved before it was paid, or rebooked
    by late money."""
    link_count: Annotated[int, Field(alias="links")] = 0
    """How many payment links were asked for."""
    pay_url: str | None = None
    """The link the customer has been given last."""
    recovery_steps: Annotated[int, Field(alias="recoveries")] = 0
    """Nudges, new links and other ways to pay so far."""
    dead_links: tuple[int, ...] = ()
    """The numbers of its links that were refused or ran out before their time, each told to the customer once."""
    needs_yes: bool = False
    """Whether the house says yes to its time first, though its service is sold without: of a customer who let it down
    too often."""
    only_provider: str | None = None
    """Whose time it has to be, because money that came late is promised to them."""
    payment_status: PaymentStatus = PaymentStatus.NONE
    late_payment: LatePayment = LatePayment.NONE
    show_up: ShowUp = ShowUp.UNKNOWN
    coming: Coming = field(default_factory=Coming)
    """Whether its customer says that they come; of its present time, `coming_now`."""
    no_show_at: datetime | None = None
    """Since when it counts as a no-show; none where it never did, or an earlier version said so."""
    has_begun: bool = False
    """Whether its guest has moved in: what they leave behind is to be done, however it ends."""
    follow_up: FollowUp = FollowUp.NONE
    modification: Modification = Modification.NONE
    dispute: Dispute = Dispute.NONE
    documents: Documents = Documents.NONE
    items: Mapping[str, ItemStatus] = field(default_factory=dict)
    reschedule_count: int = 0
    reschedule_reason: str | None = None
    cancellation_reason: str | None = None
    cancelled_by: str | None = None
    lost_time: SlotUnavailable | None = None
    """Why the time that was chosen could not be booked; said with the times that are offered in its place."""
    link_failed: bool = False
    """No payment link could be opened: a person sends one, and nothing is tried again."""
    odd_money: bool = False
    """A person was called about money that does not fit, and is not called twice."""
    last_activity_at: datetime | None = None
    change: Change | None = None
    """The change that is open, at most one; closed ones are in the audit."""
    unpaid_change: Change | None = None
    """The last change whose difference did not come in time: coming late, it still applies it where it can."""
    change_count: int = 0
    """How many changes were begun; the next one is named by it."""
    accounts: tuple[MoneyAccount, ...] = ()
    """Every account with money of this booking: former ones, and those of its changes."""
    refund_ordered: Money | None = None
    """What was ordered to go back to the customer so far."""
    fees_charged: Money | None = None
    """Fees of its changes: paid besides the price, and not given back with it."""
    goodwill: Money | None = None
    """What of its price was given back without a change; part of `refund_ordered`."""
    goodwill_count: int = 0
    """How often; each is an order of its own."""
    charged: tuple[Share, ...] = ()
    """Of what was given back without a change, what one party bears: out of its own share."""
    kept: KeptMoney | None = None
    """What it keeps of its money, once it has ended."""
    plan_no: int = 0
    """How often its tasks were planned: once when it is confirmed, and once more with each change of time, place,
    provider or guests. None planned yet: 0."""
    tasks_done_no: int = 0
    """The plan whose tasks are all done."""
    tasks_told: tuple[str, ...] = ()
    """The tasks that its customer heard are done, each once."""
    acceptance: Acceptance | None = None
    """The yes that its time needs of somebody, where its service is not sold without one."""
    turned_down: tuple[datetime, ...] = ()
    """Times that nobody would take, and that are not offered again."""
    absence: Absence = Absence.NONE
    absent_task: str = ""
    """Whose words that were: the task of whoever found nobody."""
    previous: tuple[str, ...] = ()
    """The ended bookings in whose place it was booked, oldest first."""
    credits: tuple[SpentCredit, ...] = ()
    """What of it credits of its customer pay, account by account."""
    credited: Money | None = None
    """What of its money was given to its customer as a credit."""
    by_phone: bool = False
    """Made for somebody on the phone: the first they read of it says what was agreed, as a template where it has to."""
    redo: Redo | None = None
    """In whose place it was made, and so costs its guest nothing."""
    complaint: Complaint | None = None
    """What was wrong with it, as the read model has it; without anybody's words, which stand in `Lead.complaints`."""
    rating: Rating | None = None
    """How it was, as the read model and the API show it; what its customer said last stands in `Lead.visits`."""
    ended_changes: tuple[Change, ...] = ()
    """The changes that ended in the decision that is being made; a stored booking has none."""
    moves: tuple[Move, ...] = ()
    """The moves of the decision that is being made; it hands them to the audit, a stored booking has none."""

    @property
    def coming_now(self) -> Coming:
        """What was asked and answered about coming at the time it has; another time is asked about again."""
        is_of_this_time = self.chosen is not None and self.coming.start == self.chosen.start
        return self.coming if is_of_this_time else Coming()

    @property
    def needs_payment(self) -> bool:
        """Whether money has to come in before it can be confirmed."""
        return self.due is not None and self.due.amount > 0

    @property
    def awaiting(self) -> Mapping[str, TaskState]:
        """The task whose yes it waits for, and where that stands; empty where it waits for nobody's."""
        yes = self.acceptance
        waits = self.state is State.PENDING_CONFIRMATION and yes is not None and not yes.is_given
        return {yes.task: yes.answer} if yes is not None and waits else {}

    def asked_about(self, template: str) -> Self:
        """The booking as it is for those who are asked by that task: at the new time of its change, where it is the
        change's."""
        change = self.change
        if change is None or change.after is None or change.acceptance is None or change.acceptance.task != template:
            return self
        after, price = change.after, self.price if change.quote is None else change.quote.price_after
        return replace(
            self,
            service=after.service,
            chosen=after.slot,
            place=after.slot.place or self.place,
            guests=after.guests,
            price=price,
            booked_hold=change.hold,
            acceptance=change.acceptance,
        )

    @property
    def override_of_time(self) -> RulesOverridden | None:
        """What was overridden for the very time it has; none once it has another one."""
        slot_id = None if self.chosen is None else self.chosen.slot_id
        return self.override if self.override is not None and self.override.slot_id == slot_id else None

    @property
    def is_of_any_size(self) -> bool:
        """Whether it may be for more or fewer guests than its service takes."""
        return self.override is not None and TimeRule.GUESTS in self.override.of_time

    @property
    def is_free_again(self) -> bool:
        """Whether it is what was promised in the place of another visit."""
        return self.redo is not None and self.redo.is_free(self.service, self.guests)

    @property
    def account(self) -> str:
        """The name its money is kept under."""
        return self.money_account or str(self.reference)

    @property
    def money_reference(self) -> str:
        """The reference under which the customer was asked for the money: booked again, it is still known by it."""
        return self.account.partition("~")[0]

    @property
    def is_rebooked_by_late_payment(self) -> bool:
        """Whether it was made by money that came after the time of another booking was released."""
        return self.late_payment is not LatePayment.NONE

    @property
    def has_dead_link(self) -> bool:
        """Whether the newest link cannot be paid any more, and the next one is for the customer to ask for."""
        return self.link_count in self.dead_links

    @property
    def holds(self) -> tuple[str, ...]:
        """The holds of what is offered."""
        return tuple(slot.hold_id for slot in self.offered if slot.hold_id is not None)

    @model_validator(mode="before")
    @classmethod
    def read_older(cls, stored: Any) -> Any:
        """A stored booking of 0.1, whose one `error_reason` had several meanings and whose late money had no state."""
        fields = stored.kwargs if isinstance(stored, ArgsKwargs) else stored
        if not isinstance(fields, dict) or "late_payment" in fields:
            return stored
        reason = fields.get("error_reason")
        known = dict(fields)
        if reason in set(SlotUnavailable):
            known.setdefault("lost_time", reason)
        known.setdefault("link_failed", reason == "no_link")
        known.setdefault("odd_money", reason == "odd_money")
        account = fields.get("money_account")
        if account is not None and not account.startswith(fields["reference"]):
            # Where late money stood in a booking of 0.1, which did not say so.
            if fields.get("error_reason") == "late_taken":
                late_payment_before = LatePayment.TIME_TAKEN
            elif fields.get("booked_hold") is not None:
                late_payment_before = LatePayment.BOOKED_AGAIN
            else:
                late_payment_before = (
                    LatePayment.ARRIVED if fields.get("explicitly_confirmed") else LatePayment.CHOOSING
                )
            known["late_payment"] = late_payment_before
        return known
