"""The simulator answers its own page, scripts on this machine and the backend; no page from anywhere else."""

import json
from dataclasses import replace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.backend_door import is_readable
from simulator.own_page import host_of, is_own, may_be_called
from simulator.server import serve
from tests.simulator.conftest import SETTINGS, Graph

pytestmark = pytest.mark.asyncio(loop_scope="session")

JSON = {"Content-Type": "application/json"}


async def customers(graph: Graph) -> int:
    return len((await graph.sim("GET", "/customers"))["items"])


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example", ""]
)
@pytest.mark.parametrize("path", ["/sim/customers", "/sim/health", "/phone/", "/", "/v26.0/1/messages", "/checkout/x"])
async def test_a_name_that_is_bent_to_this_address_is_refused(graph: Graph, host: str, path: str) -> None:
    answer = await graph.client.get(path, headers={"Host": host})
    assert answer.status_code in ({403} if host else {400, 403})


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "[::1]:8080", "sim.localhost:9000", "192.168.1.20"])
async def test_an_address_and_localhost_are_answered(graph: Graph, host: str) -> None:
    assert (await graph.client.get("/sim/health", headers={"Host": host})).status_code == 200


async def test_a_name_can_be_allowed() -> None:
    async with (
        serve(replace(SETTINGS, allowed_hosts=("simulator",))) as url,
        httpx.AsyncClient(trust_env=False) as http,
    ):
        for host, status in (("simulator:9000", 200), ("SIMULATOR", 200), ("other", 403)):
            assert (await http.get(f"{url}/sim/health", headers={"Host": host})).status_code == status


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://127.0.0.1",
        "http://localhost:8000",
        "file://",
        "http://127.0.0.1:1",
        "http://[",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
async def test_another_page_moves_nothing(graph: Graph, origin: str, method: str) -> None:
    before = await customers(graph)
    for path in ("/sim/customers", "/sim/faults", "/sim/manners", "/sim/reset", "/sim/world", "/sim/xendit/pay"):
        answer = await graph.client.request(method, path, headers={"Origin": origin, **JSON}, content=b"{}")
        assert answer.status_code == 403
    assert await customers(graph) == before


async def test_its_own_page_is_answered(graph: Graph) -> None:
    answer = await graph.client.post("/sim/customers", json={"name": "Sari"}, headers={"Origin": graph.url})
    assert answer.status_code == 201
    with_port = graph.url.removeprefix("http://")
    by_name = {"Host": with_port.replace("127.0.0.1", "localhost")}
    origin = {"Origin": graph.url.replace("127.0.0.1", "localhost")}
    assert (await graph.client.post("/sim/customers", json={}, headers=by_name | origin)).status_code == 201


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "text/plain;charset=UTF-8",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/jsonx",
        "text/plain, application/json",
    ],
)
@pytest.mark.parametrize("path", ["/sim/customers", "/sim/reset", "/sim/xendit/pay", "/sim/time", "/sim/webhooks/raw"])
async def test_words_that_are_not_json_change_nothing(graph: Graph, sari: str, kind: str, path: str) -> None:
    answer = await graph.client.post(path, content=json.dumps({"name": "Eve"}), headers={"Content-Type": kind})
    assert answer.status_code == 415
    assert await customers(graph) == 1


async def test_json_without_its_name_is_refused_and_nothing_at_all_is_not(graph: Graph) -> None:
    bare = httpx.Request("POST", f"{graph.url}/sim/customers", content=b"{}")
    assert (await graph.client.send(bare)).status_code == 415
    assert (await graph.client.post("/sim/webhooks/release")).status_code == 200
    assert (await graph.client.delete("/sim/faults")).status_code == 200
    charset = {"Content-Type": "application/json; charset=utf-8"}
    assert (await graph.client.post("/sim/customers", content=b"{}", headers=charset)).status_code == 201


@pytest.mark.parametrize(
    ("path", "readable"),
    [
        ("leads", True),
        ("leads/lead-1", True),
        ("bookings/BK-1", True),
        ("money/check", True),
        ("conversations/lead-1/messages", True),
        ("lifecycle", True),
        ("leadsx", False),
        ("leads-export", False),
        ("money", False),
        ("money/checks", False),
        ("money/check_all", False),
        ("clock", False),
        ("leads/../clock", False),
        ("leads/./lead-1", False),
        ("leads//lead-1", False),
        ("leads/%2e%2e/clock", False),
        ("leads\\..\\clock", False),
        ("", False),
    ],
)
async def test_what_the_page_may_read_of_the_backend_is_exact(path: str, readable: bool) -> None:
    assert is_readable(path) is readable


@given(st.text(max_size=40), st.text(max_size=40))
async def test_any_words_as_host_or_origin_are_judged(host: str, origin: str) -> None:
    name = host_of(host)
    assert may_be_called(name, frozenset()) in {True, False}
    assert not is_own(origin, host) or origin.casefold().endswith(host.casefold())
