"""Who gets how much of a payment: shares are whole minor units and always sum to the whole.

Two kinds of rule (reference: villa-services 1 and 6 A4): percentages of the price, or a
fixed payout to the provider with the rest shared by weights. A party that is not there leaves its share to
the fallback party.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal, assert_never

from payments.domain.ids import PayeeId, PaymentKey
from payments.domain.money import Money

WHOLE = 10_000
"""Shares are in hundredths of a percent."""


class Party(StrEnum):
    """Who may own a part of a booking's money."""

    PROVIDER = "provider"
    FACILITY = "facility"
    REFERRING_AGENT = "referring_agent"
    PLATFORM = "platform"
    CREDIT = "credit"
    """The customer, as far as something of it was given to them to use later; never of a split."""


class SharesDoNotFit(ValueError):
    """The parties would get more than there is, or less than nothing."""


class NotAWhole(ValueError):
    """The shares of a rule do not sum to one whole."""


def _require_whole(shares: Sequence[int]) -> None:
    if min(shares) < 0 or sum(shares) != WHOLE:
        raise NotAWhole(f"{shares} do not sum to {WHOLE}")


@dataclass(frozen=True, slots=True)
class PercentSplit:
    """Each party's part of the price in hundredths of a percent; together 10 000."""

    provider: int = 0
    facility: int = 0
    platform: int = 0
    referring_agent: int = 0
    kind: Literal["percent"] = "percent"

    def __post_init__(self) -> None:
        _require_whole((self.provider, self.facility, self.platform, self.referring_agent))


class DiscountBearer(StrEnum):
    """Out of whose part it comes that a booking costs less than the price book says."""

    MARGIN = "margin"
    """Those who share the rest, in the same proportions."""
    PLATFORM = "platform"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class FixedPayoutSplit:
    """The provider gets `payout`, whatever the price; the rest is shared in hundredths of a percent,
    together 10 000."""

    payout: Money
    facility: int = 0
    platform: int = 0
    referring_agent: int = 0
    price: Money | None = None
    """The whole price, where the fee comes out of it before the rest is shared; none in terms stored before that, by
    which a fee is borne in the proportion of the shares."""
    discount: Money | None = None
    """By how much the price is less than the price book says."""
    discount_bearer: DiscountBearer = DiscountBearer.MARGIN
    kind: Literal["fixed_payout"] = "fixed_payout"

    def __post_init__(self) -> None:
        if self.payout.amount < 0:
            raise SharesDoNotFit("a payout is not negative")
        _require_whole((self.facility, self.platform, self.referring_agent))


SplitRule = PercentSplit | FixedPayoutSplit

DEFAULT_SPLIT = PercentSplit(provider=7_000, platform=2_500, referring_agent=500)
"""What applies where the business file says nothing."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one party gets."""

    party: Party
    amount: Money
    payee: PayeeId | None = None
    """Whose it is, where that is not whom the terms name for the party."""


class FeeBearer(StrEnum):
    """Out of whose part the provider's fee comes."""

    PLATFORM = "platform"
    PROVIDER = "provider"
    MARGIN = "margin"  # those who share the rest, in the same proportions


def plan_shares(
    amount: Money, rule: SplitRule, present: Collection[Party], fallback: Party = Party.PLATFORM
) -> tuple[Share, ...]:
    """The shares of the parties that are there, none of nothing, in sum exactly `amount`."""
    if amount.amount < 0:
        raise SharesDoNotFit("there is nothing to share")
    match rule:
        case PercentSplit():
            weights = {**_margin(rule), Party.PROVIDER: rule.provider}
            parts = _by_weights(amount.amount, weights, remainder_to=Party.PROVIDER)
        case FixedPayoutSplit():
            parts = _after_payout(amount.amount, rule, fallback)
            if min(parts.values()) < 0:
                raise SharesDoNotFit(f"a payout of {rule.payout.amount} out of {amount.amount}")
        case _:
            assert_never(rule)
    owned = _with_absent_to(fallback, parts, present)
    return tuple(Share(party, Money(owned[party], amount.currency)) for party in Party if owned.get(party))


def plan_fee(
    fee: Money,
    bearer: FeeBearer,
    rule: SplitRule,
    present: Collection[Party],
    fallback: Party = Party.PLATFORM,
) -> tuple[Share, ...]:
    """How the parties bear a fee, in sum exactly `fee`; what nobody else bears falls to the fallback
    party."""
    match bearer:
        case FeeBearer.PLATFORM:
            parts = {Party.PLATFORM: fee.amount}
        case FeeBearer.PROVIDER:
            parts = _with_absent_to(fallback, {Party.PROVIDER: fee.amount}, present)
        case FeeBearer.MARGIN:
            weights = _margin(rule)
            if isinstance(rule, FixedPayoutSplit) and rule.price is not None:
                return _fee_before_rest(fee, rule, rule.price, present, fallback)
            parts = {Party.PLATFORM: fee.amount}
            # Where nobody shares the rest there is no margin to bear it, and the platform does.
            if sum(weights.values()):
                shared = _by_weights(fee.amount, weights, remainder_to=Party.PLATFORM)
                parts = _with_absent_to(fallback, shared, present)
        case _:
            assert_never(bearer)
    return tuple(Share(party, Money(parts[party], fee.currency)) for party in Party if parts.get(party))


def _after_payout(amount: int, rule: FixedPayoutSplit, fallback: Party, fee: int = 0) -> dict[Party, int]:
    """What each has of `amount` once the fee has left the rest; less than nothing where it does not fit."""
    discount = 0 if rule.discount is None else rule.discount.amount
    payout = rule.payout.amount - (discount if rule.discount_bearer is DiscountBearer.PROVIDER else 0)
    rest = amount - payout - fee
    # The others share as if there were no discount, and the platform has that much less.
    undiscounted = rest + (discount if rule.discount_bearer is DiscountBearer.PLATFORM else 0)
    # The payout is a promise to the unit, so the odd unit of the rest is not added to it.
    keeper = fallback if fallback is not Party.PROVIDER else Party.PLATFORM
    parts = _by_weights(undiscounted, _margin(rule), remainder_to=keeper)
    parts[Party.PLATFORM] -= undiscounted - rest
    return {**parts, Party.PROVIDER: payout}


def _fee_before_rest(
    fee: Money, rule: FixedPayoutSplit, price: Money, present: Collection[Party], fallback: Party
) -> tuple[Share, ...]:
    """Each bears what it has less because the fee leaves the price before the rest is shared, to the unit what a
    price book says; what the rest cannot bear is the platform's."""
    before = _after_payout(price.amount, rule, fallback)
    rest = max(0, price.amount - before[Party.PROVIDER])
    after = _after_payout(price.amount, rule, fallback, min(fee.amount, rest))
    parts = _with_absent_to(fallback, {party: before[party] - after[party] for party in before}, present)
    parts[Party.PLATFORM] = fee.amount - sum(part for party, part in parts.items() if party is not Party.PLATFORM)
    return tuple(Share(party, Money(parts[party], fee.currency)) for party in Party if parts.get(party))


def allot(shares: Sequence[Share], payments: Mapping[PaymentKey, Money]) -> tuple[tuple[PaymentKey, Share], ...]:
    """Shares laid over the payments they came in by, earliest first: every payment and every share is used
    up exactly."""
    # Per payment, since each one can be refunded or taken back by itself.
    left = {key: paid.amount for key, paid in payments.items()}
    if sum(left.values()) != sum(share.amount.amount for share in shares):
        raise SharesDoNotFit("payments and shares differ")
    allotted: list[tuple[PaymentKey, Share]] = []
    for share in shares:
        wanted = share.amount.amount
        for key, there in left.items():
            taken = min(wanted, there)
            if taken:
                allotted.append((key, replace(share, amount=Money(taken, share.amount.currency))))
                left[key] = there - taken
                wanted -= taken
    return tuple(allotted)


def _margin(rule: SplitRule) -> dict[Party, int]:
    return {
        Party.FACILITY: rule.facility,
        Party.REFERRING_AGENT: rule.referring_agent,
        Party.PLATFORM: rule.platform,
    }


def _by_weights(amount: int, weights: Mapping[Party, int], remainder_to: Party) -> dict[Party, int]:
    whole = sum(weights.values())
    parts = {party: amount * weight // whole for party, weight in weights.items()}
    # Rounded down for all, and one party takes the odd units: the sum is exact in every currency.
    parts[remainder_to] = parts.get(remainder_to, 0) + amount - sum(parts.values())
    return parts


def _with_absent_to(fallback: Party, parts: Mapping[Party, int], present: Collection[Party]) -> dict[Party, int]:
    here = {Party.PLATFORM, fallback, *present}  # the platform is always there
    owned: dict[Party, int] = {}
    for party, amount in parts.items():
        owner = party if party in here else fallback
        owned[owner] = owned.get(owner, 0) + amount
    return owned
