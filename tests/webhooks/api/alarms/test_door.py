"""What waits for a person, through the API and at the command line."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.world import World, until
from tests.webhooks.cli.test_leads import environment
from tests.webhooks.cli.test_main import janji

pytestmark = [pytest.mark.mongo, pytest.mark.processes, pytest.mark.timeout(120)]


async def listed(world: World, **query: Any) -> list[dict[str, Any]]:
    answer = await world.api.get("/alarms", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_who_waits_is_listed_earliest_first_until_a_person_is_there(
    world: World, mongodb_uri: str, tmp_path: Path
) -> None:
    first, second = [await world.phone(wa_id=f"628120000000{number}") for number in (1, 2)]
    for phone in (first, second):
        await phone.say("I want to talk to a human")
        await phone.expect("I have called a person")
        await world.quiet()
    mine = await world.lead_of(first)
    (alarm,) = mine["alarms"]
    assert (mine["waits_for_person"], alarm["reason"], alarm["subject"]) == (True, "asked_for_person", "")
    found = await listed(world)
    assert [one["lead_id"] for one in found] == [mine["id"], (await world.lead_of(second))["id"]]
    assert found[0] == alarm | {"lead_id": mine["id"], "timezone": mine["timezone"]}
    page = (await world.api.get("/alarms", params={"limit": 1})).json()
    assert [one["lead_id"] for one in await listed(world, cursor=page["next_cursor"])] == [found[1]["lead_id"]]
    inbox = (await world.api.get("/conversations", params={"tab": "unassigned"})).json()["items"]
    assert {one["id"] for one in inbox} == {one["lead_id"] for one in found}

    at_the_terminal = janji("alarms", "--json", cwd=tmp_path, **environment(world, mongodb_uri))
    assert json.loads(at_the_terminal.stdout)["items"] == found
    plain = janji("alarms", cwd=tmp_path, **environment(world, mongodb_uri))
    assert plain.stdout.splitlines()[-1] == "2 alarms"
    assert [line.split()[1:] for line in plain.stdout.splitlines()[:-1]] == [
        ["asked_for_person", one["lead_id"]] for one in found
    ]

    answer = await world.api.post(f"/conversations/{mine['id']}/takeover")
    assert answer.status_code == 200, answer.text

    async def over() -> bool:
        return [one["lead_id"] for one in await listed(world)] == [found[1]["lead_id"]]

    await until(over, what="the end of the alarm")
    shown = (await world.api.get(f"/leads/{mine['id']}")).json()
    assert (shown["waits_for_person"], shown["alarms"]) == (False, [])


async def test_late_work_of_the_house_is_in_the_list_of_what_waits(
    world: World, mongodb_uri: str, tmp_path: Path
) -> None:
    parts = world.process.parts
    due = await parts.clock.business_now() - timedelta(minutes=5)
    body = {"title": "Pump out the pool", "due": due.isoformat(), "place": "villa-padi"}
    task = (await world.api.post("/tasks", json=body)).json()["id"]
    await parts.task_desk.sweep(await parts.clock.business_now())
    (found,) = await listed(world)
    assert (found["lead_id"], found["reason"], found["subject"]) == (None, "task_late", task)
    assert datetime.fromisoformat(found["due"]) == due.replace(microsecond=0)
    plain = janji("alarms", cwd=tmp_path, **environment(world, mongodb_uri))
    assert plain.stdout.splitlines()[0].split()[1:4] == ["task_late", "house", task]
    assert (await world.api.post(f"/tasks/{task}/done", json={"who": "ketut"})).status_code == 200
    assert await listed(world) == []
