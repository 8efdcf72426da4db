"""A stay whose work an outside task system carries: told signed and whole, told again until taken, heard back."""

from datetime import timedelta
from typing import Any

import pytest

from bot.business.staff import STAY_TASKS
from bot.engine.task_carrier import FIRST_PAUSE
from bot.store.carried_tasks import DUE
from tests.journeys import payments as p
from tests.journeys.test_stays import a_day_later, asks, paid_stay, step, tasks_of
from tests.journeys.world import World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

Json = dict[str, Any]
KIND = "urn:janji:problem:"


async def carried(world: World) -> int:
    """One round of telling."""
    parts = world.process.parts
    return await parts.task_carrier.sweep(await parts.clock.business_now())


async def outside(world: World) -> Json:
    return await world.told("GET", "/tasks")


async def workflow(world: World, reference: str) -> Json:
    await carried(world)
    found: Json = (await outside(world))["workflows"][reference]
    return found


async def reports(world: World, task: str, status: str, **more: Any) -> tuple[int, str]:
    """What the task system says of a task; the status and kind of our answer, or the task's state."""
    told = await world.told("POST", "/tasks/report", {"task_id": task, "status": status, **more})
    body = told["body"]
    return told["status"], body.get("state") or body["type"].removeprefix(KIND)


async def alarms(world: World) -> set[tuple[str, str]]:
    items = (await world.api.get("/alarms")).json()["items"]
    return {(one["reason"], one["subject"]) for one in items}


async def stays(world: World, days: int, wa_id: str) -> str:
    phone = await world.phone("Emma", wa_id=wa_id)
    await phone.say("Hello")
    await world.quiet()
    return await paid_stay(world, phone, (await world.process.parts.clock.business_now()).date() + timedelta(days=days))


async def test_an_outside_task_system_carries_a_stay_and_says_what_became_of_it(mongodb_uri: str) -> None:
    async with opened(mongodb_uri, has_task_system=True) as world:
        # nobody takes the first message, and the second is kept though its answer is lost: told again, it is one
        await world.told("POST", "/tasks/answers", {"answers": [400, 503]})
        reference = await stays(world, 20, "6281200000096")
        first = await tasks_of(world, reference)

        async def is_taken() -> bool:
            await carried(world)
            await p.time_goes_on(world, FIRST_PAUSE)
            return [one["status"] for one in (await outside(world))["calls"]][-1:] == [202]

        await until(is_taken, what="the workflow", timeout=40)
        told = await workflow(world, reference)
        calls = (await outside(world))["calls"]
        assert {400, 503} <= {one["status"] for one in calls}
        assert (told["message_type"], told["correlation_id"]) == ("workflow_creation_request", reference)
        payload = told["payload"]
        assert (payload["booking_id"], payload["template_id"]) == (reference, "WF-TEMPLATE-STAY")
        assert set(payload["customer_information"]) == {"customer_id"}
        assert payload["service_information"]["location_id"] == "villa-kamboja"
        before, after = payload["preparation_requirements"], payload["follow_up_tasks"]
        assert [one["task_id"].split(":")[1] for one in before] == ["pre-arrival-cleaning", "check-in-meeting"]
        assert {one["task_id"] for one in (*before, *after)} == {one["id"] for one in first.values()}
        by_name = {one["task_id"].split(":")[1]: one for one in (*before, *after)}
        assert set(by_name) == STAY_TASKS
        assert by_name["check-in-meeting"]["due_date"] == first["check-in-meeting"]["due"]
        assert {one["status"] for one in by_name.values()} == {"pending"}

        # what somebody does here is told there
        meeting, cleaning = first["check-in-meeting"]["id"], first["pre-arrival-cleaning"]["id"]
        await step(world, meeting, "take", who="dewi")
        told = await workflow(world, reference)
        assert told["message_type"] == "workflow_update"
        rows = told["payload"]["preparation_requirements"]
        assert [(one["status"], one["assignee_id"]) for one in rows if one["task_id"] == meeting] == [
            ("assigned", "dewi")
        ]

        # what is done there comes back: an issue reaches a person, a completion ends it, the same words twice are once
        issue = {"notes": "no key under the mat", "message_id": "m-1"}
        assert await reports(world, cleaning, "issue_reported", **issue) == (200, "problem")
        heard = await world.process.parts.tasks.find(cleaning)
        assert await reports(world, cleaning, "issue_reported", **issue | {"message_id": "m-1b"}) == (200, "problem")
        assert await world.process.parts.tasks.find(cleaning) == heard

        async def is_called() -> bool:
            return ("task_problem", cleaning) in await alarms(world)

        await until(is_called, what="the alarm")
        done = {"completed_by": "iluh", "notes": "all clean", "message_id": "m-2"}
        assert await reports(world, cleaning, "completed", **done) == (200, "done")
        assert await reports(world, cleaning, "completed", **done) == (200, "done")
        # the issue told once more, after it was done: the answer of then, and no second step
        assert await reports(world, cleaning, "issue_reported", **issue) == (200, "problem")
        shown = (await tasks_of(world, reference))["pre-arrival-cleaning"]
        assert (shown["state"], shown["done_by"], shown["note"]) == ("done", "iluh", "all clean")
        assert await reports(world, cleaning, "completed", **{**done, "notes": "other"}) == (422, "message-id-reused")
        # a death between the write and the answer: the key is free again, and the same words are no second step
        assert await reports(world, cleaning, "completed", **{**done, "message_id": "m-3"}) == (200, "done")
        assert await reports(world, cleaning, "completed", notes="by somebody else") == (409, "task-done")

        # moved, it is told at its new time; called off, it is told as such, and what comes too late is answered so
        moved_to = a_day_later((await world.api.get(f"/bookings/{reference}")).json())
        await asks(world, reference, "reschedule", cause="customer", reason="flight", slot_id=moved_to["slot_id"])

        async def is_moved() -> bool:
            rows = (await workflow(world, reference))["payload"]["preparation_requirements"]
            return any(one["task_id"] == meeting and one["due_date"] == moved_to["start"] for one in rows)

        await until(is_moved, what="the new time")
        await asks(world, reference, "cancel", cause="customer", reason="flight")

        async def is_off() -> bool:
            payload = (await workflow(world, reference))["payload"]
            rows = payload["preparation_requirements"] + payload["follow_up_tasks"]
            return {one["status"] for one in rows} <= {"cancelled", "completed"}

        await until(is_off, what="the cancelled workflow")
        assert await reports(world, meeting, "completed") == (409, "task-withdrawn")
        assert await reports(world, "BK-0:clean:1", "completed") == (404, "no-such-task")
        assert await reports(world, meeting, "danced") == (400, "bad-message")
        assert await reports(world, meeting, "issue_reported") == (400, "bad-message")
        assert await reports(world, meeting, "completed", signature="sha256=00") == (401, "wrong-signature")
        assert await reports(world, meeting, "completed", message_type="hello") == (400, "bad-message")
        # nothing is left to be told
        await carried(world)
        assert await world.process.database["tasks"].count_documents({DUE: {"$type": "date"}}) == 0


async def test_where_none_is_set_up_nothing_is_kept_for_it_and_its_door_is_closed(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        made = await world.api.post("/tasks", json={"title": "Buy flowers", "due": "2030-01-07T09:00:00+08:00"})
        task = made.json()["id"]
        assert await carried(world) == 0
        assert await world.process.database["tasks"].count_documents({DUE: {"$exists": True}}) == 0
        assert await reports(world, task, "completed") == (401, "wrong-signature")
        assert (await outside(world))["calls"] == []
