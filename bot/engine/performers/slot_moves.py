"""The time of a change: booked next to the old one until its money is there, then swapped for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.business.definition import Business
from bot.domain.booking import OfferedSlot, SlotUnavailable
from bot.domain.change import change_hold
from bot.domain.commands import BookSlot, MoveSlot
from bot.domain.events import SlotBooked, SlotLost, SlotMoved
from bot.domain.ids import EffectId, EventId, LeadId
from bot.engine.performers.slot_names import named_slot, rechecked
from bot.slots.askable import askable, search_of
from bot.slots.claims import Need, needs_of
from bot.slots.free import resources_of
from bot.slots.slot import Slot, read_slot_id
from bot.store.claim_moves import ClaimMoves
from bot.store.claims import Claimant, Claims, Held, HoldDiffers, HoldId
from bot.store.ratings import Ratings

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SlotMoves:
    """Claims and their moves in one hand, the business file in the other."""

    claims: Claims
    moves: ClaimMoves
    business: Callable[[], Business]
    ratings: Ratings

    async def reserve(self, lead: LeadId, effect: EffectId, order: BookSlot, now: datetime) -> SlotBooked | SlotLost:
        """The new time is booked next to the old one, or cannot be had."""
        told, change = EventId(f"done:{effect}"), order.change or ""
        hold, own = HoldId(change_hold(order.booking, change)), HoldId(order.besides or "")
        slot = await self._slot(lead, hold, order, own, now)
        if isinstance(slot, OfferedSlot):
            needs = self._needs(slot, order.guests)
            got = await self.moves.reserve(Claimant(hold, lead, order.booking), needs, besides=own, now=now)
            if isinstance(got, Held):
                await self._let_go(order)
                asked = await self.askable(lead, slot, order.guests, now, own)
                return SlotBooked(told, now, order.booking, slot, change, candidates=asked)
            slot = SlotUnavailable.TAKEN
        return SlotLost(told, now, order.booking, order.slot_id, slot, change)

    async def move(self, lead: LeadId, effect: EffectId, order: MoveSlot, now: datetime) -> SlotMoved | SlotLost:
        """The old time is swapped for the new one, or nothing is changed."""
        told = EventId(f"done:{effect}")
        hold, old = HoldId(change_hold(order.booking, order.change)), HoldId(order.from_hold)
        slot = await self._slot(lead, hold, order, old, now)
        if isinstance(slot, OfferedSlot):
            try:
                got = await self.moves.swap(
                    Claimant(hold, lead, order.booking), self._needs(slot, order.guests), given_up=old, now=now
                )
            except HoldDiffers:
                # the booked time is not whole in the claims: nothing of it is touched, a person has to look
                log.error("booked_time_is_torn", lead=lead, booking=order.booking)
                return SlotLost(told, now, order.booking, order.slot_id, SlotUnavailable.TAKEN, order.change)
            if isinstance(got, Held):
                await self._let_go(order)
                asked = await self.askable(lead, slot, order.guests, now)
                return SlotMoved(told, now, order.booking, order.change, slot, asked)
            slot = SlotUnavailable.TAKEN
        return SlotLost(told, now, order.booking, order.slot_id, slot, order.change)

    async def askable(
        self, lead: LeadId, slot: OfferedSlot, guests: int, now: datetime, besides: HoldId | None = None
    ) -> tuple[str, ...]:
        """Who is asked whether they take that time, best first; nobody where its service is sold without asking."""
        business, name = self.business(), read_slot_id(slot.slot_id)
        if name is None or not business.is_dispatched(name.service):
            return ()
        search = search_of(business, name, guests)
        last = name.start.astimezone(business.zone).date()
        own = tuple(HoldId(hold) for hold in (slot.hold_id, besides) if hold)
        names = resources_of(business, search)
        taken = await self.claims.taken(names, search.first_day, last, now=now, besides=lead, besides_holds=own)
        providers = {str(one.id) for one in business.providers_of(name.service, None)}
        return askable(business, name, guests, taken, await self.ratings.sums(providers))

    async def _slot(
        self, lead: LeadId, hold: HoldId, order: BookSlot | MoveSlot, own: HoldId, now: datetime
    ) -> OfferedSlot | SlotUnavailable:
        """By its hold as long as it is alive, else judged again: a late yes to a time that is free is no less good."""
        if order.same_time or await self._is_kept(hold, now) or await self._is_kept(order.hold_id, now):
            return named_slot(self.business(), order.slot_id, hold)
        again = await rechecked(
            self.claims, self.business(), lead, order.slot_id, order.guests, now, own, order.against
        )
        return named_slot(self.business(), order.slot_id, hold) if isinstance(again, Slot) else again

    async def _is_kept(self, hold: str | None, now: datetime) -> bool:
        found = None if hold is None else await self.claims.holding(HoldId(hold))
        if found is None or found.claims != found.of:
            return False
        return found.is_booked or (found.expires_at is not None and found.expires_at > now)

    def _needs(self, slot: OfferedSlot, guests: int) -> tuple[Need, ...]:
        business, name = self.business(), read_slot_id(slot.slot_id)
        assert name is not None
        service = business.service(name.service)
        assert service is not None
        wanted = Slot(name.service, name.provider, name.place, slot.start, slot.end, guests, name.nights)
        return needs_of(business, service, wanted, guests)

    async def _let_go(self, order: BookSlot | MoveSlot) -> None:
        holds = (*order.let_go, *(() if order.hold_id is None else (order.hold_id,)))
        await self.claims.release([HoldId(hold) for hold in holds])
