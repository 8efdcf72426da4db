"""Who did it, and in which role, stands on record: for people, for the machine, and for what was written before."""

from datetime import timedelta
from typing import Any

import pytest

from bot.dialogue.denials import DENIED
from bot.domain.commands import RecordAudit
from bot.domain.ids import EffectId, LeadId
from bot.domain.users import Role
from bot.store.tasks import Tasks
from tests.journeys.world import World
from tests.webhooks.api.bookings.test_door import booked, customer, slots
from tests.webhooks.console.people import colleague

pytestmark = pytest.mark.mongo

Json = dict[str, Any]


async def records_of(world: World, lead: str) -> list[tuple[str, str, str | None]]:
    entries = await world.process.parts.audit.of(LeadId(lead))
    return [(entry.what, entry.by, entry.role) for entry in entries]


async def test_what_a_person_does_stands_on_record_with_their_role(world: World) -> None:
    lead, (slot, *_) = await customer(world), await slots(world)
    ayu = await world.person(Role.FINANCE, Role.OPERATIONS)
    me = ayu.headers["X-Id"]
    body = {"lead_id": lead, "service": slot["slot_id"].split("|")[0], "slot_id": slot["slot_id"]}
    made = await ayu.post("/bookings", json=body)
    assert made.status_code == 201, made.text
    reference = made.json()["reference"]
    assert {(move["by"], move["role"]) for move in made.json()["history"]} >= {(me, "operations")}
    denied = await ayu.post(f"/bookings/{reference}/check-in", json={})
    assert denied.status_code == 409
    dewi = await world.person(Role.SALES, email="dewi@example.com")
    cancelled = await dewi.post(f"/bookings/{reference}/cancel", json={"cause": "business", "reason": "closed"})
    assert cancelled.status_code == 200, cancelled.text
    assert cancelled.json()["cancelled_by"] == dewi.headers["X-Id"]
    assert (await dewi.post(f"/conversations/{lead}/takeover", json={})).status_code == 200
    shown = await dewi.get("/conversations", params={"tab": "mine"})
    assert [item["owner"] for item in shown.json()["items"]] == [dewi.headers["X-Id"]]
    await world.quiet()
    found = await records_of(world, lead)
    assert (DENIED, me, "operations") in found
    assert any((by, role) == (dewi.headers["X-Id"], "sales") for what, by, role in found if what == "booking_moved")
    assert ("taken_over", dewi.headers["X-Id"], "sales") in found


async def test_what_a_machine_does_is_the_machines(world: World) -> None:
    lead, (slot, *_) = await customer(world), await slots(world)
    made = await booked(world, lead, slot)
    assert {(move["by"], move["role"]) for move in made["history"]} >= {("machine", "operations")}


async def test_a_record_of_before_people_had_accounts_is_read(world: World) -> None:
    lead = await customer(world)
    now = await world.process.parts.clock.business_now()
    old = RecordAudit("booking_moved", "operations", now, (("booking", "BK-1"),))
    await world.process.parts.audit.write(LeadId(lead), EffectId("old:0"), old)
    assert ("booking_moved", "operations", None) in await records_of(world, lead)


async def test_who_lifts_a_block_is_on_record_with_their_role_at_the_api_and_in_the_console(world: World) -> None:
    now = await world.process.parts.clock.business_now()
    day = (now + timedelta(days=3)).date()
    span = {"from": f"{day}T01:00:00+00:00", "to": f"{day}T09:00:00+00:00", "reason": "ill"}
    made = (await world.api.post("/blocks", json={"resource": "provider:ayu", **span})).json()
    assert (made["lifted_by"], made["lifted_role"]) == (None, None)
    ayu = await world.person(Role.SUPPORT, Role.OPERATIONS)
    lifted = await ayu.delete(f"/blocks/{made['id']}")
    assert lifted.status_code == 200, lifted.text
    record = (lifted.json()["lifted_by"], lifted.json()["lifted_role"])
    assert record == (ayu.headers["X-Id"], "operations")
    # lifted once more by somebody else it was lifted by the first
    again = (await world.api.delete(f"/blocks/{made['id']}")).json()
    assert (again["lifted_by"], again["lifted_role"]) == record
    forged = await ayu.delete(f"/blocks/{made['id']}", params={"by": "somebody"})
    assert forged.status_code == 403
    # put up once more, and lifted by the machine in whose name it says
    assert (await world.api.post("/blocks", json={"resource": "provider:ayu", **span})).json()["lifted_by"] is None
    named = await world.api.delete(f"/blocks/{made['id']}", params={"by": "rina", "role": "admin"})
    assert (named.json()["lifted_by"], named.json()["lifted_role"]) == ("rina", "admin")
    await world.api.post("/blocks", json={"resource": "provider:ayu", **span})
    async with colleague(world.process, world.url, "Nyoman", Role.ADMIN) as admin:
        page = await admin.get(f"/calendar?day={day}")
        assert "data-lift" in page.text
        done = await admin.post(f"/calendar/lift?day={day}", block=f"block:{made['id']}")
        assert (done.status_code, "data-lift" in done.text) == (200, False), done.text
        found = {one["id"]: one for one in (await world.api.get("/blocks")).json()["items"]}[made["id"]]
        assert (found["lifted_by"], found["lifted_role"]) == (admin.id, "admin")
        assert (await admin.post(f"/calendar/lift?day={day}", block="nothing")).status_code == 404


async def test_each_step_of_a_task_is_on_record_with_person_and_role(world: World) -> None:
    due = (await world.process.parts.clock.business_now() + timedelta(hours=30)).isoformat()
    ayu = await world.person(Role.SALES, Role.OPERATIONS)
    made = (await ayu.post("/tasks", json={"title": "Buy flowers", "due": due, "task_role": "host"})).json()
    me, path = ayu.headers["X-Id"], f"/tasks/{made['id']}"
    assert [(move["to"], move["by"], move["role"]) for move in made["history"]] == [("open", me, "operations")]
    assert (await ayu.post(f"{path}/assign", json={"who": "dewi"})).status_code == 200
    assert (await world.api.post(f"{path}/problem", json={"note": "closed", "by": "rina"})).status_code == 200
    async with colleague(world.process, world.url, "Sari", Role.SALES) as sales:
        # the page steps in the role that may, and not in whichever is usual
        assert (await sales.post(f"/work/{made['id']}/done")).status_code == 200
        told = (await world.api.get(path)).json()
        assert [(move["to"], move["by"], move["role"]) for move in told["history"]][1:] == [
            ("taken", me, "operations"),
            ("problem", "rina", "operations"),
            ("done", sales.id, "sales"),
        ]
    assert all(move["at"] for move in told["history"])


async def test_a_task_of_before_roles_were_kept_is_read(world: World) -> None:
    due = (await world.process.parts.clock.business_now() + timedelta(hours=30)).isoformat()
    made = (await world.api.post("/tasks", json={"title": "Buy flowers", "due": due})).json()
    rows = world.process.database["tasks"]
    await rows.update_one({"_id": made["id"]}, {"$unset": {"history": ""}})
    assert (await world.api.get(f"/tasks/{made['id']}")).json()["history"] == []
    known = await Tasks(world.process.database).find(made["id"])
    assert known is not None
    assert known.history == ()
