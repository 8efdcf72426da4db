"""A POST whose process died half way, asked once more under its Idempotency-Key, finds its own work."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from bot.domain.events import StaffAction, StaffAsked
from bot.domain.ids import EventId
from bot.engine import staff_actions
from bot.engine.parts import Parts
from bot.store.claims import Claims
from bot.store.clock import Clock
from tests.journeys.world import World
from tests.webhooks.api.bookings.test_door import booked, customer, slots
from webhooks.edge.operations import call_id

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(90)]

Json = dict[str, Any]
KEY = {"Idempotency-Key": "asked-again"}


class Killed(BaseException):
    """The process is gone here."""


class DiesAfterClaiming:
    """The claims of a process that is killed as soon as the time is its own."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims

    def __getattr__(self, name: str) -> Any:
        return getattr(self._claims, name)

    async def claim(self, *given: Any, **more: Any) -> Any:
        await self._claims.claim(*given, **more)
        raise Killed


class ShiftedClock:
    """A clock that is not where everybody else's is."""

    def __init__(self, clock: Clock, by: timedelta) -> None:
        self._clock, self._by = clock, by

    async def business_now(self) -> Any:
        return await self._clock.business_now() + self._by


def dying(parts: Parts) -> Parts:
    return replace(parts, staff=replace(parts.staff, claims=cast("Claims", DiesAfterClaiming(parts.claims))))


def named(path: str, body: Json) -> tuple[bytes, str]:
    """The body as it is sent, and what the door calls the call."""
    raw = json.dumps(body).encode()
    return raw, call_id(f"/api/v1{path}", KEY["Idempotency-Key"], raw)


async def begin(world: World, lead: str, slot: Json, name: str, change: Callable[[Parts], Parts]) -> None:
    """Book by hand in a process that is killed on the way."""
    parts = change(world.process.parts)
    service = parts.context(await parts.clock.business_now()).business.service("planning-call")
    assert service is not None
    with pytest.raises(Killed):
        await parts.staff.create((await world.stored(lead)).lead, service, slot["slot_id"], 1, name)


async def test_killed_after_claiming_the_time_it_is_booked_by_the_second_call(world: World) -> None:
    lead, slot = await customer(world), (await slots(world))[0]
    body, name = named("/bookings", {"lead_id": lead, "service": "planning-call", "slot_id": slot["slot_id"]})
    await begin(world, lead, slot, name, dying)
    # another call finds the time taken, as it is
    other = await world.api.post("/bookings", content=body)
    assert (other.status_code, other.json()["reasons"][0]["rule"]) == (409, "slot_available")
    mine = await world.api.post("/bookings", content=body, headers=KEY)
    assert (mine.status_code, mine.json()["slot_id"]) == (201, slot["slot_id"])
    assert len((await world.stored(lead)).lead.bookings) == 1
    assert len(await world.process.database["claims"].distinct("hold")) == 1


async def test_killed_after_the_lead_was_told_the_second_call_answers_that_booking(world: World) -> None:
    lead, slot = await customer(world), (await slots(world))[0]
    body, name = named("/bookings", {"lead_id": lead, "service": "planning-call", "slot_id": slot["slot_id"]})
    parts = world.process.parts
    service = parts.context(await parts.clock.business_now()).business.service("planning-call")
    assert service is not None
    done = await parts.staff.create((await world.stored(lead)).lead, service, slot["slot_id"], 1, name)
    assert isinstance(done, staff_actions.Done)
    await world.quiet()
    # hours later: another hour would make another reference
    await world.told("POST", "/time", {"move": 2 * 3600})
    again = await world.api.post("/bookings", content=body, headers=KEY)
    assert (again.status_code, again.json()["reference"]) == (201, done.found.booking.reference)
    assert len((await world.stored(lead)).lead.bookings) == 1


async def test_a_time_that_was_claimed_in_another_hour_keeps_the_reference_it_was_claimed_for(world: World) -> None:
    lead, slot = await customer(world), (await slots(world))[0]
    body, name = named("/bookings", {"lead_id": lead, "service": "planning-call", "slot_id": slot["slot_id"]})

    def an_hour_ago(parts: Parts) -> Parts:
        clock = cast("Clock", ShiftedClock(parts.clock, timedelta(minutes=-70)))
        return dying(replace(parts, staff=replace(parts.staff, clock=clock)))

    await begin(world, lead, slot, name, an_hour_ago)
    claimed = await world.process.database["claims"].distinct("booking")
    made = await world.api.post("/bookings", content=body, headers=KEY)
    assert (made.status_code, [made.json()["reference"]]) == (201, claimed)


async def test_a_booking_cancelled_by_a_call_that_died_is_answered_as_cancelled(world: World) -> None:
    lead = await customer(world)
    made = await booked(world, lead, (await slots(world))[0])
    path = f"/bookings/{made['reference']}/cancel"
    body, name = named(path, {"reason": "provider is ill", "cause": "partner"})
    now = await world.process.parts.clock.business_now()
    facts = (("reason", "provider is ill"), ("cause", "partner"))
    asked = StaffAsked(
        EventId(f"staff:{name}"), now, staff_actions.ACTOR.value, StaffAction.CANCEL, made["reference"], facts
    )
    await world.process.parts.decisions.tell((await world.stored(lead)).lead.id, asked)
    again = await world.api.post(path, content=body, headers=KEY)
    assert (again.status_code, again.json()["state"]) == (200, "CANCELLED")
    assert [move["to"] for move in again.json()["history"]].count("CANCELLED") == 1
    # whoever asks anew is told that it is over
    assert (await world.api.post(path, content=body)).status_code == 409
