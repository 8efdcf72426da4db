"""Tasks through the API: made, given, done and withdrawn by people, with a clear sentence for all that cannot be."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.ids import BookingReference
from bot.domain.task import PlannedTask, TaskState
from bot.domain.task_orders import EnsureTasks
from bot.lifecycle.tasks import move_task
from tests.journeys.world import World, until
from tests.webhooks.api.bookings.test_door import booked, customer, post, slots

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(180)]

Json = dict[str, Any]


async def made(world: World, status: int = 201, key: str | None = None, **more: Any) -> Json:
    due = await world.process.parts.clock.business_now() + timedelta(hours=5)
    body = {"title": "Buy flowers", "due": due.replace(microsecond=0).isoformat(), **more}
    headers = {} if key is None else {"Idempotency-Key": key}
    answer = await world.api.post("/tasks", json=body, headers=headers)
    assert answer.status_code == status, answer.text
    told: Json = answer.json()
    return told


async def step(world: World, task: Json, name: str, status: int = 200, **body: Any) -> Json:
    answer = await world.api.post(f"/tasks/{task['id']}/{name}", json=body)
    assert answer.status_code == status, answer.text
    told: Json = answer.json()
    return told


def kind(refused: Json) -> str:
    return str(refused["type"]).removeprefix("urn:janji:problem:")


async def test_a_task_is_made_taken_handed_on_and_done_and_each_refusal_says_why(world: World) -> None:
    task = await made(world, task_role="host", place="villa-kamboja", by="rina")
    assert (task["state"], task["who"], task["title"]) == ("open", None, {"en": "Buy flowers"})
    assert {one["id"] for one in task["candidates"]} <= {"dewi"}
    assert kind(await step(world, task, "take", 422, who="nobody")) == "no-such-person"
    wrong = await step(world, task, "take", 409, who="ketut")
    assert (kind(wrong), "ketut is no host" in wrong["detail"]) == ("wrong-role", True)
    taken = await step(world, task, "take", who="dewi")
    assert (taken["state"], taken["who"]["name"]) == ("taken", "Dewi Lestari")
    assert (await step(world, task, "take", who="dewi"))["state"] == "taken"
    trouble = await step(world, task, "problem", note="the shop is closed")
    assert (trouble["state"], trouble["note"]) == ("problem", "the shop is closed")
    assert kind(await step(world, task, "problem", 400)) == "missing-field"
    assert (await step(world, task, "assign", who="dewi"))["state"] == "taken"
    done = await step(world, task, "done", note="roses")
    assert (done["state"], done["done_by"], done["note"], done["next_look"]) == ("done", "dewi", "roses", None)
    twice = await step(world, task, "done", 409)
    assert (kind(twice), "already, by dewi" in twice["detail"]) == ("task-done", True)
    assert kind(await step(world, task, "withdraw", 409, reason="too late")) == "task-done"
    gone = await made(world, kind="attention")
    assert (await step(world, gone, "withdraw", reason="not needed"))["withdrawn_for"] == "not needed"
    refused = await step(world, gone, "take", 409, who="dewi")
    assert (kind(refused), "not needed" in refused["detail"]) == ("task-withdrawn", True)
    assert kind(await step(world, {"id": "house:x:1"}, "done", 404)) == "no-such-task"
    assert (await world.api.get("/tasks/house:x:1")).status_code == 404
    assert kind(await made(world, 422, place="nowhere")) == "no-such-place"
    assert kind(await made(world, 422, who="nobody")) == "no-such-person"
    assert kind(await made(world, 404, booking="BK-0")) == "no-such-booking"
    assert kind(await made(world, 400, due="soon")) == "bad-moment"
    counts = (await world.api.get("/tasks/statistics")).json()
    assert (counts["by_state"], counts["done_in_time"]) == ({"done": 1, "withdrawn": 1}, 1)


async def test_the_same_call_twice_makes_one_and_of_two_who_take_it_one_has_it(world: World) -> None:
    due = "2030-01-07T09:00:00+08:00"
    first, second = [await made(world, key="flowers", due=due) for _ in range(2)]
    assert first["id"] == second["id"]
    answers = await asyncio.gather(
        *(world.api.post(f"/tasks/{first['id']}/take", json={"who": who}) for who in ("ketut", "iluh"))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    (lost,) = [answer.json() for answer in answers if answer.status_code == 409]
    assert kind(lost) == "task-taken"
    page = (await world.api.get("/tasks")).json()
    assert [one["id"] for one in page["items"]] == [first["id"]]
    who = page["items"][0]["who"]["id"]
    other = {"ketut": "iluh", "iluh": "ketut"}[who]
    assert len((await world.api.get("/tasks", params={"who": who, "state": "taken"})).json()["items"]) == 1
    assert not (await world.api.get("/tasks", params={"who": other})).json()["items"]
    assert not (await world.api.get("/tasks", params={"due_before": "2026-01-01T00:00:00Z"})).json()["items"]
    assert (await world.api.get("/tasks", params={"state": "dancing"})).status_code == 400
    assert (await step(world, first, "assign", who=other))["who"]["id"] == other


async def test_a_booking_shows_its_tasks_and_what_people_made_is_withdrawn_with_it(world: World) -> None:
    booking = await booked(world, await customer(world), (await slots(world))[0])
    reference = booking["reference"]
    task = await made(world, booking=reference)
    assert task["id"].startswith(f"{reference}:by-hand-")

    async def of_booking() -> bool:
        shown = (await world.api.get(f"/bookings/{reference}")).json()
        return {one["id"] for one in shown["tasks"]} == {f"{reference}:service:1", task["id"]}

    await until(of_booking, what="what was booked and what was made")
    given = await step(world, {"id": f"{reference}:service:1"}, "assign", 409, who="dewi")
    assert (kind(given), "provides it" in given["detail"]) == ("task-of-provider", True)
    await post(world, booking, "cancel", {"cause": "customer", "reason": "flight"})

    async def withdrawn() -> bool:
        return bool((await world.api.get(f"/tasks/{task['id']}")).json()["state"] == "withdrawn")

    await until(withdrawn, what="the withdrawn task")
    assert kind(await made(world, 409, booking=reference)) == "booking-ended"
    # a table of checks for what is no stay
    other = await booked(world, await customer(world, "6281200000002"), (await slots(world))[1])
    denied = await post(world, other, "check-in", status=409)
    assert denied["reasons"][0]["rule"] == "stay"


async def test_what_a_dying_process_did_not_tell_is_told_by_the_next_sweep(world: World) -> None:
    booking = await booked(world, await customer(world), (await slots(world))[0])
    parts, reference = world.process.parts, BookingReference(booking["reference"])
    # what was booked is told and settled first
    await world.quiet()
    now = await parts.clock.business_now()
    title = (("en", "Clean"),)
    cleaning = PlannedTask("clean", title, now + timedelta(days=1), 60, "cleaner")
    flowers = replace(cleaning, template="flowers", after=("clean",))
    await parts.tasks.ensure(EnsureTasks(reference, 1, (cleaning, flowers), now))
    waits = await step(world, {"id": f"{reference}:flowers:1"}, "take", 409, who="ketut")
    assert (kind(waits), "clean" in waits["detail"]) == ("task-waits", True)
    task = await parts.tasks.find(f"{reference}:clean:1")
    assert task is not None
    # written, and nothing more: here the process died
    trouble = move_task(task, TaskState.PROBLEM, now, "ketut")
    assert await parts.tasks.write(trouble, now)

    async def alarms() -> list[tuple[str, str]]:
        items = (await world.api.get("/alarms")).json()["items"]
        return [(one["reason"], one["subject"]) for one in items]

    assert await parts.task_desk.sweep(now) == 1
    assert await parts.task_desk.sweep(now) == 0

    async def called() -> bool:
        return ("task_problem", task.id) in await alarms()

    await until(called, what="the alarm")
    done = replace(move_task(trouble, TaskState.DONE, now, "iluh"), done_by="iluh", done_at=now)
    assert await parts.tasks.write(done, now)
    assert await parts.task_desk.sweep(now) == 1

    async def calm() -> bool:
        return not [reason for reason, _ in await alarms() if reason.startswith("task_")]

    await until(calm, what="no alarm")
    # given to somebody, and the process died before it told them
    flowers_now = await parts.tasks.find(f"{reference}:flowers:1")
    assert flowers_now is not None
    given = replace(move_task(flowers_now, TaskState.TAKEN, now, "rina"), assignee="ketut")
    assert await parts.tasks.write(replace(given, acknowledged=given.revision), now)
    assert await parts.task_desk.sweep(now) == 1
    assert await parts.task_desk.sweep(now) == 0
    told = [one async for one in world.process.database["received"].find({"kind": "job_news"})]
    assert sum(f"{reference}:flowers:1" in str(one["_id"]) for one in told) == 1
    after = await parts.tasks.find(f"{reference}:flowers:1")
    assert after is not None
    assert after.state is TaskState.TAKEN
