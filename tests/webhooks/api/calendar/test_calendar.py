"""The calendar: everything that takes a person's or a place's time on some days, and nothing else."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.journeys import payments as p
from tests.journeys.world import World
from tests.webhooks.api.bookings.test_door import booked, customer, slots
from tests.webhooks.api.bookings.test_door import post as step

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(240)]

Json = dict[str, Any]


async def calendar(world: World, **query: str) -> Json:
    answer = await world.api.get("/calendar", params=query)
    assert answer.status_code == 200, answer.text
    shown: Json = answer.json()
    return shown


def of_kind(shown: Json, kind: str) -> list[Json]:
    return [item for item in shown["items"] if item["kind"] == kind]


async def test_a_day_has_bookings_holds_blocks_and_tasks_by_people_and_by_places(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281299000401")
    await phone.say(p.WISH)
    offered = await phone.expect("Tap one")
    now = await world.process.parts.clock.business_now()
    zone = world.process.business.zone
    day = (now.astimezone(zone) + timedelta(days=28)).date()
    shown = await calendar(world, **{"from": day.isoformat(), "to": (day + timedelta(days=1)).isoformat()})
    held = of_kind(shown, "hold")
    assert {item["column"] for item in held} <= {column["id"] for column in shown["columns"]}
    assert {datetime.fromisoformat(item["start"]).strftime("%H:%M") for item in held} == {
        one.split()[-1] for one in offered.choices
    }
    await phone.say("the first")
    await phone.expect("Please confirm")
    await phone.tap("Yes, book it")
    reference = p.reference_in(await phone.expect("Please pay by", kind="cta_url"))
    starts = (await p.booking(world, reference)).chosen
    assert starts is not None
    here = {"from": starts.start.astimezone(zone).date().isoformat()}
    (item,) = of_kind(await calendar(world, **here), "booking")
    assert (item["booking"], item["column"], item["can_move"]) == (reference, f"provider:{starts.provider}", True)
    assert datetime.fromisoformat(item["start"]) == starts.start
    (at_place,) = of_kind(await calendar(world, **here, by="places"), "booking")
    assert at_place["column"] == f"place:{starts.place}"
    block = {
        "resource": "provider:komang",
        "from": starts.start.isoformat(),
        "to": (starts.start + timedelta(hours=2)).isoformat(),
        "reason": "ill",
    }
    made = (await world.api.post("/blocks", json=block)).raise_for_status().json()
    (blocked,) = of_kind(await calendar(world, **here), "block")
    assert (blocked["id"], blocked["column"], blocked["title"]) == (f"block:{made['id']}", "provider:komang", "ill")
    await world.api.delete(f"/blocks/{made['id']}")
    due = (starts.start - timedelta(hours=1)).isoformat()
    task = (await world.api.post("/tasks", json={"title": "Flowers", "due": due, "who": "dewi"})).json()
    shown = await calendar(world, **here)
    assert of_kind(shown, "block") == []
    (work,) = of_kind(shown, "task")
    assert (work["id"], work["column"], work["state"]) == (f"task:{task['id']}", "staff:dewi", "taken")


async def test_what_was_cancelled_takes_nobodys_time(world: World) -> None:
    lead = await customer(world)
    slot = (await slots(world))[0]
    made = await booked(world, lead, slot)
    here = {"from": datetime.fromisoformat(made["start"]).date().isoformat()}
    assert [item["booking"] for item in of_kind(await calendar(world, **here), "booking")] == [made["reference"]]
    await step(world, made, "cancel", {"reason": "flight", "cause": "customer"})
    assert of_kind(await calendar(world, **here), "booking") == []


@pytest.mark.parametrize(
    ("query", "status", "kind"),
    [
        ("from=2026-02-02&to=2026-02-01", 422, "bad-period"),
        ("from=2026-02-02&to=2026-06-01", 422, "bad-period"),
        ("by=stars", 400, "unknown-columns"),
        ("from=soon", 400, "bad-day"),
    ],
)
async def test_days_that_make_no_sense_are_refused(world: World, query: str, status: int, kind: str) -> None:
    answer = await world.api.get(f"/calendar?{query}")
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:janji:problem:{kind}")
