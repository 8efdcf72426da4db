"""Which times are free: hours, breaks, days off, notice, advance, capacity and what is taken, all at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.business.catalogue import Place, PlaceId, ProviderId, Service, ServiceId, ServiceProvider, Venue
from bot.business.definition import Business
from bot.business.quotes import PriceGap, price_gap
from bot.slots import claims, timetable
from bot.slots.claims import Resource, Taken
from bot.slots.slot import Slot
from bot.slots.timetable import Period


@dataclass(frozen=True, slots=True)
class Search:
    """Which times are asked for; days are local, both included, and `nights` counts only for a stay."""

    service: ServiceId
    first_day: date
    last_day: date
    place: PlaceId | None = None
    provider: ProviderId | None = None
    guests: int = 1
    nights: int = 1


def free_slots(business: Business, search: Search, now: datetime, taken: Taken) -> tuple[Slot, ...]:
    """Every free time of the search, earliest first, then in the file's order of providers and places."""
    service = business.service(search.service)
    if service is None or not service.min_guests <= search.guests <= service.max_guests:
        return ()
    gaps = PriceGaps(business, search.guests)
    found = [
        Slot(slot.service, slot.provider, slot.place, slot.start, slot.end, room, slot.nights)
        for slot in candidates(business, service, search)
        if _is_in_reach(business, service, slot, now)
        and gaps.of(slot) is None
        and (room := room_in(business, service, slot, taken)) is not None
        and room >= search.guests
    ]
    return tuple(sorted(found, key=lambda slot: slot.start))


class PriceGaps:
    """What the price book lacks for each of many times: looked up once a day, provider and place."""

    def __init__(self, business: Business, guests: int) -> None:
        self._business = business
        self._guests = guests
        self._known: dict[tuple[ProviderId | None, PlaceId | None, date, int], PriceGap | None] = {}

    def of(self, slot: Slot) -> PriceGap | None:
        """Why that time has no price for so many guests; none where it has one."""
        day = slot.start.astimezone(self._business.zone).date()
        key = (slot.provider, slot.place, day, slot.nights)
        if key not in self._known:
            self._known[key] = price_gap(
                self._business,
                slot.service,
                slot.provider,
                slot.place,
                guests=self._guests,
                start=slot.start,
                nights=max(1, slot.nights),
            )
        return self._known[key]


def unpriced(business: Business, search: Search, now: datetime) -> PriceGap | None:
    """What the price book lacks where none of the times of that search in reach has a price, whatever is taken; none
    where any has, or there is no time at all."""
    service = business.service(search.service)
    gaps, gap = PriceGaps(business, search.guests), None
    if service is None:
        return None
    for slot in candidates(business, service, search):
        if not _is_in_reach(business, service, slot, now):
            continue
        gap = gaps.of(slot)
        if gap is None:
            return None
    return gap


def resources_of(business: Business, search: Search) -> tuple[Resource, ...]:
    """Every resource whose claims decide the search; the store reads what is taken of them."""
    service = business.service(search.service)
    if service is None:
        return ()
    if service.is_stay:
        return tuple(sorted({claims.place_resource(place.id) for place in _places(business, service, search) if place}))
    found = {Resource(f"equipment:{item}") for item in service.equipment}
    for place in _places(business, service, search):
        if place and service.venue is Venue.OWN_PLACE:
            found.add(claims.place_resource(place.id))
        for provider in _providers(business, service, search, place):
            found |= {claims.provider_resource(provider.id), *_session_resources(business, provider)}
    return tuple(sorted(found))


def last_claimed(business: Business, search: Search) -> date:
    """The last local day whose claims decide the search: a stay runs on from its day, and its gap after that."""
    service = business.service(search.service)
    if service is None or service.nights is None:
        return search.last_day
    return search.last_day + timedelta(days=search.nights + service.nights.gap)


def candidates(business: Business, service: Service, search: Search) -> Iterator[Slot]:
    """Every time the timetable allows, whatever is taken and however near or far."""
    for place in _places(business, service, search):
        if place and search.guests > place.guests:
            continue
        if service.is_stay:
            yield from _stays(business, service, place, search)
            continue
        for provider in _providers(business, service, search, place):
            for day in _days(search):
                for period in _possible(business, service, provider, place, day):
                    yield Slot(
                        service.id,
                        provider.id,
                        place.id if place else None,
                        period.start,
                        period.end,
                        service.max_guests,
                    )


def room_in(business: Business, service: Service, slot: Slot, taken: Taken) -> int | None:
    """How many guests the slot still takes; nothing when something it needs is taken."""
    needs = claims.needs_of(business, service, slot, service.min_guests)
    if service.is_group:
        provider = business.provider(slot.provider)
        busy = claims.quanta(slot.start, slot.end + service.buffer)
        if provider and taken.seats(claims.provider_resource(provider.id), busy):
            return None
        return len(needs[0].seats_left(taken))
    if any(len(need.seats_left(taken)) < need.seats for need in needs):
        return None
    provider = business.provider(slot.provider)
    busy = claims.quanta(slot.start, slot.end + service.buffer)
    if provider and any(taken.seats(name, busy) for name in _session_resources(business, provider)):
        return None
    return service.max_guests


def _session_resources(business: Business, provider: ServiceProvider) -> tuple[Resource, ...]:
    """Sessions this provider gives: they may have been booked under an older file with other times."""
    return tuple(
        claims.session_resource(service.id, provider.id)
        for service in business.services
        if service.is_group and service.id in provider.services
    )


def _is_in_reach(business: Business, service: Service, slot: Slot, now: datetime) -> bool:
    return not is_too_soon(service, slot.start, now) and not is_too_far(business, service, slot.start, now)


def is_too_soon(service: Service, start: datetime, now: datetime) -> bool:
    """Whether the service needs more notice than is left, or the time has passed."""
    return start < now + service.notice or start <= now


def is_too_far(business: Business, service: Service, start: datetime, now: datetime) -> bool:
    """Whether the day lies past the service's maximum advance, counted in local days."""
    days = start.astimezone(business.zone).date() - now.astimezone(business.zone).date()
    return days > service.advance


def _days(search: Search) -> Iterator[date]:
    for offset in range((search.last_day - search.first_day).days + 1):
        yield search.first_day + timedelta(days=offset)


def _places(business: Business, service: Service, search: Search) -> tuple[Place | None, ...]:
    if service.venue is Venue.ONLINE:
        return (None,)
    known = business.places_of(service)
    if search.place is not None:
        return tuple(place for place in known if place.id == search.place)
    return (None,) if service.venue is Venue.GUEST_PLACE else known


def _providers(
    business: Business, service: Service, search: Search, place: Place | None
) -> tuple[ServiceProvider, ...]:
    known = business.providers_of(service.id, place.area if place else None)
    return tuple(item for item in known if search.provider in (None, item.id))


def _possible(
    business: Business, service: Service, provider: ServiceProvider, place: Place | None, day: date
) -> Iterator[Period]:
    kept = timetable.kept_by_sessions(business, service, provider, place.id if place else None, day)
    for period in timetable.beginnings(business, service, provider, day):
        busy = Period(period.start, period.end + service.buffer)
        if not any(busy.overlaps(other) for other in kept):
            yield period


def _stays(business: Business, service: Service, place: Place | None, search: Search) -> Iterator[Slot]:
    rule = service.nights
    if rule is None or place is None or not rule.least <= search.nights <= rule.most:
        return
    for day in _days(search):
        start = timetable.closing(business.zone, day, rule.check_in)
        end = timetable.closing(business.zone, day + timedelta(days=search.nights), rule.check_out)
        yield Slot(service.id, None, place.id, start, end, service.max_guests, search.nights)
