"""A booking that needs somebody's yes, through the doors: nothing is paid before it, and no silence is the end."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from bot.domain.states import State
from bot.domain.task import TaskState
from simulator.customer import Phone
from tests.bot.business.makers import with_changes
from tests.journeys import payments as p
from tests.journeys.world import World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

Json = dict[str, Any]
MASSAGE: Final = "kind: appointment\n    venue: guest_place\n    places: &villas"


@pytest.fixture
async def house(mongodb_uri: str, tmp_path: Path) -> AsyncIterator[World]:
    """A world whose house says yes to each massage."""
    path = tmp_path / "manual.yaml"
    path.write_text(with_changes((MASSAGE, f"confirmation: manual\n    {MASSAGE}")), "utf-8")
    async with opened(mongodb_uri, ours={"business_file": path}) as world:
        yield world


async def shown(world: World, reference: str) -> Json:
    found: Json = (await world.api.get(f"/bookings/{reference}")).json()
    return found


async def asked(phone: Phone) -> str:
    """Ordered, and somebody's yes is waited for."""
    await p.ordered(phone)
    told = await phone.expect("Our team has to confirm it first")
    assert "Nothing to pay before that" in told.text
    return p.reference_in(told)


async def approval(world: World, reference: str, number: int = 1) -> str:
    """The task of the house, as soon as it is there."""
    name = f"{reference}:approval:{number}"

    async def there() -> bool:
        found = await world.process.parts.tasks.find(name)
        return found is not None and not found.is_finished

    await until(there, what=name)
    return name


async def step(world: World, task: str, name: str, **body: Any) -> Json:
    answer = await world.api.post(f"/tasks/{task}/{name}", json=body)
    assert answer.status_code == 200, answer.text
    told: Json = answer.json()
    return told


async def test_the_house_says_yes_and_only_then_is_the_guest_asked_to_pay(house: World) -> None:
    guest = await house.phone("Emma", wa_id="6281200000171")
    reference = await asked(guest)
    booking = await shown(house, reference)
    assert (booking["state"], booking["awaiting"]["task"]) == ("PENDING_CONFIRMATION", "approval")
    assert [one["status"] for one in booking["saga"]["steps"] if one["name"] == "requestAcceptance"] == ["running"]
    await guest.say("any news?")
    await guest.expect("there is no answer yet")
    assert await p.links(house) == []
    task = await approval(house, reference)
    taken = await step(house, task, "take", who="dewi")
    assert (taken["kind"], taken["state"]) == ("approval", "taken")
    await guest.expect("our team has said yes")
    await guest.expect("Please pay by", kind="cta_url")
    await p.pay(house, f"{reference}.1")
    await guest.expect("Paid and confirmed")
    await p.is_in(house, reference, State.CONFIRMED)
    booking = await shown(house, reference)
    assert (booking["awaiting"], booking["provider"] is not None) == (None, True)
    states = {one["id"].split(":")[1]: one["state"] for one in booking["tasks"]}
    assert states == {"approval": "done", "service": "taken"}
    await p.agrees(house)


async def test_the_house_says_no_and_the_guest_chooses_another_time(house: World) -> None:
    guest = await house.phone("Emma", wa_id="6281200000172")
    reference = await asked(guest)
    await step(house, await approval(house, reference), "withdraw", reason="no therapist")
    sorry = await guest.expect("nobody is free for", kind="list")
    assert len(sorry.choices) in {3, 4}
    await guest.tap(sorry.choices[0])
    await guest.expect("we had to change your booking")
    await guest.expect("Our team has to confirm it first")
    assert await p.links(house) == []
    await step(house, await approval(house, reference, 2), "take", who="dewi")
    await guest.expect("Please pay by", kind="cta_url")


async def test_silence_is_met_with_other_times_and_then_with_the_end(house: World) -> None:
    guest = await house.phone("Emma", wa_id="6281200000173")
    reference = await asked(guest)
    task = await approval(house, reference)
    await house.quiet()
    await p.everybodys_time_goes_on(house, timedelta(minutes=65))
    await guest.expect("nobody is free for", kind="list")
    alarms = (await house.api.get("/alarms")).json()["items"]
    assert ("task_unfilled", reference) in {(one["reason"], one["subject"]) for one in alarms}
    await house.quiet()
    await p.everybodys_time_goes_on(house, timedelta(hours=3))
    await guest.expect("we have to cancel")
    await p.is_in(house, reference, State.CANCELLED)

    async def is_over() -> bool:
        found = await house.process.parts.tasks.find(task)
        return found is not None and found.state is TaskState.WITHDRAWN

    await until(is_over, what="the withdrawn approval")
    assert await p.links(house) == []


async def test_what_staff_book_waits_for_the_yes_too_and_the_guest_may_call_it_off(house: World) -> None:
    guest = await house.phone("Emma", wa_id="6281200000174")
    await guest.say("Hello")
    await guest.expect("Rumah Senja")
    await house.quiet()
    day = (await house.process.parts.clock.business_now() + timedelta(days=2)).date().isoformat()
    query = {"from": day, "to": day, "place": "villa-melati"}
    slot = (await house.api.get("/services/balinese-massage/slots", params=query)).json()["items"][0]
    body = {"lead_id": (await house.lead_of(guest))["id"], "service": "balinese-massage", "slot_id": slot["slot_id"]}
    made = await house.api.post("/bookings", json=body)
    assert made.status_code in {201, 202}, made.text
    reference: str = made.json()["reference"]
    await guest.expect("Our team has to confirm it first")
    assert (await shown(house, reference))["awaiting"]["state"] == "open"
    kinds = {one["type"] for one in (await house.api.get(f"/bookings/{reference}/actions")).json()["items"]}
    assert {"cancel", "change_time"} <= kinds
    assert "pay" not in kinds
    await guest.say("cancel")
    await guest.expect("Cancel Balinese massage")
    await guest.tap("Yes, cancel")
    await guest.expect("Cancelled")
    await p.is_in(house, reference, State.CANCELLED)
    assert await p.links(house) == []
