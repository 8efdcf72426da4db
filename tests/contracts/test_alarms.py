"""`OpenAlarms`: the list of all customers' alarms, the one that has waited longest first."""

from datetime import timedelta

import pytest

from bot.domain.alarms import AlarmReason
from bot.domain.ids import LeadId
from bot.store import driver
from bot.store.alarms import OpenAlarms
from tests.conftest import DRIVERS
from tests.contracts.makers import NOW, decision, lead, leads, loaded

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]

HOUR = timedelta(hours=1)


async def listed(db: driver.Database, limit: int = 50, cursor: str | None = None) -> list[tuple[str, str]]:
    page = await OpenAlarms(db).page(limit, cursor)
    return [(found.lead, found.alarm.reason.value) for found in page.alarms]


async def test_the_earliest_of_all_customers_comes_first_page_by_page(db: driver.Database) -> None:
    store = leads(db)
    both = lead("lead-a").alarmed(AlarmReason.PAYOUT_STUCK, NOW + HOUR, "po-1")
    await store.create(both.alarmed(AlarmReason.ASKED_FOR_PERSON, NOW - HOUR))
    await store.create(lead("lead-b").alarmed(AlarmReason.NUMBER_LOST, NOW))
    await store.create(lead("lead-c"))
    whole = [("lead-a", "asked_for_person"), ("lead-b", "number_lost"), ("lead-a", "payout_stuck")]
    assert await listed(db) == whole
    first = await OpenAlarms(db).page(2, None)
    assert first.next_cursor is not None
    assert await listed(db, 2, first.next_cursor) == whole[2:]


async def test_what_closed_was_merged_or_erased_is_not_listed(db: driver.Database) -> None:
    store = leads(db)
    for name in ("closed", "merged", "erased", "open"):
        await store.create(lead(name).alarmed(AlarmReason.ASKED_FOR_PERSON, NOW))
    closed = await loaded(store, LeadId("closed"))
    await store.commit(closed, decision(closed.lead.without_alarms({AlarmReason.ASKED_FOR_PERSON})), ["e"])
    assert await store.freeze(await loaded(store, LeadId("merged")), LeadId("open"))
    await store.erase(LeadId("erased"))
    assert await listed(db) == [("open", "asked_for_person")]


async def test_a_reason_of_another_version_is_listed_and_an_odd_row_hides_no_other(db: driver.Database) -> None:
    store = leads(db)
    for name in ("lead-a", "lead-b", "lead-c"):
        await store.create(lead(name).alarmed(AlarmReason.ASKED_FOR_PERSON, NOW))
    await db["leads"].update_one({"_id": "lead-a"}, {"$set": {"alarms.0.reason": "roof_leaks"}})
    await db["leads"].update_one({"_id": "lead-b"}, {"$set": {"alarms.0.subject": 7}})
    assert await listed(db) == [("lead-a", "of_later_version"), ("lead-c", "asked_for_person")]
