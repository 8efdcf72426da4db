"""The booking desk: finds, holds, books and frees times, as the lead ordered; idempotent under its hold ids.

Availability is never context: what is taken is read here, `slots.choose` chooses, the claim is made, and what came of
it goes back to the lead as an event (architecture 1).
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.business.catalogue import PlaceId, ProviderId, ServiceId
from bot.business.definition import Business
from bot.domain.booking import OfferedSlot, SlotUnavailable
from bot.domain.commands import BookSlot, MoveSlot, OfferSlots, ReleaseHolds, SlotCommand
from bot.domain.events import Event, SlotBooked, SlotLost, SlotsFound
from bot.domain.ids import EffectId, EventId, LeadId
from bot.domain.offers import Fit
from bot.engine.performers.slot_moves import SlotMoves
from bot.engine.performers.slot_names import named_slot, offered, rechecked
from bot.slots import claims as claiming
from bot.slots.choose import Offer, Proposal, as_wished, choose, next_to, on_wished_days
from bot.slots.free import Search, free_slots, last_claimed, resources_of
from bot.slots.slot import Slot
from bot.slots.standing import best_first
from bot.slots.wishes import days_of
from bot.store.claims import Claimant, Claims, Held, HoldId
from bot.store.ratings import Ratings

_LEFT_ALONE = (claiming.FORM_HOLD, claiming.WAITING_HOLD)
RACES = 5
"""How often a proposal is chosen again when somebody took one of its times meanwhile."""


@dataclass(frozen=True, slots=True)
class SlotPerformer:
    """Claims in one hand, the business file in the other."""

    claims: Claims
    business: Callable[[], Business]
    moves: SlotMoves
    ratings: Ratings

    async def perform(self, lead: LeadId, effect: EffectId, order: SlotCommand, now: datetime) -> Event | None:
        """Do it; the event that tells the lead what came of it, none where it needs no telling."""
        match order:
            case OfferSlots():
                # A lead has at most one live proposal.
                held = await self.claims.of_lead(lead, now=now)
                await self.claims.release(
                    [one.hold for one in held if not one.is_booked and not one.hold.startswith(_LEFT_ALONE)]
                )
                offers, fit = await self._held_offers(lead, effect, order, now)
                return SlotsFound(EventId(f"done:{effect}"), now, order.booking, offers, fit, order.change)
            case BookSlot(change=str()):
                return await self.moves.reserve(lead, effect, order, now)
            case BookSlot():
                told = EventId(f"done:{effect}")
                slot = await self._booked(lead, effect, order, now)
                if isinstance(slot, OfferedSlot):
                    await self.claims.release([HoldId(hold) for hold in order.let_go])
                    asked = await self.moves.askable(lead, slot, order.guests, now)
                    return SlotBooked(told, now, order.booking, slot, candidates=asked)
                return SlotLost(told, now, order.booking, order.slot_id, slot)
            case MoveSlot():
                return await self.moves.move(lead, effect, order, now)
            case ReleaseHolds():
                for hold in order.holds:
                    await self.claims.release_booked(HoldId(hold))
                return None

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
        return tuple(offered(one.slot) for one in proposal.offers), proposal.fit

    async def _proposal(self, lead: LeadId, order: OfferSlots, now: datetime, race: int) -> Proposal:
        """Of who is wished first, by name; where they have nothing on those days, of everybody as well."""
        business = self.business()
        everybody = replace(order, wished=None)
        if order.wished is None or order.provider is not None:
            return await self._near_or_far(lead, everybody, now, race)
        theirs = await self._near_or_far(lead, replace(everybody, provider=order.wished), now, race)
        if on_wished_days(theirs):
            return theirs
        others = await self._near_or_far(lead, everybody, now, race)
        return next_to(theirs, others, as_wished(order.wish), business.sop.slot, business.zone)

    async def _near_or_far(self, lead: LeadId, order: OfferSlots, now: datetime, race: int) -> Proposal:
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
        own = () if order.besides is None else (HoldId(order.besides),)
        names = resources_of(business, search)
        until = last_claimed(business, search)
        taken = await self.claims.taken(names, first, until, now=now, besides=lead, besides_holds=own)
        wish = as_wished(order.wish)
        service = business.service(ServiceId(order.service))
        buffer = timedelta() if service is None else service.buffer
        free = tuple(
            slot
            for slot in free_slots(business, search, now, taken)
            if slot.provider != order.other_than or order.other_than is None
        )
        # of two who are free alike whom they had and liked is meant, whom customers rate higher, or who has less to do
        scores = await self.ratings.sums({str(slot.provider) for slot in free if slot.provider})
        free = best_first(free, scores, taken, business.zone, order.rather)
        whole, part = (
            choose(some, wish, business.sop.slot, business.zone, now, buffer)
            for some in (free, _aside(free, lead, race))
        )
        # never told "not then" while that time is free, nor given no choice where there is one
        return part if part.fit is whole.fit and part.is_enough(business.sop.slot) else whole

    async def _hold(
        self, lead: LeadId, effect: EffectId, order: OfferSlots, offer: Offer, now: datetime
    ) -> OfferedSlot | None:
        """The offer with its hold; none when somebody was faster."""
        if not offer.held:
            return offered(offer.slot)
        business, hold = self.business(), _hold_of(effect, offer.slot)
        service = business.service(offer.slot.service)
        assert service is not None
        until = now + timedelta(minutes=business.sop.slot.hold_minutes)
        needs = claiming.needs_of(business, service, offer.slot, order.guests)
        own = HoldId(order.besides) if order.besides is not None else None
        claimant = Claimant(hold, lead, order.booking)
        got = await self.claims.claim(claimant, needs, now=now, expires_at=until, besides=own)
        return offered(offer.slot, hold, until) if isinstance(got, Held) else None

    async def _booked(
        self, lead: LeadId, effect: EffectId, order: BookSlot, now: datetime
    ) -> OfferedSlot | SlotUnavailable:
        """By the hold if it is still alive, else asked again: a late choice of a time that is free is no less good."""
        if order.hold_id is not None and await self.claims.book(HoldId(order.hold_id), order.booking, now=now):
            return named_slot(self.business(), order.slot_id, HoldId(order.hold_id))
        again = HoldId(f"{effect}:late")
        if await self.claims.book(again, order.booking, now=now):
            return named_slot(self.business(), order.slot_id, again)
        business = self.business()
        slot = await rechecked(self.claims, business, lead, order.slot_id, order.guests, now, against=order.against)
        if isinstance(slot, SlotUnavailable):
            return slot
        service = business.service(slot.service)
        assert service is not None
        needs = claiming.needs_of(business, service, slot, order.guests)
        until = now + timedelta(minutes=business.sop.slot.hold_minutes)
        # this one is wanted in place of the offers, and must not find them in its way
        await self.claims.release([HoldId(hold) for hold in order.let_go])
        got = await self.claims.claim(Claimant(again, lead, order.booking), needs, now=now, expires_at=until)
        if isinstance(got, Held) and await self.claims.book(again, order.booking, now=now):
            return offered(slot, again)
        return SlotUnavailable.TAKEN


def _hold_of(effect: EffectId, slot: Slot) -> HoldId:
    return HoldId(f"{effect}:{slot.id}")


def _aside(free: Sequence[Slot], lead: LeadId, race: int) -> tuple[Slot, ...]:
    """Some of the free times, other ones for each lead and fewer after each lost race, so that a crowd parts."""
    part = 2**race
    some = tuple(slot for slot in free if zlib.crc32(f"{lead} {slot.id}".encode()) % part == 0)
    return some or tuple(free)
