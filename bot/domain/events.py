"""What may happen to a lead: past tense, one frozen value each. Counterpart: `bot.domain.commands`.

Every event has an `id` that is the same each time the same thing is told, and `at`, the business time it is handled.
Stored events are a schema: a `kind` never changes meaning, new fields have defaults.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking, OfferedSlot, SlotUnavailable
from bot.domain.commands import LinkReason, SendTemplate
from bot.domain.contents import Bubble
from bot.domain.form_events import ChangeFormSubmitted, FormSubmitted
from bot.domain.ids import AgentId, BookingReference, EffectId, EventId, LeadId
from bot.domain.inbox_events import InboxEvent
from bot.domain.lead import Address, Lead
from bot.domain.money_news import CreditNewsCame, PaymentNewsCame, PayoutStuck, PayoutWentOn, RefundNewsCame
from bot.domain.offers import Fit
from bot.domain.passing import ProviderWrote, SpokeAsPartner, WordsNotPassed
from bot.domain.task_events import TaskNewsCame
from bot.domain.waiting import TakenOffList, TimeKept
from intents.understanding import Understanding
from payments.domain.money import Money
from payments.domain.news import PaymentNews


@dataclass(frozen=True, slots=True)
class CustomerWrote:
    """One or several bubbles that are answered together; `understanding` is of all their words."""

    id: EventId
    at: datetime
    bubbles: tuple[Bubble, ...]
    understanding: Understanding
    address: Address
    name: str | None = None
    place: str | None = None
    """Whose code stands in these words; none, revoked and foreign ones are nobody's."""
    room: str | None = None
    """The same, where it is a room's."""
    kind: Literal["customer_wrote"] = "customer_wrote"

    @property
    def sent_at(self) -> datetime:
        """When the last bubble was sent, in business time."""
        return max((bubble.sent_at for bubble in self.bubbles), default=self.at)


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A timer of the lead is due; `due_at` tells how late we are. Id: `timer:<name>:<due_at>`."""

    id: EventId
    at: datetime
    name: str
    due_at: datetime
    kind: Literal["timer_fired"] = "timer_fired"


@dataclass(frozen=True, slots=True)
class AgentTookOver:
    """A person takes the conversation; from the answer on no bot message is handed to Meta."""

    id: EventId
    at: datetime
    agent: AgentId
    instead_of: AgentId | None = None
    """Whom they know to have it: a colleague's conversation is only taken by who says whose it is."""
    draft: str | None = None
    """What they were writing already: it becomes their reply's draft in the same commit."""
    role: str = ""
    """In which role; none in what was stored before people had accounts."""
    kind: Literal["agent_took_over"] = "agent_took_over"


@dataclass(frozen=True, slots=True)
class AgentReleased:
    """A person gives the conversation back to the bot."""

    id: EventId
    at: datetime
    agent: AgentId
    note: str = ""
    """What the colleagues should know."""
    role: str = ""
    kind: Literal["agent_released"] = "agent_released"


@dataclass(frozen=True, slots=True)
class AgentWrote:
    """A person's words for the customer."""

    id: EventId
    at: datetime
    agent: AgentId
    body: str
    seen: int | None = None
    """The turn they had read when they sent it: words that crossed with newer ones become their draft again."""
    template: SendTemplate | None = None
    """What they chose where the window is closed; `body` is how the customer reads it."""
    kind: Literal["agent_wrote"] = "agent_wrote"


@dataclass(frozen=True, slots=True)
class StaffEchoed:
    """Staff wrote to the customer in the messenger's own app; the words have arrived already."""

    id: EventId
    at: datetime
    agent: AgentId
    body: str = ""
    """What they wrote; empty where an earlier version heard it."""
    kind: Literal["staff_echoed"] = "staff_echoed"


@dataclass(frozen=True, slots=True)
class NumberLost:
    """This number belongs to another person now; the customer who had it keeps all but the number."""

    id: EventId
    at: datetime
    wa_id: str
    kind: Literal["number_lost"] = "number_lost"


@dataclass(frozen=True, slots=True)
class EffectFailed:
    """An effect will not be done, for a reason decided by code; `decide` says what that means."""

    id: EventId
    at: datetime
    effect: EffectId
    order: str
    """The kind of the order that failed."""
    reason: str
    """A stable word: window_closed, unreachable, refused, too_many_tries, perhaps_sent …"""
    code: int | None = None
    """Meta's error code, where it was Meta who refused."""
    kind: Literal["effect_failed"] = "effect_failed"


@dataclass(frozen=True, slots=True)
class BotStumbled:
    """A delivery failed in our own code again and again and is parked; a person has to look."""

    id: EventId
    at: datetime
    delivery: str
    reason: str
    kind: Literal["bot_stumbled"] = "bot_stumbled"


@dataclass(frozen=True, slots=True)
class LeadsMerged:
    """The younger lead turned out to be the same person; what it had is ours now. Id: `merge:<younger>`."""

    id: EventId
    at: datetime
    younger: Lead
    kind: Literal["leads_merged"] = "leads_merged"


@dataclass(frozen=True, slots=True)
class AddressChanged:
    """WhatsApp says this customer has a new number or user id."""

    id: EventId
    at: datetime
    address: Address
    kind: Literal["address_changed"] = "address_changed"


@dataclass(frozen=True, slots=True)
class SlotsFound:
    """The free times that were chosen for a wish, held as far as they are held; none when nothing is free.

    Id: `done:<effect>`.
    """

    id: EventId
    at: datetime
    booking: BookingReference
    offers: tuple[OfferedSlot, ...]
    fit: Fit
    change: str | None = None
    """The change of the booking they were looked for."""
    kind: Literal["slots_found"] = "slots_found"


@dataclass(frozen=True, slots=True)
class SlotBooked:
    """The chosen time is this booking's, under that hold."""

    id: EventId
    at: datetime
    booking: BookingReference
    slot: OfferedSlot
    change: str | None = None
    """The change it is booked for: the booking keeps its time next to it."""
    candidates: tuple[str, ...] = ()
    """Who can be asked whether they take it, best first, where its service is sold so."""
    kind: Literal["slot_booked"] = "slot_booked"


@dataclass(frozen=True, slots=True)
class SlotMoved:
    """The booking has its new time in the claims, and its old one no longer. Id: `done:<effect>`."""

    id: EventId
    at: datetime
    booking: BookingReference
    change: str
    slot: OfferedSlot
    candidates: tuple[str, ...] = ()
    """As of a time that was booked."""
    kind: Literal["slot_moved"] = "slot_moved"


@dataclass(frozen=True, slots=True)
class SlotLost:
    """The chosen time cannot be had."""

    id: EventId
    at: datetime
    booking: BookingReference
    slot_id: str
    reason: SlotUnavailable
    change: str | None = None
    """The change it was wanted for."""
    kind: Literal["slot_lost"] = "slot_lost"


class StaffAction(StrEnum):
    """What staff and machines may ask of a booking."""

    CREATE = "create"
    PROPOSE = "propose"
    CONFIRM = "confirm"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    SHOW_UP = "show-up"
    CHECK_IN = "check-in"
    CHECK_OUT = "check-out"
    COMPLETE = "complete"
    CHANGE = "change"
    """Quote a change, and wait for the customer's or another person's yes."""
    CONFIRM_CHANGE = "confirm-change"
    WITHDRAW_CHANGE = "withdraw-change"
    BLOCK = "block"
    """Its time cannot be had: who gives it is ill, or the place is closed."""
    LIFT_BLOCK = "lift-block"
    REFUND = "refund"
    """Money back without a change: goodwill."""
    RECEIVE = "receive"
    """Money that a person has received for it, in cash or at the bank."""
    REFUND_ACCOUNT = "refund-account"
    """Where a refund goes, as the customer told a person."""
    RATE = "rate"
    COMPLAIN = "complain"
    """A guest said to a person what was wrong with a visit."""
    ANSWER_COMPLAINT = "answer-complaint"


@dataclass(frozen=True, slots=True)
class StaffAsked:
    """A person or a machine asks for something through the API; `facts` are its words."""

    id: EventId
    at: datetime
    by: str
    action: StaffAction
    booking: BookingReference
    facts: tuple[tuple[str, str], ...] = ()
    recorded: Booking | None = None
    """The booking as the read model has it, where it has ended and left the lead."""
    kind: Literal["staff_asked"] = "staff_asked"

    def fact(self, name: str) -> str | None:
        """One of its words."""
        return dict(self.facts).get(name)

    @property
    def role(self) -> str:
        """In which role they ask; one stored before people had accounts has it in `by`."""
        return self.fact("role") or self.by


@dataclass(frozen=True, slots=True)
class InvoiceOpened:
    """The payment link of that number is there. Id: `done:<effect>`."""

    id: EventId
    at: datetime
    account: str
    attempt: int
    url: str
    amount: Money
    why: LinkReason
    kind: Literal["invoice_opened"] = "invoice_opened"


@dataclass(frozen=True, slots=True)
class InvoiceNotOpened:
    """There will be no such link; `reason` is the provider's word or ours. Id: `done:<effect>`."""

    id: EventId
    at: datetime
    account: str
    attempt: int
    reason: str
    kind: Literal["invoice_not_opened"] = "invoice_not_opened"


@dataclass(frozen=True, slots=True)
class InvoiceClosed:
    """The links are ended as far as they can be; `news` says what the invoice is, none when there is none."""

    id: EventId
    at: datetime
    account: str
    news: PaymentNews | None = None
    kind: Literal["invoice_closed"] = "invoice_closed"


@dataclass(frozen=True, slots=True)
class AlarmsFound:
    """What an earlier version left for a person without saying so; each is a reason and its subject."""

    id: EventId
    at: datetime
    alarms: tuple[tuple[AlarmReason, str], ...]
    gone: tuple[tuple[AlarmReason, str], ...] = ()
    """Those whose cause has gone while they were looked for."""
    kind: Literal["alarms_found"] = "alarms_found"


Event = (
    CustomerWrote
    | TimerFired
    | AgentTookOver
    | AgentReleased
    | AgentWrote
    | StaffEchoed
    | NumberLost
    | EffectFailed
    | BotStumbled
    | LeadsMerged
    | AddressChanged
    | SlotsFound
    | SlotBooked
    | SlotLost
    | SlotMoved
    | StaffAsked
    | FormSubmitted
    | ChangeFormSubmitted
    | InvoiceOpened
    | InvoiceNotOpened
    | InvoiceClosed
    | PaymentNewsCame
    | RefundNewsCame
    | PayoutStuck
    | PayoutWentOn
    | CreditNewsCame
    | AlarmsFound
    | TaskNewsCame
    | ProviderWrote
    | WordsNotPassed
    | SpokeAsPartner
    | TimeKept
    | TakenOffList
    | InboxEvent
)


def merge_event_id(younger: LeadId) -> EventId:
    """The id under which a merge is told, each time the same."""
    return EventId(f"merge:{younger}")


def timer_event_id(name: str, due_at: datetime) -> EventId:
    """The id of one firing of one timer."""
    return EventId(f"timer:{name}:{due_at.isoformat()}")
