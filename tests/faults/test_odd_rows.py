"""Stored rows whose columns are of another kind: nobody's queue ends there, and every list shows the others."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from tests.journeys import payments as p
from tests.journeys.world import World, opened, until

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
        answer = await world.api.get(path)
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
