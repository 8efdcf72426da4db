"""What is sold and who delivers it: areas, places, providers, equipment and services.

A *provider* is the person or business that delivers and is paid; a *place* is where; *equipment* is what a
service needs besides. All three are resources: nobody and nothing is in two bookings at once.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NewType

from pydantic import Field

from bot.business.hours import Clock, Off, Sessions, Week
from bot.business.words import LocalizedText, Strict, Text, WordLanguage

AreaId = NewType("AreaId", str)
PlaceId = NewType("PlaceId", str)
ProviderId = NewType("ProviderId", str)
EquipmentId = NewType("EquipmentId", str)
ServiceId = NewType("ServiceId", str)
ReferrerId = NewType("ReferrerId", str)

SLUG = Field(
    pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$",
    max_length=40,
    description="small letters, digits and hyphens",
    examples=["villa-melati"],
)
LABEL = Field(min_length=1, max_length=60)
PHONE = Field(pattern=r"^\+[1-9][0-9]{7,14}$", description="a phone number", examples=["+6281234567890"])


class ServiceKind(StrEnum):
    """What sort of thing a service is; it decides how its time is counted and when it is over."""

    APPOINTMENT = "appointment"
    GROUP_EVENT = "group_event"
    VIRTUAL = "virtual"
    TRAVEL = "travel"
    STAY = "stay"


class Venue(StrEnum):
    """Where a service happens."""

    GUEST_PLACE = "guest_place"
    OWN_PLACE = "own_place"
    ONLINE = "online"


class PaymentRule(StrEnum):
    """Whether a booking waits for money."""

    NONE = "none"
    FULL = "full"


class PayoutRelease(StrEnum):
    """When the parties' shares may leave; nothing leaves before its money has settled."""

    ON_PAID = "on_paid"
    ON_CONFIRMED = "on_confirmed"
    ON_COMPLETED = "on_completed"
    """Delivered, or the guest did not come; who has not delivered is not paid."""
    DAYS_AFTER = "days_after"
    """So many days after its end."""


class PlaceNotices(StrEnum):
    """What the contact of a place hears of the bookings there."""

    EACH = "each"
    """One message for each booking that is confirmed, moved or called off."""
    DIGEST = "digest"
    """The arrivals of tomorrow, in the evening; at once only what that evening's digest cannot say any more."""
    NONE = "none"


class CompletionRule(StrEnum):
    """How a stay or a journey is over."""

    ON_END = "on_end"
    """When its time is over, whoever said so."""
    BY_STAFF = "by_staff"
    """When somebody of the house says so."""
    BY_TASK = "by_task"
    """When the last of its tasks is done, and the guest has left."""


class ConfirmationRule(StrEnum):
    """Who has to say yes to a booking, once its time is kept and before any money is asked for."""

    AUTO = "auto"
    """Nobody: what is free is sold."""
    MANUAL = "manual"
    """A person of the house."""
    DISPATCH = "dispatch"
    """One of its providers, who are asked for each booking."""


@dataclass(frozen=True, slots=True)
class Contact(Strict):
    """Who is told, where, and in which language."""

    name: Annotated[str, LABEL]
    phone: Annotated[str, PHONE]
    language: WordLanguage = WordLanguage.EN


@dataclass(frozen=True, slots=True)
class PayoutAccount(Strict):
    """Where money is paid out: the channel code, number and holder as the payout provider wants them."""

    channel: Annotated[
        str, Field(pattern=r"^[A-Z]{2}_[A-Z0-9_]{2,40}$", description="a payout channel", examples=["ID_BCA"])
    ]
    number: Annotated[
        str, Field(pattern=r"^[0-9]{5,30}$", description="the account number in quotes", examples=["1234567890"])
    ]
    holder: Annotated[str, Field(min_length=2, max_length=100, description="the holder's name")]


@dataclass(frozen=True, slots=True)
class Area(Strict):
    """A part of the country that providers serve and prices may differ by."""

    id: Annotated[AreaId, SLUG]
    name: Text


@dataclass(frozen=True, slots=True)
class Amenities(Strict):
    """What a stay needs on while its guest is there."""

    what: Annotated[Text, Field(description="as staff call it: pool heating, hot water")]
    role: Annotated[str, SLUG, Field(description="who turns it on and off: one of `staff[].roles`")]


@dataclass(frozen=True, slots=True)
class Commission(Strict):
    """What one place has of a split, in place of the percent that stands there."""

    split: Annotated[str, SLUG]
    percent: Annotated[
        Decimal,
        Field(ge=0, le=100, decimal_places=2, description="the difference to the split's own is the platform's"),
    ]


@dataclass(frozen=True, slots=True)
class Place(Strict):
    """A house, studio or room: where guests stay or a service is given."""

    id: Annotated[PlaceId, SLUG]
    name: Text
    area: Annotated[AreaId, SLUG]
    address: Annotated[str, Field(min_length=5, max_length=300)]
    contact: Contact
    map_url: Annotated[str, Field(pattern=r"^https://\S+$", examples=["https://maps.example.com/villa"])] | None = None
    review_url: Annotated[
        str | None,
        Field(
            pattern=r"^https://\S+$",
            max_length=500,
            description="where reviews of what takes place here are written, in place of the one of the house",
            examples=["https://g.page/r/your-villa/review"],
        ),
    ] = None
    directions: Annotated[Text | None, Field(description="the way there: for who has a booking")] = None
    access: Annotated[
        Text | None,
        Field(description="gate code, keys: for who has a confirmed booking of ours there, and never before"),
    ] = None
    guests: Annotated[int, Field(ge=1, le=500, description="how many people it holds")] = 20
    rooms: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=20)], ...],
        Field(
            max_length=500,
            description="what its rooms are called: each has a code of its own, and stands on job cards",
            examples=[["101", "102", "Lotus"]],
        ),
    ] = ()
    amenities: Annotated[
        Amenities | None, Field(description="turned on when the guest of a stay checks in, off at check-out")
    ] = None
    payout: Annotated[PayoutAccount | None, Field(description="without one its share is kept for it")] = None
    commissions: Annotated[
        tuple[Commission, ...], Field(description="splits in which it has another percent than other places")
    ] = ()
    notices: Annotated[
        PlaceNotices, Field(description="what its contact hears of bookings: each one, a digest each evening, or none")
    ] = PlaceNotices.EACH

    def commission_in(self, split: str) -> Decimal | None:
        """Its own percent in that split; none where it has what every place has."""
        return next((one.percent for one in self.commissions if one.split == split), None)


@dataclass(frozen=True, slots=True)
class Equipment(Strict):
    """Things that services need, so many of a kind."""

    id: Annotated[EquipmentId, SLUG]
    name: Text
    count: Annotated[int, Field(ge=1, le=500, description="how many there are")] = 1


@dataclass(frozen=True, slots=True)
class ServiceProvider(Strict):
    """A person or business that delivers services and is paid for them."""

    id: Annotated[ProviderId, SLUG]
    name: Text
    contact: Contact
    services: Annotated[tuple[Annotated[ServiceId, SLUG], ...], Field(min_length=1)]
    hours: Week
    breaks: Week = field(default_factory=Week)
    days_off: tuple[Off, ...] = ()
    areas: Annotated[tuple[Annotated[AreaId, SLUG], ...], Field(description="areas served; none named means all")] = ()
    payout: Annotated[PayoutAccount | None, Field(description="without one its share is kept for it")] = None


@dataclass(frozen=True, slots=True)
class Referrer(Strict):
    """Somebody who sends customers and gets a share of what they book; known by a code in the first message."""

    id: Annotated[ReferrerId, SLUG]
    name: Text
    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{3,20}$", description="capitals and digits", examples=["NADIA"])]
    payout: Annotated[PayoutAccount | None, Field(description="without one its share is kept for it")] = None


@dataclass(frozen=True, slots=True)
class PaymentTerms(Strict):
    """When a booking must be paid: within the window, and never later than the notice before it starts."""

    rule: PaymentRule = PaymentRule.NONE
    window_minutes: Annotated[int, Field(ge=10, le=20160, description="time to pay, in minutes")] = 120
    window_days: Annotated[
        int | None,
        Field(ge=1, le=14, description="time to pay, in days, also past the customer's 24 hours; in place of minutes"),
    ] = None
    notice_minutes: Annotated[int, Field(ge=0, le=20160, description="must be paid this long before the start")] = 60
    release: Annotated[PayoutRelease, Field(description="when the shares of provider, place and referrer leave")] = (
        PayoutRelease.ON_PAID
    )
    release_days: Annotated[int, Field(ge=1, le=90, description="days after the end, where release is days_after")] = 3

    @property
    def window(self) -> timedelta:
        """How long a customer has to pay."""
        if self.window_days is not None:
            return timedelta(days=self.window_days)
        return timedelta(minutes=self.window_minutes)

    @property
    def may_outlast_chat(self) -> bool:
        """Whether it may end after the chat's own 24 hours: what is said then goes out as approved templates."""
        return self.window_days is not None

    @property
    def notice(self) -> timedelta:
        """How long before the start the money must be there."""
        return timedelta(minutes=self.notice_minutes)


@dataclass(frozen=True, slots=True)
class OfferTerms(Strict):
    """How a yes to a booking is asked for, where its service waits for one."""

    search_within: Annotated[
        int, Field(ge=10, le=2880, description="minutes until the guest hears that nobody can, with other times")
    ] = 60
    answer_within: Annotated[
        int,
        Field(ge=5, le=1440, description="minutes until the next is asked, where they are asked one after the other"),
    ] = 15
    at_once: Annotated[
        bool, Field(description="all of them at the same moment, the first yes counts; false: the best first")
    ] = True
    role: Annotated[str | None, SLUG, Field(description="manual: who says yes, one of `staff[].roles`; none: any")] = (
        None
    )

    @property
    def search(self) -> timedelta:
        """How long somebody is looked for."""
        return timedelta(minutes=self.search_within)


@dataclass(frozen=True, slots=True)
class Nights(Strict):
    """How a stay is counted: local check-in and check-out times and the lengths that are sold."""

    check_in: Clock
    check_out: Clock
    least: Annotated[int, Field(ge=1, le=90)] = 1
    most: Annotated[int, Field(ge=1, le=90)] = 30
    gap: Annotated[int, Field(ge=0, le=14, description="so many nights stay empty after each stay")] = 0


@dataclass(frozen=True, slots=True)
class Service(Strict):
    """One thing a customer can book."""

    id: Annotated[ServiceId, SLUG]
    name: Text
    summary: Text
    kind: ServiceKind
    venue: Venue
    expect: Annotated[LocalizedText | None, Field(description="what to expect, en, id and vi")] = None
    keywords: Annotated[tuple[Annotated[str, LABEL], ...], Field(description="other words customers use for it")] = ()
    duration_minutes: Annotated[int | None, Field(ge=5, le=1440, multiple_of=5)] = None
    buffer_minutes: Annotated[int, Field(ge=0, le=720, multiple_of=5, description="tidying and travel after it")] = 0
    step_minutes: Annotated[int, Field(ge=5, le=720, multiple_of=5, description="beginnings lie this far apart")] = 30
    notice_hours: Annotated[int, Field(ge=0, le=2160, description="book at least this long before")] = 24
    advance_days: Annotated[int, Field(ge=1, le=730, description="book at most this long before")] = 60
    capacity: Annotated[int, Field(ge=1, le=500, description="seats of one session of a group event")] = 1
    min_guests: Annotated[int, Field(ge=1, le=500)] = 1
    max_guests: Annotated[int, Field(ge=1, le=500)] = 1
    sessions: Annotated[Sessions | None, Field(description="fixed beginnings; a group event needs them")] = None
    nights: Annotated[Nights | None, Field(description="how a stay is counted")] = None
    places: Annotated[
        tuple[Annotated[PlaceId, SLUG], ...], Field(description="where it is sold; none named means anywhere")
    ] = ()
    equipment: tuple[Annotated[EquipmentId, SLUG], ...] = ()
    meeting: Annotated[
        str | None,
        Field(
            pattern=r"^https://\S+$",
            max_length=200,
            description="where an online service takes place: a link; {reference} in it makes one for each booking",
            examples=["https://meet.example/{reference}"],
        ),
    ] = None
    payment: PaymentTerms = field(default_factory=PaymentTerms)
    confirmation: Annotated[ConfirmationRule, Field(description="who has to say yes before any money is asked for")] = (
        ConfirmationRule.AUTO
    )
    offer: Annotated[OfferTerms, Field(description="how that yes is asked for")] = field(default_factory=OfferTerms)
    completion: Annotated[
        CompletionRule | None,
        Field(description="how a stay or a journey is over; none: on_end. Others are when the customer came"),
    ] = None
    split: Annotated[str, SLUG] | None = None
    policy: Annotated[
        str | None, Field(min_length=1, description="an id of `policies` or a preset; none: the policy of the house")
    ] = None

    @property
    def duration(self) -> timedelta:
        """How long one booking takes; zero for what is sold by night."""
        return timedelta(minutes=self.duration_minutes or 0)

    @property
    def buffer(self) -> timedelta:
        """How long its resources stay busy afterwards."""
        return timedelta(minutes=self.buffer_minutes)

    @property
    def notice(self) -> timedelta:
        """How long before the start it must be booked."""
        return timedelta(hours=self.notice_hours)

    @property
    def advance(self) -> timedelta:
        """How long before the start it may be booked."""
        return timedelta(days=self.advance_days)

    def meeting_of(self, reference: str) -> str | None:
        """Where that booking takes place, if it is a link."""
        return None if self.meeting is None else self.meeting.replace("{reference}", reference)

    @property
    def ends(self) -> CompletionRule | None:
        """How it is over; none where that is whether the customer came."""
        by_end = self.kind in {ServiceKind.STAY, ServiceKind.TRAVEL}
        return (self.completion or CompletionRule.ON_END) if by_end else None

    @property
    def is_group(self) -> bool:
        """Whether several bookings share one session."""
        return self.kind is ServiceKind.GROUP_EVENT

    @property
    def is_stay(self) -> bool:
        """Whether it is sold by night."""
        return self.kind is ServiceKind.STAY
