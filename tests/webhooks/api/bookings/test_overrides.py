"""Staff book a time that the rules of the house refuse, and say why; what is taken stays taken."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.users import Role
from tests.journeys.world import World
from tests.webhooks.api.bookings.test_door import Json, customer, slots
from tests.webhooks.api.test_openapi import fits, schema_of
from tests.webhooks.cli.test_leads import command

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

WHY = {"reason": "her flight leaves at dawn"}


async def night(world: World) -> str:
    """The name of a time when nobody calls: three in the morning of the day after tomorrow."""
    first = datetime.fromisoformat((await slots(world))[0]["start"])
    start = (first.replace(hour=3, minute=0)).astimezone(UTC)
    return f"planning-call|concierge|{start:%Y%m%dT%H%MZ}|"


async def asked(api: Any, lead: str, slot_id: str, **more: Any) -> tuple[int, Json]:
    body = {"lead_id": lead, "service": "planning-call", "slot_id": slot_id, **more}
    answer = await api.post("/bookings", json=body, headers={"Accept-Language": "en"})
    told: Json = answer.json()
    return answer.status_code, told


@pytest.mark.processes
async def test_what_the_rules_refuse_is_booked_with_a_reason_that_stands_on_record(
    world: World, mongodb_uri: str, tmp_path: Path
) -> None:
    lead, slot_id = await customer(world), await night(world)
    status, refused = await asked(world.api, lead, slot_id)
    assert (status, [one["fact"] for one in refused["reasons"]]) == (409, ["the timetable has no such time"])
    status, made = await asked(world.api, lead, slot_id, override=WHY)
    assert (status, made["state"], made["slot_id"]) == (201, "CONFIRMED", slot_id)
    fits(made, schema_of("post", "/bookings", 201))
    start, end = (datetime.fromisoformat(made[at]) for at in ("start", "end"))
    assert end - start == timedelta(minutes=20)
    proposed = next(move for move in made["history"] if move["to"] == "SLOT_PROPOSED")
    assert (proposed["verdict"], proposed["overridden"]) == ("overridden", ["opening_hours"])
    assert (proposed["reason"], proposed["by"], proposed["role"]) == (WHY["reason"], "machine", "operations")
    code, told = await command(world, mongodb_uri, tmp_path, "why", lead)
    assert code == 0, told
    assert "Overridden by the house, though these said no: opening hours." in told
    assert f"Reason: {WHY['reason']}." in told


async def test_a_time_that_is_taken_is_taken_whatever_the_reason(world: World) -> None:
    slot_id = await night(world)
    first, second = await customer(world), await customer(world, "6281200000002")
    assert (await asked(world.api, first, slot_id, override=WHY))[0] == 201
    status, refused = await asked(world.api, second, slot_id, override=WHY)
    assert (status, refused["detail"]) == (409, "that time has just been taken")
    # ten minutes on the same person is still on the phone
    later = slot_id.replace("00Z", "10Z")
    assert (await asked(world.api, second, later, override=WHY))[1]["detail"] == "that time has just been taken"
    free = (await slots(world))[0]["slot_id"]
    assert (await asked(world.api, first, free))[0] in {201, 202}
    assert (await asked(world.api, second, free, override=WHY))[0] == 409
    assert (await world.stored(second)).lead.bookings == ()


async def test_what_is_past_or_unknown_stays_refused_and_claims_nothing(world: World) -> None:
    lead = await customer(world)
    past = (await world.process.parts.clock.business_now() - timedelta(days=2)).strftime("%Y%m%dT0200Z")
    for slot_id, rule in (
        (f"planning-call|concierge|{past}|", "appointment_date"),
        ("planning-call|ayu|20981224T0200Z|", "slot_available"),
        ("nonsense", "slot_available"),
    ):
        status, refused = await asked(world.api, lead, slot_id, override=WHY)
        assert (status, [one["rule"] for one in refused["reasons"]]) == (409, [rule])
    assert await world.process.database["claims"].count_documents({}) == 0


async def test_a_blocked_person_is_blocked_whatever_the_reason(world: World) -> None:
    lead, slot_id = await customer(world), await night(world)
    start = datetime.strptime(slot_id.split("|")[2], "%Y%m%dT%H%MZ").replace(tzinfo=UTC)
    ends = (start + timedelta(hours=2)).isoformat()
    block = {"resource": "provider:concierge", "from": start.isoformat(), "to": ends, "reason": "ill"}
    answer = await world.api.post("/blocks", json=block)
    assert answer.status_code == 201, answer.text
    assert (await asked(world.api, lead, slot_id, override=WHY))[0] == 409


@pytest.mark.parametrize(
    "given",
    [{}, {"reason": ""}, {"reason": "   "}, {"reason": "\u200b\u2060"}, {"reason": "x" * 301}, {"reason": None}],
)
async def test_without_a_reason_nothing_is_overridden(world: World, given: Json) -> None:
    status, told = await asked(world.api, await customer(world), await night(world), override=given)
    assert (status, told["type"]) == (422, "urn:janji:problem:no-reason")


async def test_who_may_is_in_the_table_of_roles_and_acts_in_that_role(world: World) -> None:
    lead, slot_id = await customer(world), await night(world)
    sales = await world.person(Role.SALES)
    status, told = await asked(sales, lead, slot_id, override=WHY)
    assert (status, told["type"]) == (403, "urn:janji:problem:may-not")
    both = await world.person(Role.SALES, Role.OPERATIONS, email="komang@example.com")
    status, made = await asked(both, lead, slot_id, override=WHY)
    assert status == 201, made
    proposed = next(move for move in made["history"] if move["to"] == "SLOT_PROPOSED")
    assert (proposed["by"], proposed["role"]) == (both.headers["X-Id"], "operations")


async def test_the_same_call_twice_is_one_booking_and_one_record(world: World) -> None:
    lead, slot_id = await customer(world), await night(world)
    body = {"lead_id": lead, "service": "planning-call", "slot_id": slot_id, "override": WHY}
    headers = {"Idempotency-Key": "once"}
    one, two = [await world.api.post("/bookings", json=body, headers=headers) for _ in range(2)]
    assert (one.status_code, two.status_code, one.json()["reference"]) == (201, 201, two.json()["reference"])
