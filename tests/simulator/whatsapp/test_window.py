"""The 24 hours and the pair limit (reference: whatsapp 3.5)."""

import pytest

from tests.simulator import makers
from tests.simulator.conftest import Backend, Graph

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_outside_the_window_only_templates_pass(graph: Graph, sari: str) -> None:
    await graph.sim("POST", "/clock", {"move": 24 * 3600})
    refused = await graph.text(sari)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, 131047)
    passed = await graph.post({"to": sari, **makers.template("hello_world", language="en_US")})
    assert passed.status_code == 200
    await graph.sim("POST", f"/customers/{sari}/say", {"text": "back"})
    assert (await graph.text(sari)).status_code == 200


async def test_the_pair_limit_holds_that_customer_only(graph: Graph, sari: str) -> None:
    answers = [await graph.text(sari, f"{n}") for n in range(46)]
    assert [answer.status_code for answer in answers[:45]] == [200] * 45
    assert answers[45].json()["error"]["code"] == 131056
    other = await graph.sim("POST", "/customers", {"wa_id": "84901234567"})
    await graph.sim("POST", f"/customers/{other['id']}/say", {"text": "Xin chào"})
    assert (await graph.text("84901234567")).status_code == 200
    await graph.sim("POST", "/clock", {"move": 45 * 6})
    assert (await graph.text(sari)).status_code == 200


async def test_the_pair_limit_can_be_switched_off(graph: Graph, sari: str) -> None:
    await graph.sim("PATCH", "/manners", {"pair_rate": False})
    assert [(await graph.text(sari)).status_code for _ in range(50)] == [200] * 50


async def test_a_number_without_whatsapp_is_accepted_and_fails_later(graph: Graph, backend: Backend) -> None:
    sent = {"to": "+62 811 000 999", **makers.template("hello_world", language="en_US")}
    response = await graph.post({**sent, "biz_opaque_callback_data": "e:9"})
    assert response.status_code == 200
    await graph.idle()
    [status] = backend.all("statuses")
    assert (status["status"], status["recipient_id"]) == ("failed", "62811000999")
    assert status["errors"][0]["code"] == 131026
    assert status["biz_opaque_callback_data"] == "e:9"
    assert "recipient_user_id" not in status
