"""A time that rules refuse and somebody of the house takes all the same: what may be overridden there, and what not.

A rule is what the house has decided, so a person of the house may decide otherwise for one booking. What is so whoever
decides it (a time that is taken or past, a day off, the beds of a room, the seats of a session) is refused as ever.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.catalogue import Service, Venue
from bot.business.definition import Business
from bot.domain.booking import SlotUnavailable
from bot.domain.overrides import TimeRule
from bot.slots import free, timetable
from bot.slots.claims import Taken
from bot.slots.recheck import on_the_timetable
from bot.slots.slot import Slot, SlotName
from bot.slots.timetable import Period

_MOMENT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class UnruledSlot:
    """A time that can be had if these rules are overridden; none where it can be had anyway."""

    slot: Slot
    against: tuple[TimeRule, ...]


def unruled(
    business: Business, name: SlotName, guests: int, now: datetime, taken: Taken
) -> UnruledSlot | SlotUnavailable:
    """The time that `name` means whatever the rules say, or why nobody can have it."""
    service = business.service(name.service)
    if service is None:
        return SlotUnavailable.UNKNOWN_SERVICE
    if name.start <= now:
        return SlotUnavailable.PAST
    place = business.place(name.place)
    if (place is not None and guests > place.guests) or (service.is_group and guests > service.capacity):
        return SlotUnavailable.TOO_MANY_GUESTS
    slot = on_the_timetable(business, name, guests) or _off_the_timetable(business, service, name)
    if not isinstance(slot, Slot):
        return slot
    room = free.room_in(business, service, slot, taken)
    if room is None or (service.is_group and room < guests):
        return SlotUnavailable.TAKEN
    return UnruledSlot(slot, tuple(_against(business, service, name, guests, now)))


def _against(business: Business, service: Service, name: SlotName, guests: int, now: datetime) -> Iterator[TimeRule]:
    if free.is_too_soon(service, name.start, now):
        yield TimeRule.NOTICE
    if free.is_too_far(business, service, name.start, now):
        yield TimeRule.ADVANCE
    if not service.min_guests <= guests <= service.max_guests:
        yield TimeRule.GUESTS
    if on_the_timetable(business, name, guests) is None:
        yield TimeRule.NIGHTS if service.is_stay else TimeRule.HOURS


def _off_the_timetable(business: Business, service: Service, name: SlotName) -> Slot | SlotUnavailable:
    """That time outside the hours, or of another length than stays have; by who gives it, where it is given."""
    place = business.place(name.place)
    if service.is_stay:
        if place not in business.places_of(service) or name.nights < 1 or name.provider is not None:
            return SlotUnavailable.NOT_OFFERED
        slot = as_named(business, service, name)
        day = name.start.astimezone(business.zone).date()
        begins = None if service.nights is None else timetable.closing(business.zone, day, service.nights.check_in)
        return slot if slot.start == begins else SlotUnavailable.NOT_OFFERED
    known = business.providers_of(service.id, None if place is None else place.area)
    provider = next((one for one in known if one.id == name.provider), None)
    is_placed = name.place is None if service.venue is Venue.ONLINE else place in business.places_of(service)
    # seats are of a session of the timetable: another one would keep neither its provider nor its place free
    if provider is None or not is_placed or name.nights or service.is_group:
        return SlotUnavailable.NOT_OFFERED
    slot = as_named(business, service, name)
    days = {moment.astimezone(business.zone).date() for moment in (slot.start, slot.end - _MOMENT)}
    if any(timetable.rests(business, provider, day) for day in days):
        return SlotUnavailable.DAY_OFF
    busy = Period(slot.start, slot.end + service.buffer)
    kept = (timetable.kept_by_sessions(business, service, provider, name.place, day) for day in days)
    return SlotUnavailable.TAKEN if any(busy.overlaps(one) for each in kept for one in each) else slot


def as_named(business: Business, service: Service, name: SlotName) -> Slot:
    """The time as its name says, as long as its service takes, or its nights."""
    slot = Slot(name.service, name.provider, name.place, name.start, name.start, service.max_guests, name.nights)
    if service.nights is None:
        return replace(slot, end=name.start + service.duration)
    last = name.start.astimezone(business.zone).date() + timedelta(days=name.nights)
    return replace(slot, end=timetable.closing(business.zone, last, service.nights.check_out))
