"""Stored rows whose columns are of another kind: nobody's queue ends there, and every list shows the others."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from bot.domain.ids import LeadId
from bot.domain.outcome import Decision
from bot.domain.users import Role
from bot.engine.thread_worker import ThreadWorker
from bot.store.sealing import KeyDestroyed
from tests.faults.envelopes import text_message
from tests.journeys import payments as p
from tests.journeys.world import QUICK, World, opened, until
from webhooks.processes import housekeeping

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(180)]

LONG_AGO: Final = datetime(2001, 1, 1, tzinfo=UTC)
ODD: Final[tuple[dict[str, Any], ...]] = (
    {"attempts": "many"},
    {"due_at": "yesterday"},
    {"due_at": None},
    {"sent_at": 7},
    {"received_at": "then"},
    {"fingerprint": None},
    {"aliases": 7},
    {"body": "plain"},
    {"source": ["whatsapp"]},
    {"kind": 1},
    {"understanding": "yes"},
)


@pytest.fixture
async def world(mongodb_uri: str) -> AsyncIterator[World]:
    async with opened(mongodb_uri) as running:
        yield running


def delivery(name: str, **columns: Any) -> dict[str, Any]:
    """A row as it should be, but for these columns."""
    row = {
        "_id": name,
        "source": "whatsapp",
        "kind": "message",
        "state": "new",
        "lead": None,
        "received_at": LONG_AGO,
        "due_at": LONG_AGO,
        "sent_at": LONG_AGO,
        "body": b"sealed by nobody",
        "aliases": ["wa_id:x"],
        "fingerprint": "f",
        "is_free_text": False,
        "attempts": 0,
    }
    return row | columns


async def test_an_odd_row_of_a_lead_stops_neither_that_lead_nor_the_worker(world: World) -> None:
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Hello")
    await phone.expect("Hello Sari", timeout=60)
    lead = (await world.lead_of(phone))["id"]
    rows = [delivery(f"odd-{number}", lead=lead, **odd) for number, odd in enumerate(ODD)]
    received = world.process.database["received"]
    await received.insert_many(rows)
    await phone.say("what can I do here?")
    await phone.expect("write STOP and we stay silent", timeout=60)

    async def parked() -> bool:
        return int(await received.count_documents({"_id": {"$regex": "^odd-"}, "state": "parked"})) == len(ODD)

    await until(parked, timeout=60, what="every odd row set aside")


async def test_callbacks_without_their_moments_stop_none_behind_them(world: World) -> None:
    received = world.process.database["received"]
    rows = [delivery(f"odd-{number}", source="xendit", kind="callback") for number in range(450)]
    for number, row in enumerate(rows):
        if number % 3 == 0:
            del row["received_at"]
        else:
            row["received_at" if number % 3 == 1 else "due_at"] = "then"
    await received.insert_many(rows)
    phone = await world.phone("Emma", wa_id="6281200000002")
    reference = p.reference_in(await p.linked(phone))
    await p.pay(world, f"{reference}.1")
    await phone.expect("Paid and confirmed", timeout=60)

    async def parked() -> bool:
        return not await received.count_documents({"_id": {"$regex": "^odd-"}, "state": "new"})

    await until(parked, timeout=60, what="every odd callback set aside")


async def test_lists_and_pages_show_what_can_be_read(world: World) -> None:
    """Every document there is gets twins that are broken, each in another column; every GET still answers."""
    phone = await world.phone("Emma", wa_id="6281200000003")
    reference = p.reference_in(await p.linked(phone))
    await p.pay(world, f"{reference}.1")
    await phone.expect("Paid and confirmed", timeout=60)
    await world.quiet()
    lead = (await world.lead_of(phone))["id"]
    await _twins(world)
    wrong = []
    finance = await world.person(Role.FINANCE)
    for path in (
        "/services",
        "/services/balinese-massage/slots?from=2026-12-20&to=2026-12-30",
        "/bookings",
        f"/bookings?lead={lead}",
        "/bookings?state=CONFIRMED",
        f"/bookings/{reference}",
        f"/bookings/{reference}/verdict?target=CANCELLED",
        "/leads?phone=6281200000003",
        f"/leads/{lead}",
        f"/leads/{lead}/insight",
        "/conversations",
        "/conversations?tab=unassigned",
        f"/conversations/{lead}/messages",
        "/money/check",
        "/money/payouts",
        "/money/payees",
        "/money/alarms",
        "/clock",
    ):
        # payees are for a person's eyes
        answer = await (finance if path == "/money/payees" else world.api).get(path)
        if not answer.is_success:
            wrong.append((path, answer.status_code, answer.text[:300]))
    assert not wrong, "\n".join(map(str, wrong))
    listed = (await world.api.get("/bookings")).json()["items"]
    assert reference in {item["reference"] for item in listed}


async def _twins(world: World) -> None:
    database = world.process.database
    for name in await database.list_collection_names():
        if name in {"house", "keys", "schema", "vault", "master_keys"} or name.startswith("system."):
            continue
        document = await database[name].find_one({})
        if document is None:
            continue
        columns = [column for column in document if column != "_id"]
        twins = [
            {**{key: value for key, value in document.items() if key != column}, "_id": f"odd-{name}-{column}"}
            for column in columns
        ]
        twins += [{**document, column: ["odd"], "_id": f"odd2-{name}-{column}"} for column in columns]
        for twin in twins:
            twin.pop("token", None)
            try:
                await database[name].insert_one(twin)
            except Exception as error:
                # a row the collection's own rules refuse cannot be there
                print(f"{name}: {type(error).__name__}")


async def test_a_thousand_booked_times_nobody_can_judge_keep_no_orphan_from_being_freed(world: World) -> None:
    claims = world.process.database["claims"]
    far = datetime(2100, 1, 1, tzinfo=UTC)
    rows: list[dict[str, Any]] = []
    for number in range(1_000):
        row = {"_id": f"odd|{number:06}|0", "hold": f"!odd-{number:06}", "booked": True, "expires_at": far, "of": 1}
        row |= {"lead": ("bad", 7, None, ["x"])[number % 4], "booking": (None, 7, "BK-X")[number % 3]}
        rows.append(row)
    await claims.insert_many(rows)
    await world.process.database["leads"].insert_one(
        {"_id": "bad", "version": 0, "outbox": [], "handled": [], "merged_into": None, "sealed": b"sealed by nobody"}
    )
    behind = {"_id": "place:x|2026-12-24|0", "hold": "orphan", "lead": "nobody", "booking": None, "booked": True}
    await claims.insert_one({**behind, "expires_at": None, "of": 1})
    await world.process.parts.orphans.sweep(await world.process.parts.clock.business_now())
    assert await claims.count_documents({"hold": "orphan"}) == 0


async def test_a_form_that_cannot_be_read_ends_and_keeps_no_merge_from_its_end(world: World) -> None:
    number, user = "6281200000007", "ID.13491208655302741918"
    for at, (wa_id, user_id) in enumerate([(None, user), (number, None)]):
        sent = text_message(world.simulator.phone_number_id, f"wamid.form{at}", "hello", wa_id=wa_id, user_id=user_id)
        assert (await world.raw(sent))["status"] == 200

    async def two() -> bool:
        return len(await world.leads()) == 2

    await until(two, what="two leads")
    await world.quiet()
    database = world.process.database
    for lead in await world.leads():
        row = {"lead": lead["id"], "version": 0, "expires_at": datetime(2100, 1, 1, tzinfo=UTC), "submitted_at": None}
        broken = [{**row, "_id": f"{lead['id']}-{at}", "packed": (b"sealed by nobody", 7)[at % 2]} for at in range(500)]
        await database["flow_sessions"].insert_many(broken)
        assert await world.process.parts.forms.forms.load(f"{lead['id']}-0") is None
    both = text_message(world.simulator.phone_number_id, "wamid.both", "hello", wa_id=number, user_id=user)
    await world.raw(both)

    async def merged() -> bool:
        return len(await world.leads()) == 1

    await until(merged, timeout=60, what="one lead")
    await world.quiet()
    assert await database["received"].count_documents({"state": "parked"}) == 0
    assert await database["messages"].count_documents({"author": "customer"}) == 3


async def test_a_thousand_old_rows_of_any_kind_end_no_round_of_housekeeping(world: World) -> None:
    database, parts = world.process.database, world.process.parts
    old = [delivery(f"odd-{number}", **{"state": "done", **ODD[number % len(ODD)]}) for number in range(1_000)]
    await database["received"].insert_many(old)
    forms = [{"_id": f"odd-{number}", "lead": number, "expires_at": LONG_AGO, "packed": 7} for number in range(1_000)]
    await database["flow_sessions"].insert_many(forms)
    await housekeeping.tidy(parts, await parts.leads.server_now(), await parts.clock.business_now())
    assert await database["flow_sessions"].count_documents({}) == 0
    kept = {"body": {"$ne": b""}, "received_at": LONG_AGO}
    assert await database["received"].count_documents(kept) == 0


@pytest.mark.parametrize("text", ["a\x00b", "\x00", "\ud800 half", "x" * 5_000])
async def test_an_agents_words_that_are_no_text_are_refused_and_sent_to_nobody(world: World, text: str) -> None:
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Hello")
    await phone.expect("Hello Sari", timeout=60)
    lead = (await world.lead_of(phone))["id"]
    await world.api.post(f"/conversations/{lead}/takeover")
    body = json.dumps({"text": text}).encode()
    answer = await world.api.post(f"/conversations/{lead}/messages", content=body)
    assert answer.status_code in {400, 422}
    await world.quiet()
    assert len(await phone.bubbles()) == 1


def unreadable_lead(number: int) -> dict[str, Any]:
    """It has been due for ever."""
    row = {"_id": f"!lead-{number:05}", "version": 0, "outbox": [], "handled": [], "merged_into": None}
    return row | {"next_due_at": LONG_AGO, "sealed": b"sealed by nobody"}


async def test_a_lead_that_cannot_be_read_is_left_without_a_lease(world: World) -> None:
    leads = world.process.database["leads"]
    await leads.insert_one(unreadable_lead(1) | {"next_due_at": None})
    with pytest.raises(KeyDestroyed):
        await world.process.parts.leads.acquire(LeadId("!lead-00001"), "mine", 30)
    row = await leads.find_one({"_id": "!lead-00001"})
    assert row is not None
    assert (row.get("lease") or {}).get("token") != "mine"


async def test_timers_behind_leads_that_failed_before_are_not_starved(
    mongodb_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leases as long as in production: whoever leaves one behind is met again and again while it lasts."""
    async with opened(mongodb_uri, replace(QUICK, lease_seconds=30.0)) as world:
        phone = await world.phone(wa_id="6281200000001")
        await phone.say("Hello")
        await phone.expect("Hello Sari", timeout=60)
        await world.quiet()
        leads, parts = world.process.database["leads"], world.process.parts
        await leads.insert_many([unreadable_lead(number) for number in range(600)])
        failed = Counter[str]()
        visit = parts.lead_worker.work

        async def counted(lead_id: LeadId) -> bool:
            if lead_id.startswith("!"):
                failed[lead_id] += 1
            return await visit(lead_id)

        monkeypatch.setattr(ThreadWorker, "work", lambda _, lead_id: counted(lead_id))

        async def all_visited() -> bool:
            return len(failed) == 600

        await until(all_visited, timeout=60, what="every bad lead visited", poll=0.1)
        lead = LeadId((await world.lead_of(phone))["id"])
        stored = await parts.leads.load(lead)
        assert stored is not None
        assert await parts.leads.commit(stored, Decision(stored.lead.with_timer("hologram", LONG_AGO)), [])

        async def fired() -> bool:
            now = await parts.clock.business_now()
            return not await leads.count_documents({"_id": lead, "next_due_at": {"$lte": now}})

        await until(fired, timeout=60, what="the timer behind them", poll=0.1)
        # they rest longer each time: nobody is visited over and over
        assert max(failed.values()) <= 7, failed.most_common(3)
