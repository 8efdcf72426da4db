"""The price book and the split rules: what a booking costs, and who gets which part of it.

Amounts are whole minor units of the business's currency (IDR: whole rupiah, as the payment provider counts).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, TypeVar

from pydantic import Field

from bot.business.catalogue import SLUG, AreaId, PlaceId, ProviderId, ServiceId
from bot.business.hours import Day
from bot.business.words import Strict
from payments.domain.splits import DiscountBearer, FeeBearer


class Unit(StrEnum):
    """What an amount is for."""

    PER_BOOKING = "per_booking"
    """The job as a whole, however many it is for."""
    PER_PERSON = "per_person"
    PER_HOUR = "per_hour"
    PER_DAY = "per_day"
    """Each local day, the first and the last both counted: three for a stay of two nights."""
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
class PriceQuery:
    """What is looked up in the price book: one booking, or one day of a stay."""

    provider: ProviderId | None
    place: PlaceId | None
    area: AreaId | None
    """The area of the place."""
    day: date
    """The local day it begins on."""
    guests: int
    hours: int
    days: int
    nights: int

    def quantity(self, unit: Unit) -> int:
        """The quantity that ranges and breaks of such a row speak of."""
        match unit:
            case Unit.PER_BOOKING | Unit.PER_PERSON:
                return self.guests
            case Unit.PER_HOUR:
                return self.hours
            case Unit.PER_DAY:
                return self.days
            case Unit.PER_NIGHT:
                return self.nights


_ANY: Final = 10**9
"""More than any quantity; the open end of a range."""


@dataclass(frozen=True, slots=True)
class Price(Strict):
    """One row of the price book; of those that fit a booking the most specific one wins."""

    service: Annotated[ServiceId, SLUG]
    unit: Unit
    amount: Amount
    id: Annotated[str | None, SLUG, Field(description="the row's own name; needed in a price book file")] = None
    provider: Annotated[ProviderId, SLUG] | None = None
    area: Annotated[AreaId, SLUG] | None = None
    place: Annotated[PlaceId, SLUG] | None = None
    from_day: Annotated[Day | None, Field(description="the first local day it is for")] = None
    until_day: Annotated[Day | None, Field(description="the last local day it is for")] = None
    at_least: Annotated[
        int | None, Field(ge=1, le=500, description="for so many people, hours, days or nights and more")
    ] = None
    at_most: Annotated[int | None, Field(ge=1, le=500, description="for so many and no more")] = None
    payout: Payout = None
    breaks: Annotated[tuple[Break, ...], Field(description="cheaper or dearer for more")] = ()

    def at(self, quantity: int) -> tuple[int, int | None]:
        """Amount and provider's payout of one unit when `quantity` are bought."""
        reached = [step for step in self.breaks if step.at_least <= quantity]
        best = max(reached, key=lambda step: step.at_least, default=None)
        return (best.amount, best.payout) if best else (self.amount, self.payout)

    def fits(self, wanted: PriceQuery) -> bool:
        """Whether nothing this row names contradicts the booking."""
        pairs = ((self.provider, wanted.provider), (self.place, wanted.place), (self.area, wanted.area))
        least, most = self.quantities
        return (
            all(named is None or named == actual for named, actual in pairs)
            and self._days[0] <= wanted.day <= self._days[1]
            and least <= wanted.quantity(self.unit) <= most
        )

    def is_over(self, today: date) -> bool:
        """Whether the last day it is for has passed: nobody is told of it any more."""
        return self.until_day is not None and self.until_day < today

    @property
    def quantities(self) -> tuple[int, int]:
        """The quantities it is for, both ends included."""
        return self.at_least or 0, self.at_most or _ANY

    @property
    def _days(self) -> tuple[date, date]:
        return self.from_day or date.min, self.until_day or date.max

    @property
    def _names(self) -> tuple[bool, bool, bool]:
        # a place lies in one area: naming that as well says nothing more
        return self.provider is not None, self.place is not None, self.place is not None or self.area is not None

    def beats(self, other: "Price") -> bool:
        """Whether it is the more specific one, by the stated order: a provider, then a place, then an area, then days,
        then quantities. Of two ranges the one that lies inside the other is; two that only overlap decide nothing, and
        what comes after them in the order does not either."""
        if self._names != other._names:
            return self._names > other._names
        if self._days != other._days:
            return _is_inside(self._days, other._days)
        return self.quantities != other.quantities and _is_inside(self.quantities, other.quantities)


_Bound = TypeVar("_Bound", date, int)


def _is_inside(inner: tuple[_Bound, _Bound], outer: tuple[_Bound, _Bound]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def winners(rows: Sequence[Price], wanted: PriceQuery) -> tuple[Price, ...]:
    """The fitting rows that no other fitting row beats: one is a price, none a gap, two an ambiguity."""
    fitting = [row for row in rows if row.fits(wanted)]
    return tuple(row for row in fitting if not any(other.beats(row) for other in fitting))


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
class GatewayFee(Strict):
    """What the payment provider's fee is expected to be: a flat sum, a percentage of the price, and tax on both."""

    flat: Annotated[int, Field(ge=0, le=10**12, description="whole minor units")] = 0
    percent: Annotated[Decimal, Field(ge=0, le=100, decimal_places=2, description="of the price")] = Decimal(0)
    tax_percent: Annotated[Decimal, Field(ge=0, le=100, decimal_places=2, description="of the fee")] = Decimal(0)


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
    gateway_fee: Annotated[
        GatewayFee | None,
        Field(
            description="the fee that is expected: no price, and no invoice, leaves a party less than nothing after it"
        ),
    ] = None
    discount_bearer: Annotated[
        DiscountBearer | None,
        Field(description="of a fixed payout: whose part it is when a booking costs less than its row; none: margin"),
    ] = None
