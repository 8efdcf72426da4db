"""The price book and the split rules: what a booking costs, and who gets which part of it.

Amounts are whole minor units of the business's currency (IDR: whole rupiah, as the payment provider counts).
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from bot.business.catalogue import SLUG, AreaId, PlaceId, ProviderId, ServiceId
from bot.business.words import Strict
from payments.domain.splits import FeeBearer


class Unit(StrEnum):
    """What an amount is for."""

    PER_BOOKING = "per_booking"
    PER_PERSON = "per_person"
    PER_HOUR = "per_hour"
    PER_NIGHT = "per_night"


class SplitParty(StrEnum):
    """Who a share goes to."""

    PROVIDER = "provider"
    PLACE = "place"
    PLATFORM = "platform"
    REFERRER = "referrer"


Amount = Annotated[int, Field(ge=1, le=10**12, description="whole minor units; for IDR whole rupiah")]
Payout = Annotated[int | None, Field(ge=0, le=10**12, description="what the provider gets per unit")]


@dataclass(frozen=True, slots=True)
class Break(Strict):
    """From this quantity on, each unit costs this much."""

    at_least: Annotated[int, Field(ge=2, le=500, description="people, or nights, or hours")]
    amount: Amount
    payout: Payout = None


@dataclass(frozen=True, slots=True)
class Price(Strict):
    """One row of the price book; the row that says most about a booking wins."""

    service: Annotated[ServiceId, SLUG]
    unit: Unit
    amount: Amount
    provider: Annotated[ProviderId, SLUG] | None = None
    area: Annotated[AreaId, SLUG] | None = None
    place: Annotated[PlaceId, SLUG] | None = None
    payout: Payout = None
    breaks: Annotated[tuple[Break, ...], Field(description="cheaper or dearer for more")] = ()

    def at(self, quantity: int) -> tuple[int, int | None]:
        """Amount and provider's payout of one unit when `quantity` are bought."""
        reached = [step for step in self.breaks if step.at_least <= quantity]
        best = max(reached, key=lambda step: step.at_least, default=None)
        return (best.amount, best.payout) if best else (self.amount, self.payout)

    def fits(self, provider: ProviderId | None, place: PlaceId | None, area: AreaId | None) -> bool:
        """Whether nothing this row names contradicts the booking."""
        pairs = ((self.provider, provider), (self.place, place), (self.area, area))
        return all(named is None or named == actual for named, actual in pairs)

    @property
    def says(self) -> frozenset[str]:
        """What the row narrows down; a place includes its area."""
        named = {
            word for word, value in (("provider", self.provider), ("place", self.place), ("area", self.area)) if value
        }
        return frozenset(named | ({"area"} if self.place else set()))


@dataclass(frozen=True, slots=True)
class PercentShare(Strict):
    """A party's part in percent; two decimals at most."""

    party: SplitParty
    percent: Annotated[Decimal, Field(gt=0, le=100, decimal_places=2, description="percent, for example 65 or 12.5")]


class SplitKind(StrEnum):
    """How a price is divided."""

    PERCENT = "percent"
    FIXED_PAYOUT = "fixed_payout"


@dataclass(frozen=True, slots=True)
class Split(Strict):
    """Percent of the whole, or a fixed payout to the provider (in the price row) and the rest in percent."""

    id: Annotated[str, SLUG]
    kind: SplitKind
    shares: Annotated[tuple[PercentShare, ...], Field(min_length=1)]
    fallback: Annotated[SplitParty, Field(description="who takes the share of a party that is not there")] = (
        SplitParty.PLATFORM
    )
    gateway_fee_bearer: Annotated[
        FeeBearer,
        Field(description="whose part the gateway's fee comes out of; margin is all but the provider"),
    ] = FeeBearer.PLATFORM


def winners(
    rows: tuple[Price, ...], provider: ProviderId | None, place: PlaceId | None, area: AreaId | None
) -> tuple[Price, ...]:
    """The fitting rows that no other fitting row beats: one is a price, none a gap, two an ambiguity."""
    fitting = [row for row in rows if row.fits(provider, place, area)]
    return tuple(row for row in fitting if not any(other.says > row.says for other in fitting))
