"""A time that staff name: as it could be claimed now, by the rules of the house or against them; nothing is claimed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.catalogue import Service, Venue
from bot.business.context import Context
from bot.business.definition import Business
from bot.business.quotes import price_gap
from bot.dialogue.choice import reasons_against
from bot.dialogue.denials import no_price, reason_of
from bot.domain.booking import Booking, SlotUnavailable
from bot.domain.ids import LeadId
from bot.domain.lead import Lead
from bot.domain.overrides import RulesOverridden, TimeRule
from bot.lifecycle.rules.house import HOUSE_RULE
from bot.lifecycle.rules.rule import Reason
from bot.lifecycle.verdicts import Actor
from bot.slots.claims import Taken
from bot.slots.free import Search, last_claimed, resources_of
from bot.slots.overrides import UnruledSlot, unruled
from bot.slots.recheck import recheck
from bot.slots.slot import Slot, SlotName, read_slot_id
from bot.store.claims import Claims, HoldId

_STAFF: Final = ("sales", "operations", "support", "admin")


@dataclass(frozen=True, slots=True)
class TimeAgainstRules:
    """A time, and the new booking for it with what is overridden; nothing where no rule refuses it."""

    slot: Slot
    booking: Booking


@dataclass(frozen=True, slots=True)
class StaffTimes:
    """Claims in one hand, the business file in the other."""

    claims: Claims
    context: Callable[[datetime], Context]

    async def rechecked(
        self, service: Service, slot_id: str, guests: int, now: datetime, besides: tuple[HoldId, ...] = ()
    ) -> Slot | Sequence[Reason]:
        """That time as it could be claimed now, or why it cannot be had."""
        business, name = self.context(now).business, _named(service, slot_id)
        if not isinstance(name, SlotName):
            return name
        slot = recheck(business, name, guests, now, await self._taken(business, name, guests, now, besides))
        return (reason_of(slot),) if isinstance(slot, SlotUnavailable) else _priced(business, slot, guests)

    async def judged(
        self, lead: Lead, new: Booking, slot_id: str, by: Actor, now: datetime, override: str | None = None
    ) -> Booking | Sequence[Reason]:
        """That new booking, with what is overridden where `override` says why; or every reason why it is not to be
        had."""
        context = self.context(now)
        service = context.business.service(new.service or "")
        assert service is not None
        if override is not None:
            found = await self.against_the_rules(lead, new, slot_id, override, by, now)
            if not isinstance(found, TimeAgainstRules):
                return found
            return reasons_against(lead, found.booking, slot_id, by, context) or found.booking
        slot = await self.rechecked(service, slot_id, new.guests or 1, now)
        gone = () if isinstance(slot, Slot) else slot
        return (*gone, *reasons_against(lead, new, slot_id, by, context)) or new

    async def against_the_rules(
        self,
        lead: Lead,
        new: Booking,
        slot_id: str,
        why: str,
        by: Actor,
        now: datetime,
        besides: tuple[HoldId, ...] = (),
    ) -> TimeAgainstRules | Sequence[Reason]:
        """That time for that new booking whatever the rules say, or why nobody can have it; `why` is on record."""
        context, guests = self.context(now), new.guests or 1
        service = context.business.service(new.service or "")
        assert service is not None
        name = _named(service, slot_id)
        if not isinstance(name, SlotName):
            return name
        taken = await self._taken(context.business, name, guests, now, besides)
        found = unruled(context.business, name, guests, now, taken)
        if not isinstance(found, UnruledSlot):
            return (reason_of(found),)
        slot = _priced(context.business, found.slot, guests)
        if not isinstance(slot, Slot):
            return slot
        theirs = RulesOverridden(slot_id, why, found.against)
        # also a rule that looks at the price sees what so many guests pay
        refusing = reasons_against(lead, replace(new, override=theirs), slot_id, by, context)
        of_house = tuple(dict.fromkeys(reason.rule for reason in refusing if reason.fact == HOUSE_RULE))
        if not found.against and not of_house:
            return TimeAgainstRules(slot, new)
        return TimeAgainstRules(slot, replace(new, override=replace(theirs, of_house=of_house)))

    async def moved_against_the_rules(
        self, lead: LeadId, booking: Booking, slot_id: str, guests: int, why: str, now: datetime
    ) -> RulesOverridden | Sequence[Reason] | None:
        """What is overridden where that booking gets that time all the same, or why it cannot; none where no rule of
        time refuses it. The rules of the business file let it pass when it was booked."""
        business, name = self.context(now).business, read_slot_id(slot_id)
        if name is None:
            return (reason_of(SlotUnavailable.NOT_OFFERED),)
        own = () if booking.booked_hold is None else (HoldId(booking.booked_hold),)
        found = unruled(business, name, guests, now, await self._taken(business, name, guests, now, own, lead))
        if not isinstance(found, UnruledSlot):
            return (reason_of(found),)
        has_it = booking.chosen is not None and booking.chosen.slot_id == slot_id
        # nothing but the number is asked of the time it has
        against = tuple(rule for rule in found.against if rule is TimeRule.GUESTS or not has_it)
        return RulesOverridden(slot_id, why, against) if against else None

    async def _taken(
        self,
        business: Business,
        name: SlotName,
        guests: int,
        now: datetime,
        besides: tuple[HoldId, ...],
        lead: LeadId | None = None,
    ) -> Taken:
        """What others have around that time; what this very call claimed before it died is its own, and so is what
        that lead was shown."""
        day, nights = name.start.astimezone(business.zone).date(), max(1, name.nights)
        first, last = day - timedelta(days=1), day + timedelta(days=nights)
        search = Search(name.service, first, last, name.place, name.provider, guests, nights)
        return await self.claims.taken(
            resources_of(business, search),
            first,
            last_claimed(business, search),
            now=now,
            besides=lead,
            besides_holds=besides,
        )


def _named(service: Service, slot_id: str) -> SlotName | Sequence[Reason]:
    name = read_slot_id(slot_id)
    if name is None or name.service != service.id:
        return (reason_of(SlotUnavailable.NOT_OFFERED),)
    if service.venue is Venue.GUEST_PLACE and name.place is None:
        return (Reason("place", "no_place", "ask_where", _STAFF),)
    return name


def _priced(business: Business, slot: Slot, guests: int) -> Slot | Sequence[Reason]:
    nights = max(1, slot.nights)
    gap = price_gap(business, slot.service, slot.provider, slot.place, guests=guests, start=slot.start, nights=nights)
    return slot if gap is None else (no_price(gap),)
