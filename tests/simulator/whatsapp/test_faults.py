"""Calls that go wrong, and what the caller can and cannot know."""

import asyncio

import httpx
import pytest

from simulator.server import serve
from tests.simulator import makers
from tests.simulator.conftest import SETTINGS, Backend, Graph

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def texts(graph: Graph, sari: str) -> list[str]:
    return [bubble["text"] for bubble in (await graph.sim("GET", f"/customers/{sari}/bubbles"))["items"]]


async def test_the_next_sends_meet_the_error_and_no_others(graph: Graph, sari: str) -> None:
    await graph.sim("POST", "/faults", {"kind": "error", "code": 131000, "status": 500, "times": 2})
    answers = [await graph.text(sari, f"{n}") for n in range(3)]
    assert [answer.status_code for answer in answers] == [500, 500, 200]
    assert answers[0].json()["error"]["code"] == 131000
    assert await texts(graph, sari) == ["2"]


async def test_a_reset_before_acceptance_leaves_nothing(graph: Graph, sari: str) -> None:
    await graph.sim("POST", "/faults", {"kind": "reset_before"})
    with pytest.raises(httpx.ReadError):
        await graph.text(sari, "lost")
    assert await texts(graph, sari) == []


async def test_a_reset_after_acceptance_shows_the_message_and_tells_its_statuses(
    graph: Graph, sari: str, backend: Backend
) -> None:
    await graph.sim("POST", "/faults", {"kind": "accept_reset"})
    with pytest.raises(httpx.ReadError):
        await graph.text(sari, "there", biz_opaque_callback_data="e:7")
    assert await texts(graph, sari) == ["there"]
    await graph.idle()
    assert [status["biz_opaque_callback_data"] for status in backend.all("statuses")] == ["e:7", "e:7"]


async def test_a_hung_call_has_been_accepted(graph: Graph, sari: str) -> None:
    await graph.sim("POST", "/faults", {"kind": "accept_hang"})
    sent = {"to": sari, "type": "text", "text": {"body": "there"}}
    with pytest.raises(httpx.ReadTimeout):
        await graph.post(sent, timeout=0.2)
    assert await texts(graph, sari) == ["there"]
    outcomes = [line["outcome"] for line in (await graph.sim("GET", "/journal"))["items"] if "outcome" in line]
    assert outcomes == ["accepted_hang"]


async def test_a_500_can_hide_an_acceptance(graph: Graph, sari: str) -> None:
    await graph.sim("POST", "/faults", {"kind": "accept_500"})
    answer = await graph.text(sari, "there")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, 131000)
    assert await texts(graph, sari) == ["there"]


async def test_an_accepted_message_can_fail_later(graph: Graph, sari: str, backend: Backend) -> None:
    await graph.sim("POST", "/faults", {"kind": "accept_fail", "code": 131049})
    assert (await graph.text(sari, "offer")).status_code == 200
    await graph.idle()
    [status] = backend.all("statuses")
    assert (status["status"], status["errors"][0]["code"]) == ("failed", 131049)
    assert "contacts" not in backend.deliveries[-1].values[0]
    assert await texts(graph, sari) == []


async def test_a_slow_call_is_answered_in_the_end(graph: Graph, sari: str) -> None:
    await graph.sim("POST", "/faults", {"kind": "slow", "seconds": 0.05})
    assert (await graph.text(sari)).status_code == 200


async def test_a_fault_for_marks_leaves_messages_alone(graph: Graph, sari: str, backend: Backend) -> None:
    await graph.sim("POST", "/faults", {"kind": "error", "call": "marks", "code": 2})
    assert (await graph.text(sari)).status_code == 200
    mark = await graph.post({"status": "read", "message_id": backend.all("messages")[0]["id"]})
    assert mark.status_code == 503
    assert (await graph.sim("GET", "/faults"))["items"] == []


async def test_an_unknown_fault_is_the_testers_mistake(graph: Graph) -> None:
    response = await graph.client.post("/sim/faults", json={"kind": "earthquake"})
    assert response.status_code == 400


async def test_a_bsuid_in_to_is_accepted_and_never_delivered(graph: Graph, sari: str, backend: Backend) -> None:
    user_id = (await graph.sim("GET", f"/customers/{sari}"))["user_id"]
    assert (await graph.text(user_id, "into the void")).status_code == 200
    await graph.idle()
    assert await texts(graph, sari) == []
    assert backend.all("statuses") == []
    assert (await graph.sim("GET", "/journal"))["items"][-1]["outcome"] == "dropped"


async def test_a_recipient_reaches_the_customer_and_the_phone_wins_over_it(graph: Graph, sari: str) -> None:
    user_id = (await graph.sim("GET", f"/customers/{sari}"))["user_id"]
    by_id = await graph.post({"recipient": user_id, **makers.buttons("Yes")})
    assert by_id.json()["contacts"] == [{"input": user_id, "user_id": user_id}]
    both = await graph.text(sari, "both", recipient="ID.404")
    assert both.json()["contacts"][0]["wa_id"] == sari
    assert await texts(graph, sari) == ["Which one?", "both"]


async def test_an_authentication_template_needs_a_phone_number(graph: Graph, sari: str) -> None:
    await graph.sim("POST", "/templates", {"name": "otp", "language": "en", "category": "AUTHENTICATION"})
    user_id = (await graph.sim("GET", f"/customers/{sari}"))["user_id"]
    refused = await graph.post({"recipient": user_id, **makers.template("otp")})
    assert refused.json()["error"]["code"] == 131062
    assert (await graph.post({"to": sari, **makers.template("otp")})).status_code == 200


async def test_the_journal_shows_no_secret(graph: Graph, sari: str) -> None:
    await graph.text(sari, f"my token is {graph.settings.token}")
    journal = await graph.client.get("/sim/journal")
    assert graph.settings.token not in journal.text
    assert "my token is ***" in journal.text


async def test_a_429_can_stay_until_it_is_cleared_and_say_when_to_come_again(graph: Graph, sari: str) -> None:
    switch = {"kind": "error", "code": 130429, "status": 429, "stays": True, "retry_after": 7}
    await graph.sim("POST", "/faults", switch)
    for _ in range(3):
        answer = await graph.text(sari)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
        assert answer.json()["error"]["code"] == 130429
    await graph.sim("DELETE", "/faults")
    assert (await graph.text(sari, "through")).status_code == 200
    assert await texts(graph, sari) == ["through"]


async def test_a_call_that_hangs_before_acceptance_leaves_nothing(graph: Graph, sari: str) -> None:
    await graph.sim("POST", "/faults", {"kind": "hang_before"})
    with pytest.raises(httpx.ReadTimeout):
        await graph.post({"to": sari, "type": "text", "text": {"body": "lost"}}, timeout=0.2)
    assert await texts(graph, sari) == []


async def test_sends_to_one_customer_hang_and_nobody_elses_do(graph: Graph, sari: str) -> None:
    other = await graph.sim("POST", "/customers", {"wa_id": "628777", "name": "Budi"})
    await graph.sim("POST", f"/customers/{other['id']}/say", {"text": "Halo"})
    user_id = (await graph.sim("GET", f"/customers/{sari}"))["user_id"]
    await graph.sim("POST", "/faults", {"kind": "hang_before", "to": user_id, "stays": True})
    for _ in range(2):
        with pytest.raises(httpx.ReadTimeout):
            await graph.post({"to": sari, "type": "text", "text": {"body": "lost"}}, timeout=0.2)
        assert (await graph.text("628777", "there")).status_code == 200
    assert await texts(graph, "628777") == ["there", "there"]


async def is_refused(client: httpx.AsyncClient) -> bool:
    """Whether nothing listens; what was torn on the way is asked again."""
    while True:
        try:
            await client.get("/sim/health")
        except httpx.ConnectError:
            return True
        except (httpx.ReadError, httpx.RemoteProtocolError):
            continue
        return False


async def becomes(client: httpx.AsyncClient, *, refused: bool) -> None:
    for _ in range(1_000):
        if await is_refused(client) is refused:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"never became refused={refused}")


async def test_an_outage_refuses_every_connection_and_ends_by_itself() -> None:
    async with serve(SETTINGS) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        await client.post("/sim/customers", json={"wa_id": "628777", "name": "Budi"})
        assert (await client.post("/sim/outage", json={"seconds": 1.0})).json() == {"ok": True, "seconds": 1.0}
        await becomes(client, refused=True)
        await becomes(client, refused=False)
        assert [one["name"] for one in (await client.get("/sim/customers")).json()["items"]] == ["Budi"]


async def test_an_outage_longer_than_ten_minutes_is_a_mistake(graph: Graph) -> None:
    for seconds in (0, -1, 601, "soon"):
        assert (await graph.client.post("/sim/outage", json={"seconds": seconds})).status_code == 400


async def test_a_simulator_that_is_told_to_end_while_it_is_down_ends() -> None:
    async with serve(SETTINGS) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        await client.post("/sim/outage", json={"seconds": 500})
        await becomes(client, refused=True)
