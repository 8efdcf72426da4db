"""The queue through the API and at the command line: listed, taken, released, ended, and refused with a sentence."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.store.operator_notices import OperatorNotice
from tests.journeys.world import World
from tests.webhooks.cli.test_leads import environment
from tests.webhooks.cli.test_main import janji

pytestmark = [pytest.mark.mongo, pytest.mark.processes, pytest.mark.timeout(180)]

Json = dict[str, Any]


async def asked(world: World, **query: Any) -> list[Json]:
    answer = await world.api.get("/attention", params=query)
    assert answer.status_code == 200, answer.text
    items: list[Json] = answer.json()["items"]
    return items


async def refused(world: World, path: str, body: Json | None = None) -> tuple[int, str, str]:
    answer = await world.api.post(path, json=body or {})
    told = answer.json()
    return answer.status_code, told["type"].rpartition(":")[2], told["detail"]


async def test_a_row_is_listed_taken_released_and_ended_by_its_one_button(
    world: World, mongodb_uri: str, tmp_path: Path
) -> None:
    phone = await world.phone("Emma", wa_id="6281200000001")
    await phone.say("I want to talk to a human")
    await phone.expect("I have called a person")
    await world.quiet()
    (row,) = await asked(world, severity="critical", reason="asked_for_person", owner="none")
    assert row["sentence"] == "A customer asks for a person"
    assert row["subject"] == {"kind": "lead", "id": "", "name": "Emma"}
    assert row["lead_id"] == (await world.lead_of(phone))["id"]
    assert (row["owner"], row["closed_at"], row["amount"]) == (None, None, None)
    in_indonesian = await world.api.get("/attention", headers={"Accept-Language": "id"})
    assert in_indonesian.json()["items"][0]["fix"]["label"] == "Ambil alih percakapan"

    path = f"/attention/{row['id']}"
    taken = (await world.api.post(f"{path}/take", json={"by": "rina", "role": "support"})).json()
    assert taken["owner"]["id"] == "rina"
    assert taken["owner"]["role"] == "support"
    assert await asked(world, owner="none") == []
    assert [one["id"] for one in await asked(world, owner="rina")] == [row["id"]]
    assert await refused(world, f"{path}/take", {"by": "budi"}) == (
        409,
        "attention-taken",
        "rina has it; they release it first, or it comes back by itself.",
    )
    assert (await refused(world, f"{path}/seen"))[:2] == (409, "attention-ends-by-itself")

    ours = environment(world, mongodb_uri)
    listed = janji("attention", "list", "--json", cwd=tmp_path, **ours)
    assert [one["id"] for one in json.loads(listed.stdout)["items"]] == [row["id"]]
    plain = janji("attention", "list", "--owner", "rina", cwd=tmp_path, **ours).stdout.splitlines()
    assert plain[-1] == "1 wait for a person"
    assert "A customer asks for a person" in plain[0]
    assert janji("attention", "take", row["id"], "budi", cwd=tmp_path, **ours).returncode == 1
    assert janji("attention", "release", row["id"], "--dry-run", cwd=tmp_path, **ours).returncode == 0
    assert len(await asked(world, owner="rina")) == 1
    assert janji("attention", "release", row["id"], cwd=tmp_path, **ours).returncode == 0
    assert (await refused(world, f"{path}/release"))[:2] == (409, "attention-not-taken")
    assert janji("attention", "take", row["id"], "budi", cwd=tmp_path, **ours).returncode == 0
    assert janji("attention", "list", "--severity", "loud", cwd=tmp_path, **ours).returncode == 2

    fix = row["fix"]
    assert (fix["method"], fix["needs"], fix["command"]) == ("POST", [], None)
    assert (await world.api.post(fix["path"].removeprefix("/api/v1"), json=fix["body"])).status_code == 200
    assert await asked(world) == []
    over = (await world.api.get(path)).json()
    assert (over["ended"], over["owner"]["id"]) == ("gone", "budi")
    assert (await refused(world, f"{path}/take"))[:2] == (409, "attention-closed")
    assert (await refused(world, "/attention/at-nothing/take"))[:2] == (404, "no-such-attention")
    assert (await world.api.get("/attention/at-nothing")).status_code == 404


async def test_a_notice_of_the_account_is_ended_by_who_has_seen_to_it(world: World) -> None:
    parts = world.process.parts
    now = await parts.clock.business_now()
    facts = (("event", "PAUSED"), ("message_template_name", "janji_paid_confirmed"))
    await parts.notices.record(OperatorNotice("n1", "template_status", "warning", facts, now))
    (row,) = await asked(world, reason="account_warning")
    assert row["severity"] == "mild"
    assert row["facts"]["message_template_name"] == "janji_paid_confirmed"
    assert row["fix"]["path"] == f"/api/v1/attention/{row['id']}/seen"
    seen = (await world.api.post(f"/attention/{row['id']}/seen", json={"by": "rina"})).json()
    assert seen["ended"] == "seen"
    assert await asked(world, reason="account_warning") == []


async def test_what_is_no_question_is_refused_with_a_sentence(world: World) -> None:
    for query in ({"severity": "loud"}, {"limit": "0"}, {"cursor": "x"}):
        answer = await world.api.get("/attention", params=query)
        assert answer.status_code == 400, query
        assert answer.json()["type"].startswith("urn:janji:problem:")
