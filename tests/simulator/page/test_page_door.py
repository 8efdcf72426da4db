"""The page's files, the media its phones show, the world as a file, the backend's inside."""

import json
from dataclasses import replace as changed
from typing import Any

import httpx
import pytest
from quart import Quart, jsonify, request

from simulator.server import serve
from simulator.settings import Settings
from simulator.whatsapp.manners import Call, Faults
from tests.simulator.conftest import Graph, served

pytestmark = pytest.mark.asyncio(loop_scope="session")

Json = dict[str, Any]


async def test_the_bare_address_leads_to_the_page(graph: Graph) -> None:
    answer = await graph.client.get("/", follow_redirects=True)
    assert answer.url.path == "/phone/"
    assert "default-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["phone.css", "js/main.js", "flow/open.js", "icon.svg"])
async def test_the_pages_files_are_served(graph: Graph, path: str) -> None:
    assert (await graph.client.get(f"/phone/{path}")).status_code == 200


@pytest.mark.parametrize("path", ["../app.py", "%2e%2e/app.py", "js/../../app.py", "js", "nothing.js", "page_door.py"])
async def test_nothing_else_is(graph: Graph, path: str) -> None:
    assert (await graph.client.get(f"/phone/{path}")).status_code == 404


async def test_the_page_loads_nothing_from_elsewhere(graph: Graph) -> None:
    index = (await graph.client.get("/phone/")).text
    assert "http://" not in index
    assert "https://" not in index


async def test_a_phone_shows_a_file_without_the_token_and_runs_none(graph: Graph, sari: str) -> None:
    form = {"messaging_product": "whatsapp", "type": "text/html"}
    upload = f"/v26.0/{graph.settings.phone_number_id}/media"
    media = (await graph.client.post(upload, data=form, files={"file": ("a.html", b"<script>", "text/html")})).json()
    async with httpx.AsyncClient(base_url=graph.url, trust_env=False) as phone:
        answer = await phone.get(f"/sim/media/{media['id']}")
        assert answer.content == b"<script>"
        assert answer.headers["content-disposition"] == "attachment"
        assert (await phone.get("/sim/media/1")).status_code == 404


async def test_a_world_comes_back_from_its_file(graph: Graph, sari: str) -> None:
    await graph.text(sari, "Hello *Sari*")
    await graph.sim("POST", "/clock", {"move": 3600})
    await graph.sim("POST", "/flows", {"id": "5", "flow_json": {"version": "7.3", "screens": [{"id": "A"}]}})
    await graph.sim("POST", f"/customers/{sari}/file", {})
    before = await graph.sim("GET", "/world")
    chat = await graph.sim("GET", f"/customers/{sari}/bubbles")
    await graph.sim("POST", "/reset")
    assert (await graph.sim("GET", "/customers"))["items"] == []
    await graph.sim("POST", "/world", before)
    after = await graph.sim("GET", f"/customers/{sari}/bubbles")
    assert [bubble["text"] for bubble in after["items"]] == [bubble["text"] for bubble in chat["items"]]
    assert (await graph.sim("GET", "/clock"))["ahead"] == pytest.approx(3600)
    assert (await graph.sim("GET", "/flows"))["items"][0]["id"] == "5"
    assert len((await graph.sim("GET", "/world"))["files"]) == 1
    assert (await graph.text(sari, "and again")).status_code == 200
    newest = (await graph.sim("GET", f"/customers/{sari}/bubbles"))["items"][-1]
    assert newest["text"] == "and again"
    assert newest["seq"] > max(bubble["seq"] for bubble in chat["items"])


@pytest.mark.parametrize(
    "change",
    [{"kind": "shopping list"}, {"version": 99}, {"threads": [{"$": "Popen"}]}, {"threads": "x"}, {"ahead": "x"}],
)
async def test_a_file_that_is_no_world_changes_nothing(graph: Graph, sari: str, change: Json) -> None:
    world = await graph.sim("GET", "/world")
    answer = await graph.client.post("/sim/world", json=world | change)
    assert answer.status_code == 400
    assert len((await graph.sim("GET", "/customers"))["items"]) == 1


async def test_a_restart_keeps_what_the_business_has_set_up(graph: Graph, sari: str) -> None:
    await graph.sim("POST", "/flows", {"id": "5", "flow_json": {"version": "7.3", "screens": [{"id": "A"}]}})
    await graph.sim("POST", "/reset", {"keep_account": True})
    assert (await graph.sim("GET", "/customers"))["items"] == []
    assert len((await graph.sim("GET", "/flows"))["items"]) == 1
    await graph.sim("POST", "/reset")
    assert (await graph.sim("GET", "/flows"))["items"] == []


async def test_every_third_call_can_be_slow(graph: Graph) -> None:
    told = await graph.sim("PATCH", "/manners", {"slow_every": 3, "slow_seconds": 2})
    assert (told["slow_every"], told["slow_seconds"]) == (3, 2)
    await graph.sim("PATCH", "/manners", {"slow_every": 0})
    faults = Faults()
    faults.slow_every = 3
    met = [faults.take(Call.MESSAGES) for _ in range(6)]
    assert [fault is not None for fault in met] == [False, False, True, False, False, True]


async def test_a_backend_without_an_api_is_told_as_such(graph: Graph) -> None:
    told = await graph.sim("GET", "/backend/leads?phone=1")
    assert told == {"available": False, "reason": "the simulator was started without --api-token"}


async def test_the_backends_inside_is_read_with_the_token_and_never_shows_it() -> None:
    app = Quart(__name__)

    @app.get("/api/v1/leads")
    async def leads() -> Any:
        if request.headers["Authorization"] != "Bearer the-api-token":
            return "", 401
        return jsonify({"items": [{"id": "L1", "note": "the-api-token", "phone": request.args["phone"]}]})

    settings = Settings(api_token="the-api-token")
    async with (
        served(app) as url,
        serve(changed(settings, app_url=url)) as sim,
        httpx.AsyncClient(base_url=sim, trust_env=False) as client,
    ):
        told = (await client.get("/sim/backend/leads", params={"phone": "62"})).json()
        assert told == {"available": True, "body": {"items": [{"id": "L1", "note": "***", "phone": "62"}]}}
        assert not (await client.get("/sim/backend/bookings")).json()["available"]
        assert not (await client.get("/sim/backend/users")).json()["available"]
        told = (await client.post("/sim/time", json={"move": 1})).json()
        assert (told["ahead"], "answered 404" in told["backend"]["reason"]) == (1, True)


FLOW = json.dumps({"version": "7.3", "screens": [{"id": "A"}]})


async def test_a_flow_is_made_changed_published_and_retired_over_the_graph_api(graph: Graph) -> None:
    waba = f"/v26.0/{graph.settings.waba_id}/flows"
    made = (await graph.client.post(waba, data={"name": "booking", "categories": '["OTHER"]'})).json()
    flow = f"/v26.0/{made['id']}"
    assert made["validation_errors"]
    assert (await graph.client.post(f"{flow}/publish")).json()["error"]["code"] == 139002
    upload = {"name": "flow.json", "asset_type": "FLOW_JSON"}
    bad = await graph.client.post(
        f"{flow}/assets", data=upload, files={"file": ("flow.json", b"{", "application/json")}
    )
    assert bad.json()["success"]
    assert bad.json()["validation_errors"]
    good = await graph.client.post(
        f"{flow}/assets", data=upload, files={"file": ("flow.json", FLOW, "application/json")}
    )
    assert good.json() == {"success": True, "validation_errors": []}
    assert (await graph.client.post(f"{flow}/publish")).json() == {"success": True}
    assert (await graph.client.get(flow)).json()["status"] == "PUBLISHED"
    assert (await graph.client.delete(flow)).json()["error"]["code"] == 139004
    assert (await graph.client.post(f"{flow}/deprecate")).json() == {"success": True}
    assert len((await graph.client.get(waba)).json()["data"]) == 1
    assert (await graph.client.post(waba, data={"name": "booking"})).json()["error"]["code"] == 100


async def test_a_flow_with_an_endpoint_needs_a_key_and_an_answered_ping(graph: Graph) -> None:
    with_endpoint = json.dumps({"version": "7.3", "data_api_version": "4.0", "screens": [{"id": "A"}]})
    body = {"name": "x", "flow_json": with_endpoint, "endpoint_uri": f"{graph.url}/nowhere"}
    made = (await graph.client.post(f"/v26.0/{graph.settings.waba_id}/flows", json=body)).json()
    refused = (await graph.client.post(f"/v26.0/{made['id']}/publish")).json()["error"]
    assert refused["code"] == 139002
    assert "no public key" in refused["error_data"]["details"]
