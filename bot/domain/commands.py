"""What `decide` may order: imperatives, one frozen value each. Counterpart: `bot.domain.events`.

A command says what is to be done; an `Effect` is one command under an id that deciding again names the same
(`<event id>:<n>`). Lanes are independent of each other; inside `chat` order is kept.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, assert_never

from bot.domain.about import AboutTime
from bot.domain.arrival import TellPlace
from bot.domain.booking import Booking, BookingWish
from bot.domain.complaints import KeepPhoto, RecordComplaint
from bot.domain.ids import BookingReference, EffectId, LeadId
from bot.domain.known_answers import KnownAnswers
from bot.domain.money_orders import GrantCredit, PayRedo, ReceiveMoney, ReleaseShares, SendRefundTo, Settle
from bot.domain.notes import RecordNote
from bot.domain.partner_orders import PartnerOrder
from bot.domain.passing import PassToProvider
from bot.domain.task_orders import EnsureTasks, WithdrawTasks
from bot.domain.visits import RecordVisit
from bot.domain.waiting import RecordWaiting
from payments.domain.corrections import CreditWanted
from payments.domain.money import Money
from payments.domain.terms import Terms


class Lane(StrEnum):
    """A waiting effect holds its own lane only."""

    CHAT = "chat"
    SLOTS = "slots"
    MONEY = "money"
    RECORD = "record"
    TASKS = "tasks"
    """What a partner asks of their work."""
    OTHER = "other"
    """A lane of another version; nothing is ordered into it here."""


class Repeat(StrEnum):
    """What to do when nobody can say whether a chat message went out."""

    REPEATABLE = "repeatable"
    """Sent once more under the same id, and marked perhaps doubled."""
    ONCE = "once"
    """Not sent again, and shown as perhaps sent."""


class Author(StrEnum):
    """Whose words a chat message carries."""

    BOT = "bot"
    AGENT = "agent"


class Urgency(StrEnum):
    """Who goes first when the send budget is short."""

    ANSWER = "answer"
    MONEY = "money"
    REMINDER = "reminder"
    MARKETING = "marketing"


class LinkReason(StrEnum):
    """Why a payment link is opened: what the customer is told with it."""

    FIRST = "first"
    REST = "rest"
    """Part of the money is there."""
    NEW_LINK = "new_link"
    OTHER_METHOD = "other_method"
    CHANGE = "change"
    """The difference that a change of the booking costs."""


# Orders of the chat lane -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Button:
    """A reply button or list row; the id comes back with the tap."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class SendTemplate:
    """An approved template: the only thing Meta takes outside the customer service window."""

    name: str
    language: str
    parameters: tuple[str, ...] = ()
    url_suffix: str = ""
    """What its link button opens, behind the address the template was approved with; empty without a button."""
    taps: tuple[str, ...] = ()
    """What comes back from its quick replies, in their order."""
    kind: Literal["send_template"] = "send_template"


@dataclass(frozen=True, slots=True)
class SendText:
    """Plain words."""

    body: str
    outside: SendTemplate | None = None
    """What goes in its place when the customer's window is closed as it leaves; none: a person is told."""
    source: str = ""
    """Where in the business file the words stand, for the person who reads them as a draft."""
    kind: Literal["send_text"] = "send_text"


@dataclass(frozen=True, slots=True)
class SendButtons:
    """Words with one to three reply buttons."""

    body: str
    buttons: tuple[Button, ...]
    outside: SendTemplate | None = None
    kind: Literal["send_buttons"] = "send_buttons"


@dataclass(frozen=True, slots=True)
class SendList:
    """Words with a list of up to ten rows behind one button."""

    body: str
    button: str
    rows: tuple[Button, ...]
    outside: SendTemplate | None = None
    kind: Literal["send_list"] = "send_list"


@dataclass(frozen=True, slots=True)
class SendLink:
    """Words with one button that opens a web address."""

    body: str
    label: str
    url: str
    outside: SendTemplate | None = None
    kind: Literal["send_link"] = "send_link"


@dataclass(frozen=True, slots=True)
class SendFlow:
    """Words with one button that opens the booking form; the token is made when it leaves, the same each time."""

    body: str
    label: str
    flow_id: str
    language: str
    place: str | None = None
    """At which place, when that is known already."""
    purpose: str = "booking"
    booking: str = ""
    """Which booking it changes; empty for a new one."""
    token: str = ""
    known: KnownAnswers = field(default_factory=KnownAnswers)
    kind: Literal["send_flow"] = "send_flow"


ChatCommand = SendText | SendButtons | SendList | SendLink | SendFlow | SendTemplate

# Orders of the record lane -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecordAudit:
    """What changed, by whom and why, written under the effect's id."""

    what: str
    by: str
    at: datetime
    facts: tuple[tuple[str, str], ...] = ()
    kind: Literal["record_audit"] = "record_audit"


# Orders of the slots lane -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfferSlots:
    """Find free times for this wish, choose some, and hold them for the lead; what it held before is let go."""

    booking: BookingReference
    service: str
    place: str | None
    guests: int
    nights: int
    wish: BookingWish
    provider: str | None = None
    """Only this provider's times."""
    change: str | None = None
    """For which change of the booking; its own booked time is then in nobody's way, and stays booked."""
    besides: str | None = None
    """The hold under which the booking has its time now."""
    other_than: str | None = None
    """A provider whose times are not wanted."""
    wished: str | None = None
    rather: str | None = None
    """Whose times come first: of `wished` alone where they have any on the wished days, of `rather` at each moment."""
    kind: Literal["offer_slots"] = "offer_slots"


@dataclass(frozen=True, slots=True)
class BookSlot:
    """Turn the chosen time into a booking, whole or not at all, and let the other offers go."""

    booking: BookingReference
    slot_id: str
    hold_id: str | None
    guests: int
    let_go: tuple[str, ...] = ()
    change: str | None = None
    """For which change: what the booking has already is not claimed again, the rest is booked under
    `change_hold(booking, change)` until the change is applied."""
    besides: str | None = None
    """The hold under which the booking has its time now."""
    same_time: bool = False
    """Whether only other seats of the time it has are wanted: no notice is asked again for it."""
    against: tuple[str, ...] = ()
    """The rules of time that somebody of the house overrode for it; any other rule refuses it as ever."""
    kind: Literal["book_slot"] = "book_slot"


@dataclass(frozen=True, slots=True)
class MoveSlot:
    """Give the booking its new time in one transaction: what both times share changes its hold, the rest of the old
    one is freed, the rest of the new one is claimed; all of it or nothing. Moved already, it is told again."""

    booking: BookingReference
    change: str
    slot_id: str
    guests: int
    from_hold: str
    """Under which hold the old time is booked."""
    hold_id: str | None = None
    """Under which hold the new time is offered or booked; none: it is asked again whether it is free."""
    let_go: tuple[str, ...] = ()
    same_time: bool = False
    """Whether it stays where it is, for more or fewer guests."""
    against: tuple[str, ...] = ()
    """As of `BookSlot`."""
    kind: Literal["move_slot"] = "move_slot"


@dataclass(frozen=True, slots=True)
class ReleaseHolds:
    """Free these holds, or what was booked under them."""

    holds: tuple[str, ...]
    kind: Literal["let_go"] = "let_go"


SlotCommand = OfferSlots | BookSlot | MoveSlot | ReleaseHolds


# Orders of the money lane -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """Open the payment link of this number, once; asked again it is found again."""

    account: str
    """Under which name the booking's money is kept (`Booking.account`)."""
    attempt: int
    due: Money
    pay_by: datetime
    terms: Terms
    description: str
    locale: str
    why: LinkReason = LinkReason.FIRST
    methods: tuple[str, ...] = ()
    credits: tuple[CreditWanted, ...] = ()
    """What credits are to pay of it; where that is all, no link is opened."""
    kind: Literal["open_invoice"] = "open_invoice"


@dataclass(frozen=True, slots=True)
class CloseInvoice:
    """End the live links; money from now on is late. What was paid before stays paid, and comes back as news."""

    account: str
    kind: Literal["close_invoice"] = "close_invoice"


@dataclass(frozen=True, slots=True)
class AcceptLateMoney:
    """The time was still free: late money is shared out like any other."""

    account: str
    kind: Literal["accept_late_money"] = "accept_late_money"


@dataclass(frozen=True, slots=True)
class RefundLateMoney:
    """Money whose owner is undecided goes back whole."""

    account: str
    kind: Literal["refund_late_money"] = "refund_late_money"


_OfInvoice = OpenInvoice | CloseInvoice | AcceptLateMoney | RefundLateMoney
MoneyCommand = _OfInvoice | SendRefundTo | Settle | ReceiveMoney | ReleaseShares | PayRedo | GrantCredit


@dataclass(frozen=True, slots=True)
class RecordBooking:
    """Write how a booking stands into the read model; an older word never undoes a newer one."""

    booking: Booking
    lead: LeadId
    at: datetime
    kind: Literal["record_booking"] = "record_booking"


@dataclass(frozen=True, slots=True)
class RecordRefund:
    """Money of a booking that has left the lead is back with the customer: the read model says so."""

    booking: BookingReference
    amount: Money
    at: datetime
    kind: Literal["record_refund"] = "record_refund"


_OfVisit = RecordVisit | RecordComplaint | KeepPhoto | RecordWaiting
_ToPartner = TellPlace | PassToProvider
_OfTask = EnsureTasks | WithdrawTasks
RecordCommand = RecordAudit | RecordNote | RecordBooking | RecordRefund | _OfTask | _OfVisit | _ToPartner


@dataclass(frozen=True, slots=True)
class UnknownCommand:
    """An order stored by another version, of a kind this one does not know: never ordered, only found and kept."""

    kind: str
    lane: Lane
    packed: bytes = field(default=b"", repr=False)
    """As it is stored, so that it can move to another lead unread."""


Command = ChatCommand | SlotCommand | MoneyCommand | RecordCommand | PartnerOrder | UnknownCommand


@dataclass(frozen=True, slots=True)
class Effect:
    """One order with its id and its manners."""

    id: EffectId
    command: Command
    epoch: int
    """The conversation's epoch it was decided in; the gate of the chat lane."""
    author: Author = Author.BOT
    repeat: Repeat = Repeat.REPEATABLE
    urgency: Urgency = Urgency.ANSWER
    draft: bool = False
    """Decided while a person has the conversation: shown to the person, never sent by itself."""
    supersedable: bool = False
    """Says nothing a later answer would not say too; withdrawn when the customer writes before it left."""
    is_fact: bool = False
    """Reports what has happened (booked, paid, cancelled): as a draft it is never thrown away, only sent or kept."""
    not_after: datetime | None = None
    """Business time after which it is no longer true."""
    about: AboutTime | None = None
    """The time of a booking it speaks of: not said once that is another one."""

    @property
    def lane(self) -> Lane:
        """The queue it waits in."""
        return lane_of(self.command)


def lane_of(order: Command) -> Lane:
    """Which queue an order waits in."""
    if isinstance(order, PartnerOrder):
        return Lane.TASKS
    if isinstance(order, RecordCommand):
        return Lane.RECORD
    match order:
        case UnknownCommand(lane=lane):
            return lane
        case OfferSlots() | BookSlot() | MoveSlot() | ReleaseHolds():
            return Lane.SLOTS
        case OpenInvoice() | CloseInvoice() | AcceptLateMoney() | RefundLateMoney() | SendRefundTo():
            return Lane.MONEY
        case Settle() | ReceiveMoney() | ReleaseShares() | PayRedo() | GrantCredit():
            return Lane.MONEY
        case SendText() | SendButtons() | SendList() | SendLink() | SendFlow() | SendTemplate():
            return Lane.CHAT
        case _:
            assert_never(order)
