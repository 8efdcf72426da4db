"""Whether every booking the file allows has exactly one price, and every share of it somewhere to go."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from bot.business.catalogue import PaymentRule, Place, Service, ServiceProvider, Venue
from bot.business.definition import Definition
from bot.business.prices import Price, PriceQuery, Split, SplitKind, SplitParty, Unit, winners
from bot.business.problems import Path, nearest
from bot.business.quotes import queries, row_name
from bot.business.sharing import PARTIES, at_place, rule_of, tariff_of
from payments.domain.ids import PayeeId
from payments.domain.money import Money
from payments.domain.splits import FeeBearer, NotAWhole, Party, SharesDoNotFit
from payments.domain.terms import FallbackIsAbsent, Payee, Terms

Finding = tuple[Path, str, str]
_DAY: Final = timedelta(days=1)
_SOME_DAY: Final = date(2026, 1, 1)
"""Any day will do where no row names one."""


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
        for wanted in _lookups(file, service, rows, provider, place):
            found = winners(rows, wanted)
            if len(found) == 1 or found in told or (not found and _is_not_sold_then(rows, wanted)):
                continue
            told.add(found)
            names = [f"by {provider.id}" if provider else "", f"at {place.id}" if place else ""]
            if any(row.from_day or row.until_day for row in rows):
                names.append(f"on {wanted.day}")
            if any(row.at_least or row.at_most for row in rows):
                names.append(f"for {wanted.quantity(rows[0].unit)}")
            who = " ".join(name for name in names if name)
            if not found:
                yield (
                    ("services", index, "id"),
                    f"has no price {who}".strip(),
                    "add a row without provider, area and place",
                )
            else:
                at = file.prices.index(found[-1])
                called = " and ".join(row_name(file, row) for row in found)
                yield (
                    ("prices", at),
                    f"{len(found)} rows fit `{service.id}` {who} and neither is more specific: {called}".strip(),
                    "take one out, or make one narrower",
                )


def _lookups(
    file: Definition,
    service: Service,
    rows: tuple[Price, ...],
    provider: ServiceProvider | None,
    place: Place | None,
) -> Iterator[PriceQuery]:
    """One booking of each stretch of days and quantities in which the same rows fit."""
    first_days = {row.from_day for row in rows if row.from_day}
    first_days |= {row.until_day + _DAY for row in rows if row.until_day and row.until_day < date.max}
    days = sorted(first_days) or [_SOME_DAY]
    # and what is before the first of them
    days = [days[0] - _DAY, *days]
    least, most = (service.nights.least, service.nights.most) if service.nights else (1, 1)
    steps = {row.at_least for row in rows if row.at_least} | {row.at_most + 1 for row in rows if row.at_most}
    # days of a stay are one more than its nights
    lengths = sorted({least, *(n for step in steps for n in (step, step - 1) if least <= n <= most)})
    room = min(service.max_guests, place.guests) if place else service.max_guests
    parties = sorted({service.min_guests, *(step for step in steps if service.min_guests <= step <= room)})
    for day in days:
        for guests in parties:
            for nights in lengths:
                yield next(
                    queries(
                        file,
                        service,
                        rows,
                        provider.id if provider else None,
                        place.id if place else None,
                        guests=guests,
                        day=day,
                        nights=nights,
                    )
                )


def _is_not_sold_then(rows: tuple[Price, ...], wanted: PriceQuery) -> bool:
    """Whether it is only the day that nothing fits, before the first or after the last that it is sold: an owner who
    has not made next year's prices yet has made no mistake, and nothing is offered then."""
    ever = [row for row in rows if replace(row, from_day=None, until_day=None).fits(wanted)]
    is_over = all(row.until_day is not None and row.until_day < wanted.day for row in ever)
    is_to_come = all(row.from_day is not None and row.from_day > wanted.day for row in ever)
    return bool(ever) and (is_over or is_to_come)


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
    if row.unit is not Unit.PER_DAY and (row.unit is Unit.PER_NIGHT) != service.is_stay:
        yield (
            ("prices", index, "unit"),
            f"does not fit a service of kind {service.kind}",
            "a stay is priced per_night or per_day, and nothing else is per_night",
        )
    first = next(other for other in file.prices if other.service == row.service)
    if service.is_stay and row.unit is not first.unit:
        yield (
            ("prices", index, "unit"),
            f"is another one than that of {row_name(file, first)}",
            "price all of a stay per_night, or all of it per_day",
        )
    if row.from_day and row.until_day and row.until_day < row.from_day:
        yield ("prices", index, "until_day"), f"{row.until_day} is before {row.from_day}", "let it end after it begins"
    if row.at_least and row.at_most and row.at_most < row.at_least:
        yield ("prices", index, "at_most"), f"{row.at_most} is less than {row.at_least}", "raise it, or take one out"
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
        fits = not fixed or payout is None or payout <= amount
        if fits and split is not None and split.gateway_fee is not None:
            yield from _after_fee(file, service, split, row, path, amount, payout)
        if payout is not None and payout > amount:
            yield (
                (*path, "payout"),
                f"the provider gets {payout} of {amount}",
                "pay out no more than the price",
            )


def _after_fee(
    file: Definition, service: Service, split: Split, row: Price, path: Path, amount: int, payout: int | None
) -> Iterator[Finding]:
    """Whether every party still has something or nothing of that price when the fee has left it, at the fewest and the
    most that are sold: in between lies nothing worse."""
    parties = {PARTIES[share.party] for share in split.shares} | {Party.PROVIDER}
    payees = tuple(Payee(party, PayeeId(party)) for party in sorted(parties - {Party.PLATFORM}))
    quantities = sorted({1, _most_of(service, row.unit)})
    shared_ways = dict.fromkeys(_at_places(file, service, split))
    for quantity, shared in ((quantity, shared) for shared in shared_ways for quantity in quantities):
        price = Money(amount * quantity, file.currency)
        rule = rule_of(shared, None if payout is None else payout * quantity, price, price)
        terms = Terms(rule, payees, fee_bearer=split.gateway_fee_bearer, expected_fee=tariff_of(split.gateway_fee))
        try:
            terms.require_fit(price)
        except SharesDoNotFit as error:
            yield (
                path,
                f"{price.amount} is too little for `{split.id}` once the gateway's fee has left it: {error}",
                "raise the amount, or lower the payout",
            )
            return
        except (NotAWhole, FallbackIsAbsent):
            # told where the split stands
            return


def _at_places(file: Definition, service: Service, split: Split) -> Iterator[Split]:
    """The split, and what it is at each place of that service; what does not fit is told where the place stands."""
    yield split
    for place in file.places_of(service):
        try:
            yield at_place(split, place) or split
        except SharesDoNotFit:
            continue


def commission_findings(file: Definition) -> Iterator[Finding]:
    """Every percent of a place that its split cannot give."""
    for index, place in enumerate(file.places):
        for at, one in enumerate(place.commissions):
            path, split = ("places", index, "commissions", at), file.split(one.split)
            if split is None:
                known = tuple(item.id for item in file.splits)
                yield (*path, "split"), f"there is no split `{one.split}`", nearest(one.split, known, "add it first")
                continue
            if one.split in {other.split for other in place.commissions[:at]}:
                yield path, f"`{one.split}` stands twice in its commissions", "take one of them out"
            if SplitParty.PLACE not in {share.party for share in split.shares}:
                yield path, f"`{one.split}` has no share of a place", "take it out, or add a share of the place"
            try:
                at_place(split, place)
            except SharesDoNotFit:
                yield (
                    (*path, "percent"),
                    f"{one.percent} percent are more than the place and the platform have of `{one.split}`",
                    "lower it",
                )


def _most_of(service: Service, unit: Unit) -> int:
    match unit:
        case Unit.PER_PERSON:
            return service.max_guests
        case Unit.PER_NIGHT | Unit.PER_DAY:
            return service.nights.most if service.nights else 1
        case Unit.PER_HOUR:
            return max(1, (service.duration_minutes or 0) // 60)
        case Unit.PER_BOOKING:
            return 1


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
    if split.kind is SplitKind.PERCENT and split.discount_bearer is not None:
        yield (
            ("splits", index, "discount_bearer"),
            "is of a fixed payout; by percent everybody bears a discount",
            "take it out",
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
