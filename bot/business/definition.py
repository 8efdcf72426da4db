"""The whole business file as one value, and the business made of it under its version."""

from dataclasses import dataclass, field
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.business.attention import Escalation, OnCall
from bot.business.catalogue import (
    Area,
    AreaId,
    ConfirmationRule,
    Equipment,
    EquipmentId,
    Place,
    PlaceId,
    ProviderId,
    Referrer,
    Service,
    ServiceId,
    ServiceProvider,
)
from bot.business.faq import FaqEntry
from bot.business.hours import Off, Week
from bot.business.house_rules import HouseRule
from bot.business.inbox import CannedReply, MessagePrice
from bot.business.policies import DEFAULT_POLICY, PRESETS, Policy
from bot.business.prices import Price, Split
from bot.business.sop import Sop
from bot.business.staff import StaffMember, TaskTemplate, stay_tasks
from bot.business.timers import DEFAULT_TIMERS, BookingTimer
from bot.business.upkeep import Upkeep
from bot.business.words import OwnForms, Strict, Text
from bot.domain.languages import ENGLISH


@dataclass(frozen=True, slots=True)
class Texts(Strict):
    """What the bot says about the house in the owner's own words."""

    greeting: Annotated[Text, Field(description="the name the bot greets with")]
    about: Annotated[Text, Field(description="one or two sentences: what you do, said to who asks for help")]
    apology: Annotated[
        Text | None,
        Field(description="a voucher or a kindness for whose booking you could not keep, said with the sorry"),
    ] = None
    review_url: Annotated[
        str | None,
        Field(
            pattern=r"^https://\S+$",
            max_length=500,
            description="where reviews are written: sent to who was happy",
            examples=["https://g.page/r/your-business/review"],
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class Agents(Strict):
    """When people of the house answer."""

    hours: Week
    capacity: Annotated[
        int | None,
        Field(
            ge=1,
            le=100,
            description="waiting conversations a person on duty is given by itself; left out: nobody is given any",
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class Definition(Strict):
    """Everything the owner writes."""

    name: Annotated[str, Field(min_length=1, max_length=60, description="the name of the business")]
    timezone: Annotated[str, Field(min_length=1, description="an IANA name", examples=["Asia/Makassar"])]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="an ISO 4217 code", examples=["IDR"])]
    texts: Texts
    agents: Agents
    services: Annotated[tuple[Service, ...], Field(min_length=1)]
    languages: Annotated[
        tuple[str, ...],
        Field(min_length=1, description="spoken languages by code, the default one first", examples=[["en", "id"]]),
    ] = (ENGLISH,)
    closed: Annotated[tuple[Off, ...], Field(description="days on which the whole house rests")] = ()
    areas: tuple[Area, ...] = ()
    places: tuple[Place, ...] = ()
    providers: tuple[ServiceProvider, ...] = ()
    referrers: tuple[Referrer, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    staff: Annotated[tuple[StaffMember, ...], Field(description="who does the work around bookings")] = ()
    tasks: Annotated[
        tuple[TaskTemplate, ...] | None,
        Field(description="work that bookings bring; none: the four of each stay, a list: exactly those"),
    ] = None
    timers: Annotated[
        tuple[BookingTimer, ...] | None,
        Field(description="what is said before a booking; none: the four of every booking, a list: exactly those"),
    ] = None
    upkeep: Annotated[tuple[Upkeep, ...], Field(description="work that places need again and again")] = ()
    escalations: Annotated[
        tuple[Escalation, ...], Field(description="how urgent what waits is, and who hears of it")
    ] = ()
    on_call: Annotated[
        tuple[OnCall, ...], Field(description="who is told in WhatsApp of what waits, in this order; first the owner")
    ] = ()
    prices: tuple[Price, ...] = ()
    price_book: Annotated[
        str | None,
        Field(
            pattern=r"^[A-Za-z0-9_-][A-Za-z0-9_.-]*\.csv$",
            max_length=100,
            description="a CSV file next to this one that holds the prices, in place of `prices`",
            examples=["prices.csv"],
        ),
    ] = None
    splits: tuple[Split, ...] = ()
    policies: Annotated[tuple[Policy, ...], Field(description="what comes back, and what a change costs")] = ()
    policy: Annotated[
        str, Field(min_length=1, description="the policy of every service that names none: an id or a preset")
    ] = DEFAULT_POLICY
    faq: Annotated[tuple[FaqEntry, ...], Field(description="questions and the house's own answers")] = ()
    replies: Annotated[tuple[CannedReply, ...], Field(description="ready words for the people who answer")] = ()
    message_prices: Annotated[
        tuple[MessagePrice, ...],
        Field(description="what a template costs, by country; shown before it is sent, and summed in the reports"),
    ] = ()
    sop: Sop = field(default_factory=Sop)
    rules: Annotated[tuple[HouseRule, ...], Field(description="rules of the house, judged with the product's own")] = ()
    words: Annotated[
        dict[str, dict[str, OwnForms]],
        Field(description="the house's own sentences, by key and language; `janji words` lists the keys"),
        # a table has no hash; what else the file says tells two of them apart well enough
    ] = field(default_factory=dict, hash=False)

    @property
    def zone(self) -> ZoneInfo:
        """The zone whose clock hangs on the wall."""
        return ZoneInfo(self.timezone)

    def service(self, wanted: ServiceId | str) -> Service | None:
        """The service of that id, if the file knows it."""
        return next((item for item in self.services if item.id == wanted), None)

    def is_dispatched(self, wanted: ServiceId | str | None) -> bool:
        """Whether several providers of that service are asked for each booking."""
        known = self.service(wanted or "")
        return known is not None and known.confirmation is ConfirmationRule.DISPATCH

    def provider(self, wanted: ProviderId | str | None) -> ServiceProvider | None:
        """The provider of that id, if the file knows it."""
        return next((item for item in self.providers if item.id == wanted), None)

    def place(self, wanted: PlaceId | str | None) -> Place | None:
        """The place of that id, if the file knows it."""
        return next((item for item in self.places if item.id == wanted), None)

    def referrer(self, wanted: str | None) -> Referrer | None:
        """The referrer of that id, if the file knows them."""
        return next((item for item in self.referrers if item.id == wanted), None)

    def referrer_with(self, code: str) -> Referrer | None:
        """The referrer who has that code."""
        return next((item for item in self.referrers if item.code == code), None)

    def area(self, wanted: AreaId | str | None) -> Area | None:
        """The area of that id, if the file knows it."""
        return next((item for item in self.areas if item.id == wanted), None)

    def staff_member(self, wanted: str | None) -> StaffMember | None:
        """The person of that id, if the file knows them."""
        return next((item for item in self.staff if item.id == wanted), None)

    def on_call_named(self, wanted: str | None) -> OnCall | None:
        """The person on call of that name, if the file knows them."""
        return next((item for item in self.on_call if item.name == wanted), None)

    def on_call_with(self, account: str) -> tuple[str, ...]:
        """The names in `on_call` of whoever has that account: at most one."""
        wanted = account.lower()
        return tuple(one.name for one in self.on_call if one.account is not None and one.account.lower() == wanted)

    @property
    def task_templates(self) -> tuple[TaskTemplate, ...]:
        """The work that bookings bring: as listed, else what each stay brings."""
        if self.tasks is not None:
            return self.tasks
        stays = tuple(service.id for service in self.services if service.is_stay)
        return stay_tasks(stays) if stays else ()

    @property
    def booking_timers(self) -> tuple[BookingTimer, ...]:
        """What is said around the time of bookings: as listed, else what every house says."""
        return DEFAULT_TIMERS if self.timers is None else self.timers

    def booking_timer(self, wanted: str) -> BookingTimer | None:
        """The timer of that id, if bookings have it and it is not turned off."""
        return next((item for item in self.booking_timers if item.id == wanted and item.enabled), None)

    def told_when_done(self, template: str) -> tuple[str, ...]:
        """Who hears that this task is done."""
        return next((item.tell for item in self.task_templates if item.id == template), ())

    def equipment_of(self, wanted: EquipmentId | str) -> Equipment | None:
        """The equipment of that id, if the file knows it."""
        return next((item for item in self.equipment if item.id == wanted), None)

    def split(self, wanted: str | None) -> Split | None:
        """The split rule of that id, if the file knows it."""
        return next((item for item in self.splits if item.id == wanted), None)

    def policy_for(self, service: Service | None) -> Policy:
        """The policy of that service, else of the house; one that nobody knows is read as the default preset."""
        for wanted in (None if service is None else service.policy, self.policy):
            found = next((item for item in self.policies if item.id == wanted), PRESETS.get(wanted or ""))
            if found is not None:
                return found
        return PRESETS[DEFAULT_POLICY]

    def entry(self, wanted: str | None) -> FaqEntry | None:
        """The answer of that id, if the file knows it."""
        return next((item for item in self.faq if item.id == wanted), None)

    def providers_of(self, service: ServiceId, area: AreaId | None) -> tuple[ServiceProvider, ...]:
        """Who delivers `service` in `area` (everywhere when no area is asked for), in the file's order."""
        return tuple(
            item
            for item in self.providers
            if service in item.services and (area is None or not item.areas or area in item.areas)
        )

    def places_of(self, service: Service) -> tuple[Place, ...]:
        """Where `service` is sold, in the file's order."""
        return tuple(item for item in self.places if not service.places or item.id in service.places)


@dataclass(frozen=True, slots=True)
class Business(Definition):
    """A business file without mistakes, under the hash of its content."""

    version: str = ""
