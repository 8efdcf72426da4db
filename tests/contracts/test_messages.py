"""`messages`: the transcript has every line once, and its ticks go forward only."""

import asyncio
from itertools import permutations

import pytest

from bot.domain.commands import Author
from bot.domain.ids import EffectId, LeadId, Wamid
from bot.store import driver
from bot.store.messages import RANK, DeliveryStatus, Messages
from bot.store.paging import BadCursor
from bot.store.sealing import Tampered
from tests.conftest import DRIVERS
from tests.contracts.makers import MINUTE, NOW, WORDS, vault

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]

LEAD = LeadId("lead-1")
WAMID = Wamid("$wamid.HBg")


def messages(db: driver.Database) -> Messages:
    return Messages(db, vault(db))


async def said(store: Messages, effect: str, tick: DeliveryStatus = DeliveryStatus.SENT, lead: LeadId = LEAD) -> None:
    await store.record_outbound(lead, EffectId(effect), Author.BOT, WORDS, NOW, tick, WAMID)


async def test_a_bubble_is_heard_once(db: driver.Database, db_again: driver.Database) -> None:
    stores = [messages(db), messages(db_again)]
    await asyncio.gather(*(stores[number % 2].record_inbound(LEAD, "whatsapp:1", WORDS, NOW) for number in range(12)))
    await stores[0].record_inbound(LEAD, "whatsapp:1", "other words", NOW + MINUTE)
    (line,) = await stores[0].of(LEAD)
    assert (line.id, line.author, line.text, line.at, line.tick) == ("whatsapp:1", "customer", WORDS, NOW, None)


async def test_ticks_go_forward_in_whatever_order_they_are_told(db: driver.Database) -> None:
    store = messages(db)
    ticks = [DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.READ]
    for number, order in enumerate(permutations(ticks)):
        effect = EffectId(f"e:{number}")
        await said(store, effect)
        highest = DeliveryStatus.SENT
        for tick in order:
            await store.record_status(effect, tick, WAMID)
            highest = max(highest, tick, key=lambda one: RANK[one])
            (line,) = [one for one in await store.of(LEAD) if one.id == effect]
            assert line.tick is highest


async def test_ticks_told_at_once_end_at_the_furthest(db: driver.Database, db_again: driver.Database) -> None:
    stores = [messages(db), messages(db_again)]
    ticks = [DeliveryStatus.READ, DeliveryStatus.SENT, DeliveryStatus.DELIVERED] * 2
    for race in range(30):
        effect = EffectId(f"e:{race}")
        await asyncio.gather(
            said(stores[0], effect),
            *(stores[number % 2].record_status(effect, tick, WAMID) for number, tick in enumerate(ticks)),
        )
        (line,) = [one for one in await stores[1].of(LEAD) if one.id == effect]
        assert (line.tick, line.text) == (DeliveryStatus.READ, WORDS)


async def test_text_that_comes_after_its_tick_completes_the_line_and_keeps_the_tick(db: driver.Database) -> None:
    store = messages(db)
    effect = EffectId("e:0")
    await store.record_status(effect, DeliveryStatus.READ, WAMID)
    assert await store.has_tick(effect)
    assert await store.of(LEAD) == []
    await said(store, effect)
    (line,) = await store.of(LEAD)
    assert (line.text, line.author, line.tick, line.wamid) == (WORDS, "bot", DeliveryStatus.READ, WAMID)


async def test_a_line_said_twice_keeps_its_first_text(db: driver.Database) -> None:
    store = messages(db)
    await said(store, "e:0")
    await store.record_outbound(
        LEAD, EffectId("e:0"), Author.AGENT, "other words", NOW + MINUTE, DeliveryStatus.SENT, Wamid("another")
    )
    (line,) = await store.of(LEAD)
    assert (line.text, line.author, line.at, line.wamid) == (WORDS, "bot", NOW, WAMID)


async def test_perhaps_sent_is_no_tick_until_somebody_tells_us(db: driver.Database) -> None:
    store = messages(db)
    effect = EffectId("e:0")
    assert not await store.has_tick(effect)
    await said(store, effect, DeliveryStatus.PERHAPS)
    assert not await store.has_tick(effect)
    await store.record_status(effect, DeliveryStatus.DELIVERED, WAMID)
    assert await store.has_tick(effect)
    await said(store, effect, DeliveryStatus.PERHAPS)
    assert [one.tick for one in await store.of(LEAD)] == [DeliveryStatus.DELIVERED]


async def test_a_status_without_our_data_finds_its_line_by_metas_id(db: driver.Database) -> None:
    store = messages(db)
    assert await store.told_of(WAMID, DeliveryStatus.READ) is None
    assert not await store.knows(WAMID)
    await said(store, "e:0")
    assert await store.told_of(WAMID, DeliveryStatus.READ) == "e:0"
    assert await store.knows(WAMID)
    assert [one.tick for one in await store.of(LEAD)] == [DeliveryStatus.READ]


async def test_a_doubled_line_says_so(db: driver.Database) -> None:
    store = messages(db)
    await store.doubled(EffectId("e:0"))
    await said(store, "e:0")
    assert [one.perhaps_doubled for one in await store.of(LEAD)] == [True]


async def test_the_transcript_is_the_newest_lines_oldest_first(db: driver.Database) -> None:
    store = messages(db)
    for number in range(6):
        await store.record_inbound(LEAD, f"m:{number}", str(number), NOW + number * MINUTE)
    await store.record_inbound(LeadId("another"), "other", "not mine", NOW)
    assert [one.text for one in await store.of(LEAD, limit=4)] == ["2", "3", "4", "5"]


async def test_page_by_page_the_whole_transcript_is_seen_once_though_new_lines_come(db: driver.Database) -> None:
    store = messages(db)
    # three lines a moment: those of one moment are told apart by their ids
    for number in range(12):
        await store.record_inbound(LEAD, f"m:{number:02}", str(number), NOW + number // 3 * MINUTE)
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        page = await store.page(LEAD, 5, cursor)
        seen = [*(one.text for one in page.lines), *seen]
        await store.record_inbound(LEAD, f"n:{len(seen)}", "new", NOW + 9 * MINUTE)
        cursor = page.next_cursor
    assert seen == [str(number) for number in range(12)]
    assert cursor is None


@pytest.mark.parametrize("cursor", ["", "x", "nonsense", "MTIz", "OTk5OTk5OTk5OTk5OTk5OTk5OSB4", "🙂"])
async def test_what_is_no_place_in_a_transcript_is_told_so(db: driver.Database, cursor: str) -> None:
    store = messages(db)
    try:
        page = await store.page(LEAD, 5, cursor)
    except BadCursor:
        return
    assert page.lines == ()


async def test_lines_of_a_merged_lead_are_sealed_anew_and_stay_where_they_are_by_time(
    db: driver.Database, db_again: driver.Database
) -> None:
    stores = [messages(db), messages(db_again)]
    younger, older = LeadId("younger"), LeadId("older")
    await stores[0].record_inbound(older, "m:0", "first", NOW)
    await stores[0].record_inbound(younger, "m:1", WORDS, NOW + MINUTE)
    await said(stores[0], "e:0", lead=younger)
    await asyncio.gather(*(store.reassign(younger, older) for store in stores * 2))
    assert await stores[0].of(younger) == []
    assert [one.text for one in await stores[0].of(older)] == [WORDS, "first", WORDS]
    row = await db["messages"].find_one({"_id": "m:1"})
    with pytest.raises(Tampered):
        await vault(db).open(younger, "m:1", bytes(row["text"]))
    await vault(db).destroy(younger)
    assert len(await messages(db).of(older)) == 3
