"""The booking desk: finds, holds, books and frees times, as the lead ordered; idempotent under its hold ids.

Availability is never context: what is taken is read here, `slots.choose` chooses, the claim is made, and what came of
it goes back to the lead as an event (DESIGN 1).
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.business.catalogue import PlaceId, ProviderId, ServiceId
from bot.business.definition import Business
from bot.domain.booking import OfferedSlot, SlotUnavailable
from bot.domain.commands import BookSlot, Fit, OfferSlots, ReleaseHolds, SlotCommand
from bot.domain.events import Event, SlotBooked, SlotLost, SlotsFound
from bot.domain.ids import EffectId, EventId, LeadId
from bot.slots import claims as claiming
from bot.slots.choose import Offer, Proposal, Wish, choose
from bot.slots.claims import NOTHING_TAKEN, Taken
from bot.slots.free import Search, free_slots, resources_of
from bot.slots.recheck import recheck
from bot.slots.slot import Slot, read_slot_id
from bot.slots.wishes import days_of
from bot.store.claims import Claimant, Claims, Held, HoldId

RACES = 5
"""How often a proposal is chosen anew when somebody took one of its times meanwhile."""


@dataclass(frozen=True, slots=True)
class SlotPerformer:
    """Claims in one hand, the business file in the other."""

    claims: Claims
    business: Callable[[], Business]

    async def perform(self, lead: LeadId, effect: EffectId, order: SlotCommand, now: datetime) -> Event | None:
        """Do it; the event that tells the lead what came of it, none where it needs no telling."""
        match order:
            case OfferSlots():
                return await self._offer(lead, effect, order, now)
            case BookSlot():
                return await self._book(lead, effect, order, now)
            case ReleaseHolds():
                for hold in order.holds:
                    await self.claims.release_booked(HoldId(hold))
                return None

    async def _offer(self, lead: LeadId, effect: EffectId, order: OfferSlots, now: datetime) -> SlotsFound:
        await self._let_go_of_old_holds(lead, now)
        offers, fit = await self._held_offers(lead, effect, order, now)
        return SlotsFound(EventId(f"done:{effect}"), now, order.booking, offers, fit)

    async def _held_offers(
        self, lead: LeadId, effect: EffectId, order: OfferSlots, now: datetime
    ) -> tuple[tuple[OfferedSlot, ...], Fit]:
        """The proposal with its holds; whoever loses one of its times looks a little aside of the crowd next."""
        mine: set[HoldId] = set()
        for race in range(RACES):
            proposal = await self._proposal(lead, order, now, race)
            wanted = {_hold_of(effect, one.slot) for one in proposal.offers}
            await self.claims.release(mine - wanted)
            tried = [await self._hold(lead, effect, order, one, now) for one in proposal.offers]
            offers = tuple(one for one in tried if one is not None)
            mine = {HoldId(one.hold_id) for one in offers if one.hold_id is not None}
            if len(offers) == len(tried):
                return offers, proposal.fit
        if offers:
            return offers, proposal.fit
        # still a crowd: what is free is named without a hold, the first confirmation wins
        proposal = await self._proposal(lead, order, now, RACES)
        return tuple(_offered(one.slot) for one in proposal.offers), proposal.fit

    async def _let_go_of_old_holds(self, lead: LeadId, now: datetime) -> None:
        """A lead has at most one live proposal."""
        held = await self.claims.of_lead(lead, now=now)
        await self.claims.release(
            [one.hold for one in held if not one.is_booked and not one.hold.startswith(claiming.FORM_HOLD)]
        )

    async def _proposal(self, lead: LeadId, order: OfferSlots, now: datetime, race: int) -> Proposal:
        """Near the wish first; where too little is free, as far as the house looks ahead."""
        rules = self.business().sop.slot
        near = await self._chosen(lead, order, now, rules.window_days, race)
        return near if near.is_enough(rules) else await self._chosen(lead, order, now, rules.too_far_days, race)

    async def _chosen(self, lead: LeadId, order: OfferSlots, now: datetime, days: int, race: int) -> Proposal:
        business = self.business()
        today = now.astimezone(business.zone).date()
        first, last = days_of(order.wish, today, days)
        search = Search(
            ServiceId(order.service),
            first,
            last,
            PlaceId(order.place) if order.place else None,
            ProviderId(order.provider) if order.provider else None,
            order.guests,
            order.nights,
        )
        taken = await self.claims.taken(resources_of(business, search), first, last, now=now, besides=lead)
        wish = Wish(order.wish.first_day, order.wish.last_day, order.wish.from_minute, order.wish.until_minute)
        service = business.service(ServiceId(order.service))
        buffer = timedelta() if service is None else service.buffer
        free = free_slots(business, search, now, taken)
        whole, part = (
            choose(some, wish, business.sop.slot, business.zone, now, buffer)
            for some in (free, _aside(free, lead, race))
        )
        # never told "not then" while that time is free
        return part if part.fit is whole.fit else whole

    async def _hold(
        self, lead: LeadId, effect: EffectId, order: OfferSlots, offer: Offer, now: datetime
    ) -> OfferedSlot | None:
        """The offer with its hold; none when somebody was faster."""
        if not offer.held:
            return _offered(offer.slot)
        business, hold = self.business(), _hold_of(effect, offer.slot)
        service = business.service(offer.slot.service)
        assert service is not None
        until = now + timedelta(minutes=business.sop.slot.hold_minutes)
        needs = claiming.needs_of(business, service, offer.slot, order.guests)
        got = await self.claims.claim(Claimant(hold, lead, order.booking), needs, now=now, expires_at=until)
        return _offered(offer.slot, hold, until) if isinstance(got, Held) else None

    async def _book(self, lead: LeadId, effect: EffectId, order: BookSlot, now: datetime) -> Event:
        told = EventId(f"done:{effect}")
        slot = await self._booked(lead, effect, order, now)
        if isinstance(slot, OfferedSlot):
            await self.claims.release([HoldId(hold) for hold in order.let_go])
            return SlotBooked(told, now, order.booking, slot)
        return SlotLost(told, now, order.booking, order.slot_id, slot)

    async def _booked(
        self, lead: LeadId, effect: EffectId, order: BookSlot, now: datetime
    ) -> OfferedSlot | SlotUnavailable:
        """By the hold if it is still alive, else asked anew: a late choice of a time that is free is no less good."""
        if order.hold_id is not None and await self.claims.book(HoldId(order.hold_id), order.booking, now=now):
            return self._named(order.slot_id, HoldId(order.hold_id))
        again = HoldId(f"{effect}:late")
        if await self.claims.book(again, order.booking, now=now):
            return self._named(order.slot_id, again)
        slot = await self._rechecked(lead, order, now)
        if isinstance(slot, SlotUnavailable):
            return slot
        business = self.business()
        service = business.service(slot.service)
        assert service is not None
        needs = claiming.needs_of(business, service, slot, order.guests)
        until = now + timedelta(minutes=business.sop.slot.hold_minutes)
        # this one is wanted in place of the offers, and must not find them in its way
        await self.claims.release([HoldId(hold) for hold in order.let_go])
        got = await self.claims.claim(Claimant(again, lead, order.booking), needs, now=now, expires_at=until)
        if isinstance(got, Held) and await self.claims.book(again, order.booking, now=now):
            return _offered(slot, again)
        return SlotUnavailable.TAKEN

    async def _rechecked(self, lead: LeadId, order: BookSlot, now: datetime) -> Slot | SlotUnavailable:
        name = read_slot_id(order.slot_id)
        if name is None:
            return SlotUnavailable.NOT_OFFERED
        return recheck(self.business(), name, order.guests, now, await self._taken_around(lead, name.start, order, now))

    async def _taken_around(self, lead: LeadId, start: datetime, order: BookSlot, now: datetime) -> Taken:
        business = self.business()
        name = read_slot_id(order.slot_id)
        if name is None:
            return NOTHING_TAKEN
        day = start.astimezone(business.zone).date()
        last = day + timedelta(days=max(1, name.nights))
        first, nights = day - timedelta(days=1), max(1, name.nights)
        search = Search(name.service, first, last, name.place, name.provider, order.guests, nights)
        return await self.claims.taken(
            resources_of(business, search), search.first_day, search.last_day, now=now, besides=lead
        )

    def _named(self, slot_id: str, hold: HoldId) -> OfferedSlot:
        """The booked time out of its own name; a hold keeps a time whatever the file says since."""
        business, name = self.business(), read_slot_id(slot_id)
        assert name is not None
        for day in (0, 1):
            first = name.start.astimezone(business.zone).date() - timedelta(days=day)
            search = Search(name.service, first, first, name.place, name.provider, 1, max(1, name.nights))
            for slot in free_slots(business, search, name.start - timedelta(days=365), NOTHING_TAKEN):
                if slot.id == slot_id:
                    return _offered(slot, hold)
        service = business.service(name.service)
        end = name.start + (service.duration if service else timedelta(hours=1))
        return OfferedSlot(slot_id, name.start, end, name.provider, name.place, name.nights, hold)


def _hold_of(effect: EffectId, slot: Slot) -> HoldId:
    return HoldId(f"{effect}:{slot.id}")


def _aside(free: Sequence[Slot], lead: LeadId, race: int) -> tuple[Slot, ...]:
    """Some of the free times, other ones for each lead and fewer after each lost race, so that a crowd parts."""
    part = 2**race
    some = tuple(slot for slot in free if zlib.crc32(f"{lead} {slot.id}".encode()) % part == 0)
    return some or tuple(free)


def _offered(slot: Slot, hold: HoldId | None = None, until: datetime | None = None) -> OfferedSlot:
    return OfferedSlot(slot.id, slot.start, slot.end, slot.provider, slot.place, slot.nights, hold, until)
