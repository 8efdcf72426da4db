"""Why a wish cannot be had, as the timetable and the house's rules say it; who else has the time is another matter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.business.catalogue import PlaceId, Service
from bot.business.definition import Business
from bot.domain.offers import BookingWish
from bot.slots.choose import as_wished
from bot.slots.free import Search, candidates, is_too_far, is_too_soon
from bot.slots.slot import Slot

MOST_DAYS: Final = 31
"""Of a longer wish only so many days are looked at."""


class WhyNot(StrEnum):
    """Why not then."""

    TOO_MANY_GUESTS = "too_many_guests"
    TOO_FEW_NIGHTS = "too_few_nights"
    TOO_MANY_NIGHTS = "too_many_nights"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    CLOSED = "closed"
    """Nobody gives it on that day."""
    OUTSIDE_HOURS = "outside_hours"
    NOT_THEN = "not_then"
    """Within the hours, and yet no time begins then: a break, or between two beginnings."""
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Impediment:
    """The reason, and what would work: from when on, until when, or how many."""

    why: WhyNot
    day: date | None = None
    first: datetime | None = None
    """The first that works: of the day's beginnings, or from which moment on."""
    last: datetime | None = None
    count: int = 0
    """How many guests or nights work."""

    @property
    def is_for_good(self) -> bool:
        """Whether nobody's cancellation could make it possible."""
        return self.why is not WhyNot.FULL


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wished, and for how many."""

    service: Service
    wish: BookingWish
    place: str | None = None
    guests: int = 1
    nights: int = 0


def why_not(business: Business, wanted: Wanted, now: datetime) -> Impediment | None:
    """The first reason why the wished time is not offered; none where no day was named and its numbers are right."""
    service, wish = wanted.service, wanted.wish
    rule, place = service.nights, business.place(wanted.place)
    most = service.max_guests if place is None else min(service.max_guests, place.guests)
    if wanted.guests > most:
        return Impediment(WhyNot.TOO_MANY_GUESTS, count=most)
    if service.is_stay and rule is not None and 0 < wanted.nights < rule.least:
        return Impediment(WhyNot.TOO_FEW_NIGHTS, count=rule.least)
    if service.is_stay and rule is not None and wanted.nights > rule.most:
        return Impediment(WhyNot.TOO_MANY_NIGHTS, count=rule.most)
    first, last = wish.first_day or wish.last_day, wish.last_day or wish.first_day
    if first is None or last is None:
        return None
    last = min(last, first + timedelta(days=MOST_DAYS))
    return _on_these_days(business, wanted, first, last, now)


def _on_these_days(business: Business, wanted: Wanted, first: date, last: date, now: datetime) -> Impediment:
    service, wished, zone = wanted.service, as_wished(wanted.wish), business.zone
    today = now.astimezone(zone).date()
    furthest = today + timedelta(days=min(service.advance.days, business.sop.slot.too_far_days))
    if first > furthest:
        return Impediment(WhyNot.TOO_FAR, day=furthest)
    place = None if wanted.place is None else PlaceId(wanted.place)
    search = Search(service.id, first - timedelta(days=1), last, place, None, wanted.guests, max(1, wanted.nights))
    begins = [
        slot for slot in candidates(business, service, search) if first <= slot.start.astimezone(zone).date() <= last
    ]
    if not begins:
        return Impediment(WhyNot.CLOSED, day=first)
    if all(is_too_soon(service, slot.start, now) for slot in begins):
        return Impediment(WhyNot.TOO_SOON, first=now + service.notice)
    within = [slot for slot in begins if not wished.minutes_off(_minute(slot, business))]
    if not within:
        return _at_other_hours(business, wanted.wish, begins, first)
    if all(is_too_soon(service, slot.start, now) for slot in within):
        return Impediment(WhyNot.TOO_SOON, first=now + service.notice)
    if all(is_too_far(business, service, slot.start, now) for slot in within):
        return Impediment(WhyNot.TOO_FAR, day=furthest)
    return Impediment(WhyNot.FULL, day=first)


def _at_other_hours(business: Business, wish: BookingWish, begins: Iterable[Slot], day: date) -> Impediment:
    known = sorted(begins, key=lambda slot: slot.start)
    minutes = [_minute(slot, business) for slot in known]
    is_before = wish.until_minute is not None and wish.until_minute < min(minutes)
    is_after = wish.from_minute is not None and wish.from_minute > max(minutes)
    why = WhyNot.OUTSIDE_HOURS if is_before or is_after else WhyNot.NOT_THEN
    return Impediment(why, day=day, first=known[0].start, last=known[-1].start)


def _minute(slot: Slot, business: Business) -> int:
    local = slot.start.astimezone(business.zone)
    return local.hour * 60 + local.minute
