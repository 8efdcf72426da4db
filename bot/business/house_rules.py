"""The rules of the house: `rules` of the business file, what each looks at and what it does.

A closed vocabulary: a rule names facts that a booking and its customer really have, and no expression reads them.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from bot.business.catalogue import SLUG, PlaceId, Service
from bot.business.words import Strict, Text
from bot.domain.states import State

PROFILE_NAME: Final = "name"
PHONE: Final = "phone"
KNOWN_FIELDS: Final = (PROFILE_NAME, PHONE)
"""What of a customer WhatsApp may tell, so that a rule can need it."""


class RuleState(StrEnum):
    """Before which state a rule is judged: before times are shown, or before one is taken."""

    SLOT_PROPOSED = "SLOT_PROPOSED"
    SLOT_CONFIRMED = "SLOT_CONFIRMED"


class RuleSeverity(StrEnum):
    """Whether what is missing holds the booking back, or only shows."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class RuleConditions(Strict):
    """When a rule acts: all of these have to be so; none named means always."""

    first_visit: Annotated[
        bool | None, Field(description="whether the customer has never been here, as far as we know")
    ] = None
    places: Annotated[tuple[Annotated[PlaceId, SLUG], ...], Field(description="it is at one of these places")] = ()
    guests_from: Annotated[int | None, Field(ge=1, le=500, description="for so many people or more")] = None
    nights_from: Annotated[int | None, Field(ge=1, le=365, description="for so many nights or more")] = None
    price_from: Annotated[int | None, Field(ge=1, description="costs so much or more, in minor units")] = None
    outside_hours: Annotated[bool | None, Field(description="whether it begins outside `agents.hours`")] = None

    @property
    def need_a_time(self) -> bool:
        """Whether they can only be told once a time is chosen."""
        return self.price_from is not None or self.outside_hours is not None

    @property
    def is_always(self) -> bool:
        """Whether nothing is named."""
        return self == RuleConditions()


@dataclass(frozen=True, slots=True)
class HouseRule(Strict):
    """One rule: for which services, when, and the one thing it does."""

    id: Annotated[str, SLUG]
    text: Annotated[
        Text | None, Field(description="said to the customer; of `warn` to staff alone; needed, but for `task`")
    ] = None
    services: Annotated[
        tuple[Annotated[str, SLUG], ...],
        Field(alias="for", description="ids or kinds of services; left out: all"),
    ] = ()
    when: RuleConditions = field(default_factory=RuleConditions)
    state: Annotated[
        RuleState | None,
        Field(description="judged before it; left out: SLOT_PROPOSED, or SLOT_CONFIRMED where `when` needs a time"),
    ] = None
    need: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
            max_length=40,
            description="what has to be known: `name`, `phone`, or what a rule asks",
        ),
    ] = None
    ask: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
            max_length=40,
            description="the customer is asked `text`, once, and the answer is kept with them under this name",
            examples=["medical-history"],
        ),
    ] = None
    block: Annotated[bool, Field(description="refuses, and says `text`")] = False
    warn: Annotated[bool, Field(description="shows `text` to staff, and holds nothing back")] = False
    remind: Annotated[
        bool, Field(description="reminders before the start say `text` as well, but for our own of the last hours")
    ] = False
    task: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
            max_length=40,
            description="one of `tasks`, which only such bookings bring from then on",
        ),
    ] = None
    severity: Annotated[
        RuleSeverity | None,
        Field(description="of `need` and `ask`: `block` holds the booking back, `warn` does not; left out: block"),
    ] = None
    fix: Annotated[Text | None, Field(description="what staff can do about it")] = None

    def is_for(self, service: Service) -> bool:
        """Whether it is about that service."""
        return not self.services or str(service.id) in self.services or service.kind.value in self.services

    @property
    def is_judged(self) -> bool:
        """Whether it stands in front of a step; the others act once a booking is confirmed."""
        return self.task is None and not self.remind

    @property
    def before(self) -> State:
        """The state before which it is judged."""
        if self.state is not None:
            return State(self.state.value)
        return State.SLOT_CONFIRMED if self.when.need_a_time else State.SLOT_PROPOSED

    @property
    def is_advice(self) -> bool:
        """Whether it holds nothing back."""
        return self.warn or (not self.block and self.severity is RuleSeverity.WARN)
