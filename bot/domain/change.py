"""A change of a booking that stands: who wants it and why, what it costs, and how far it has come.

At most one is open per booking. Until it is applied the booking keeps its time, its price, its hold and its timers;
everything that belongs to the new time stands here.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.acceptance import Acceptance
from bot.domain.ids import BookingReference
from bot.domain.offers import BookingWish, OfferedSlot, ProviderWish
from bot.domain.overrides import RulesOverridden
from bot.domain.policy_sentence import PolicySentence
from bot.domain.states import Modification
from payments.domain.money import Money

WANT_OF_A_YES = "task:"
"""How the block begins of a time that nobody has accepted; every other one names a block that stands somewhere."""
CUSTOMER = "customer"
"""The role of a customer who changes their own booking."""


class ChangeKind(StrEnum):
    """What a change alters first of all; one change may alter several things at once."""

    CANCEL = "cancel"
    TIME = "time"
    PROVIDER = "provider"
    PLACE = "place"
    SERVICE = "service"
    GUESTS = "guests"
    DETAILS = "details"
    """Name, contact or a special request: no price."""


class Cause(StrEnum):
    """Whose doing it is; it alone chooses the policy, the apology and who bears what."""

    CUSTOMER = "customer"
    BUSINESS = "business"
    """Closed, overbooked, bad weather."""
    PARTNER = "partner"
    """The provider is ill or does not come."""
    FORCE_MAJEURE = "force_majeure"


class Bearer(StrEnum):
    """Who bears what a change costs."""

    CUSTOMER = "customer"
    PLATFORM = "platform"
    PROVIDER = "provider"
    PARTIES = "parties"
    """Everybody who shares the price, in proportion."""


class RefundWay(StrEnum):
    """How money comes back."""

    NOTHING = "nothing"
    """None comes back."""
    INSTRUMENT = "instrument"
    """To the card or wallet it came from."""
    ACCOUNT = "account"
    """To an account that the customer names."""
    CREDIT = "credit"
    """As credit for another booking, as it was paid."""


def change_hold(booking: BookingReference, change: str) -> str:
    """The hold under which a change books its time; the booking has it from the moment the change is applied."""
    return f"change:{booking}:{change}"


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asked for a change: a person, and in which role."""

    person: str
    role: str

    @property
    def is_customer(self) -> bool:
        """Whether the customer asked in their own matter."""
        return self.role == CUSTOMER


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What is sold by a booking, before or after a change."""

    service: str
    slot: OfferedSlot
    guests: int
    details: tuple[tuple[str, str], ...] = ()
    """Name, contact or special request, as far as the change sets them; personal."""


@dataclass(frozen=True, slots=True)
class ChangeWish:
    """What is to be different, as far as it was said; none stays as it is."""

    when: BookingWish = field(default_factory=BookingWish)
    service: str | None = None
    place: str | None = None
    provider: str | None = None
    """Whose time it has to be, as staff asked for it."""
    who: ProviderWish = field(default_factory=ProviderWish)
    """Whom the customer named, or will not have."""
    guests: int | None = None
    nights: int | None = None
    details: tuple[tuple[str, str], ...] = ()

    @property
    def needs_time(self) -> bool:
        """Whether another time, place or person has to be found for it."""
        named = (self.service, self.place, self.provider, self.nights, self.who.refused)
        return bool(self.who.named) or not self.when.is_open or any(value is not None for value in named)

    @property
    def is_open(self) -> bool:
        """Whether nothing was said yet that would be different: that anybody will do alone asks for nobody else."""
        return replace(self, who=replace(self.who, anyone=False)) == ChangeWish()

    def whom(self, before: ProviderWish) -> ProviderWish:
        """Who is to give it: whom they named first still, unless they have said otherwise."""
        return before if self.who == ProviderWish() else self.who


@dataclass(frozen=True, slots=True)
class ChangeQuote:
    """What a change costs, before the yes; amounts in one currency, none of them negative."""

    number: int
    """Counted within its change; a confirmation names it."""
    price_before: Money
    price_after: Money
    """Nothing where the booking is cancelled."""
    fee: Money
    """Charged for this change, on the price before it."""
    keep: Money
    """What the booking keeps of its money once the change is applied: its price and fees, or the penalty."""
    paid: Money
    """What had been paid and had not gone back when it was made; other money outdates it."""
    to_pay: Money
    to_refund: Money
    by_way: RefundWay
    borne_by: Bearer
    policy: PolicySentence
    valid_until: datetime
    """The last moment at which a yes is taken."""
    business_version: str
    """Whose prices these are."""
    apology: bool = False
    to_credit: Money | None = None
    """What of that comes back as credit; none where nothing does."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one booking, from the wish to its end."""

    id: str
    """`C1`, `C2` …: counted within the booking."""
    kind: ChangeKind
    cause: Cause
    by: Requester
    requested_at: datetime
    before: Arrangement | None = None
    """None where the booking had no time yet."""
    after: Arrangement | None = None
    """None for a cancellation, and until a time is chosen."""
    reason: str = ""
    words: str = ""
    """What the customer wrote; personal."""
    override: RulesOverridden | None = None
    """What somebody of the house overrode for its new time; none where the rules let it pass."""
    wish: ChangeWish = ChangeWish()
    offered: tuple[OfferedSlot, ...] = ()
    """Times shown for it, with their holds."""
    quote: ChangeQuote | None = None
    accepted_at: datetime | None = None
    """When the yes to the quote was received."""
    accepted_by: str | None = None
    """Who of the house said it; none where the customer did."""
    hold: str | None = None
    """Under which hold the new time is booked until the change is applied."""
    acceptance: Acceptance | None = None
    """The yes that its new time needs: the booking keeps the old one until somebody has said it."""
    pay_by: datetime | None = None
    """Until when the difference has to come in."""
    link_count: int = 0
    pay_url: str | None = None
    dead_links: tuple[int, ...] = ()
    """The numbers of its links that were refused or ran out before their time, each told to the customer once."""
    asked: bool = False
    """Whether the customer knows of it: staff may quote a change that nobody is told of before it is confirmed."""
    asked_again: bool = False
    """Whether the customer's silence was met once already."""
    time_lost: bool = False
    """The time that was chosen could not be had; said with the times that are offered in its place."""
    block: str | None = None
    """Of which block it is the answer: their time cannot be had, and they choose another one or their money."""
    answer_by: datetime | None = None
    """Until when such an answer is waited for; then the money goes back."""
    is_moving: bool = False
    """Whether the swap of its time is under way: nothing but an end of the booking takes its place until it is told."""
    told: str = ""
    """What somebody of the house wrote for the customer in place of our words, until it is on its way; personal."""
    told_by: str = ""
    """Who read, before their yes, what the customer will be told; nobody once it is on its way."""
    end: Modification | None = None
    """How it ended; while it is open `Booking.modification` says where it stands."""

    @property
    def is_for_want_of_a_yes(self) -> bool:
        """Whether its customer is asked because nobody has accepted the time they have."""
        return self.block is not None and self.block.startswith(WANT_OF_A_YES)

    @property
    def has_dead_link(self) -> bool:
        """Whether the newest link cannot be paid any more, and the next one is for the customer to ask for."""
        return self.link_count in self.dead_links

    @property
    def holds(self) -> tuple[str, ...]:
        """Every hold it has, of offers and of the new time; never the one of the booking itself."""
        chosen = self.after.slot.hold_id if self.after is not None and self.moves_time else None
        named = (*(slot.hold_id for slot in self.offered), chosen, self.hold)
        return tuple(dict.fromkeys(hold for hold in named if hold is not None))

    @property
    def is_accepted(self) -> bool:
        """Whether its quote was agreed to, and what it is about is on its way."""
        return self.accepted_at is not None and self.quote is not None

    @property
    def awaits_yes(self) -> bool:
        """Whether somebody is asked about its new time, and nobody has said yes to it."""
        return self.acceptance is not None and not self.acceptance.is_given

    @property
    def against(self) -> tuple[str, ...]:
        """The rules of time that somebody of the house overrode for it."""
        return () if self.override is None else self.override.of_time

    @property
    def people(self) -> tuple[str, ...]:
        """Whoever of the house asked for it or said yes to it; nobody where the customer did both."""
        asked = None if self.by.is_customer else self.by.person
        return tuple(dict.fromkeys(person for person in (asked, self.accepted_by) if person is not None))

    @property
    def next_number(self) -> int:
        """The number of the next quote."""
        return 1 if self.quote is None else self.quote.number + 1

    @property
    def moves_time(self) -> bool:
        """Whether the booking gets another slot."""
        return (
            self.before is not None and self.after is not None and self.before.slot.slot_id != self.after.slot.slot_id
        )
