"""Signed webhooks: shapes, signature, retries, order, copies, batches (reference: whatsapp 4)."""

import hashlib
import hmac
from typing import Any

import pytest

from tests.simulator import makers
from tests.simulator.conftest import SETTINGS, Backend, Graph

pytestmark = pytest.mark.asyncio(loop_scope="session")


def signature(raw: bytes) -> str:
    return "sha256=" + hmac.new(SETTINGS.app_secret.encode(), raw, hashlib.sha256).hexdigest()


async def test_every_webhook_is_signed_over_its_raw_bytes(graph: Graph, sari: str, backend: Backend) -> None:
    await graph.sim("POST", f"/customers/{sari}/say", {"text": "Chào bạn, ngày mai nhé ☀"})
    await graph.text(sari)
    await graph.idle()
    assert len(backend.deliveries) == 4
    for delivery in backend.deliveries:
        assert delivery.headers["x-hub-signature-256"] == signature(delivery.raw)
        assert delivery.raw.isascii()
    assert backend.all("messages")[1]["text"]["body"] == "Chào bạn, ngày mai nhé ☀"


async def test_a_message_has_metas_envelope(graph: Graph, sari: str, backend: Backend) -> None:
    body = backend.deliveries[0].body
    assert body["object"] == "whatsapp_business_account"
    assert body["entry"][0]["id"] == graph.settings.waba_id
    assert body["entry"][0]["changes"][0]["field"] == "messages"
    value = backend.deliveries[0].values[0]
    assert value["metadata"] == {
        "display_phone_number": graph.settings.display_phone_number,
        "phone_number_id": graph.settings.phone_number_id,
    }
    [contact], [message] = value["contacts"], value["messages"]
    assert contact["profile"] == {"name": "Sari"}
    assert contact["wa_id"] == message["from"] == sari
    assert contact["user_id"] == message["from_user_id"]
    assert message["timestamp"].isdigit()
    assert message["text"] == {"body": "Halo"}


async def test_statuses_echo_the_callback_data_and_carry_the_price(graph: Graph, sari: str, backend: Backend) -> None:
    wamid = (await graph.text(sari, biz_opaque_callback_data="e:1")).json()["messages"][0]["id"]
    await graph.sim("POST", f"/customers/{sari}/look")
    await graph.idle()
    statuses = backend.all("statuses")
    assert [status["status"] for status in statuses] == ["sent", "delivered", "read"]
    assert {status["id"] for status in statuses} == {wamid}
    assert {status["biz_opaque_callback_data"] for status in statuses} == {"e:1"}
    assert {status["recipient_id"] for status in statuses} == {sari}
    assert statuses[0]["pricing"] == {
        "billable": True,
        "pricing_model": "PMP",
        "type": "regular",
        "category": "service",
    }
    assert "pricing" not in statuses[2]


async def test_what_is_not_answered_200_comes_again_unchanged(graph: Graph, sari: str, backend: Backend) -> None:
    backend.deliveries.clear()
    backend.answers = [503, 401, 201]
    await graph.sim("POST", f"/customers/{sari}/say", {"text": "Anyone?"})
    await graph.idle()
    assert len(backend.deliveries) == 4
    assert len({delivery.raw for delivery in backend.deliveries}) == 1
    journal = (await graph.sim("GET", "/journal"))["items"]
    tries = [line for line in journal if line["kind"] == "webhook"][-4:]
    assert [(line["attempt"], line["status"]) for line in tries] == [(1, 503), (2, 401), (3, 201), (4, 200)]


async def test_statuses_can_be_switched_off(graph: Graph, sari: str, backend: Backend) -> None:
    await graph.sim("PATCH", "/manners", {"statuses": {"mode": "off"}})
    await graph.text(sari)
    await graph.idle()
    assert backend.all("statuses") == []


async def test_statuses_can_come_doubled_and_backwards(graph: Graph, sari: str, backend: Backend) -> None:
    await graph.sim("PATCH", f"/customers/{sari}", {"reads_at_once": True})
    await graph.sim("PATCH", "/manners", {"statuses": {"order": "reversed", "copies": 2}})
    await graph.text(sari)
    await graph.idle()
    statuses = [status["status"] for status in backend.all("statuses")]
    assert statuses == ["read", "read", "delivered", "delivered", "sent", "sent"]


async def test_every_nth_message_comes_twice_when_asked(graph: Graph, sari: str, backend: Backend) -> None:
    await graph.sim("PATCH", "/manners", {"messages": {"double_every": 2}})
    for text in ("one", "two", "three", "four"):
        await graph.sim("POST", f"/customers/{sari}/say", {"text": text})
    await graph.idle()
    came = [message["text"]["body"] for message in backend.all("messages")[1:]]
    assert sorted(came) == sorted(["one", "two", "three", "four", *came_twice(came)])
    assert len(came) == 6


def came_twice(came: list[str]) -> list[str]:
    return [text for text in dict.fromkeys(came) if came.count(text) == 2]


async def say_three(graph: Graph, sari: str) -> None:
    await graph.sim("PATCH", "/manners", {"messages": {"mode": "held"}})
    for text in ("one", "two", "three"):
        await graph.sim("POST", f"/customers/{sari}/say", {"text": text})
    assert len((await graph.sim("GET", "/webhooks"))["held"]) == 3


SHAPES: dict[str, list[list[int]]] = {
    "alone": [[1], [1], [1]],
    "entries": [[1, 1, 1]],
    "changes": [[1, 1, 1]],
    "merged": [[3]],
}


@pytest.mark.parametrize("packing", SHAPES)
async def test_held_messages_come_in_batches(graph: Graph, sari: str, backend: Backend, packing: str) -> None:
    backend.deliveries.clear()
    await say_three(graph, sari)
    assert backend.deliveries == []
    await graph.sim("POST", "/webhooks/release", {"packing": packing})
    await graph.idle()
    shape = [[len(value["messages"]) for value in delivery.values] for delivery in backend.deliveries]
    assert shape == SHAPES[packing]
    assert [message["text"]["body"] for message in backend.all("messages")] == ["one", "two", "three"]
    entries = {len(delivery.body["entry"]) for delivery in backend.deliveries}
    assert entries == ({3} if packing == "entries" else {1})


async def test_held_messages_come_backwards_twice_and_with_one_lost(graph: Graph, sari: str, backend: Backend) -> None:
    backend.deliveries.clear()
    await say_three(graph, sari)
    await graph.sim("POST", "/webhooks/release", {"order": "reversed", "copies": 2, "drop": 1})
    await graph.idle()
    texts = [message["text"]["body"] for message in backend.all("messages")]
    assert texts == ["three", "three", "two", "two"]


@pytest.mark.parametrize(
    ("which", "right"), [("right", True), ("wrong", False), ("missing", False), ("sha256=00", False)]
)
async def test_any_bytes_can_be_posted_rightly_or_wrongly_signed(
    graph: Graph, backend: Backend, which: str, right: bool
) -> None:
    answer = await graph.sim("POST", "/webhooks/raw", {"body": '{"half":', "signature": which})
    assert answer["status"] == 200
    [delivery] = backend.deliveries
    assert delivery.raw == b'{"half":'
    given = delivery.headers.get("x-hub-signature-256")
    assert (given == signature(delivery.raw)) is right


async def test_the_handshake_is_metas(graph: Graph) -> None:
    assert (await graph.sim("POST", "/webhooks/verify", {"challenge": "4711"}))["verified"]
    refused = await graph.sim("POST", "/webhooks/verify", {"token": "wrong"})
    assert (refused["verified"], refused["status"]) == (False, 403)


async def test_a_backend_that_is_down_gets_everything_when_it_is_back(
    graph: Graph, sari: str, backend: Backend
) -> None:
    backend.deliveries.clear()
    await graph.sim("PATCH", "/manners", {"app_url": "http://127.0.0.1:1"})
    await graph.sim("POST", f"/customers/{sari}/say", {"text": "Hello?"})
    assert not (await graph.sim("GET", "/webhooks?wait=0.05"))["idle"]
    await graph.sim("PATCH", "/manners", {"app_url": backend.url})
    await graph.idle()
    assert [message["text"]["body"] for message in backend.all("messages")] == ["Hello?"]


async def test_defaults_are_late_disordered_and_sometimes_double(graph: Graph) -> None:
    await graph.sim("POST", "/reset")
    manners: dict[str, Any] = await graph.sim("GET", "/manners")
    assert manners["statuses"]["order"] == "shuffled"
    assert manners["statuses"]["delay"] > 0
    assert manners["messages"]["double_every"] > 0
    assert manners["pair_rate"]


async def test_a_marketing_template_is_priced_as_one(graph: Graph, sari: str, backend: Backend) -> None:
    made = {"name": "offer", "language": "en", "category": "MARKETING", "body": "Hi {{1}}"}
    await graph.sim("POST", "/templates", made)
    await graph.post({"to": sari, **makers.template("offer", "Sari")})
    await graph.idle()
    assert backend.all("statuses")[0]["pricing"]["category"] == "marketing"
