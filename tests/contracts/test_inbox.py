"""The inbox in the database: its orders and filters, what is found by words nobody can read there, presence, duty."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.commands import Author
from bot.domain.ids import AgentId, BookingReference, EffectId, LeadId
from bot.domain.inbox import CUSTOMER, Snooze, SnoozeKind
from bot.domain.lead import Address, Lead
from bot.domain.notes import RecordNote
from bot.domain.states import Mode
from bot.engine.findable import FindableBackfill
from bot.store import driver, search_terms
from bot.store import leads as leads_store
from bot.store.availability import Availabilities
from bot.store.backfills import Backfills
from bot.store.bookings import Bookings
from bot.store.inbox_views import InboxFilter, InboxOrder, InboxTab, InboxView
from bot.store.leads import Leads
from bot.store.messages import DeliveryStatus, Messages
from bot.store.migrations import migrate
from bot.store.paging import BadCursor
from bot.store.presence import Presence
from bot.store.sealing import MasterKeys
from bot.store.vault import Vault
from payments.domain.money import Money
from tests.bot.makers import conversing
from tests.contracts.makers import MINUTE, NOW, leads, loaded, vault
from tests.contracts.test_query_plans import Shapes, explainable, stages

pytestmark = pytest.mark.mongo

RINA, AYU = AgentId("rina"), AgentId("ayu")
HOUR = timedelta(hours=1)


def a_lead(number: int, agent: AgentId | None = None) -> Lead:
    lead = Lead(LeadId(f"lead-{number}"), Address(wa_id=f"62812000{number:04d}"), name=f"Guest {number}")
    return conversing(lead, mode=Mode.AGENT, last_inbound_at=NOW - number * HOUR, agent=agent)


def waits(lead: Lead, hours: int, unread: int = 1) -> Lead:
    entry = replace(lead.inbox, waiting_since=NOW - hours * HOUR, last_speaker=CUSTOMER, words=unread)
    return replace(lead, inbox=entry)


def seen(
    only: InboxFilter = InboxFilter.EVERY, order: InboxOrder = InboxOrder.NEWEST, tab: InboxTab = InboxTab.ALL
) -> InboxView:
    return InboxView(tab, "rina", NOW, order, only)


async def listed(store: Leads, view: InboxView, limit: int = 50) -> list[str]:
    found: list[str] = []
    cursor = None
    while True:
        page = await store.page(view, limit, cursor)
        found += [stored.lead.id for stored in page.leads]
        cursor = page.next_cursor
        if cursor is None:
            return found


async def test_who_has_waited_longest_comes_first_page_by_page(db: driver.Database) -> None:
    store = leads(db)
    for number, hours in ((1, 2), (2, 9), (3, 5)):
        await store.create(waits(a_lead(number), hours))
    await store.create(a_lead(4))
    waiting = seen(order=InboxOrder.WAITING)
    assert await listed(store, waiting, 1) == ["lead-2", "lead-3", "lead-1"]
    assert await store.count(waiting) == 3
    with pytest.raises(BadCursor):
        await store.page(waiting, 1, "nonsense")


async def test_what_is_due_first_comes_first(db: driver.Database) -> None:
    store = leads(db)
    await store.create(a_lead(1).alarmed(AlarmReason.COMPLAINT, NOW, due=NOW + 3 * HOUR))
    # waits, so that the end of its window is a deadline: 24 hours after the last word, in 14
    await store.create(waits(a_lead(10), 1))
    await store.create(replace(a_lead(2), inbox=replace(a_lead(2).inbox, woke_at=NOW)))
    assert await listed(store, seen(order=InboxOrder.DEADLINE)) == ["lead-2", "lead-1", "lead-10"]


async def test_each_filter_shows_its_own_and_what_is_put_off_is_shown_in_its_own_alone(db: driver.Database) -> None:
    store = leads(db)
    await store.create(waits(a_lead(1), 1))
    await store.create(replace(a_lead(2), inbox=replace(a_lead(2).inbox, last_speaker="rina")))
    await store.create(a_lead(23))
    asleep = waits(a_lead(3), 1)
    await store.create(replace(asleep, inbox=replace(asleep.inbox, snooze=Snooze(SnoozeKind.ANSWERED, RINA, NOW))))
    assert await listed(store, seen()) == ["lead-1", "lead-2", "lead-23"]
    assert await listed(store, seen(InboxFilter.UNREAD)) == ["lead-1"]
    assert await listed(store, seen(InboxFilter.CUSTOMER_LAST)) == ["lead-1"]
    assert await listed(store, seen(InboxFilter.CLOSING)) == ["lead-23"]
    assert await listed(store, seen(InboxFilter.SNOOZED)) == ["lead-3"]


async def test_what_waits_counts_as_load_and_what_waits_for_the_customer_or_sleeps_does_not(
    db: driver.Database,
) -> None:
    store = leads(db)
    await store.create(waits(a_lead(1, agent=RINA), 1))
    await store.create(a_lead(2, agent=RINA))
    asleep = waits(a_lead(3, agent=RINA), 1)
    await store.create(replace(asleep, inbox=replace(asleep.inbox, snooze=Snooze(SnoozeKind.ANSWERED, RINA, NOW))))
    assert await store.load_of([RINA, AYU]) == {RINA: 1, AYU: 0}
    assert await store.waiting_for(RINA, 10) == ["lead-1"]


async def test_a_customer_is_found_by_name_without_marks_and_by_the_end_of_their_number(db: driver.Database) -> None:
    store = leads(db)
    guest = replace(a_lead(1), name="Đặng Thị Hồng Gấm")
    await store.create(replace(guest, address=Address(wa_id="6281234567890")))
    await store.create(a_lead(2))

    async def found(asked: tuple[tuple[str, str], ...]) -> list[str]:
        return [stored.lead.id for stored in (await store.found_by(asked, 10, None)).leads]

    for words in ("dang", "Đặng", "hong gam", "hon", "GẤM"):
        assert await found(search_terms.asked_name(words)) == ["lead-1"], words
    assert await found(search_terms.asked_name("hong nobody")) == []
    for digits in ("7890", "567890", "+62 812-3456-7890", "0812 3456 7890"):
        assert await found(search_terms.asked_number(digits)) == ["lead-1"], digits
    assert search_terms.asked_number("890") == ()
    await store.erase(LeadId("lead-1"))
    assert await found(search_terms.asked_name("dang")) == []
    assert "find" not in (await db["leads"].find_one({"_id": "lead-1"}) or {})


@pytest.mark.parametrize("most", [leads_store.MOST_MET, 5])
async def test_of_two_common_words_of_names_only_who_has_both_is_opened(
    db: driver.Database, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(leads_store, "MOST_MET", most)
    await migrate(db)
    store = leads(db)
    for number in range(1, 21):
        await store.create(replace(a_lead(number), name="Đặng Sari" if number % 2 else "Hồng Sari"))
    await store.create(replace(a_lead(21), name="Hồng Đặng"))
    await db.command("profile", 2)
    page = await store.found_by(search_terms.asked_name("dang hong"), 10, None)
    await db.command("profile", 0)
    assert [stored.lead.id for stored in page.leads] == ["lead-21"]
    looked = [row async for row in db["system.profile"].find({"ns": f"{db.name}.leads"})]
    opened = sum(row.get("docsExamined", 0) for row in looked)
    assert (opened <= 2) is (most > 5), "of a word that too many have it is not asked beforehand"
    assert (await store.found_by(search_terms.asked_name("dang nobody"), 10, None)).leads == ()


async def test_words_that_were_said_are_found_and_nobody_can_read_them(db: driver.Database) -> None:
    store = Messages(db, vault(db))
    lead, other = LeadId("lead-1"), LeadId("lead-2")
    await store.record_inbound(lead, "m1", "Cho mình đặt phòng gia đình", NOW)
    await store.record_inbound(other, "m2", "a family room please", NOW + MINUTE)
    await store.record_outbound(other, EffectId("e"), Author.BOT, "đặt phòng", NOW, DeliveryStatus.SENT, None)
    await store.record_note(other, EffectId("n"), RecordNote("khách đặt phòng VIP", "rina", NOW + 2 * MINUTE, ("ayu",)))

    async def found(words: str) -> list[str]:
        lines, _ = await store.with_words(search_terms.asked_text(words), 10, None)
        return [one.line.id for one in lines]

    assert await found("dat phong") == ["n", "m1"]
    assert await found("FAMILY") == ["m2"]
    row = await db["messages"].find_one({"_id": "m1"})
    assert row is not None
    assert not {"dat", "phong", "đặt"} & set(row["words"])
    await store.forget_words(other)
    assert await found("dat phong") == ["m1"]


async def test_a_note_calls_a_colleague_and_stands_in_the_thread(db: driver.Database) -> None:
    store = Messages(db, vault(db))
    note = RecordNote("Can you take it?", "rina", NOW, ("ayu",))
    for _ in range(2):
        await store.record_note(LeadId("lead-1"), EffectId("n"), note)
    (line,) = await store.of(LeadId("lead-1"))
    assert (line.author, line.by, line.text, line.mentions) == ("note", "rina", "Can you take it?", ("ayu",))
    found, _ = await store.mentioning("ayu", 10)
    assert [(one.lead, one.line.id) for one in found] == [("lead-1", "n")]
    assert (await store.mentioning("rina", 10))[0] == []


async def test_bookings_are_found_by_their_price_and_their_day(db: driver.Database) -> None:
    store = Bookings(db)
    slot = OfferedSlot("s", NOW + HOUR, NOW + 2 * HOUR, provider="ayu", place="spa", hold_id=None, held_until=None)
    booking = Booking(BookingReference("BK-1"), price=Money(350_000, "IDR"), chosen=slot)
    await store.record(booking, LeadId("lead-1"), NOW)
    assert await store.of_amount(350_000, 10, None) == ([("BK-1", "lead-1")], None)
    assert await store.of_amount(350_001, 10, None) == ([], None)
    assert await store.of_day(NOW, NOW + 24 * HOUR, 10, None) == ([("BK-1", "lead-1")], None)
    assert await store.of_day(NOW - 24 * HOUR, NOW, 10, None) == ([], None)


async def test_what_an_earlier_version_stored_is_found_after_some_small_steps(db: driver.Database) -> None:
    store, messages = leads(db), Messages(db, vault(db))
    for number in range(7):
        await store.create(waits(a_lead(number), 1))
        await messages.record_inbound(LeadId(f"lead-{number}"), f"m{number}", "sunset dinner", NOW)
    columns = {"find": "", "waiting_since": "", "unread": "", "customer_last": ""}
    await db["leads"].update_many({}, {"$unset": columns})
    await db["messages"].update_many({}, {"$unset": {"words": ""}})
    # a row that nobody can read stops none of the others
    await db["leads"].update_one({"_id": "lead-3"}, {"$set": {"sealed": b"broken"}})
    backfill = FindableBackfill(store, messages, Backfills(db), 3)
    while await backfill.sweep():
        pass
    found = await store.found_by(search_terms.asked_name("guest"), 10, None)
    assert len(found.leads) == 6
    assert await store.count(seen(InboxFilter.UNREAD)) == 6
    lines, _ = await messages.with_words(search_terms.asked_text("sunset"), 10, None)
    assert len(lines) == 7


async def test_presence_lasts_for_seconds_and_says_who_types(db: driver.Database) -> None:
    store, lead = Presence(db), LeadId("lead-1")
    await store.seen(lead, RINA, is_typing=False)
    await store.seen(lead, AYU, is_typing=True)
    assert [(one.agent, one.is_typing) for one in (await store.of([lead]))[lead]] == [(AYU, True), (RINA, False)]
    await store.left(lead, AYU)
    await db["presence"].update_one({"agent": RINA}, [{"$set": {"until": {"$subtract": ["$until", 21_000]}}}])
    assert await store.of([lead]) == {}


async def test_duty_is_what_a_person_says_and_since_when(db: driver.Database) -> None:
    store = Availabilities(db)
    first = await store.say(RINA, NOW, on_duty=True, capacity=4)
    again = await store.say(RINA, NOW + MINUTE, on_duty=True)
    assert (first.since, again.since, again.capacity) == (NOW, NOW, None)
    off = await store.say(RINA, NOW + MINUTE, on_duty=False)
    assert off.since == NOW + MINUTE
    assert await store.every() == (off,)


async def test_the_stored_lead_of_another_version_is_read_with_an_empty_entry(db: driver.Database) -> None:
    store = leads(db)
    await store.create(a_lead(1))
    assert (await loaded(store, LeadId("lead-1"))).lead.inbox.unread == 0


async def test_no_query_of_the_inbox_scans_a_collection(database: Any, mongodb_uri: str) -> None:
    shapes = Shapes()
    client: Any = AsyncMongoClient(mongodb_uri, tz_aware=True, event_listeners=[shapes])
    try:
        db = driver.database(client, database.name)
        own = Vault(db, MasterKeys.from_secret("a-secret-key-of-tests-forty-characters-long", ()))
        await migrate(db)
        store, messages, bookings = Leads(db, own), Messages(db, own), Bookings(db)
        for number in range(3):
            await store.create(waits(a_lead(number, agent=RINA if number else None), 1))
        template = await db["leads"].find_one({"_id": "lead-0"})
        assert template is not None
        idle = {"waiting_since": None, "deadline_at": None, "unread": False, "customer_last": False, "find": ["x"]}
        done = template | idle
        await db["leads"].insert_many([done | {"_id": f"idle-{number}"} for number in range(400)])
        await messages.record_inbound(LeadId("lead-0"), "m", "sunset dinner", NOW)
        await db["messages"].insert_many(
            [{"_id": f"x{n}", "lead": f"l{n}", "at": NOW, "author": "customer", "words": ["y"]} for n in range(400)]
        )
        await db["bookings"].insert_many([{"_id": f"B{n}", "lead": "l", "amount": n, "start": NOW} for n in range(400)])
        shapes.commands.clear()
        for tab in InboxTab:
            for order in InboxOrder:
                for only in InboxFilter:
                    view = seen(only, order, tab)
                    first = await store.page(view, 1, None)
                    if first.next_cursor:
                        await store.page(view, 1, first.next_cursor)
                    await store.count(view)
        await store.load_of([RINA])
        await store.waiting_for(RINA, 10)
        await store.unowned(10)
        await store.found_by(search_terms.asked_name("guest"), 10, None)
        await store.found_by(search_terms.asked_name("guest number"), 10, None)
        await messages.with_words(search_terms.asked_text("sunset dinner"), 10, None)
        await messages.mentioning(RINA, 10)
        await bookings.of_amount(7, 10, None)
        await bookings.of_day(NOW, NOW + HOUR, 10, None)
        await Presence(db).of([LeadId("lead-0")])
        asked, scans = list(shapes.commands), []
        for command in asked:
            collection = next(iter(command.values()))
            for one in explainable(command):
                told = await db.command("explain", one, verbosity="queryPlanner")
                if "COLLSCAN" in stages(told) and collection != "keys":
                    scans.append((collection, one))
        assert len(asked) > 90
        assert scans == []
    finally:
        await client.close()
