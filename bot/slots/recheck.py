"""A slot chosen some time ago, judged again: still a time of this business, still in reach, still free?"""

from datetime import datetime, timedelta

from bot.business.definition import Business
from bot.domain.booking import SlotUnavailable
from bot.slots import free
from bot.slots.claims import Taken
from bot.slots.free import Search
from bot.slots.slot import Slot, SlotName


def recheck(business: Business, name: SlotName, guests: int, now: datetime, taken: Taken) -> Slot | SlotUnavailable:
    """The slot that `name` means today, or the first reason why it cannot be had."""
    service = business.service(name.service)
    if service is None:
        return SlotUnavailable.UNKNOWN_SERVICE
    if name.start <= now:
        return SlotUnavailable.PAST
    if guests < service.min_guests:
        return SlotUnavailable.TOO_FEW_GUESTS
    place = business.place(name.place)
    if guests > service.max_guests or (place and guests > place.guests):
        return SlotUnavailable.TOO_MANY_GUESTS
    if free.is_too_soon(service, name.start, now):
        return SlotUnavailable.TOO_SOON
    if free.is_too_far(business, service, name.start, now):
        return SlotUnavailable.TOO_FAR
    slot = on_the_timetable(business, name, guests)
    if slot is None:
        return SlotUnavailable.NOT_OFFERED
    room = free.room_in(business, service, slot, taken)
    return slot if room is not None and room >= guests else SlotUnavailable.TAKEN


def on_the_timetable(business: Business, name: SlotName, guests: int) -> Slot | None:
    """The time of that name, where the timetable has it for so many guests, whatever is taken."""
    service = business.service(name.service)
    day = name.start.astimezone(business.zone).date()
    # Hours past midnight belong to the evening before.
    search = Search(name.service, day - timedelta(days=1), day, name.place, name.provider, guests, name.nights)
    wanted = (name.service, name.provider, name.place, name.start, name.nights)
    for slot in free.candidates(business, service, search) if service else ():
        if (slot.service, slot.provider, slot.place, slot.start, slot.nights) == wanted:
            return slot
    return None
