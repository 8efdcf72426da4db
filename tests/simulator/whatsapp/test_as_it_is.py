"""WhatsApp as it really is: staff in the app, groups, ads, orders, cards, welcomes, names, numbers, the account's own
news, statuses out of turn, each on the wire as Meta writes it (reference: whatsapp 4.2 to 4.5, 5)."""

from typing import Any

import pytest

from simulator.whatsapp.account_news import USUAL
from tests.simulator import makers
from tests.simulator.conftest import Backend, Graph

pytestmark = pytest.mark.asyncio(loop_scope="session")

Json = dict[str, Any]
NUMBER = "628123456789"


async def act(graph: Graph, who: str, act_name: str, /, **body: Any) -> Json:
    """An act of the customer's, its webhook waited for."""
    answer = await graph.sim("POST", f"/customers/{who}/{act_name}", body)
    await graph.idle()
    return answer


async def message(graph: Graph, backend: Backend, who: str, act_name: str, /, **body: Any) -> Json:
    """The message that an act sends to the business."""
    answer = await act(graph, who, act_name, **body)
    sent = backend.all("messages")[-1]
    assert sent["id"] == answer["id"]
    return sent


def change(backend: Backend) -> Json:
    """The newest change as it came."""
    [one] = backend.deliveries[-1].body["entry"][0]["changes"]
    found: Json = one
    return found


async def shown(graph: Graph, who: str) -> Json:
    return await graph.sim("GET", f"/customers/{who}")


# Staff in the app ----------------------------------------------------------------------------------------------------


async def test_an_echo_names_both_sides_and_has_no_contacts(graph: Graph, sari: str, backend: Backend) -> None:
    await act(graph, sari, "echo", text="I am on it")
    came = change(backend)
    assert came["field"] == "smb_message_echoes"
    assert set(came["value"]) == {"messaging_product", "metadata", "message_echoes"}
    [item] = came["value"]["message_echoes"]
    business = graph.settings.display_phone_number
    user_id = (await shown(graph, sari))["user_id"]
    assert (item["from"], item["to"], item["to_user_id"], item["type"]) == (business, sari, user_id, "text")
    assert item["text"] == {"body": "I am on it"}


async def test_staff_send_a_picture_change_their_words_and_take_them_back(
    graph: Graph, sari: str, backend: Backend
) -> None:
    first = (await act(graph, sari, "echo", text="at three"))["id"]
    await act(graph, sari, "echo", mime_type="image/jpeg", caption="the room")
    [picture] = change(backend)["value"]["message_echoes"]
    assert (picture["type"], picture["image"]["caption"]) == ("image", "the room")
    await act(graph, sari, "echo", edit=first, text="at four")
    [edited] = change(backend)["value"]["message_echoes"]
    assert edited["edit"] == {"original_message_id": first, "message": {"type": "text", "text": {"body": "at four"}}}
    await act(graph, sari, "echo", revoke=first)
    [revoked] = change(backend)["value"]["message_echoes"]
    assert (revoked["type"], revoked["revoke"]) == ("revoke", {"original_message_id": first})
    refused = await graph.client.post(f"/sim/customers/{sari}/echo", json={"revoke": "wamid.never"})
    assert refused.status_code == 409


async def test_an_echo_to_a_hidden_number_has_the_user_id_only(graph: Graph, backend: Backend) -> None:
    await graph.sim("POST", "/customers", {"user_id": "ID.77", "username": "made.w"})
    await act(graph, "ID.77", "echo", text="hello")
    [item] = change(backend)["value"]["message_echoes"]
    assert item["to_user_id"] == "ID.77"
    assert "to" not in item


# What customers send -------------------------------------------------------------------------------------------------


async def test_a_group_message_names_its_group_and_leaves_the_private_chat_alone(
    graph: Graph, backend: Backend
) -> None:
    await graph.sim("POST", "/customers", {"wa_id": NUMBER, "name": "Sari"})
    sent = await message(graph, backend, NUMBER, "say", text="who comes along?", group="120363-group")
    assert (sent["group_id"], sent["from"], sent["text"]["body"]) == ("120363-group", NUMBER, "who comes along?")
    assert not (await shown(graph, NUMBER))["window_open"]
    assert (await graph.sim("GET", f"/customers/{NUMBER}/said"))["items"] == []
    assert (await graph.text(NUMBER)).json()["error"]["code"] == 131047


async def test_an_order_brings_its_items(graph: Graph, sari: str, backend: Backend) -> None:
    item = {"product_retailer_id": "massage-60", "quantity": 2, "item_price": 350000, "currency": "IDR"}
    sent = await message(graph, backend, sari, "order", items=[item], catalog_id="cat-1", text="for tonight")
    assert (sent["type"], sent["order"]) == (
        "order",
        {"catalog_id": "cat-1", "text": "for tonight", "product_items": [item]},
    )


async def test_a_card_of_somebody_else_has_a_name_and_perhaps_no_whatsapp(
    graph: Graph, sari: str, backend: Backend
) -> None:
    people = [{"name": "Made Wirawan", "phone": "+62 812-0000-204"}, {"name": "Ayu", "wa_id": "6281200000201"}]
    sent = await message(graph, backend, sari, "contact", people=people)
    assert sent["type"] == "contacts"
    first, second = sent["contacts"]
    assert first["name"] == {"formatted_name": "Made Wirawan", "first_name": "Made", "last_name": "Wirawan"}
    assert first["phones"] == [{"phone": "+62 812-0000-204", "type": "CELL"}]
    assert second["phones"][0]["wa_id"] == "6281200000201"
    whole = {"name": {"formatted_name": "X"}, "emails": [{"email": "x@example.com"}]}
    assert (await message(graph, backend, sari, "contact", cards=[whole]))["contacts"] == [whole]
    assert (await message(graph, backend, sari, "contact"))["contacts"][0]["phones"][0]["wa_id"] == sari


async def test_an_opened_chat_is_a_welcome_without_words(graph: Graph, backend: Backend) -> None:
    await graph.sim("POST", "/customers", {"wa_id": NUMBER, "name": "Sari"})
    sent = await message(graph, backend, NUMBER, "welcome")
    assert set(sent) == {"id", "timestamp", "type", "from", "from_user_id"}
    assert sent["type"] == "request_welcome"


async def test_an_ad_comes_along_with_its_headline_and_click(graph: Graph, sari: str, backend: Backend) -> None:
    ad = {"headline": "Sunrise yoga", "ctwa_clid": None}
    sent = await message(graph, backend, sari, "say", text="Can I get more info?", referral=ad)
    assert (sent["referral"]["headline"], sent["referral"]["source_type"]) == ("Sunrise yoga", "ad")
    assert "ctwa_clid" not in sent["referral"]
    usual = await message(graph, backend, sari, "say", text="hi", referral=True)
    assert usual["referral"]["ctwa_clid"]
    assert "referral" not in await message(graph, backend, sari, "say", text="hi")


async def test_a_product_and_a_forward_stand_in_the_context(graph: Graph, sari: str, backend: Backend) -> None:
    product = {"catalog_id": "cat-1", "product_retailer_id": "massage-60"}
    asked = await message(graph, backend, sari, "say", text="is it free today?", product=product)
    assert asked["context"] == {"from": graph.settings.display_phone_number, "referred_product": product}
    assert (await message(graph, backend, sari, "say", text="x", forwarded=True))["context"] == {"forwarded": True}
    often = await message(graph, backend, sari, "say", text="x", forwarded="frequently")
    assert often["context"] == {"frequently_forwarded": True}


async def test_an_edited_picture_has_its_new_caption(graph: Graph, sari: str, backend: Backend) -> None:
    before = await message(graph, backend, sari, "file", caption="our villa")
    sent = await message(graph, backend, sari, "edit", message_id=before["id"], text="our new villa")
    edited = sent["edit"]["message"]
    assert (sent["edit"]["original_message_id"], edited["type"]) == (before["id"], "image")
    assert (edited["image"]["caption"], edited["image"]["id"]) == ("our new villa", before["image"]["id"])


@pytest.mark.parametrize(
    ("wanted", "type_", "named"),
    [({}, "unsupported", "poll_creation"), ({"kind": ""}, "unsupported", None), ({"legacy": True}, "unknown", None)],
)
async def test_what_cannot_be_shown_has_an_error_and_perhaps_a_name(
    graph: Graph, sari: str, backend: Backend, wanted: Json, type_: str, named: str | None
) -> None:
    sent = await message(graph, backend, sari, "unsupported", **wanted)
    assert (sent["type"], sent["errors"][0]["code"]) == (type_, 131051)
    assert sent.get("unsupported", {}).get("type") == named


# Who they are --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Sari\nBOOKED ✅",
        "*Sari* _x_ ~y~ ```z```",
        "\u202eiraS\u202c",
        "a\u2066b",
        "\u200f\u0633\u0627\u0631\u0629",
        "🌺" * 40,
        " ",
    ],
)
async def test_a_profile_name_travels_as_it_is(graph: Graph, backend: Backend, name: str) -> None:
    await graph.sim("POST", "/customers", {"wa_id": NUMBER, "name": name})
    await act(graph, NUMBER, "say", text="hi")
    assert backend.all("contacts")[-1]["profile"] == {"name": name}


async def test_the_contacts_number_can_be_written_otherwise(graph: Graph, backend: Backend) -> None:
    await graph.sim("POST", "/customers", {"wa_id": "5491123456789", "contact_wa_id": "541123456789", "name": "Ana"})
    sent = await message(graph, backend, "5491123456789", "say", text="hola")
    contact = backend.all("contacts")[-1]
    assert (sent["from"], contact["wa_id"], contact["profile"]["name"]) == ("5491123456789", "541123456789", "Ana")
    assert sent["from_user_id"] == contact["user_id"]


async def test_a_recycled_number_comes_with_another_user_id_and_nobody_is_told(
    graph: Graph, sari: str, backend: Backend
) -> None:
    old = (await shown(graph, sari))["user_id"]
    told = len(backend.deliveries)
    new = await graph.sim("POST", "/customers", {"wa_id": sari, "name": "Budi", "recycled": True})
    await graph.idle()
    assert len(backend.deliveries) == told
    sent = await message(graph, backend, sari, "say", text="halo")
    assert (sent["from"], sent["from_user_id"]) == (sari, new["user_id"])
    assert new["user_id"] != old
    assert (await shown(graph, sari))["name"] == "Budi"
    before = await message(graph, backend, old, "say", text="it is still me")
    assert before["from_user_id"] == old
    assert "from" not in before
    await graph.text(sari, "for Budi")
    assert [one["text"] for one in (await graph.sim("GET", f"/customers/{old}/bubbles"))["items"]] == []


async def test_a_hidden_number_is_left_out_everywhere(graph: Graph, backend: Backend) -> None:
    await graph.sim("POST", "/customers", {"user_id": "ID.88", "username": "made.w", "wa_id": NUMBER, "name": "Made"})
    sent = await message(graph, backend, "ID.88", "say", text="hi")
    contact = backend.all("contacts")[-1]
    assert "from" not in sent
    assert contact == {"profile": {"name": "Made", "username": "made.w"}, "user_id": "ID.88"}
    assert NUMBER not in str(backend.deliveries[-1].body)


# The account's own news ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", sorted(USUAL))
async def test_news_of_the_account_names_no_number(graph: Graph, backend: Backend, field: str) -> None:
    told = await graph.sim("POST", "/account", {"field": field})
    await graph.idle()
    [entry] = backend.deliveries[-1].body["entry"]
    [came] = entry["changes"]
    assert (entry["id"], came["field"], came["value"]) == (graph.settings.waba_id, field, told["value"])
    assert isinstance(entry["time"], int)
    assert "metadata" not in came["value"]
    assert graph.settings.phone_number_id not in str(came)


async def test_a_ban_a_restriction_and_a_field_nobody_knows_are_as_they_are_told(
    graph: Graph, backend: Backend
) -> None:
    limit = {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": "2026-12-24T13:59:20+0000"}
    value = {"event": "ACCOUNT_RESTRICTION", "ban_info": None, "restriction_info": [limit]}
    await graph.sim("POST", "/account", {"field": "account_update", "value": value})
    await graph.idle()
    assert change(backend)["value"] == {"event": "ACCOUNT_RESTRICTION", "restriction_info": [limit]}
    await graph.sim("POST", "/account", {"field": "of_next_year", "value": {"x": 1}})
    await graph.idle()
    assert change(backend) == {"field": "of_next_year", "value": {"x": 1}}


async def test_news_of_the_account_stays_apart_from_messages_in_one_post(
    graph: Graph, sari: str, backend: Backend
) -> None:
    await graph.sim("PATCH", "/manners", {"messages": {"mode": "held"}})
    await graph.sim("POST", f"/customers/{sari}/say", {"text": "one"})
    await graph.sim("POST", "/account", {"field": "account_update"})
    await graph.sim("POST", "/account", {"field": "security"})
    await graph.sim("POST", f"/customers/{sari}/say", {"text": "two"})
    await graph.sim("POST", "/webhooks/release", {"packing": "merged"})
    await graph.idle()
    [entry] = backend.deliveries[-1].body["entry"]
    fields = [one["field"] for one in entry["changes"]]
    assert sorted(fields) == ["account_update", "messages", "security"]
    [messages] = [one["value"] for one in entry["changes"] if one["field"] == "messages"]
    assert [one["text"]["body"] for one in messages["messages"]] == ["one", "two"]


async def test_a_reviewed_template_is_told_when_asked(graph: Graph, backend: Backend) -> None:
    made = {"name": "offer", "language": "en", "category": "MARKETING", "body": "Half price", "status": "PENDING"}
    await graph.sim("POST", "/templates", made)
    await graph.sim("POST", "/templates/review", {"status": "REJECTED", "tell": True})
    await graph.idle()
    value = change(backend)["value"]
    assert (value["event"], value["message_template_name"]) == ("REJECTED", "offer")
    refused = await graph.post({"to": NUMBER, **makers.template("offer")})
    assert refused.json()["error"]["code"] == 132016


# Statuses out of turn ------------------------------------------------------------------------------------------------


async def test_failed_after_read_and_read_after_failed_are_told(graph: Graph, sari: str, backend: Backend) -> None:
    wamid = (await graph.text(sari, "see you", biz_opaque_callback_data="e:1")).json()["messages"][0]["id"]
    await act(graph, sari, "look")
    backend.forget()
    for status, code in (("failed", 131026), ("read", None), ("played", None), ("failed", None)):
        await act(graph, sari, "status", message_id=wamid, status=status, code=code)
    told = backend.all("statuses")
    assert [one["status"] for one in told] == ["failed", "read", "played", "failed"]
    assert {(one["id"], one["biz_opaque_callback_data"]) for one in told} == {(wamid, "e:1")}
    assert [one.get("errors", [{}])[0].get("code") for one in told] == [131026, None, None, 131000]
    assert len(backend.all("contacts")) == 2
    [bubble] = (await graph.sim("GET", f"/customers/{sari}/bubbles"))["items"]
    assert bubble["tick"] == "read"
    refused = await graph.client.post(f"/sim/customers/{sari}/status", json={"message_id": "x", "status": "read"})
    assert refused.status_code == 409
