"""A place that is looked after: its inspection month by month, and what a guest needs on and off with the stay."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.bot.business.makers import with_changes
from tests.journeys.test_stays import asks, go_to, paid_stay, step, tasks_of
from tests.journeys.world import World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

TASK = "house:upkeep.inspection.villa-kamboja:"


def looked_after(tmp_path: Path) -> Path:
    """The sample with a heated pool in a villa that is inspected each month."""
    path = tmp_path / "upkeep.yaml"
    villa = "  - id: villa-kamboja\n"
    heated = f"{villa}    amenities: {{ what: {{ en: pool heating }}, role: host }}\n"
    inspected = """
upkeep:
  - id: inspection
    title: { en: Inspect the villa }
    role: host
    every: { months: 1 }
    first: 2026-01-31
    at: "09:00"
    places: [villa-kamboja]
"""
    path.write_text(with_changes((villa, heated)) + inspected, "utf-8")
    return path


async def inspections(world: World) -> list[tuple[str, str]]:
    parts = world.process.parts
    now = await parts.clock.business_now()
    # two processes look at once
    await asyncio.gather(*(parts.task_desk.ensure_upkeep(now) for _ in range(3)))
    found = await parts.tasks.of_upkeep()
    return [(task.id.removeprefix(TASK), task.state.value) for task in found]


async def test_a_place_is_looked_after_and_its_amenities_go_on_and_off_with_the_guest(
    mongodb_uri: str, tmp_path: Path
) -> None:
    async with opened(mongodb_uri, ours={"business_file": looked_after(tmp_path)}) as world:
        assert await inspections(world) == [("1", "open")]
        listed = (await world.api.get("/tasks")).json()["items"]
        (first,) = [one for one in listed if one["id"] == f"{TASK}1"]
        assert (first["booking"], first["place"], first["role"]) == (None, "villa-kamboja", "host")
        assert datetime.fromisoformat(first["due"]).strftime("%H:%M") == "09:00"
        await step(world, f"{TASK}1", "done", who="dewi")
        assert await inspections(world) == [("1", "done"), ("2", "open")]
        assert await inspections(world) == [("1", "done"), ("2", "open")]
        second = (await world.api.get(f"/tasks/{TASK}2")).json()
        apart = datetime.fromisoformat(second["due"]) - datetime.fromisoformat(first["due"])
        assert timedelta(days=28) <= apart <= timedelta(days=31)

        phone = await world.phone("Emma", wa_id="6281200000097")
        await phone.say("Hello")
        await world.quiet()
        today = (await world.process.parts.clock.business_now()).date()
        reference = await paid_stay(world, phone, today + timedelta(days=5))
        assert len(await tasks_of(world, reference)) == 4
        booking = (await world.api.get(f"/bookings/{reference}")).json()
        await go_to(world, datetime.fromisoformat(booking["start"]) + timedelta(minutes=5))
        assert (await asks(world, reference, "check-in"))["state"] == "CHECKED_IN"

        async def there(name: str) -> bool:
            return name in await tasks_of(world, reference)

        await until(lambda: there("amenities-on"), what="the task to turn it on")
        on = (await tasks_of(world, reference))["amenities-on"]
        assert on["title"]["en"] == "Turn on: pool heating"
        await step(world, on["id"], "done", who="dewi")
        saga = (await world.api.get(f"/bookings/{reference}")).json()["saga"]
        assert "activatePropertyAmenities" in {one["name"] for one in saga["steps"]}
        await go_to(world, datetime.fromisoformat(booking["end"]) - timedelta(hours=1))
        assert (await asks(world, reference, "check-out"))["state"] == "CHECKED_OUT"
        await until(lambda: there("amenities-off"), what="the task to turn it off")
        tasks = await tasks_of(world, reference)
        assert (len(tasks), tasks["amenities-on"]["state"], tasks["amenities-off"]["state"]) == (6, "done", "open")
