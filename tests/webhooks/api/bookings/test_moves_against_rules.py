"""Staff move a booking to a time that the rules of the house refuse, and say why; what is taken stays taken."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.domain.users import Role
from tests.journeys.world import World
from tests.webhooks.api.bookings.test_door import Json, booked, customer, slots
from tests.webhooks.api.bookings.test_overrides import WHY, night
from tests.webhooks.api.test_openapi import fits, schema_of
from tests.webhooks.cli.test_leads import command

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

MOVE: Json = {"cause": "customer", "reason": "her wish"}


async def call(world: World, wa_id: str = "6281200000001", place_in_list: int = 0) -> Json:
    """A call of the day after tomorrow, booked by hand at a time of the list."""
    lead = await customer(world, wa_id)
    return await booked(world, lead, (await slots(world))[place_in_list])


async def moved(api: Any, booking: Json, slot_id: str | None, path: str = "reschedule", **more: Any) -> httpx.Response:
    body = {**MOVE, **({} if slot_id is None else {"slot_id": slot_id}), **more}
    answer: httpx.Response = await api.post(
        f"/bookings/{booking['reference']}/{path}", json=body, headers={"Accept-Language": "en"}
    )
    return answer


def step(told: Json) -> Json:
    """The newest move to another time."""
    found: Json = [move for move in told["history"] if move["to"] == "RESCHEDULED"][-1]
    return found


@pytest.mark.processes
async def test_a_booking_is_moved_against_the_rules_with_a_reason_that_stands_on_record(
    world: World, mongodb_uri: str, tmp_path: Path
) -> None:
    booking, there = await call(world), await night(world)
    refused = await moved(world.api, booking, there)
    assert (refused.status_code, refused.json()["detail"]) == (409, "the timetable has no such time")
    done = await moved(world.api, booking, there, override=WHY)
    assert done.status_code == 200, done.text
    told = done.json()
    fits(told, schema_of("post", "/bookings/{reference}/reschedule", 200))
    assert (told["state"], told["slot_id"], told["change_state"]) == ("CONFIRMED", there, "confirmed")
    start, end = (datetime.fromisoformat(told[at]) for at in ("start", "end"))
    assert end - start == timedelta(minutes=20)
    record = step(told)
    assert (record["verdict"], record["overridden"]) == ("overridden", ["opening_hours"])
    assert (record["reason"], record["by"], record["role"]) == (WHY["reason"], "machine", "operations")
    code, why = await command(world, mongodb_uri, tmp_path, "why", booking["lead_id"])
    assert code == 0, why
    assert "Overridden by the house, though these said no: opening hours." in why
    assert f"Reason: {WHY['reason']}." in why
    # the time it had is another one's to have
    assert booking["slot_id"] in {one["slot_id"] for one in await slots(world)}


async def test_a_quoted_move_keeps_what_was_overridden_until_its_yes(world: World) -> None:
    booking, there = await call(world), await night(world)
    wish: Json = {"kind": "time", "override": WHY}
    quoted = await moved(world.api, booking, there, "changes", **wish)
    assert quoted.status_code == 201, quoted.text
    assert (await world.api.get(f"/bookings/{booking['reference']}")).json()["slot_id"] == booking["slot_id"]
    path = f"/bookings/{booking['reference']}/changes/{quoted.json()['id']}/confirm"
    done = await world.api.post(path, json={"quote": 1, "by": "rina", "role": "sales"})
    assert done.status_code == 200, done.text
    assert done.json()["slot_id"] == there
    # whoever overrode it, and not whoever said yes
    assert (step(done.json())["by"], step(done.json())["overridden"]) == ("machine", ["opening_hours"])


async def test_its_own_time_is_in_nobodys_way(world: World) -> None:
    booking = await call(world)
    start = datetime.fromisoformat(booking["start"]).astimezone(UTC) + timedelta(minutes=5)
    done = await moved(world.api, booking, f"planning-call|concierge|{start:%Y%m%dT%H%MZ}|", override=WHY)
    assert done.status_code == 200, done.text
    assert step(done.json())["overridden"] == ["opening_hours"]


async def test_what_no_rule_refuses_overrides_none(world: World) -> None:
    booking = await call(world)
    free = (await slots(world))[-1]["slot_id"]
    done = await moved(world.api, booking, free, override=WHY)
    assert done.status_code == 200, done.text
    assert (step(done.json())["verdict"], step(done.json())["reason"]) == ("allowed", "her wish")


async def test_what_is_so_whoever_decides_it_stays_refused_and_the_booking_where_it_is(world: World) -> None:
    booking, other = await call(world), await call(world, "6281200000002", 3)
    there = await night(world)
    assert (await moved(world.api, other, there, override=WHY)).status_code == 200
    past = (await world.process.parts.clock.business_now() - timedelta(days=2)).strftime("%Y%m%dT0200Z")
    for slot_id, rule in (
        (there, "slot_available"),
        # ten minutes on the same person is still on the phone
        (there.replace("00Z", "10Z"), "slot_available"),
        (f"planning-call|concierge|{past}|", "appointment_date"),
        ("planning-call|ayu|20981224T0200Z|", "slot_available"),
        ("nonsense", "slot_available"),
    ):
        refused = await moved(world.api, booking, slot_id, override=WHY)
        assert (refused.status_code, [one["rule"] for one in refused.json()["reasons"]]) == (409, [rule]), slot_id
    known = (await world.api.get(f"/bookings/{booking['reference']}")).json()
    assert (known["slot_id"], known["state"]) == (booking["slot_id"], "CONFIRMED")


async def test_nobody_is_moved_to_a_blocked_person_whatever_the_reason(world: World) -> None:
    booking, there = await call(world), await night(world)
    start = datetime.strptime(there.split("|")[2], "%Y%m%dT%H%MZ").replace(tzinfo=UTC)
    ends = (start + timedelta(hours=2)).isoformat()
    block = {"resource": "provider:concierge", "from": start.isoformat(), "to": ends, "reason": "ill"}
    assert (await world.api.post("/blocks", json=block)).status_code == 201
    assert (await moved(world.api, booking, there, override=WHY)).status_code == 409
    known = (await world.api.get(f"/bookings/{booking['reference']}")).json()
    assert known["slot_id"] == booking["slot_id"]


@pytest.mark.parametrize("given", [{}, {"reason": ""}, {"reason": "   "}, {"reason": "x" * 301}, {"reason": None}])
async def test_without_a_reason_no_rule_is_overridden(world: World, given: Json) -> None:
    refused = await moved(world.api, await call(world), await night(world), override=given)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:janji:problem:no-reason")


async def test_an_override_is_of_a_time_that_is_named(world: World) -> None:
    refused = await moved(world.api, await call(world), None, override=WHY)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:janji:problem:no-time")


async def test_who_may_move_against_the_rules_is_in_the_table_of_roles(world: World) -> None:
    booking, there = await call(world), await night(world)
    sales = await world.person(Role.SALES)
    for api, more in ((sales, {}), (world.api, {"by": "rina", "role": "sales"})):
        refused = await moved(api, booking, there, override=WHY, **more)
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:janji:problem:may-not")
    both = await world.person(Role.SALES, Role.OPERATIONS, email="komang@example.com")
    done = await moved(both, booking, there, override=WHY)
    assert done.status_code == 200, done.text
    assert (step(done.json())["by"], step(done.json())["role"]) == (both.headers["X-Id"], "operations")


async def test_the_same_move_sent_twice_is_one_move_and_one_record(world: World) -> None:
    booking, there = await call(world), await night(world)
    path, body = f"/bookings/{booking['reference']}/reschedule", {**MOVE, "slot_id": there, "override": WHY}
    headers = {"Idempotency-Key": "once"}
    one, two = [await world.api.post(path, json=body, headers=headers) for _ in range(2)]
    assert (one.status_code, one.json()) == (200, two.json())
    assert len([move for move in one.json()["history"] if move["to"] == "RESCHEDULED"]) == 1
