"""Whether every booking the file allows has exactly one price, and every share of it somewhere to go."""

from collections.abc import Iterator

from bot.business.catalogue import PaymentRule, Place, Service, ServiceProvider, Venue
from bot.business.definition import Definition
from bot.business.prices import Price, Split, SplitKind, SplitParty, Unit, winners
from bot.business.problems import Path
from payments.domain.splits import FeeBearer

Finding = tuple[Path, str, str]


def findings(file: Definition) -> Iterator[Finding]:
    """Every missing or ambiguous price, and every split that could not be paid."""
    for index, service in enumerate(file.services):
        yield from _priced(file, index, service)
        yield from _shared(file, index, service)
    for index, row in enumerate(file.prices):
        yield from _row(file, index, row)


def split_findings(file: Definition) -> Iterator[Finding]:
    """Every split whose parts do not make a whole."""
    for index, split in enumerate(file.splits):
        yield from _split(index, split)
        if SplitParty.REFERRER in {share.party for share in split.shares} and not file.referrers:
            yield ("splits", index, "shares"), "share with a referrer, but there is none", "add `referrers: ...`"


def _pairs(file: Definition, service: Service) -> Iterator[tuple[ServiceProvider | None, Place | None]]:
    """Every provider and place a booking of `service` may have."""
    places: tuple[Place | None, ...] = (None,) if service.venue is Venue.ONLINE else file.places_of(service)
    for place in places:
        if service.is_stay:
            yield None, place
            continue
        for provider in file.providers_of(service.id, place.area if place else None):
            yield provider, place


def _priced(file: Definition, index: int, service: Service) -> Iterator[Finding]:
    rows = tuple(row for row in file.prices if row.service == service.id)
    if not rows:
        if service.payment.rule is PaymentRule.FULL:
            yield ("services", index, "payment"), "must be paid, but has no price", "add a row to `prices`"
        return
    told: set[tuple[Price, ...]] = set()
    for provider, place in _pairs(file, service):
        found = winners(
            rows,
            provider.id if provider else None,
            place.id if place else None,
            place.area if place else None,
        )
        if len(found) == 1 or found in told:
            continue
        told.add(found)
        names = (f"by {provider.id}" if provider else "", f"at {place.id}" if place else "")
        who = " ".join(name for name in names if name)
        if not found:
            yield (
                ("services", index, "id"),
                f"has no price {who}".strip(),
                "add a row without provider, area and place",
            )
        else:
            at = file.prices.index(found[-1])
            yield (
                ("prices", at),
                f"{len(found)} rows fit `{service.id}` {who} and neither says more".strip(),
                "add one row that names everything both name, or make one narrower",
            )


def _shared(file: Definition, index: int, service: Service) -> Iterator[Finding]:
    paid = service.payment.rule is PaymentRule.FULL
    split = file.split(service.split)
    if paid and service.split is None:
        yield ("services", index, "payment"), "nobody knows who gets the money", "add `split: ...`"
    if split is None:
        return
    parties = {share.party for share in split.shares} | (
        {SplitParty.PROVIDER} if split.kind is SplitKind.FIXED_PAYOUT else set()
    )
    parties |= {split.fallback}
    if SplitParty.PROVIDER in parties and service.is_stay:
        yield (
            ("services", index, "split"),
            "shares with a provider, but a stay has none",
            "choose another split",
        )
    if split.gateway_fee_bearer is FeeBearer.PROVIDER and service.is_stay:
        yield (
            ("services", index, "split"),
            "leaves the payment provider's fee to a provider, but a stay has none",
            "choose another split",
        )
    if SplitParty.PLACE in parties and service.venue is Venue.ONLINE:
        yield ("services", index, "split"), "shares with a place, but it is online", "choose another split"


def _row(file: Definition, index: int, row: Price) -> Iterator[Finding]:
    service = file.service(row.service)
    if service is None:
        return
    if (row.unit is Unit.PER_NIGHT) != service.is_stay:
        yield (
            ("prices", index, "unit"),
            f"does not fit a service of kind {service.kind}",
            "a stay is priced per_night, and nothing else is",
        )
    if row.unit is Unit.PER_HOUR and (service.duration_minutes or 0) % 60:
        yield (
            ("prices", index, "unit"),
            f"`{row.service}` does not last whole hours",
            "price it per_booking, or change its duration",
        )
    steps = [step.at_least for step in row.breaks]
    if steps != sorted(set(steps)):
        yield ("prices", index, "breaks"), "are not in order", "sort them by at_least, each quantity once"
    split = file.split(service.split)
    fixed = split is not None and split.kind is SplitKind.FIXED_PAYOUT
    levels: list[tuple[Path, int, int | None]] = [(("prices", index), row.amount, row.payout)]
    levels += [(("prices", index, "breaks", at), step.amount, step.payout) for at, step in enumerate(row.breaks)]
    for path, amount, payout in levels:
        if fixed and payout is None:
            yield (
                path,
                f"`{row.service}` pays its provider a fixed sum, but none is named",
                "add `payout: ...`",
            )
        if not fixed and payout is not None:
            yield (
                (*path, "payout"),
                f"`{row.service}` is shared by percent",
                "take the payout out, or change the split",
            )
        if payout is not None and payout > amount:
            yield (
                (*path, "payout"),
                f"the provider gets {payout} of {amount}",
                "pay out no more than the price",
            )


def _split(index: int, split: Split) -> Iterator[Finding]:
    total = sum(share.percent for share in split.shares)
    parties = [share.party for share in split.shares]
    if split.fallback is SplitParty.REFERRER:
        yield (
            ("splits", index, "fallback"),
            "a referrer is often not there to take a share",
            "choose platform, provider or place",
        )
    if split.gateway_fee_bearer is FeeBearer.PROVIDER and (
        split.kind is SplitKind.PERCENT and SplitParty.PROVIDER not in parties
    ):
        yield (
            ("splits", index, "gateway_fee_bearer"),
            "the provider has no share that the fee could come out of",
            "choose platform or margin",
        )
    if split.gateway_fee_bearer is FeeBearer.MARGIN and set(parties) == {SplitParty.PROVIDER}:
        yield (
            ("splits", index, "gateway_fee_bearer"),
            "nobody but the provider has a share, so there is no margin",
            "choose platform or provider",
        )
    if total != 100:
        yield ("splits", index, "shares"), f"sum to {total} percent", "make them sum to 100"
    if len(set(parties)) != len(parties):
        yield ("splits", index, "shares"), "name a party twice", "join its shares"
    if split.kind is SplitKind.FIXED_PAYOUT and SplitParty.PROVIDER in parties:
        yield (
            ("splits", index, "shares"),
            "the provider already gets the fixed payout",
            "share the rest between place, referrer and platform",
        )
