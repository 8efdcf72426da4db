"""What a booking costs: one quote, from one row of the price book, frozen under the file's version."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.business.catalogue import PlaceId, ProviderId, Service, ServiceId
from bot.business.definition import Business
from bot.business.prices import Price, Split, Unit, winners


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


def quote(
    business: Business,
    service: ServiceId,
    provider: ProviderId | None,
    place: PlaceId | None,
    *,
    guests: int,
    start: datetime,
    nights: int = 1,
) -> Quote | NoQuote:
    """The price of `service` for `guests` people (and `nights`, for a stay), or why there is none."""
    offered = business.service(service)
    if offered is None:
        return NoQuote.UNKNOWN_SERVICE
    if guests < offered.min_guests:
        return NoQuote.TOO_FEW_GUESTS
    if guests > offered.max_guests:
        return NoQuote.TOO_MANY_GUESTS
    empty = Quote(service, provider, place, start, guests, 0, business.currency, (), business.version)
    rows = tuple(row for row in business.prices if row.service == service)
    if not rows:
        return empty
    where = business.place(place)
    found = winners(rows, provider, place, where.area if where else None)
    if len(found) != 1:
        return NoQuote.NO_PRICE
    line, payout = _line(offered, found[0], guests, nights)
    return Quote(
        service,
        provider,
        place,
        start,
        guests,
        line.amount,
        business.currency,
        (line,),
        business.version,
        business.split(offered.split),
        payout,
    )


def _line(service: Service, row: Price, guests: int, nights: int) -> tuple[QuoteLine, int | None]:
    """The line of the quote and the provider's fixed payout for all of it."""
    match row.unit:
        case Unit.PER_BOOKING:
            reached, quantity = guests, 1
        case Unit.PER_PERSON:
            reached = quantity = guests
        case Unit.PER_HOUR:
            reached = quantity = (service.duration_minutes or 0) // 60
        case Unit.PER_NIGHT:
            reached = quantity = nights
    amount, payout = row.at(reached)
    line = QuoteLine(service.id, row.unit, quantity, amount, amount * quantity)
    return line, None if payout is None else payout * quantity
