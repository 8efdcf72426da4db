"""Customers: what they send, what they see, who they are (reference: whatsapp 4.3, 5)."""

import json
from typing import Any

import pytest

from tests.simulator import makers
from tests.simulator.conftest import Backend, Graph

pytestmark = pytest.mark.asyncio(loop_scope="session")

Json = dict[str, Any]


async def act(graph: Graph, who: str, act_name: str, /, **body: Any) -> Json:
    """An act of the customer's, its webhook waited for."""
    answer = await graph.sim("POST", f"/customers/{who}/{act_name}", body)
    await graph.idle()
    return answer


async def last(graph: Graph, backend: Backend, who: str, act_name: str, /, **body: Any) -> Json:
    """The message that an act sends to the business."""
    answer = await act(graph, who, act_name, **body)
    message = backend.all("messages")[-1]
    assert message["id"] == answer["id"]
    return message


async def bubbles(graph: Graph, who: str) -> list[Json]:
    items: list[Json] = (await graph.sim("GET", f"/customers/{who}/bubbles"))["items"]
    return items


async def test_a_tapped_button_quotes_its_bubble(graph: Graph, sari: str, backend: Backend) -> None:
    wamid = (await graph.post({"to": sari, **makers.buttons("Yes", "No")})).json()["messages"][0]["id"]
    message = await last(graph, backend, sari, "tap", choice="yes")
    assert message["type"] == "interactive"
    assert message["interactive"] == {
        "type": "button_reply",
        "button_reply": {"id": "id-Yes", "title": "Yes"},
    }
    assert message["context"] == {"from": graph.settings.display_phone_number, "id": wamid}


async def test_a_tapped_row_brings_its_description(graph: Graph, sari: str, backend: Backend) -> None:
    await graph.post({"to": sari, **makers.listing(makers.section())})
    message = await last(graph, backend, sari, "tap", choice="row-1")
    reply = {"id": "row-1", "title": "Row 1", "description": "60 min"}
    assert message["interactive"] == {"type": "list_reply", "list_reply": reply}


async def test_a_quick_reply_of_a_template_is_a_button_message(graph: Graph, sari: str, backend: Backend) -> None:
    await graph.sim(
        "POST",
        "/templates",
        {
            "name": "reminder",
            "language": "id",
            "body": "Halo {{1}}, sampai jumpa {{2}}.",
            "buttons": [{"kind": "quick_reply", "text": "Datang"}],
        },
    )
    await graph.post({"to": sari, **makers.template("reminder", "Sari", "besok", language="id")})
    assert (await bubbles(graph, sari))[0]["text"] == "Halo Sari, sampai jumpa besok."
    message = await last(graph, backend, sari, "tap", choice="Datang")
    assert (message["type"], message["button"]) == ("button", {"payload": "Datang", "text": "Datang"})


async def test_a_link_tells_the_business_nothing(graph: Graph, sari: str, backend: Backend) -> None:
    await graph.post({"to": sari, **makers.link()})
    answer = await act(graph, sari, "tap", choice="Pay")
    assert (answer["id"], answer["choice"]["url"]) == (None, "https://pay.example/1")
    assert len(backend.all("messages")) == 1


async def test_what_no_bubble_shows_cannot_be_tapped(graph: Graph, sari: str) -> None:
    response = await graph.client.post(f"/sim/customers/{sari}/tap", json={"choice": "Yes"})
    assert response.status_code == 409


async def test_a_finished_form_answers_with_its_token(graph: Graph, sari: str, backend: Backend) -> None:
    await graph.post({"to": sari, **makers.form()})
    message = await last(graph, backend, sari, "form", response={"date": "2026-11-22"})
    reply = message["interactive"]["nfm_reply"]
    assert (message["interactive"]["type"], reply["name"], reply["body"]) == ("nfm_reply", "flow", "Sent")
    assert json.loads(reply["response_json"]) == {"flow_token": "token-1", "date": "2026-11-22"}


async def test_location_reaction_and_quote_have_their_shapes(graph: Graph, sari: str, backend: Backend) -> None:
    wamid = (await graph.text(sari)).json()["messages"][0]["id"]
    place = await last(graph, backend, sari, "location", latitude=-8.65, longitude=115.13, name="Canggu")
    assert place["location"] == {"latitude": -8.65, "longitude": 115.13, "name": "Canggu"}
    reaction = await last(graph, backend, sari, "reaction", message_id=wamid, emoji="👍")
    assert reaction["reaction"] == {"message_id": wamid, "emoji": "👍"}
    removed = await last(graph, backend, sari, "reaction", message_id=wamid)
    assert removed["reaction"] == {"message_id": wamid}
    quoted = await last(graph, backend, sari, "say", text="this one", quote=wamid)
    assert quoted["context"]["id"] == wamid


async def test_edit_revoke_and_unsupported_have_their_shapes(graph: Graph, sari: str, backend: Backend) -> None:
    said = (await act(graph, sari, "say", text="at tree"))["id"]
    edited = await last(graph, backend, sari, "edit", message_id=said, text="at three")
    assert edited["edit"] == {
        "original_message_id": said,
        "message": {"type": "text", "text": {"body": "at three"}},
    }
    revoked = await last(graph, backend, sari, "revoke", message_id=said)
    assert revoked["revoke"] == {"original_message_id": said}
    unsupported = await last(graph, backend, sari, "unsupported")
    assert (unsupported["type"], unsupported["errors"][0]["code"]) == ("unsupported", 131051)


async def test_a_customer_without_phone_number_is_known_by_user_id_only(graph: Graph, backend: Backend) -> None:
    await graph.sim("POST", "/customers", {"user_id": "ID.1349", "username": "made.w", "name": "Made"})
    message = await last(graph, backend, "ID.1349", "say", text="Hi")
    [contact] = backend.deliveries[-1].values[0]["contacts"]
    assert contact == {"profile": {"name": "Made", "username": "made.w"}, "user_id": "ID.1349"}
    assert message["from_user_id"] == "ID.1349"
    assert "from" not in message
    await graph.post({"recipient": "ID.1349", "type": "text", "text": {"body": "Halo"}})
    await graph.idle()
    status = backend.all("statuses")[-1]
    assert status["recipient_user_id"] == "ID.1349"
    assert "recipient_id" not in status


async def test_a_hidden_number_shows_for_30_days_once_the_business_has_used_it(graph: Graph, backend: Backend) -> None:
    await graph.sim("POST", "/customers", {"wa_id": "62811", "username": "ayu"})
    assert "from" not in await last(graph, backend, "62811", "say", text="Hi")
    await graph.text("62811")
    assert (await last(graph, backend, "62811", "say", text="Hi"))["from"] == "62811"
    await graph.sim("POST", "/clock", {"move": 31 * 24 * 3600})
    assert "from" not in await last(graph, backend, "62811", "say", text="Hi")


async def test_with_the_number_the_user_id_changes(graph: Graph, sari: str, backend: Backend) -> None:
    before = (await graph.sim("GET", f"/customers/{sari}"))["user_id"]
    message = await last(graph, backend, sari, "number", wa_id="628999")
    system = message["system"]
    assert (message["type"], message["from"], system["type"]) == ("system", sari, "user_changed_number")
    assert (system["wa_id"], system["previous_user_id"]) == ("628999", before)
    after = await last(graph, backend, "628999", "say", text="It is me")
    assert (after["from"], after["from_user_id"]) == ("628999", system["user_id"])
    assert system["user_id"] != before


async def test_the_user_id_alone_can_change(graph: Graph, sari: str, backend: Backend) -> None:
    message = await last(graph, backend, sari, "user-id", user_id="ID.2")
    assert (message["system"]["type"], message["system"]["user_id"]) == ("user_changed_user_id", "ID.2")
    assert (await graph.sim("GET", f"/customers/{sari}"))["user_id"] == "ID.2"


async def test_marks_are_seen_and_typing_ends_with_the_bubble(graph: Graph, sari: str, backend: Backend) -> None:
    first = backend.all("messages")[0]["id"]
    second = (await act(graph, sari, "say", text="Hello?"))["id"]
    mark = {"status": "read", "message_id": second, "typing_indicator": {"type": "text"}}
    assert (await graph.post(mark)).json() == {"success": True}
    said = (await graph.sim("GET", f"/customers/{sari}/said"))["items"]
    assert [(message["id"], message["read"]) for message in said] == [(first, True), (second, True)]
    assert (await graph.sim("GET", f"/customers/{sari}"))["typing"]
    await graph.text(sari)
    assert not (await graph.sim("GET", f"/customers/{sari}"))["typing"]


async def test_a_mark_for_an_unknown_message_is_refused(graph: Graph, sari: str) -> None:
    answer = await graph.post({"status": "read", "message_id": "wamid.404"})
    assert answer.json()["error"]["code"] == 100


async def test_bubbles_keep_their_order_effect_and_ticks(graph: Graph, sari: str) -> None:
    for n in range(3):
        await graph.text(sari, f"{n}", biz_opaque_callback_data=f"e:{n}")
    shown = await bubbles(graph, sari)
    assert [(bubble["text"], bubble["effect_id"]) for bubble in shown] == [
        ("0", "e:0"),
        ("1", "e:1"),
        ("2", "e:2"),
    ]
    assert [bubble["monotonic"] for bubble in shown] == sorted(bubble["monotonic"] for bubble in shown)
    assert {bubble["tick"] for bubble in shown} == {"delivered"}
    await act(graph, sari, "say", text="read them")
    assert {bubble["tick"] for bubble in await bubbles(graph, sari)} == {"read"}


async def test_a_phone_that_is_off_gets_its_bubbles_when_it_is_on(graph: Graph, sari: str, backend: Backend) -> None:
    await graph.sim("PATCH", f"/customers/{sari}", {"online": False})
    await graph.text(sari, "later")
    await graph.idle()
    assert await bubbles(graph, sari) == []
    assert [status["status"] for status in backend.all("statuses")] == ["sent"]
    await graph.sim("PATCH", f"/customers/{sari}", {"online": True})
    await graph.idle()
    assert [bubble["text"] for bubble in await bubbles(graph, sari)] == ["later"]
    assert [status["status"] for status in backend.all("statuses")] == ["sent", "delivered"]


async def test_who_stopped_marketing_gets_none(graph: Graph, sari: str, backend: Backend) -> None:
    made = {"name": "offer", "language": "en", "category": "MARKETING", "body": "Half price"}
    await graph.sim("POST", "/templates", made)
    await act(graph, sari, "preferences", marketing=False)
    [change] = backend.deliveries[-1].body["entry"][0]["changes"]
    assert change["field"] == "user_preferences"
    assert change["value"]["user_preferences"][0]["value"] == "stop"
    refused = await graph.post({"to": sari, **makers.template("offer")})
    assert refused.json()["error"]["code"] == 131050


async def test_what_staff_type_in_the_app_is_echoed(graph: Graph, sari: str, backend: Backend) -> None:
    await act(graph, sari, "echo", text="I am on it")
    [change] = backend.deliveries[-1].body["entry"][0]["changes"]
    assert change["field"] == "smb_message_echoes"
    [item] = change["value"]["message_echoes"]
    assert (item["to"], item["text"]["body"]) == (sari, "I am on it")
    [bubble] = (await graph.sim("GET", f"/customers/{sari}/bubbles"))["items"]
    assert (bubble["id"], bubble["text"]) == (item["id"], "I am on it")


@pytest.mark.parametrize("who", ["628123456789", "customer-1"])
async def test_a_customer_exists_once(graph: Graph, sari: str, who: str) -> None:
    assert (await graph.sim("GET", f"/customers/{who}"))["name"] == "Sari"
    again = await graph.client.post("/sim/customers", json={"wa_id": sari})
    assert again.status_code == 409
    assert (await graph.client.get("/sim/customers/nobody")).status_code == 409


async def test_a_reset_forgets_everybody_and_gives_no_id_again(graph: Graph, sari: str, backend: Backend) -> None:
    old = backend.all("messages")[0]["id"]
    await graph.sim("POST", "/reset")
    assert (await graph.sim("GET", "/customers"))["items"] == []
    assert (await graph.text(sari)).json()["error"]["code"] == 131047
    await graph.sim("POST", "/customers", {"wa_id": sari, "name": "Sari"})
    assert (await graph.sim("POST", f"/customers/{sari}/say", {"text": "Halo"}))["id"] != old
