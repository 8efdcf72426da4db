"""Tasks through the API: made, given, done and withdrawn by people, with a clear sentence for all that cannot be."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.business.definition import Business
from bot.domain.ids import BookingReference
from bot.domain.job import JOB_NEWS, JobNews
from bot.domain.task import PlannedTask, TaskState
from bot.domain.task_orders import EnsureTasks
from bot.engine.internal import internal
from bot.engine.job_news import JobCourier
from bot.lifecycle.tasks import move_task
from tests.journeys.payments import everybodys_time_goes_on
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


async def test_what_was_booked_is_given_at_its_time_and_no_more_once_its_booking_ended_or_was_moved(
    world: World,
) -> None:
    booking = await booked(world, await customer(world), (await slots(world))[0])
    parts, reference = world.process.parts, booking["reference"]
    task = {"id": f"{reference}:service:1"}
    await world.quiet()
    assert kind(await made(world, 409, booking=reference, kind="service")) == "task-of-provider"
    assert kind(await step(world, task, "withdraw", 409, reason="not needed")) == "task-of-provider"
    assert kind(await step(world, task, "done", 409)) == "task-too-early"
    planned = await parts.tasks.find(task["id"])
    assert planned is not None
    await everybodys_time_goes_on(
        world, planned.planned.begins_at - await parts.clock.business_now() + timedelta(minutes=5)
    )
    # moved, and the order that moves its task is on its way
    await world.process.database["tasks"].update_one({"_id": task["id"]}, {"$set": {"plan_no": 0}})
    assert kind(await step(world, task, "done", 409)) == "task-too-early"
    await world.process.database["tasks"].update_one({"_id": task["id"]}, {"$set": {"plan_no": planned.plan_no}})
    await post(world, booking, "cancel", {"cause": "customer", "reason": "flight"})

    async def withdrawn() -> bool:
        return bool((await world.api.get(f"/tasks/{task['id']}")).json()["state"] == "withdrawn")

    await until(withdrawn, what="the withdrawn task")
    # called off, and the order that withdraws its task is on its way
    await world.process.database["tasks"].update_one({"_id": task["id"]}, {"$set": {"state": "taken"}})
    for name, body in (("done", {}), ("problem", {"note": "rain"})):
        assert kind(await step(world, task, name, 409, **body)) == "task-withdrawn"


async def test_who_has_another_number_in_the_file_hears_there_what_they_have_to_do(world: World) -> None:
    booking = await booked(world, await customer(world), (await slots(world))[0])
    parts, name = world.process.parts, f"{booking['reference']}:service:1"
    await world.quiet()
    task, now, business = await parts.tasks.find(name), await parts.clock.business_now(), world.process.business
    assert task is not None
    courier = parts.task_desk.courier
    assert (task.shown and task.shown.thread) == courier.directory.id_of(_phone_of(business, str(task.assignee)))
    # whose provider and whose staff have one id are two people
    assert await parts.tasks.of_workers([str(task.assignee)], []) != []
    assert await parts.tasks.of_workers([], [str(task.assignee)]) == []
    moved = tuple(
        replace(one, contact=replace(one.contact, phone="+6281299999998")) if one.id == task.assignee else one
        for one in business.providers
    )
    changed = replace(business, providers=moved, version="another")
    for expected in (1, 0):
        # each process by itself
        directory = replace(courier.directory, business=lambda: changed)
        there = JobCourier(parts.tasks, parts.received, parts.vault, directory)
        assert [await there.sweep(now), await there.sweep(now)] == [expected, 0]
    after = await parts.tasks.find(name)
    assert after is not None
    assert after.shown is not None
    assert after.shown.thread == courier.directory.id_of("+6281299999998")
    told = [str(one["_id"]) async for one in world.process.database["received"].find({"kind": "job_news"})]
    assert sum(name in one and after.shown.thread in one for one in told) == 1


async def test_news_of_a_job_that_is_anothers_by_now_tells_nothing_of_it(world: World) -> None:
    task, parts = await made(world, who="ketut"), world.process.parts
    await world.quiet()
    await step(world, task, "assign", who="dewi")
    await world.quiet()
    directory, now = parts.task_desk.courier.directory, await parts.clock.business_now()
    heard = {}
    for who in ("ketut", "dewi"):
        person = world.process.business.staff_member(who)
        assert person is not None
        thread = await directory.thread_of(person.contact.phone)
        stored = await parts.partners.load(thread)
        assert stored is not None
        for news in JobNews:
            text = f'{{"task": "{task["id"]}", "news": "{news}", "shown": null}}'
            late = await internal(parts.vault, JOB_NEWS, text, thread, now, f"{news}-late")
            heard[who, news] = await parts.partner_worker.inbound.event_of(stored, [late], now)
    assert {news for news in JobNews if heard["ketut", news] is not None} == {JobNews.GONE}
    assert all(heard["dewi", news] is not None for news in JobNews)


def _phone_of(business: Business, provider: str) -> str:
    known = business.provider(provider)
    assert known is not None
    return known.contact.phone


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


async def test_the_list_is_cut_by_kind_and_due_moment_and_the_counts_by_day(world: World) -> None:
    zone = world.process.business.zone
    soon = await made(world)
    due = datetime.fromisoformat(soon["due"])
    later = await made(world, due=(due + timedelta(days=2)).isoformat())

    async def listed(**query: str) -> list[str]:
        answer = (await world.api.get("/tasks", params=query)).raise_for_status()
        return [one["id"] for one in answer.json()["items"] if one["id"] in {soon["id"], later["id"]}]

    assert await listed() == [soon["id"], later["id"]]
    assert await listed(due_before=(due + timedelta(minutes=1)).isoformat()) == [soon["id"]]
    assert await listed(due_before=(due - timedelta(minutes=1)).isoformat()) == []
    assert await listed(kind=soon["kind"]) == [soon["id"], later["id"]]
    assert await listed(kind="service") == []

    def counted(day: datetime) -> dict[str, str]:
        return {"from": day.astimezone(zone).date().isoformat(), "to": day.astimezone(zone).date().isoformat()}

    async def counts(day: datetime) -> Json:
        told: Json = (await world.api.get("/tasks/statistics", params=counted(day))).raise_for_status().json()
        return told

    of_day = await counts(due)
    assert (of_day["total"], of_day["late"], (await counts(due + timedelta(days=1)))["total"]) == (1, 0, 0)
    # nobody began it in time
    await everybodys_time_goes_on(world, timedelta(hours=6))
    await world.process.parts.task_desk.sweep(await world.process.parts.clock.business_now())
    assert ((await counts(due))["late"], (await counts(due + timedelta(days=2)))["late"]) == (1, 0)
    wrong = await world.api.get("/tasks/statistics", params={"from": "2026-03-02", "to": "2026-03-01"})
    assert (wrong.status_code, kind(wrong.json())) == (400, "bad-range")
