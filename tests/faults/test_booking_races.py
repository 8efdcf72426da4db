"""Many who want the same time on the real `mongod`: one gets it, others are offered what is free, nobody is lied to."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from bot.domain.booking import Booking, OfferedSlot
from bot.domain.commands import Lane
from bot.domain.events import StaffAction, StaffAsked
from bot.domain.ids import BookingReference, EventId, LeadId
from bot.domain.lead import Address, Lead
from bot.domain.states import ShowUp, State
from bot.engine.parts import Parts
from bot.slots.claims import needs_of
from bot.slots.free import Search
from bot.slots.slot import Slot
from bot.store.claims import Claimant, Held, HoldId
from bot.store.clock import BusinessClock
from tests.faults.graph import listening
from tests.journeys.world import QUICK, settings_for, simulated
from webhooks.wiring import Process, opened

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(170)]

CUSTOMERS = 50
EDGES = 40


@dataclass(slots=True)
class Shop:
    """Engine and claims without doors; messages end at a silent Graph API."""

    process: Process

    @property
    def parts(self) -> Parts:
        """The engine's."""
        return self.process.parts

    async def free(self) -> tuple[Slot, ...]:
        """Planning calls of the next days."""
        now = await self.parts.clock.business_now()
        first = (now + timedelta(days=2)).date()
        wanted = Search(self.process.business.services[0].id, first, first + timedelta(days=3))
        return await self.parts.staff.free(wanted, now)

    async def lead(self, name: str, slot: Slot | None = None, hold: str | None = None) -> Lead:
        """A customer, about to confirm that time if one is named."""
        booking = Booking(
            BookingReference(f"BK-{name}"), State.SLOT_PROPOSED, service="planning-call", guests=1, asked_when=True
        )
        if slot is not None:
            offered = OfferedSlot(slot.id, slot.start, slot.end, slot.provider, slot.place, slot.nights, hold)
            booking = replace(booking, offered=(offered,), chosen=offered)
        bookings = () if slot is None else (booking,)
        lead = Lead(LeadId(name), Address(wa_id=f"62812{secrets.randbelow(10**7):07d}"), bookings=bookings)
        stored = lead.conversing(last_inbound_at=await self.parts.clock.business_now())
        await self.parts.leads.create(stored)
        return stored

    async def confirms(self, name: str, slot: Slot) -> None:
        """The explicit yes; every order that follows is done."""
        now = await self.parts.clock.business_now()
        facts = (("slot_id", slot.id),)
        yes = StaffAsked(
            EventId(f"yes:{name}"), now, "customer", StaffAction.CONFIRM, BookingReference(f"BK-{name}"), facts
        )
        await self.parts.decisions.tell(LeadId(name), yes)
        for _ in range(100):
            await self.parts.lead_worker.work(LeadId(name))
            stored = await self.parts.leads.load(LeadId(name))
            if stored is not None and not stored.in_lane(Lane.SLOTS):
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"{name} is still waiting")

    async def booking(self, name: str) -> Booking:
        """How that customer's booking stands."""
        stored = await self.parts.leads.load(LeadId(name))
        assert stored is not None
        (booking,) = stored.lead.bookings
        return booking

    async def agrees(self) -> None:
        """Every booked claim is known to its lead, whole, and every booked lead has its claims."""
        for held in await self.parts.claims.booked():
            assert held.claims == held.of
            stored = await self.parts.leads.load(LeadId(held.lead))
            assert stored is not None
            assert held.hold in {one.booked_hold for one in stored.lead.bookings}


@pytest.fixture
async def shop(mongodb_uri: str) -> AsyncIterator[Shop]:
    """A shop over a fresh database."""
    async with listening(lambda: 0.0) as graph:
        settings = settings_for(simulated(""), graph.url, 1, f"races_{secrets.token_hex(6)}")
        async with opened(settings, mongodb_uri, QUICK) as process:
            yield Shop(process)
            await process.client.drop_database(settings.mongodb_database)


async def test_of_fifty_who_confirm_one_time_at_once_one_has_it_and_the_others_are_offered_what_is_free(
    shop: Shop,
) -> None:
    wanted = (await shop.free())[0]
    names = [f"c{number}" for number in range(CUSTOMERS)]
    for name in names:
        await shop.lead(name, wanted)
    await asyncio.gather(*(shop.confirms(name, wanted) for name in names))
    bookings = {name: await shop.booking(name) for name in names}
    winners = [name for name, one in bookings.items() if one.state is State.CONFIRMED]
    assert len(winners) == 1
    assert wanted.id not in {one.id for one in await shop.free()}
    for name in set(names) - set(winners):
        booking = bookings[name]
        assert booking.state is State.SLOT_PROPOSED
        assert booking.booked_hold is None
        assert wanted.id not in {one.slot_id for one in booking.offered}
    offered = [name for name in names if bookings[name].offered]
    assert len(offered) == CUSTOMERS - 1, f"{CUSTOMERS - 1 - len(offered)} were offered nothing"
    await shop.agrees()


async def test_nobody_is_told_taken_about_a_time_that_stays_free(shop: Shop) -> None:
    """Everybody wants another time: nobody is in anybody's way, so nobody may be refused."""
    free = (await shop.free())[::2][:12]
    names = [f"c{number}" for number in range(len(free))]
    for name, slot in zip(names, free, strict=True):
        await shop.lead(name, slot)
    await asyncio.gather(*(shop.confirms(name, slot) for name, slot in zip(names, free, strict=True)))
    for name, slot in zip(names, free, strict=True):
        booking = await shop.booking(name)
        assert booking.state is State.CONFIRMED
        assert booking.chosen is not None
        assert booking.chosen.slot_id == slot.id
    await shop.agrees()


async def test_a_hold_that_ends_while_it_is_confirmed_is_booked_whole_or_offered_anew(shop: Shop) -> None:
    """The clock passes the hold's end in the same moment as the yes, and a rival reaches for the time."""
    clock = BusinessClock(shop.process.database)
    for edge in range(EDGES):
        slot = (await shop.free())[edge % 5]
        name, rival = f"a{edge}", f"b{edge}"
        held = await hold(shop, slot, f"hold{edge}", name)
        await shop.lead(name, slot, held)
        await shop.lead(rival, slot)
        await asyncio.gather(
            clock.move(timedelta(minutes=1), live_key=False), shop.confirms(name, slot), shop.confirms(rival, slot)
        )
        booked = [one for one in (await shop.booking(name), await shop.booking(rival)) if one.booked_hold]
        assert [one.chosen.slot_id for one in booked if one.chosen] == [slot.id]
        await shop.agrees()


async def hold(shop: Shop, slot: Slot, name: str, lead: str) -> str:
    """A hold that ends in half a minute of business time."""
    business, now = shop.process.business, await shop.parts.clock.business_now()
    service = business.service(slot.service)
    assert service is not None
    needs = needs_of(business, service, slot, 1)
    claimant = Claimant(HoldId(name), LeadId(lead), BookingReference(f"BK-{lead}"))
    got = await shop.parts.claims.claim(claimant, needs, now=now, expires_at=now + timedelta(seconds=30))
    assert isinstance(got, Held)
    return name


async def orphan(shop: Shop, slot: Slot, lead: str, name: str = "lost") -> None:
    """A booked time that its lead knows nothing of."""
    await hold(shop, slot, name, lead)
    assert await shop.parts.claims.book(HoldId(name), now=await shop.parts.clock.business_now())


async def now_of(shop: Shop) -> datetime:
    """Business time."""
    return await shop.parts.clock.business_now()


async def test_an_orphan_is_freed_and_what_a_lead_knows_stays(shop: Shop) -> None:
    first, second, third = (await shop.free())[:6:2]
    await shop.lead("kept", first)
    await shop.confirms("kept", first)
    await shop.lead("forgetful")
    await orphan(shop, second, "forgetful")
    await orphan(shop, third, "nobody", "nobodys")
    assert await shop.parts.orphans.sweep(await now_of(shop)) == 2
    assert {second.id, third.id} <= {one.id for one in await shop.free()}
    assert first.id not in {one.id for one in await shop.free()}
    assert await shop.parts.orphans.sweep(await now_of(shop)) == 0


async def test_a_time_whose_order_still_waits_is_no_orphan(shop: Shop) -> None:
    slot = (await shop.free())[0]
    await shop.lead("slow", slot)
    now = await now_of(shop)
    facts = (("slot_id", slot.id),)
    yes = StaffAsked(EventId("yes"), now, "customer", StaffAction.CONFIRM, BookingReference("BK-slow"), facts)
    await shop.parts.decisions.tell(LeadId("slow"), yes)
    await orphan(shop, slot, "slow", "yes:0:late")
    assert await shop.parts.orphans.sweep(now) == 0
    await shop.parts.lead_worker.work(LeadId("slow"))
    assert (await shop.booking("slow")).state is State.CONFIRMED
    assert await shop.parts.orphans.sweep(now) == 0
    await shop.agrees()


async def test_what_took_place_keeps_its_time_until_it_is_over_and_is_no_alarm(shop: Shop) -> None:
    slot = (await shop.free())[0]
    await shop.lead("guest", slot)
    await shop.confirms("guest", slot)
    done = replace(await shop.booking("guest"), state=State.COMPLETED, show_up=ShowUp.CAME)
    await shop.parts.bookings.record(done, LeadId("guest"), slot.start)
    await shop.process.database["leads"].delete_one({"_id": "guest"})
    assert await shop.parts.orphans.sweep(slot.start) == 0
    assert len(await shop.parts.claims.booked()) == 1
    assert await shop.parts.orphans.sweep(slot.end) == 0
    assert await shop.parts.claims.booked() == ()
