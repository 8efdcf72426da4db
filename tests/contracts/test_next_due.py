"""How long a worker may sleep: until the next order or timer of any lead, however many wait behind it."""

from datetime import timedelta

import pytest
from bson import Timestamp
from bson.datetime_ms import DatetimeMS

from bot.domain.ids import LeadId
from bot.domain.outcome import Decision
from bot.store import driver
from bot.store.next_due import NextDue
from bot.store.received import Received
from tests.conftest import DRIVERS
from tests.contracts.makers import NOW, decision, effect, lead, leads, loaded

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]

HOUR = timedelta(hours=1)


async def test_nothing_is_due_where_nothing_waits(db: driver.Database) -> None:
    await leads(db).create(lead())
    assert await NextDue(db).timer(NOW) is None
    assert await NextDue(db).effect(NOW) is None


async def test_the_next_timer_is_the_earliest_that_is_still_to_come(db: driver.Database) -> None:
    store = leads(db)
    for name, hours in (("a", 3), ("b", 2), ("c", -1)):
        fresh = lead(name)
        await store.create(fresh)
        timed = fresh.with_timer("reminder", NOW + hours * HOUR)
        assert await store.commit(await loaded(store, LeadId(name)), Decision(timed), []) is not None
    assert await NextDue(db).timer(NOW) == NOW + 2 * HOUR
    assert await NextDue(db).timer(NOW + 2 * HOUR) == NOW + 3 * HOUR
    assert await NextDue(db).timer(NOW + 3 * HOUR) is None


async def test_the_next_order_is_the_earliest_look_that_is_still_to_come(db: driver.Database) -> None:
    store = leads(db)
    for name, seconds in (("a", 300), ("b", 200)):
        fresh = lead(name)
        await store.create(fresh)
        orders = effect(f"{name}:0"), effect(f"{name}:1")
        assert await store.commit(await loaded(store, fresh.id), decision(fresh, *orders), []) is not None
        await store.defer(fresh.id, orders[0].id, seconds)
    now = await store.server_now()
    first = await NextDue(db).effect(now)
    assert first is not None
    assert 190 < (first - now).total_seconds() <= 200
    second = await NextDue(db).effect(first)
    assert second is not None
    assert 290 < (second - now).total_seconds() <= 300


BROKEN = [DatetimeMS(253_402_300_800_000), DatetimeMS(-99_999_999_999_999), "soon", True, Timestamp(2_000_000_000, 1)]


@pytest.mark.parametrize("moment", BROKEN)
async def test_a_stored_moment_of_no_year_hides_none_that_is_to_come(db: driver.Database, moment: object) -> None:
    now = await leads(db).server_now()
    later = now + HOUR
    for name, at in (("broken", moment), ("whole", later)):
        row = {"next_due_at": at, "outbox": [{"look_at": at}], "merged_into": None}
        await db["leads"].insert_one({"_id": name, **row})
        delivery = {"state": "new", "lead": name, "due_at": at, "received_at": at, "source": "internal"}
        await db["received"].insert_one({"_id": name, **delivery})
    await db["partners"].insert_one({"_id": "both", "outbox": [{"look_at": moment}, {"look_at": later + HOUR}]})
    found = [await NextDue(db).timer(now), await NextDue(db).effect(now), await Received(db).next_due_at()]
    assert [round((one - later).total_seconds()) if one else None for one in found] == [0, 0, 0]
