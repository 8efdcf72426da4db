"""One row never stops a queue: a thousand bad ones wait at its head, and the others go on."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.errors import WriteError

from bot.domain.ids import LeadId
from bot.engine.resting import Resting
from bot.store.delivery import UNREADABLE, DeliveryState
from tests.journeys.world import World, opened, until
from webhooks.processes import housekeeping

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(240)]

ROWS = 1_000
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


@pytest.fixture
async def world(mongodb_uri: str) -> AsyncIterator[World]:
    async with opened(mongodb_uri) as running:
        yield running


def bad_delivery(number: int) -> dict[str, Any]:
    """A row that is new and heads every page; what is wrong with it differs."""
    row: dict[str, Any] = {
        "_id": f"whatsapp:bad-{number}",
        "source": "whatsapp",
        "kind": "message",
        "state": "new",
        "lead": None,
        "received_at": LONG_AGO,
        "due_at": LONG_AGO,
        "sent_at": LONG_AGO,
        "body": b"",
        "aliases": ["wa_id:x"],
        "fingerprint": "",
        "is_free_text": True,
        "attempts": 0,
    }
    match number % 4:
        case 0:
            del row["body"]
        case 1:
            row["kind"] = "hologram"
        case 2:
            row["aliases"] = 7
        case _:
            row["body"] = b"not sealed by us"
    return row


async def test_a_thousand_bad_deliveries_at_the_head_keep_nobody_waiting(world: World) -> None:
    received = world.process.database["received"]
    await received.insert_many([bad_delivery(number) for number in range(ROWS)])
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Hello")
    await phone.expect("Hello Sari", timeout=120)

    async def parked() -> bool:
        return int(await received.count_documents({"state": "parked"})) == ROWS

    await until(parked, timeout=60, what="every bad row parked")
    reasons = set(await received.distinct("reason", {"state": "parked"}))
    assert UNREADABLE in reasons
    assert all(reason == UNREADABLE or reason.startswith("not routable: ") for reason in reasons)
    listed = await world.process.parts.received.listed(DeliveryState.PARKED, limit=2 * ROWS)
    assert len(listed) == ROWS
    parts = world.process.parts
    await housekeeping.tidy(parts, await parts.leads.server_now(), await parts.clock.business_now())
    counted = await parts.set_aside.last()
    assert counted is not None
    assert counted.counts["parked_deliveries"] == ROWS


async def test_rows_that_cannot_even_be_parked_are_passed_by(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    received = world.process.parts.received
    collection = received._collection

    class Unwritable:
        """The collection, with rows the server refuses to change."""

        def __getattr__(self, name: str) -> Any:
            return getattr(collection, name)

        async def update_one(self, query: dict[str, Any], *given: Any, **more: Any) -> Any:
            if str(query.get("_id")).startswith("whatsapp:bad-"):
                raise WriteError("Document failed validation", 121)
            return await collection.update_one(query, *given, **more)

    monkeypatch.setattr(received, "_collection", Unwritable())
    await world.process.database["received"].insert_many([bad_delivery(number) for number in range(ROWS)])
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Hello")
    await phone.expect("Hello Sari", timeout=120)
    assert received.passed_by() == ROWS


async def test_leads_that_cannot_be_read_or_visited_keep_nobody_from_being_visited(world: World) -> None:
    leads = world.process.database["leads"]
    rows = [
        {
            "_id": f"bad-{number}",
            "version": 0,
            "outbox": [{"id": "x", "status": "queued", "look_at": LONG_AGO}] if number % 2 else [],
            "handled": [],
            "merged_into": None,
            "next_due_at": LONG_AGO,
            "sealed": b"not sealed by us",
        }
        for number in range(ROWS)
    ]
    await leads.insert_many(rows)
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Hello")
    await phone.expect("Hello Sari", timeout=120)


def test_a_lead_rests_longer_each_time_and_is_forgiven_at_once() -> None:
    moment = 0.0
    resting = Resting(monotonic=lambda: moment)
    lead = LeadId("lead-1")
    rests = []
    for _ in range(2_000):
        resting.add(lead)
        before = moment
        while resting.now():
            moment += 1
        rests.append(moment - before)
    assert rests[:3] == [2, 4, 8]
    assert max(rests) == 600
    resting.forget(lead)
    assert (resting.count(), resting.now()) == (0, ())


async def test_a_transcript_and_an_inbox_show_what_can_be_read(world: World) -> None:
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Hello")
    await phone.expect("Hello Sari")
    await world.quiet()
    lead = (await world.lead_of(phone))["id"]
    database = world.process.database
    await database["messages"].update_one({"lead": lead, "author": "customer"}, {"$set": {"text": b"broken"}})
    await database["leads"].insert_one(
        {
            "_id": "bad",
            "version": 0,
            "outbox": [],
            "handled": [],
            "merged_into": None,
            "sealed": b"x",
            "last_inbound_at": LONG_AGO,
        }
    )
    assert "(unreadable)" in [line.text for line in await world.transcript(lead)]
    assert [item["id"] for item in await world.leads()] == [lead]


async def test_an_unreadable_effect_keeps_its_place_and_its_lead_goes_on(world: World) -> None:
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Hello")
    await phone.expect("Hello Sari")
    await world.quiet()
    lead = (await world.lead_of(phone))["id"]
    broken = {
        "id": "broken:0",
        "lane": "slots",
        "kind": "book_slot",
        "status": "queued",
        "look_at": LONG_AGO,
        "sealed": b"?",
    }
    await world.process.database["leads"].update_one({"_id": lead}, {"$push": {"outbox": broken}})
    await phone.say("Hello")
    await phone.expect("Hello again")

    async def only_it_is_left() -> bool:
        row = await world.process.database["leads"].find_one({"_id": lead})
        return [kept["id"] for kept in row["outbox"]] == ["broken:0"]

    await until(only_it_is_left, what="the effect that stays")
