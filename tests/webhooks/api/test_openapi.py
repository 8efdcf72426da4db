"""The API's description: every route is in it and nothing else, and what the doors answer is what it says."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from bot.domain.states import State
from tests.journeys import payments as p
from tests.journeys.world import World
from tests.webhooks.cli.test_main import janji
from webhooks.api.openapi import address, document, operations, page, resolved
from webhooks.api.operations import OPERATIONS
from webhooks.console.guard import is_console
from webhooks.doorway import doors_of
from webhooks.processes.web import create_app

Json = dict[str, Any]


def fits(body: Any, schema: Json) -> None:
    """The answer is what the description says."""
    whole = schema | {"components": document()["components"]}
    problems = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(whole).iter_errors(body)]
    assert not problems, problems


def schema_of(method: str, path: str, status: int) -> Json:
    """The schema that the description gives an answer."""
    responses = document()["paths"][path][method]["responses"]
    described = resolved(document(), responses.get(str(status), responses["default"]))
    (content,) = described["content"].values()
    schema: Json = content["schema"]
    return schema


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_every_reference_leads_somewhere_and_every_schema_is_one() -> None:
    described = document()
    assert described["openapi"].startswith("3.1")
    for reference in set(references(described)):
        assert resolved(described, {"$ref": reference}) is not None
    for schema in described["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_variable_of_a_path_is_described_and_every_operation_summed_up() -> None:
    for method, path, operation in operations(document()):
        parameters = operation.get("parameters", ())
        named = {parameter["name"] for parameter in parameters if parameter["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", path)), (method, path)
        assert operation["summary"]
        if "doors" in operation["tags"]:
            assert operation["security"] == []
            continue
        assert "default" in operation["responses"]
        if method == "post":
            assert "Idempotency-Key" in {parameter["name"] for parameter in parameters}, path


def test_an_answer_is_never_described_as_anything_at_all() -> None:
    for operation in OPERATIONS:
        for shape in operation.answers.values():
            assert shape.model_fields, operation.path


def test_the_states_are_those_of_the_code() -> None:
    assert document()["components"]["schemas"]["State"]["enum"] == [state.value for state in State]


def test_the_page_for_people_names_every_operation_and_loads_nothing() -> None:
    shown = page(document())
    for method, path, operation in operations(document()):
        assert f"{method.upper()} {address(document(), path)}" in shown
        assert operation["summary"].split(";")[0].split(",")[0] in shown.replace("&#x27;", "'")
    assert "<script" not in shown
    assert "://" not in shown
    assert "src=" not in shown
    assert "@import" not in shown


def test_the_command_prints_what_the_door_serves(tmp_path: Path) -> None:
    done = janji("openapi", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == document()


@pytest.mark.mongo
async def test_every_route_is_described_and_nothing_else(world: World) -> None:
    app = create_app(doors_of(world.process))
    served = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        # pages are for people, and say themselves what they take
        if rule.endpoint != "static" and not is_console(rule.rule)
    } | {(method.lower(), path) for path, handlers in app.raw.routes.items() for method in handlers}
    assert served == {(method, address(document(), path)) for method, path, _ in operations(document())}


@pytest.mark.mongo
async def test_no_route_of_the_api_lets_a_stranger_in(world: World) -> None:
    app = create_app(doors_of(world.process))
    public = {"/api/docs", "/api/v1/openapi.json"}
    walked = 0
    async with httpx.AsyncClient(base_url=world.url, trust_env=False, timeout=30) as stranger:
        for rule in app.url_map.iter_rules():
            if not rule.rule.startswith("/api/") or rule.rule in public:
                continue
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                answer = await stranger.request(method, re.sub(r"<[^>]+>", "x", rule.rule), content=b"{")
                assert answer.status_code == 401, (method, rule.rule)
                walked += 1
    assert walked == len(OPERATIONS)


@pytest.mark.mongo
async def test_every_answer_tells_a_browser_to_do_nothing_with_it(world: World) -> None:
    for path in ("/api/v1/services", "/api/v1/nothing", "/livez", "/api/docs", "/webhooks/whatsapp", "/metrics"):
        answer = await world.api.get(f"{world.url}{path}")
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], path
        assert answer.headers["Cache-Control"] == "no-store", path


@pytest.mark.mongo
async def test_both_are_served_without_a_token(world: World) -> None:
    async with httpx.AsyncClient(base_url=world.url, trust_env=False, timeout=30) as stranger:
        assert (await stranger.get("/api/v1/openapi.json")).json() == document()
        shown = await stranger.get("/api/docs")
        assert shown.headers["content-type"].startswith("text/html")
        assert "default-src 'none'" in shown.headers["content-security-policy"]


@pytest.mark.mongo
@pytest.mark.timeout(120)
async def test_what_the_doors_answer_is_what_is_described(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000041")
    reference = p.reference_in(await p.linked(phone))
    await p.pay(world, f"{reference}.1")
    await phone.expect("Paid and confirmed")
    await world.quiet()
    lead = (await world.lead_of(phone))["id"]
    filled = {"reference": reference, "lead_id": lead, "service": "planning-call"}
    asked: tuple[tuple[str, dict[str, str]], ...] = (
        ("/services", {}),
        ("/services/{service}/slots", {}),
        ("/bookings", {"lead": lead}),
        ("/bookings/{reference}", {}),
        ("/bookings/{reference}/verdict", {"target": "CANCELLED"}),
        ("/leads", {"phone": "6281200000041"}),
        ("/leads/{lead_id}", {}),
        ("/leads/{lead_id}/insight", {}),
        ("/lifecycle", {}),
        ("/conversations", {}),
        ("/conversations/{lead_id}/messages", {}),
        ("/money/check", {}),
        ("/clock", {}),
    )
    for path, query in asked:
        answer = await world.api.get(path.format(**filled), params=query)
        assert answer.status_code == 200, (path, answer.text)
        fits(answer.json(), schema_of("get", path, 200))
        assert answer.json().get("items", True), path
    moved = await world.api.post("/clock", json={"move": 1})
    fits(moved.json(), schema_of("post", "/clock", 200))
    taken = await world.api.post(f"/conversations/{lead}/takeover")
    fits(taken.json(), schema_of("post", "/conversations/{lead_id}/takeover", 200))
    sent = await world.api.post(f"/conversations/{lead}/messages", json={"text": "Hello"})
    fits(sent.json(), schema_of("post", "/conversations/{lead_id}/messages", 202))
    given_back = await world.api.post(f"/conversations/{lead}/release")
    fits(given_back.json(), schema_of("post", "/conversations/{lead_id}/release", 200))


@pytest.mark.mongo
async def test_a_refusal_is_the_problem_that_is_described(world: World) -> None:
    phone = await world.phone("Emma", wa_id="6281200000042")
    reference = p.reference_in(await p.linked(phone))
    await world.quiet()
    blocked = await world.api.post(f"/bookings/{reference}/show-up", json={"showed_up": True})
    missing = await world.api.get("/bookings/BK-NOBODY")
    strange = await world.api.get("/clock", headers={"Authorization": "Bearer wrong"})
    assert [one.status_code for one in (blocked, missing, strange)] == [409, 404, 401]
    assert blocked.json()["reasons"]
    for answer in (blocked, missing, strange):
        assert answer.headers["content-type"] == "application/problem+json"
        fits(answer.json(), {"$ref": "#/components/schemas/Problem"})


def test_no_two_shapes_are_published_under_one_name() -> None:
    schemas = document()["components"]["schemas"]
    named = [one for operation in OPERATIONS for one in operation.answers.values()]
    for shape in named:
        published = schemas[shape.__name__.removesuffix("Shown")]
        assert set(published["properties"]) == {
            info.serialization_alias or name for name, info in shape.model_fields.items()
        }
