"""From the owner's hours to instants: when a provider may begin, and what sessions already keep.

Wall-clock times become instants by the zone's rules: a time the clock skips in spring does not exist, of a time
it shows twice in autumn the first is meant, and a duration is always real time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.business.catalogue import PlaceId, Service, ServiceProvider, Venue
from bot.business.definition import Business
from bot.business.hours import OpeningSpan


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """[start, end) in aware UTC."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Period") -> bool:
        """Whether the two share a moment."""
        return self.start < other.end and other.start < self.end


def instant(zone: ZoneInfo, day: date, minute: int) -> datetime | None:
    """The moment the wall shows `minute` of `day` (past 1440: the next day), or nothing if it never does."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    return moment if moment.astimezone(zone).replace(tzinfo=None) == wall else None


def closing(zone: ZoneInfo, day: date, minute: int) -> datetime:
    """The moment that wall time is reached or jumped over."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def rests(business: Business, provider: ServiceProvider, day: date) -> bool:
    """Whether the house or the provider has a day off."""
    return any(day in off for off in (*business.closed, *provider.days_off))


def open_spans(provider: ServiceProvider, day: date) -> tuple[OpeningSpan, ...]:
    """Hours less breaks, in minutes of `day`."""
    spans = list(provider.hours.on(day))
    for pause in provider.breaks.on(day):
        spans = [part for span in spans for part in _without(span, pause)]
    return tuple(sorted(spans))


def _without(span: OpeningSpan, pause: OpeningSpan) -> Iterator[OpeningSpan]:
    if pause.closes <= span.opens or span.closes <= pause.opens:
        yield span
        return
    if span.opens < pause.opens:
        yield OpeningSpan(span.opens, pause.opens)
    if pause.closes < span.closes:
        yield OpeningSpan(pause.closes, span.closes)


def beginnings(business: Business, service: Service, provider: ServiceProvider, day: date) -> Iterator[Period]:
    """Every time `provider` could give `service` on `day`, whatever is taken."""
    if rests(business, provider, day):
        return
    zone = business.zone
    if service.sessions is not None:
        for minute in sorted(set(service.sessions.on(day))):
            if start := instant(zone, day, minute):
                yield Period(start, start + service.duration)
        return
    for span in open_spans(provider, day):
        last = closing(zone, day, span.closes)
        for begins in range(span.opens, span.closes, service.step_minutes):
            start = instant(zone, day, begins)
            if start and start + service.duration <= last:
                yield Period(start, start + service.duration)


def kept_by_sessions(
    business: Business, service: Service, provider: ServiceProvider, place: PlaceId | None, day: date
) -> tuple[Period, ...]:
    """The periods around `day` in which group events keep this provider, or the place `service` would use."""
    uses = {place} if service.venue is Venue.OWN_PLACE and place else set()
    return tuple(
        Period(session.start, session.end + event.buffer)
        for event in business.services
        if event.is_group and event.id != service.id
        for teacher in business.providers_of(event.id, None)
        if teacher.id == provider.id or uses & set(event.places)
        for near in (day - timedelta(days=1), day, day + timedelta(days=1))
        for session in beginnings(business, event, teacher, near)
    )
