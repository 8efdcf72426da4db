"""Work that nobody has taken, in the queue: who could be given it, and nobody who is off, ill or busy by then."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.ids import BookingReference
from bot.domain.task import Task, TaskState
from tests.journeys import payments as p
from tests.journeys.test_dispatched_tour import asked as tour_asked
from tests.journeys.test_dispatched_tour import drivers
from tests.journeys.world import World, until
from tests.webhooks.api.blocks.test_door import ILL, cleaning, morning

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(240)]

Json = dict[str, Any]


async def facts(world: World, task: str) -> Json:
    """What the row about that task says."""

    async def there() -> Json | None:
        items: list[Json] = (await world.api.get("/attention", params={"reason": "task_unfilled"})).json()["items"]
        return next((one for one in items if one["subject"]["id"] == task), None)

    row: Json = await until(there, what=f"the row of {task}")
    assert (await world.api.get(f"/attention/{row['id']}")).json()["facts"] == row["facts"]
    told: Json = row["facts"]
    return told


async def off(world: World, resource: str, start: datetime, end: datetime) -> str:
    """The id of the block."""
    body = {"resource": resource, "from": start.isoformat(), "to": end.isoformat(), **ILL}
    answer = await world.api.post("/blocks", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def nobodys(world: World, name: str, begins: datetime) -> Task:
    """A chore of the house that nobody took."""
    task = replace(cleaning(name, begins), state=TaskState.UNFILLED)
    assert await world.process.parts.tasks.write(task, begins)
    return task


async def test_who_could_be_given_a_chore_is_named_and_nobody_who_is_off(world: World) -> None:
    ten = (await morning(world)).replace(second=0, microsecond=0)
    # a Monday, since one of the two rests on Sundays
    begins = ten + timedelta(days=7 - ten.astimezone(world.process.business.zone).weekday())
    task = await nobodys(world, "day", begins)
    assert (await facts(world, task.id))["people"] == "ketut, iluh"
    ill = await off(world, "staff:ketut", begins - timedelta(hours=2), begins + timedelta(hours=8))
    assert (await facts(world, task.id))["people"] == "iluh"
    # the other one too, and both again from another moment on
    await off(world, "staff:iluh", begins, begins + timedelta(hours=2))
    told = await facts(world, task.id)
    assert (told["people"], datetime.fromisoformat(told["works_from"])) == ("iluh", begins + timedelta(hours=2))
    # whoever is named can be given it, and it is a row no more
    refused = await world.api.post(f"/tasks/{task.id}/assign", json={"who": "ketut"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:janji:problem:person-off")
    assert (await world.api.delete(f"/blocks/{ill}")).status_code == 200
    assert (await facts(world, task.id))["people"] == "ketut"
    assert (await world.api.post(f"/tasks/{task.id}/assign", json={"who": "ketut"})).status_code == 200
    rows: list[Json] = (await world.api.get("/attention", params={"reason": "task_unfilled"})).json()["items"]
    assert rows == []


async def test_of_the_providers_who_were_asked_neither_who_said_no_nor_who_is_ill_is_named(world: World) -> None:
    phones, guest = await drivers(world), await world.phone("Emma", wa_id="6281200000191")
    reference = await tour_asked(world, guest, phones)
    booking = await p.booking(world, reference)
    assert booking.chosen is not None
    task = f"{reference}:service:1"
    parts = world.process.parts
    until_then = {one["answer_by"] for one in (await world.api.get(f"/tasks/{task}")).json()["offers"]}
    left = datetime.fromisoformat(max(until_then)) - await parts.clock.business_now()
    await p.everybodys_time_goes_on(world, left + timedelta(minutes=5))
    await parts.offers.sweep(await parts.clock.business_now())
    await phones["made"].expect("Waktu menjawabnya sudah lewat")
    assert (await facts(world, task))["people"] == "made, putu"
    await off(world, "provider:made", booking.chosen.start, booking.chosen.end)
    assert (await facts(world, task))["people"] == "putu"
    await off(world, "provider:putu", booking.chosen.start, booking.chosen.end)
    assert "people" not in await facts(world, task)
    stored = await parts.tasks.of_booking(BookingReference(reference))
    assert [one.state for one in stored] == [TaskState.UNFILLED]
