"""A stay lived through: its four tasks, moved with it, check-in and check-out, its end by the last, its owner paid."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.business.staff import STAY_TASKS
from bot.domain.states import State
from simulator.customer import Phone
from tests.bot.business.makers import with_changes
from tests.journeys import payments as p
from tests.journeys.world import World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

Json = dict[str, Any]
TERMS = "payment: { rule: full, window_days: 2, notice_minutes: 1440 }"
KIND = "urn:janji:problem:"


def by_task(tmp_path: Path) -> Path:
    """The sample, in which a stay ends with its last task, and its owner is paid then."""
    path = tmp_path / "stays.yaml"
    released = TERMS.replace(" }", ", release: on_completed }\n    completion: by_task")
    path.write_text(with_changes((TERMS, released)), "utf-8")
    return path


async def slot_on(world: World, day: date) -> Json:
    query = {"from": day.isoformat(), "to": day.isoformat(), "nights": "3", "guests": "2"}
    items: list[Json] = (await world.api.get("/services/kamboja-stay/slots", params=query)).json()["items"]
    return items[0]


def a_day_later(booking: Json) -> Json:
    """The same stay from the next day on: its own nights overlap it, so no list of free times has it."""
    start, end = (datetime.fromisoformat(booking[edge]) for edge in ("start", "end"))
    later = start + timedelta(days=1)
    stamp, other = (f"{one.astimezone(UTC):%Y%m%dT%H%MZ}" for one in (start, later))
    assert stamp in booking["slot_id"]
    return {
        "slot_id": booking["slot_id"].replace(stamp, other),
        "start": later.isoformat(),
        "end": (end + timedelta(days=1)).isoformat(),
    }


async def paid_stay(world: World, phone: Phone, day: date) -> str:
    slot, lead = await slot_on(world, day), (await world.lead_of(phone))["id"]
    body = {"lead_id": lead, "service": "kamboja-stay", "slot_id": slot["slot_id"], "guests": 2}
    made = await world.api.post("/bookings", json=body)
    assert made.status_code in {201, 202}, made.text
    reference: str = made.json()["reference"]

    async def asked() -> bool:
        return bool(await p.links(world, f"{reference}.1"))

    await until(asked, what="the link")
    await p.pay(world, f"{reference}.1", channel="OVO")
    await p.is_in(world, reference, State.CONFIRMED)
    return reference


async def tasks_of(world: World, reference: str) -> dict[str, Json]:
    """By template, as soon as they are there."""

    async def there() -> Json:
        shown: Json = (await world.api.get(f"/bookings/{reference}")).json()
        return {one["id"].split(":")[1]: one for one in shown["tasks"]}

    found: dict[str, Json] = await until(there, what="the tasks")
    return found


async def step(world: World, task: str, name: str, status: int = 200, **body: Any) -> Json:
    answer = await world.api.post(f"/tasks/{task}/{name}", json=body)
    assert answer.status_code == status, answer.text
    told: Json = answer.json()
    return told


async def asks(world: World, reference: str, name: str, status: int = 200, **body: Any) -> Json:
    answer = await world.api.post(f"/bookings/{reference}/{name}", json=body)
    assert answer.status_code == status, answer.text
    told: Json = answer.json()
    return told


async def go_to(world: World, moment: datetime) -> None:
    parts = world.process.parts
    await p.time_goes_on(world, moment - await parts.clock.business_now())
    await parts.task_desk.sweep(await parts.clock.business_now())


async def alarms(world: World) -> set[tuple[str, str]]:
    items = (await world.api.get("/alarms")).json()["items"]
    return {(one["reason"], one["subject"]) for one in items}


async def test_a_stay_has_its_four_tasks_moves_with_them_and_ends_with_the_last(
    mongodb_uri: str, tmp_path: Path
) -> None:
    async with opened(mongodb_uri, ours={"business_file": by_task(tmp_path)}) as world:
        phone = await world.phone("Emma", wa_id="6281200000095")
        await phone.say("Hello")
        await world.quiet()
        await world.told("POST", "/xendit/topup", {"amount": 9_000_000})
        today = (await world.process.parts.clock.business_now()).date()
        reference = await paid_stay(world, phone, today + timedelta(days=20))
        cancelled = await paid_stay(world, phone, today + timedelta(days=40))

        # four for a stay; moved by a day, the same four at their new time
        first = await tasks_of(world, reference)
        assert set(first) == STAY_TASKS
        saga = (await world.api.get(f"/bookings/{reference}")).json()["saga"]
        assert (saga["name"], saga["status"], saga["total_steps"]) == ("confirmReservation", "completed", 8)
        assert {one["id"] for one in saga["open"] if one["kind"] == "task"} == {one["id"] for one in first.values()}
        meeting = first["check-in-meeting"]["id"]
        assert (await step(world, meeting, "take", who="dewi"))["who"]["phone"] == "+6281200000303"
        moved_to = a_day_later((await world.api.get(f"/bookings/{reference}")).json())
        await asks(world, reference, "reschedule", cause="customer", reason="flight", slot_id=moved_to["slot_id"])

        async def moved() -> dict[str, Json] | None:
            found = await tasks_of(world, reference)
            return found if found["check-in-meeting"]["state"] == "changed" else None

        tasks: dict[str, Json] = await until(moved, what="the tasks of the new time")
        assert {one["id"] for one in tasks.values()} == {one["id"] for one in first.values()}
        for name, one in tasks.items():
            was = datetime.fromisoformat(first[name]["due"])
            assert datetime.fromisoformat(one["due"]) == was + timedelta(days=1)
        assert datetime.fromisoformat(tasks["check-in-meeting"]["due"]) == datetime.fromisoformat(moved_to["start"])
        await step(world, meeting, "take", who="dewi")

        # called off: withdrawn, and nothing more is done for it
        await asks(world, cancelled, "cancel", cause="customer", reason="flight")

        async def gone() -> dict[str, Json] | None:
            found = await tasks_of(world, cancelled)
            return found if {one["state"] for one in found.values()} == {"withdrawn"} else None

        withdrawn: dict[str, Json] = await until(gone, what="the withdrawn tasks")
        assert set(withdrawn) == STAY_TASKS
        refused = await step(world, withdrawn["check-in-meeting"]["id"], "take", 409, who="dewi")
        assert refused["type"] == f"{KIND}task-withdrawn"
        late = await world.api.post("/tasks", json={"title": "x", "due": moved_to["start"], "booking": cancelled})
        assert (late.status_code, late.json()["type"]) == (409, f"{KIND}booking-ended")

        # nobody has begun to clean: a person is called, until somebody has it
        cleaning = tasks["pre-arrival-cleaning"]
        await go_to(world, datetime.fromisoformat(cleaning["begin"]))

        async def called() -> bool:
            return ("task_late", cleaning["id"]) in await alarms(world)

        await until(called, what="the alarm")
        assert {one["id"] for one in cleaning["candidates"]} <= {"ketut", "iluh"}
        await step(world, cleaning["id"], "take", who="ketut")
        refused = await step(world, cleaning["id"], "done", 409, who="iluh")
        assert refused["type"] == f"{KIND}task-taken"
        await step(world, cleaning["id"], "done")

        async def calm() -> bool:
            return not any(reason.startswith("task_") for reason, _ in await alarms(world))

        await until(calm, what="no alarm")

        # the stay itself
        denied = await asks(world, reference, "check-out", 409)
        assert denied["reasons"][0]["rule"] == "transition"
        await go_to(world, datetime.fromisoformat(moved_to["start"]) + timedelta(minutes=5))
        await phone.say("thank you")
        await world.quiet()
        kinds = {one["type"] for one in (await world.api.get(f"/bookings/{reference}/actions")).json()["items"]}
        assert {"check_in", "mark_absent"} <= kinds
        assert (await asks(world, reference, "check-in"))["state"] == "CHECKED_IN"
        await phone.expect("Welcome to Villa Kamboja")
        await step(world, meeting, "done")
        await go_to(world, datetime.fromisoformat(moved_to["end"]) - timedelta(hours=1))
        await phone.say("goodbye")
        await world.quiet()
        assert (await asks(world, reference, "check-out"))["state"] == "CHECKED_OUT"
        await phone.expect("Thank you for staying at Villa Kamboja")
        await step(world, tasks["check-out-meeting"]["id"], "done", who="dewi")
        await p.days_go_by(world, 1)
        (books,) = (await p.books(world, reference)).books
        assert books.paid_out == 0
        assert (await p.booking(world, reference)).state is State.CHECKED_OUT

        # the last task is its end, and who has delivered is paid
        last = tasks["post-departure-cleaning"]["id"]
        assert (await step(world, last, "done", who="iluh"))["done_by"] == "iluh"
        assert (await step(world, last, "done", 409, who="iluh"))["type"] == f"{KIND}task-done"
        await p.is_in(world, reference, State.COMPLETED)
        await p.days_go_by(world, 3)
        (books,) = (await p.books(world, reference)).books
        assert books.paid_out > 0
        counts = (await world.api.get("/tasks/statistics")).json()
        assert (counts["by_state"], counts["nobodys"]) == ({"done": 4, "withdrawn": 4}, 0)
        assert counts["by_person"] == {"dewi": 2, "iluh": 1, "ketut": 1}
        await p.agrees(world)
