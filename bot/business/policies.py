"""What comes back when a booking is cancelled, and what another time costs: policies as data, applied purely.

Each policy is a list of tiers. A tier holds until a moment before the start, counted in whole local days (`7d`: seven
or more calendar days before the day of the start, in the zone of the business) or in exact hours (`48h`). The tier in
force is the first whose moment has not passed; after the last one nothing comes back, and no change is sold.

Rounding: what comes back, and a fee, are rounded half up to the minor unit of the currency (IDR: whole rupiah), so the
odd unit of a half goes to the customer; what is kept is the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.business.catalogue import SLUG
from bot.business.words import Strict, Text
from bot.domain.policy_sentence import PolicyClause, PolicySentence
from payments.domain.money import Money, part, zero

_INSTANT: Final = timedelta(microseconds=1)

Until = Annotated[
    str,
    Field(
        pattern=r"^(?:0|[1-9][0-9]{0,2})[dh]$",
        description="days (whole local days) or hours (exact) before the start",
        examples=["7d"],
    ),
]


@dataclass(frozen=True, slots=True)
class RefundTier(Strict):
    """Until then this much comes back: a percentage, all but a sum, or all but the price of some nights."""

    until: Until
    percent: Annotated[int | None, Field(ge=0, le=100, description="percent of the price that comes back")] = None
    keep: Annotated[int | None, Field(ge=1, le=10**12, description="whole minor units that are kept")] = None
    keep_nights: Annotated[int | None, Field(ge=1, le=90, description="nights whose price is kept")] = None

    def penalty(self, price: Money, nights: int) -> Money:
        """What is kept of this price, never more than all of it."""
        if self.percent is not None:
            return price - Money(part(price.amount, self.percent, 100), price.currency)
        if self.keep is not None:
            return min(price, Money(self.keep, price.currency))
        if self.keep_nights is not None and nights > self.keep_nights:
            return Money(part(price.amount, self.keep_nights, nights), price.currency)
        return price

    def sentence(self, price: Money, until: datetime) -> PolicySentence:
        """What it says of this price."""
        if self.percent == 100:
            return PolicySentence(PolicyClause.REFUND_ALL, until=until)
        if self.percent == 0:
            return PolicySentence(PolicyClause.REFUND_NONE)
        if self.percent is not None:
            return PolicySentence(PolicyClause.REFUND_PERCENT, percent=self.percent, until=until)
        if self.keep is not None:
            return PolicySentence(PolicyClause.KEEP_AMOUNT, amount=Money(self.keep, price.currency), until=until)
        return PolicySentence(PolicyClause.KEEP_NIGHTS, nights=self.keep_nights, until=until)


@dataclass(frozen=True, slots=True)
class ChangeTier(Strict):
    """Until then a change costs this percentage of the price the booking has."""

    until: Until
    fee_percent: Annotated[int, Field(ge=0, le=100, description="percent of the price before the change")] = 0


_UNTIL_THE_START: Final = (ChangeTier(until="0h"),)


@dataclass(frozen=True, slots=True)
class Policy(Strict):
    """What a cancellation gives back and what a change costs."""

    id: Annotated[str, SLUG]
    refund: Annotated[tuple[RefundTier, ...], Field(description="tiers, the earliest first; none: nothing back")] = ()
    change: Annotated[
        tuple[ChangeTier, ...], Field(description="tiers, the earliest first; left out: free until the start")
    ] = _UNTIL_THE_START
    cancel_until: Annotated[Until, Field(description="customers cancel by themselves until then")] = "0h"
    text: Annotated[
        Text | None, Field(description="the policy in the owner's words, said to who asks for their booking")
    ] = None


PRESETS: Final[Mapping[str, Policy]] = MappingProxyType(
    {
        "tiered_days": Policy(
            "tiered_days",
            (RefundTier("7d", 100), RefundTier("3d", 50), RefundTier("1d", 25)),
            (ChangeTier("1d"), ChangeTier("0h", 25)),
        ),
        "free_until_48h": Policy(
            "free_until_48h",
            (RefundTier("48h", 100), RefundTier("0h", 50)),
            (ChangeTier("48h"), ChangeTier("0h", 50)),
        ),
        "nights": Policy(
            "nights",
            (RefundTier("7d", 100), RefundTier("0h", keep_nights=1)),
            (ChangeTier("7d"), ChangeTier("0h", 10)),
        ),
        "none": Policy("none", (), ()),
    }
)
"""Policies that need no writing; a service, or the whole house, names one of them or one of its own."""

DEFAULT_POLICY: Final = "tiered_days"


@dataclass(frozen=True, slots=True)
class CancellationTerm:
    """What a cancellation at one moment keeps of the price."""

    penalty: Money
    sentence: PolicySentence
    until: datetime | None
    """The last moment this holds; none after the last tier."""


@dataclass(frozen=True, slots=True)
class ChangeTerm:
    """What a change at one moment costs."""

    fee: Money
    sentence: PolicySentence
    until: datetime


def last_moment(until: str, start: datetime, zone: ZoneInfo) -> datetime:
    """The last moment of a tier, itself included; never after the start."""
    number = int(until[:-1])
    if until.endswith("h"):
        return start - timedelta(hours=number)
    first_day_after = start.astimezone(zone).date() - timedelta(days=number - 1)
    # by the wall clock: a day with a clock change has another length, and an hour count would miss midnight
    midnight = datetime.combine(first_day_after, time(), zone).astimezone(start.tzinfo)
    return min(midnight - _INSTANT, start)


def cancellation_term(
    policy: Policy, price: Money, nights: int, start: datetime, now: datetime, zone: ZoneInfo
) -> CancellationTerm:
    """What the policy says to a cancellation at `now`: the latest deadline that has passed wins."""
    tiers = sorted(((last_moment(tier.until, start, zone), tier) for tier in policy.refund), key=lambda pair: pair[0])
    kept = zero(price.currency)
    for until, tier in tiers:
        # tiers may count differently (percent, sum, nights): waiting never makes it cheaper
        kept = max(kept, tier.penalty(price, nights))
        if now <= until:
            return CancellationTerm(kept, tier.sentence(price, until), until)
    return CancellationTerm(price, PolicySentence(PolicyClause.REFUND_NONE), None)


def change_term(policy: Policy, price: Money, start: datetime, now: datetime, zone: ZoneInfo) -> ChangeTerm | None:
    """What a change at `now` costs; none where the policy sells no change any more."""
    tiers = sorted(((last_moment(tier.until, start, zone), tier) for tier in policy.change), key=lambda pair: pair[0])
    percent = 0
    for until, tier in tiers:
        percent = max(percent, tier.fee_percent)
        if now <= until:
            fee = Money(part(price.amount, percent, 100), price.currency)
            clause = PolicyClause.CHANGE_FEE if percent else PolicyClause.CHANGE_FREE
            return ChangeTerm(fee, PolicySentence(clause, percent=percent or None, until=until), until)
    return None
