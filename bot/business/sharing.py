"""A split of the business file in the terms of the cashier: who gets how much of one price."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from bot.business.catalogue import Place
from bot.business.prices import GatewayFee, PercentShare, Split, SplitKind, SplitParty
from payments.domain.fees import Tariff
from payments.domain.money import Money
from payments.domain.splits import (
    DEFAULT_SPLIT,
    DiscountBearer,
    FeeBearer,
    FixedPayoutSplit,
    Party,
    PercentSplit,
    SharesDoNotFit,
    SplitRule,
)

PARTIES: Final[Mapping[SplitParty, Party]] = {
    SplitParty.PROVIDER: Party.PROVIDER,
    SplitParty.PLACE: Party.FACILITY,
    SplitParty.REFERRER: Party.REFERRING_AGENT,
    SplitParty.PLATFORM: Party.PLATFORM,
}


def at_place(split: Split | None, place: Place | None) -> Split | None:
    """The split at a place that has a percent of its own in it: what it gets more or less is the platform's. A split
    that names no place gives none. Raises SharesDoNotFit where the platform would have less than nothing."""
    commission = None if split is None or place is None else place.commission_in(split.id)
    percent = {} if split is None else {share.party: share.percent for share in split.shares}
    if split is None or commission is None or SplitParty.PLACE not in percent:
        return split
    platform = percent.get(SplitParty.PLATFORM, Decimal(0)) + percent[SplitParty.PLACE] - commission
    if platform < 0:
        raise SharesDoNotFit(f"{commission} percent of the place are more than the platform has to give")
    percent |= {SplitParty.PLACE: commission, SplitParty.PLATFORM: platform}
    shares = (PercentShare(party, part) for party, part in percent.items() if part)
    return replace(split, shares=tuple(shares))


def rule_of(split: Split | None, payout: int | None, price: Money, listed: Money) -> SplitRule:
    """How `price` is divided where the price book says `listed`; the payout is the provider's for all of it.

    A booking sold in a currency that the file has left since has no payout in it: nobody is paid rupiah as pesos.
    """
    is_of_the_file = price.currency == listed.currency
    if split is None:
        return DEFAULT_SPLIT
    percent = {share.party: int(share.percent * 100) for share in split.shares}
    facility, platform = percent.get(SplitParty.PLACE, 0), percent.get(SplitParty.PLATFORM, 0)
    referrer = percent.get(SplitParty.REFERRER, 0)
    if split.kind is SplitKind.PERCENT:
        return PercentSplit(percent.get(SplitParty.PROVIDER, 0), facility, platform, referrer)
    return FixedPayoutSplit(
        Money((payout or 0) if is_of_the_file else 0, price.currency),
        facility,
        platform,
        referrer,
        price=price if split.gateway_fee_bearer is FeeBearer.MARGIN else None,
        discount=listed - price if is_of_the_file and price < listed else None,
        discount_bearer=split.discount_bearer or DiscountBearer.MARGIN,
    )


def tariff_of(fee: GatewayFee | None) -> Tariff | None:
    """The fee that the business expects, as the cashier counts it."""
    if fee is None:
        return None
    return Tariff(fee.flat, int(fee.percent * 100), int(fee.tax_percent * 100))
