"""What a booking costs: one quote out of the price book, frozen under the file's version."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.business.catalogue import PlaceId, ProviderId, Service, ServiceId
from bot.business.definition import Business, Definition
from bot.business.prices import Price, PriceQuery, Split, Unit, winners


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """So many units at so much each; amounts in whole minor units."""

    service: ServiceId
    unit: Unit
    quantity: int
    unit_amount: int
    amount: int


@dataclass(frozen=True, slots=True)
class Quote:
    """The price of one booking, by whom it was asked and under which version of the file it holds."""

    service: ServiceId
    provider: ProviderId | None
    place: PlaceId | None
    start: datetime
    guests: int
    total: int
    currency: str
    lines: tuple[QuoteLine, ...]
    version: str
    split: Split | None = None
    provider_payout: int | None = None


class NoQuote(StrEnum):
    """Why there is no price."""

    UNKNOWN_SERVICE = "unknown_service"
    TOO_FEW_GUESTS = "too_few_guests"
    TOO_MANY_GUESTS = "too_many_guests"
    NO_PRICE = "no_price"
    """No row of the price book fits."""
    AMBIGUOUS_PRICE = "ambiguous_price"
    """Two rows fit, and neither is more specific."""


@dataclass(frozen=True, slots=True)
class PriceGap:
    """What the price book does not answer: what was looked up, and the rows that fit alike, if any do."""

    service: ServiceId
    wanted: PriceQuery
    rows: tuple[str, ...] = ()

    @property
    def reason(self) -> NoQuote:
        """A gap, or an ambiguity."""
        return NoQuote.AMBIGUOUS_PRICE if self.rows else NoQuote.NO_PRICE

    def __str__(self) -> str:
        """The row that is missing, or those that fit alike, for an owner to find: `balinese-massage by komang at
        villa-karang (uluwatu) on 2027-01-03 for 2: no row`."""
        who, wanted = str(self.service), self.wanted
        who += f" by {wanted.provider}" if wanted.provider else ""
        who += f" at {wanted.place} ({wanted.area})" if wanted.place else ""
        fits = f"{' and '.join(self.rows)} fit alike" if self.rows else "no row"
        nights = f" and {wanted.nights} nights" if wanted.nights else ""
        return f"{who} on {wanted.day} for {wanted.guests}{nights}: {fits}"


def quote(
    business: Business,
    service: ServiceId,
    provider: ProviderId | None,
    place: PlaceId | None,
    *,
    guests: int,
    start: datetime,
    nights: int = 1,
    of_any_size: bool = False,
) -> Quote | NoQuote:
    """The price of `service` for `guests` people (and `nights`, for a stay), or why there is none; of more or fewer
    than it takes only where that is allowed."""
    offered = business.service(service)
    if offered is None:
        return NoQuote.UNKNOWN_SERVICE
    if guests < offered.min_guests and not of_any_size:
        return NoQuote.TOO_FEW_GUESTS
    if guests > offered.max_guests and not of_any_size:
        return NoQuote.TOO_MANY_GUESTS
    found = _rows_for(business, offered, provider, place, guests, start, nights)
    if isinstance(found, PriceGap):
        return found.reason
    lines: dict[tuple[Unit, int], QuoteLine] = {}
    payouts: list[int | None] = []
    for row, wanted in found:
        line, payout = _line(offered, row, wanted)
        known = lines.get((line.unit, line.unit_amount))
        if known is not None:
            # nights of one price are one line of the bill
            line = QuoteLine(
                service, line.unit, known.quantity + line.quantity, line.unit_amount, known.amount + line.amount
            )
        lines[line.unit, line.unit_amount] = line
        payouts.append(payout)
    known_payouts = [payout for payout in payouts if payout is not None]
    return Quote(
        service,
        provider,
        place,
        start,
        guests,
        sum(line.amount for line in lines.values()),
        business.currency,
        tuple(lines.values()),
        business.version,
        business.split(offered.split) if found else None,
        sum(known_payouts) if known_payouts else None,
    )


def price_gap(
    business: Business,
    service: ServiceId,
    provider: ProviderId | None,
    place: PlaceId | None,
    *,
    guests: int,
    start: datetime,
    nights: int = 1,
) -> PriceGap | None:
    """What the price book lacks for it; none where it has a price, or no row for that service at all: it is free."""
    offered = business.service(service)
    if offered is None:
        return None
    found = _rows_for(business, offered, provider, place, guests, start, nights)
    return found if isinstance(found, PriceGap) else None


def queries(
    file: Definition,
    service: Service,
    rows: Sequence[Price],
    provider: ProviderId | None,
    place: PlaceId | None,
    *,
    guests: int,
    day: date,
    nights: int,
) -> Iterator[PriceQuery]:
    """What is looked up for one booking that begins on that local day: each night, or day, of a stay for itself."""
    where = file.place(place)
    is_by_day = any(row.unit is Unit.PER_DAY for row in rows)
    for ahead in range(nights + is_by_day if service.is_stay else 1):
        yield PriceQuery(
            provider,
            place,
            where.area if where else None,
            day + timedelta(days=ahead),
            guests,
            hours=(service.duration_minutes or 0) // 60,
            days=nights + 1 if service.is_stay else 1,
            nights=nights if service.is_stay else 0,
        )


def row_name(file: Definition, row: Price) -> str:
    """How a row of the price book is called: by its own id, else by where it stands."""
    return row.id or f"prices[{file.prices.index(row)}]"


def _rows_for(
    business: Business,
    service: Service,
    provider: ProviderId | None,
    place: PlaceId | None,
    guests: int,
    start: datetime,
    nights: int,
) -> tuple[tuple[Price, PriceQuery], ...] | PriceGap:
    rows = tuple(row for row in business.prices if row.service == service.id)
    if not rows:
        return ()
    chosen: list[tuple[Price, PriceQuery]] = []
    day = start.astimezone(business.zone).date()
    for wanted in queries(business, service, rows, provider, place, guests=guests, day=day, nights=nights):
        found = winners(rows, wanted)
        if len(found) != 1:
            return PriceGap(service.id, wanted, tuple(row_name(business, row) for row in found))
        chosen.append((found[0], wanted))
    return tuple(chosen)


def _line(service: Service, row: Price, wanted: PriceQuery) -> tuple[QuoteLine, int | None]:
    """The line of the quote and the provider's fixed payout for all of it."""
    reached = wanted.quantity(row.unit)
    # a stay is looked up night by night
    quantity = 1 if service.is_stay or row.unit is Unit.PER_BOOKING else reached
    amount, payout = row.at(reached)
    line = QuoteLine(service.id, row.unit, quantity, amount, amount * quantity)
    return line, None if payout is None else payout * quantity
