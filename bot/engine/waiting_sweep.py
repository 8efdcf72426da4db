"""The waiting list as due records: what became free is kept for whoever joined first and whom it fits.

Whatever made it free (a cancellation, a move, an offer that ran out, a block that was lifted, other hours), the sweep
sees only that it is. One row at a time, by rank: it is noted whose time it is to be, then the time is claimed, then
its customer is told. Each step is the same when it is done again, so a death in between leaves one time for one person,
and two sweeps side by side serve the same one first.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import orjson
import structlog
from pydantic import TypeAdapter

from bot.business.catalogue import PlaceId, ServiceId
from bot.business.definition import Business
from bot.dialogue import provider_choice
from bot.domain.ids import EventId
from bot.domain.offers import OfferedSlot
from bot.domain.waiting import KeptTime, TimeKept, WaitingEntry
from bot.engine.internal import internal
from bot.engine.living import living
from bot.engine.performers.slot_names import offered
from bot.slots.choose import as_wished, first_fitting
from bot.slots.claims import WAITING_HOLD, needs_of
from bot.slots.free import Search, free_slots, last_claimed, resources_of
from bot.slots.slot import Slot, SlotName, read_slot_id
from bot.slots.standing import best_first
from bot.store.claims import Claimant, Claims, Held, HoldId
from bot.store.driver import is_outage
from bot.store.leads import Leads
from bot.store.ratings import Ratings
from bot.store.received import Received
from bot.store.vault import Vault
from bot.store.waiting import WaitingRow, WaitingRows

log = structlog.get_logger(__name__)

TIME_KEPT: Final = "time_kept"
"""The kind of the delivery that tells a lead."""
_SLOTS: Final[TypeAdapter[OfferedSlot]] = TypeAdapter(OfferedSlot)


@dataclass(slots=True)
class FreeTimes:
    """What is free for each search of one sweep: asked once, and again when the sweep has kept some of it."""

    found: dict[Search, tuple[Slot, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WaitingSweep:
    """Who waits in one hand, the claims in the other."""

    rows: WaitingRows
    claims: Claims
    leads: Leads
    received: Received
    vault: Vault
    business: Callable[[], Business]
    ratings: Ratings

    async def sweep(self, now: datetime) -> int:
        """Keep what is free for those who wait, by rank; for how many a time was kept now."""
        kept, free = 0, FreeTimes()
        for row in await self.rows.open_rows():
            try:
                kept += await self._looked_at(row, free, now)
            except Exception as error:
                if is_outage(error):
                    raise
                # the next sweep tries it again, and those behind are looked at now
                log.exception("waiting_not_looked_at", entry=row.entry.id, problem=type(error).__name__)
        return kept

    async def _looked_at(self, row: WaitingRow, free: FreeTimes, now: datetime) -> bool:
        if row.pending is not None:
            return not row.is_told and await self._carried_out(row, row.pending, free, now)
        business = self.business()
        if not business.sop.waiting_list.enabled:
            return False
        slot = await self._fitting(row.entry, business, free, now)
        if slot is None:
            return False
        number = row.next_number
        hold = HoldId(f"{WAITING_HOLD}{row.entry.id}:{number}")
        kept = KeptTime(number, offered(slot, hold, _until(slot, business, now)))
        if not await self.rows.keep(row, kept):
            # written since it was read: what another sweep has begun for it comes before those behind
            newer = await self.rows.find(row.entry.id)
            if newer is None or not newer.is_open or newer.pending is None:
                return False
            row, kept = newer, newer.pending
        return await self._carried_out(row, kept, free, now)

    async def _carried_out(self, row: WaitingRow, kept: KeptTime, free: FreeTimes, now: datetime) -> bool:
        """The time is claimed and its customer told; false where somebody else has it, or its hour has passed."""
        slot, until = kept.slot, kept.slot.held_until
        name, business = read_slot_id(slot.slot_id), self.business()
        service = None if name is None else business.service(name.service)
        free.found.clear()
        if name is None or service is None or until is None or until <= now:
            await self.rows.give_up(row, kept)
            return False
        needs = needs_of(business, service, _named(name, slot, row.entry.guests), row.entry.guests)
        claimant = Claimant(HoldId(str(slot.hold_id)), row.lead, row.entry.booking)
        got = await self.claims.claim(claimant, needs, now=now, expires_at=until)
        if not isinstance(got, Held):
            await self.rows.give_up(row, kept)
            return False
        await self._tell(row, kept)
        await self.rows.told(row, kept)
        return True

    async def _fitting(self, entry: WaitingEntry, business: Business, free: FreeTimes, now: datetime) -> Slot | None:
        """The first free time within the wish that they have not passed on; none where there is none."""
        today, rules = now.astimezone(business.zone).date(), business.sop.slot
        first = max(today, entry.wish.first_day or entry.wish.last_day or today)
        last = entry.wish.last_day or entry.wish.first_day or today + timedelta(days=rules.too_far_days)
        if last < first:
            return None
        place = None if entry.place is None else PlaceId(entry.place)
        search = Search(ServiceId(entry.service), first, last, place, None, entry.guests, max(1, entry.nights))
        if search not in free.found:
            names = resources_of(business, search)
            taken = await self.claims.taken(names, first, last_claimed(business, search), now=now)
            slots = free_slots(business, search, now, taken)
            scores = await self.ratings.sums({str(slot.provider) for slot in slots if slot.provider})
            free.found[search] = best_first(slots, scores, taken, business.zone)
        # who has left since they joined the list would have them wait for nobody
        who = provider_choice.still_giving(entry.who, entry.service, entry.place, business)
        others = tuple(
            slot for slot in free.found[search] if slot.start not in entry.passed and who.allows(slot.provider)
        )
        return first_fitting(others, as_wished(entry.wish), rules, business.zone, now)

    async def _tell(self, row: WaitingRow, kept: KeptTime) -> None:
        stored = await living(self.leads, row.lead)
        if stored is None:
            return
        facts = {"entry": row.entry.id, "number": kept.number, "slot": _SLOTS.dump_python(kept.slot, mode="json")}
        real_now = await self.leads.server_now()
        name, text = f"{row.entry.id}:{kept.number}", orjson.dumps(facts).decode()
        await self.received.record([await internal(self.vault, TIME_KEPT, text, stored.lead.id, real_now, name)])


def _until(slot: Slot, business: Business, now: datetime) -> datetime:
    """As long as the house says; where it begins soon, half of what is left, so that the next has a chance too."""
    hold = timedelta(minutes=business.sop.waiting_list.hold_minutes)
    return now + min(hold, (slot.start - now) / 2)


def _named(name: SlotName, slot: OfferedSlot, guests: int) -> Slot:
    return Slot(name.service, name.provider, name.place, slot.start, slot.end, guests, name.nights)


def event_of(delivery_id: str, kind: str, body: bytes, now: datetime) -> TimeKept:
    """The news back out of its delivery."""
    facts = orjson.loads(body)
    slot = _SLOTS.validate_python(facts["slot"])
    return TimeKept(EventId(delivery_id), now, str(facts["entry"]), int(facts["number"]), slot)
