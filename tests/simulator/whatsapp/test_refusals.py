"""What Meta refuses, and in which shape (reference: whatsapp 3.2, 3.4)."""

from typing import Any

import pytest

from tests.simulator import makers
from tests.simulator.conftest import Graph

pytestmark = pytest.mark.asyncio(loop_scope="session")

Json = dict[str, Any]

LONG_BODY = {"type": "text", "text": {"body": "x" * 4097}}

REFUSED: dict[str, tuple[int, Json]] = {
    "a text of 4097 characters": (131009, LONG_BODY),
    "a blank text": (131009, {"type": "text", "text": {"body": " "}}),
    "a text without its body": (131008, {"type": "text", "text": {}}),
    "a text that is no object": (131009, {"type": "text", "text": "hello"}),
    "an unknown type": (131051, {"type": "hologram", "hologram": {}}),
    "an unknown interactive type": (131009, makers.interactive({"type": "carousel"})),
    "an interactive without type": (131008, makers.interactive({})),
    "four buttons": (131009, makers.buttons("A", "B", "C", "D")),
    "no buttons": (131009, makers.buttons()),
    "two buttons of one title": (131009, makers.buttons("A", "A")),
    "a button title of 21": (131009, makers.buttons("x" * 21)),
    "a body of 1025": (131009, makers.buttons("A", body="x" * 1025)),
    "a footer of 61": (131009, makers.buttons("A", footer={"text": "x" * 61})),
    "a header of 61": (131009, makers.buttons("A", header={"type": "text", "text": "x" * 61})),
    "eleven rows in two sections": (131009, makers.listing(makers.section(6), makers.section(5, 6))),
    "eleven sections": (131009, makers.listing(*(makers.section(1, n) for n in range(11)))),
    "two sections, one untitled": (
        131008,
        makers.listing(makers.section(1), makers.section(1, 1, title=None)),
    ),
    "a row title of 25": (131009, makers.listing({"rows": makers.rows(1, title="x" * 25)})),
    "a row description of 73": (131009, makers.listing({"rows": makers.rows(1, description="x" * 73)})),
    "a row id of 201": (131009, makers.listing({"rows": makers.rows(1, id="x" * 201)})),
    "two rows of one id": (131009, makers.listing({"rows": makers.rows(2, id="same")})),
    "a list button of 21": (131009, makers.listing(makers.section(), button="x" * 21)),
    "a link that is none": (131009, makers.link(url="pay.example/1")),
    "a link title of 21": (131009, makers.link(title="x" * 21)),
    "a flow by id and by name": (131009, makers.form(flow_name="book")),
    "a flow by neither": (131009, makers.form(flow_id=None)),
    "a flow of another version": (131009, makers.form(flow_message_version="2")),
    "a flow exchange with a payload": (
        131009,
        makers.form(flow_action="data_exchange", flow_action_payload={"screen": "A"}),
    ),
    "an empty flow payload": (131009, makers.form(flow_action_payload={"screen": "A", "data": {}})),
    "media by id and by link": (
        131009,
        {"type": "image", "image": {"id": "1", "link": "https://a.example"}},
    ),
    "media by neither": (131009, {"type": "image", "image": {"caption": "look"}}),
    "media nobody uploaded": (100, {"type": "image", "image": {"id": "404"}}),
    "a caption of 1025": (
        131009,
        {"type": "image", "image": {"link": "https://a.example", "caption": "x" * 1025}},
    ),
    "an audio with a caption": (
        131009,
        {"type": "audio", "audio": {"link": "https://a.example", "caption": "x"}},
    ),
    "a latitude of 91": (131009, {"type": "location", "location": {"latitude": 91, "longitude": 0}}),
    "a reaction without emoji": (131008, {"type": "reaction", "reaction": {"message_id": "wamid.1"}}),
    "an unknown template": (132001, makers.template("nobody_made_it")),
    "a template in another language": (132001, makers.template("hello_world", language="id")),
    "a template with a value too many": (132000, makers.template("hello_world", "x", language="en_US")),
    "callback data of 513": (
        131009,
        {"type": "text", "text": {"body": "x"}, "biz_opaque_callback_data": "x" * 513},
    ),
    "a group": (131009, {"recipient_type": "group", "type": "text", "text": {"body": "x"}}),
}


@pytest.mark.parametrize(("code", "body"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_meta_refuses_is_refused_with_its_code_and_shape(
    graph: Graph, sari: str, code: int, body: Json
) -> None:
    response = await graph.post({"to": sari, **body})
    error = response.json()["error"]
    assert error["code"] == code
    assert error["type"] == "OAuthException"
    assert error["message"].startswith(f"(#{code})")
    assert error["error_data"]["messaging_product"] == "whatsapp"
    assert error["error_data"]["details"]
    assert error["fbtrace_id"]
    assert response.status_code == (404 if code == 132001 else 400)
    assert (await graph.sim("GET", f"/customers/{sari}/bubbles"))["items"] == []


FITTING: dict[str, Json] = {
    "a text of 4096": {"type": "text", "text": {"body": "x" * 4096}},
    "three buttons of 20": makers.buttons("a" * 20, "b" * 20, "c" * 20, body="x" * 1024),
    "ten rows": makers.listing(makers.section(5), makers.section(5, 5)),
    "one untitled section": makers.listing({"rows": makers.rows(10)}),
    "a link": makers.link(),
    "a flow with a payload": makers.form(flow_action_payload={"screen": "A", "data": {"a": 1}}),
    "a flow exchange": makers.form(flow_action="data_exchange"),
    "a location request": makers.interactive(
        {"type": "location_request_message", "body": {"text": "Where?"}, "action": {"name": "send_location"}}
    ),
    "a linked image": {"type": "image", "image": {"link": "https://a.example/1.png", "caption": "Pool"}},
    "a document": {"type": "document", "document": {"link": "https://a.example/1.pdf", "filename": "1.pdf"}},
    "a location": {"type": "location", "location": {"latitude": -8.6, "longitude": "115.2"}},
    "a contact": {"type": "contacts", "contacts": [{"name": {"formatted_name": "Made"}}]},
    "a reaction taken away": {"type": "reaction", "reaction": {"message_id": "wamid.1", "emoji": ""}},
    "the template everybody has": makers.template("hello_world", language="en_US"),
}


@pytest.mark.parametrize("body", FITTING.values(), ids=FITTING.keys())
async def test_what_just_fits_is_accepted_and_shown(graph: Graph, sari: str, body: Json) -> None:
    response = await graph.post({"to": f"+{sari}", **body})
    assert response.status_code == 200, response.text
    answer = response.json()
    assert answer["messaging_product"] == "whatsapp"
    assert answer["contacts"][0]["input"] == f"+{sari}"
    assert answer["contacts"][0]["wa_id"] == sari
    [bubble] = (await graph.sim("GET", f"/customers/{sari}/bubbles"))["items"]
    assert bubble["id"] == answer["messages"][0]["id"]


async def test_without_the_right_token_nothing_is_done(graph: Graph, sari: str) -> None:
    for headers in ({"Authorization": "Bearer another"}, {"Authorization": ""}):
        response = (
            await graph.text(sari)
            if not headers
            else await graph.post({"to": sari, "type": "text", "text": {"body": "x"}}, headers=headers)
        )
        assert response.status_code == 401
        assert response.json()["error"]["code"] == 190


async def test_another_phone_number_id_does_not_exist(graph: Graph) -> None:
    response = await graph.client.post("/v26.0/999/messages", json={"messaging_product": "whatsapp"})
    assert response.status_code == 400
    assert (response.json()["error"]["code"], response.json()["error"]["error_subcode"]) == (100, 33)


async def test_a_body_that_is_not_whatsapps_is_refused(graph: Graph) -> None:
    path = f"/v26.0/{graph.settings.phone_number_id}/messages"
    for sent in (b"not json", b"[]", b'{"to":"1"}'):
        response = await graph.client.post(path, content=sent)
        assert response.json()["error"]["code"] == 100


async def test_an_unknown_graph_path_says_so(graph: Graph) -> None:
    response = await graph.client.get("/v26.0/1/2/3")
    assert response.json()["error"]["code"] == 2500


async def test_the_business_cannot_write_to_itself(graph: Graph) -> None:
    response = await graph.text(graph.settings.display_phone_number)
    assert response.json()["error"]["code"] == 131021
