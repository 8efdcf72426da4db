"""A time by its name: as it stands in the business file, and judged again a while after it was offered."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.business.definition import Business
from bot.domain.booking import OfferedSlot, SlotUnavailable
from bot.domain.ids import LeadId
from bot.slots.free import Search, candidates, last_claimed, resources_of
from bot.slots.overrides import UnruledSlot, as_named, unruled
from bot.slots.recheck import recheck
from bot.slots.slot import Slot, read_slot_id
from bot.store.claims import Claims, HoldId


async def rechecked(
    claims: Claims,
    business: Business,
    lead: LeadId,
    slot_id: str,
    guests: int,
    now: datetime,
    besides: HoldId | None = None,
    against: Sequence[str] = (),
) -> Slot | SlotUnavailable:
    """The time as it is today, or why it cannot be had; what `besides` has booked stands in nobody's way, nor do the
    rules of time in `against`, which somebody of the house has overridden."""
    name = read_slot_id(slot_id)
    if name is None:
        return SlotUnavailable.NOT_OFFERED
    day, nights = name.start.astimezone(business.zone).date(), max(1, name.nights)
    first, last = day - timedelta(days=1), day + timedelta(days=nights)
    search = Search(name.service, first, last, name.place, name.provider, guests, nights)
    names = resources_of(business, search)
    own = () if besides is None else (besides,)
    taken = await claims.taken(names, first, last_claimed(business, search), now=now, besides=lead, besides_holds=own)
    judged = recheck(business, name, guests, now, taken)
    if against and isinstance(judged, SlotUnavailable):
        found = unruled(business, name, guests, now, taken)
        # what another rule refuses by now is refused
        judged = found.slot if isinstance(found, UnruledSlot) and set(found.against) <= set(against) else judged
    return judged


def named_slot(business: Business, slot_id: str, hold: HoldId) -> OfferedSlot:
    """The booked time out of its own name; a hold keeps a time whatever the file says since."""
    name = read_slot_id(slot_id)
    assert name is not None
    service = business.service(name.service)
    for day in (0, 1):
        first = name.start.astimezone(business.zone).date() - timedelta(days=day)
        search = Search(name.service, first, first, name.place, name.provider, 1, max(1, name.nights))
        for slot in candidates(business, service, search) if service else ():
            if slot.id == slot_id:
                return offered(slot, hold)
    if service is not None:
        # also one that somebody of the house took against the rules
        return offered(as_named(business, service, name), hold)
    end = name.start + timedelta(hours=1)
    return OfferedSlot(slot_id, name.start, end, name.provider, name.place, name.nights, hold)


def offered(slot: Slot, hold: HoldId | None = None, until: datetime | None = None) -> OfferedSlot:
    """The time as the lead knows it."""
    return OfferedSlot(slot.id, slot.start, slot.end, slot.provider, slot.place, slot.nights, hold, until)
