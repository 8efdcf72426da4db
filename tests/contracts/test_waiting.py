"""The waiting list on a real mongod: what became free is kept for the first whom it fits, once, and told once."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.business.catalogue import ServiceId
from bot.business.definition import Business
from bot.domain.booking import BookingWish
from bot.domain.ids import BookingReference, LeadId
from bot.domain.offers import ProviderWish
from bot.domain.waiting import RecordWaiting, WaitEnd, WaitingEntry, WhyPassed
from bot.engine.waiting_sweep import WaitingSweep
from bot.slots.claims import NOTHING_TAKEN, needs_of
from bot.slots.free import Search, free_slots
from bot.slots.slot import Slot
from bot.store import driver
from bot.store.claims import Claimant, Claims, Held, HoldId
from bot.store.delivery import Delivery
from bot.store.migrations import migrate
from bot.store.ratings import Ratings
from bot.store.received import Received
from bot.store.waiting import WaitingRow, WaitingRows
from tests.bot.business.makers import sample
from tests.bot.makers import NOW
from tests.contracts.makers import lead, leads, vault

pytestmark = pytest.mark.mongo

HOUR = timedelta(hours=1)


class Dies(Received):
    """A process that is killed as it tells."""

    async def record(self, deliveries: Sequence[Delivery]) -> Any:
        raise RuntimeError("killed")


def free(service: str, guests: int = 1) -> tuple[Slot, ...]:
    """Every time of the third day from now."""
    day = NOW.astimezone(sample().zone).date() + timedelta(days=3)
    return free_slots(sample(), Search(ServiceId(service), day, day, guests=guests), NOW, NOTHING_TAKEN)


CALL, YOGA = free("planning-call")[4], free("sunrise-yoga")[0]


def entry(name: str, slot: Slot = CALL, guests: int = 1, minutes: int = 0, hours: int = 0) -> WaitingEntry:
    """Who waits for that very time, or for so many hours from it on."""
    local = slot.start.astimezone(sample().zone)
    minute = local.hour * 60 + local.minute
    return WaitingEntry(
        f"W-{name}",
        BookingReference(f"BK-{name}"),
        slot.service,
        guests,
        BookingWish(local.date(), local.date(), minute, minute + 60 * hours),
        NOW + timedelta(minutes=minutes),
        NOW + timedelta(days=3),
        place=slot.place,
    )


async def sweep_of(
    db: driver.Database, business: Business | None = None, received: Received | None = None
) -> WaitingSweep:
    here = business or sample()
    store = leads(db)
    return WaitingSweep(
        WaitingRows(db), Claims(db), store, received or Received(db), vault(db), lambda: here, Ratings(db)
    )


async def waits(db: driver.Database, *entries: WaitingEntry) -> None:
    await migrate(db)
    for one in entries:
        await leads(db).create(lead(f"lead-{one.id}"))
        await says(db, one)


async def says(db: driver.Database, one: WaitingEntry) -> None:
    """Its lead's word."""
    await WaitingRows(db).record(RecordWaiting(LeadId(f"lead-{one.id}"), one, NOW))


async def taken(db: driver.Database, slot: Slot = CALL, guests: int = 1, hold: str = "others") -> HoldId:
    """Somebody else has it."""
    claims, service = Claims(db), sample().service(slot.service)
    assert service is not None
    needs = needs_of(sample(), service, slot, guests)
    got = await claims.claim(Claimant(HoldId(hold), LeadId("else")), needs, now=NOW, expires_at=NOW + 900 * HOUR)
    assert isinstance(got, Held)
    return HoldId(hold)


async def rows(db: driver.Database) -> dict[str, WaitingRow]:
    return {row.entry.id: row for row in await WaitingRows(db).open_rows()}


async def kept(db: driver.Database) -> dict[str, int]:
    """How many claims are kept for whom."""
    found = await db["claims"].find({"hold": {"$regex": "^waiting:"}}).to_list(None)
    holds = [one["hold"].split(":")[1] for one in found]
    return {name: holds.count(name) for name in holds}


async def told(db: driver.Database) -> list[str]:
    """To whom it was told, each delivery once."""
    found = await db["received"].find({"kind": "time_kept"}).sort("_id", 1).to_list(None)
    return [one["lead"].removeprefix("lead-W-") for one in found]


async def test_what_is_released_is_kept_for_the_first_in_line_and_nobody_else(db: driver.Database) -> None:
    await waits(db, entry("b", minutes=2), entry("a", minutes=1), entry("c", minutes=3))
    hold, sweep = await taken(db), await sweep_of(db)
    assert await sweep.sweep(NOW) == 0
    await Claims(db).release([hold])
    assert await sweep.sweep(NOW) == 1
    assert await sweep.sweep(NOW) == 0
    assert list(await kept(db)) == ["W-a"]
    assert await told(db) == ["a"]
    pending = (await rows(db))["W-a"].pending
    assert pending is not None
    assert (pending.number, pending.slot.start, pending.slot.held_until) == (1, CALL.start, NOW + 2 * HOUR)


async def test_it_is_offered_to_nobody_else_not_even_to_whom_it_is_kept_for_in_another_search(
    db: driver.Database,
) -> None:
    await waits(db, entry("a"))
    await (await sweep_of(db)).sweep(NOW)
    needs = needs_of(sample(), sample().service("planning-call"), CALL, 1)  # type: ignore[arg-type]
    names, day = [need.resource for need in needs], CALL.start.date()
    for asks in (None, LeadId("lead-W-a"), LeadId("else")):
        found = await Claims(db).taken(names, day, day, now=NOW, besides=asks)
        assert not any(need.seats_left(found) for need in needs)


async def test_when_its_hour_has_come_the_next_gets_it_and_not_again_who_let_it_pass(db: driver.Database) -> None:
    first, second = entry("a", minutes=1), entry("b", minutes=2)
    await waits(db, first, second)
    sweep = await sweep_of(db)
    await sweep.sweep(NOW)
    # its lead has not even said so yet
    assert await sweep.sweep(NOW + 2 * HOUR) == 1
    assert await told(db) == ["a", "b"]
    row = (await rows(db))["W-a"]
    passed = replace(first, kept=row.kept).passing(WhyPassed.LATE)
    await says(db, replace(passed, revision=2))
    assert await sweep.sweep(NOW + 4 * HOUR) == 0
    assert await told(db) == ["a", "b"]


async def test_who_leaves_is_kept_nothing_and_an_older_word_brings_nobody_back(db: driver.Database) -> None:
    one = entry("a")
    await waits(db, one)
    await says(db, replace(one, revision=2, ended=WaitEnd.LEFT))
    await says(db, one)
    assert await rows(db) == {}
    assert await (await sweep_of(db)).sweep(NOW) == 0
    (ended,) = await WaitingRows(db).ended_rows()
    assert await WaitingRows(db).of(LeadId("lead-W-a")) == [ended]
    assert (ended.entry.ended, ended.is_open) == (WaitEnd.LEFT, False)


async def test_a_group_needs_its_seats_and_who_is_behind_it_is_not_kept_waiting(db: driver.Database) -> None:
    await waits(db, entry("six", YOGA, guests=6, minutes=1), entry("two", YOGA, guests=2, minutes=2))
    # seven of ten seats are gone
    await taken(db, YOGA, 5)
    await taken(db, YOGA, 2, "more")
    sweep = await sweep_of(db)
    assert await sweep.sweep(NOW) == 1
    assert await told(db) == ["two"]
    await Claims(db).release([HoldId("others")])
    assert await sweep.sweep(NOW) == 1
    assert await told(db) == ["six", "two"]


async def test_only_what_is_within_the_wish_is_kept(db: driver.Database) -> None:
    later = entry("late", free("planning-call")[-1], hours=3)
    await waits(db, later)
    for number, slot in enumerate(free("planning-call")):
        if slot.start >= free("planning-call")[-1].start:
            await taken(db, slot, hold=f"h{number}")
    assert await (await sweep_of(db)).sweep(NOW) == 0


MASSAGES = free("balinese-massage")
AT_ONE_TIME = next(
    one for one in MASSAGES if {"ayu", "komang"} <= {o.provider for o in MASSAGES if o.start == one.start}
)
"""A time at which both are free, each where they come."""


async def test_who_named_somebody_that_has_left_since_waits_for_whoever_gives_it(db: driver.Database) -> None:
    await waits(db, replace(entry("wished", AT_ONE_TIME), place=None, who=ProviderWish(("gone",))))
    assert await (await sweep_of(db)).sweep(NOW) == 1
    assert await told(db) == ["wished"]


async def test_who_named_somebody_is_kept_their_time_and_nobody_elses(db: driver.Database) -> None:
    wished = replace(entry("wished", AT_ONE_TIME, minutes=1), place=None, who=ProviderWish(("komang",)))
    behind = replace(entry("behind", AT_ONE_TIME, minutes=2), place=None)
    await waits(db, wished, behind)
    theirs = [one for one in MASSAGES if one.start == AT_ONE_TIME.start and one.provider == "komang"]
    hold, sweep = await taken(db, theirs[0]), await sweep_of(db)
    assert await sweep.sweep(NOW) == 1
    assert await told(db) == ["behind"]
    await Claims(db).release([hold])
    assert await sweep.sweep(NOW) == 1
    pending = (await rows(db))["W-wished"].pending
    assert pending is not None
    assert (pending.slot.provider, pending.slot.start) == ("komang", AT_ONE_TIME.start)


async def test_a_row_of_before_waits_for_anybody_but_whom_they_refuse_now(db: driver.Database) -> None:
    await waits(db, replace(entry("a", AT_ONE_TIME), place=None, who=ProviderWish(refused="ayu")))
    await (await sweep_of(db)).sweep(NOW)
    pending = (await rows(db))["W-a"].pending
    assert pending is not None
    assert pending.slot.provider == "komang"
    await db["waiting"].update_one({"_id": "W-a"}, {"$unset": {"entry.who": ""}})
    assert (await rows(db))["W-a"].entry.who == ProviderWish()


@pytest.mark.parametrize("again", [NOW, NOW + timedelta(minutes=5)])
async def test_killed_between_taking_and_telling_there_is_one_offer(db: driver.Database, again: datetime) -> None:
    await waits(db, entry("a", minutes=1), entry("b", minutes=2))
    dying = await sweep_of(db, received=Dies(db))
    assert await dying.sweep(NOW) == 0
    assert list(await kept(db)) == ["W-a"]
    assert await told(db) == []
    assert await (await sweep_of(db)).sweep(again) == 1
    assert list(await kept(db)) == ["W-a"]
    assert await told(db) == ["a"]
    assert await (await sweep_of(db)).sweep(again) == 0


async def test_killed_before_taking_what_somebody_else_has_by_then_is_promised_to_nobody(db: driver.Database) -> None:
    await waits(db, entry("a"))
    noted = (await rows(db))["W-a"]
    dying = await sweep_of(db, received=Dies(db))
    await dying.sweep(NOW)
    await Claims(db).release([HoldId("waiting:W-a:1")])
    hold = await taken(db)
    sweep = await sweep_of(db)
    assert await sweep.sweep(NOW) == 0
    assert await told(db) == []
    assert (await rows(db))["W-a"].pending is None
    # and the next time it is kept for them after all
    await Claims(db).release([hold])
    assert await sweep.sweep(NOW) == 1
    assert (await rows(db))["W-a"].pending != noted.pending
    assert await told(db) == ["a"]


async def test_sweeps_side_by_side_keep_one_time_for_one_person_by_rank(db: driver.Database) -> None:
    await waits(db, *(entry(str(number), minutes=number) for number in range(4)))
    sweeps = [await sweep_of(db) for _ in range(4)]
    await asyncio.gather(*(one.sweep(NOW) for one in sweeps))
    assert list(await kept(db)) == ["W-0"]
    assert await told(db) == ["0"]


async def test_a_house_without_a_list_keeps_nothing(db: driver.Database) -> None:
    await waits(db, entry("a"))
    here = sample()
    without = replace(here, sop=replace(here.sop, waiting_list=replace(here.sop.waiting_list, enabled=False)))
    assert await (await sweep_of(db, without)).sweep(NOW) == 0


async def test_what_cannot_be_read_keeps_nobody_waiting(db: driver.Database) -> None:
    await waits(db, entry("a", minutes=1), entry("b", minutes=2))
    await db["waiting"].update_one({"_id": "W-a"}, {"$set": {"entry": "what another version wrote"}})
    assert await (await sweep_of(db)).sweep(NOW) == 1
    assert await told(db) == ["b"]


async def test_however_many_wait_for_what_is_full_whoever_is_behind_them_gets_what_is_free(db: driver.Database) -> None:
    await taken(db)
    await waits(db, entry("template"), entry("last", YOGA, minutes=9))
    row = await db["waiting"].find_one({"_id": "W-template"})
    assert row is not None
    crowd = [row | {"_id": f"W-{n}", "entry": row["entry"] | {"id": f"W-{n}"}} for n in range(600)]
    await db["waiting"].insert_many(crowd)
    await (await sweep_of(db)).sweep(NOW)
    assert list(await kept(db)) == ["W-last"]
