"""Message templates: made, reviewed, changed; only approved ones go out, and only with what they ask for."""

from typing import Any

import pytest

from tests.simulator import makers
from tests.simulator.conftest import Graph

pytestmark = pytest.mark.asyncio(loop_scope="session")

Json = dict[str, Any]

BODY = "Booking {{1}} waits for {{2}}, thank you."
BUTTON = {
    "type": "URL",
    "text": "Pay now",
    "url": "https://a.example/pay/{{1}}",
    "example": ["https://a.example/pay/x"],
}


def wanted(name: str, body: str = BODY, examples: int = 2, **more: Any) -> Json:
    part: Json = {"type": "BODY", "text": body}
    if examples:
        part["example"] = {"body_text": [["x"] * examples]}
    components = [part, {"type": "BUTTONS", "buttons": [BUTTON]}]
    return {"name": name, "language": "en", "category": "UTILITY", "components": components, **more}


async def made(graph: Graph, body: Json) -> Json:
    answer = await graph.client.post(f"/v26.0/{graph.settings.waba_id}/message_templates", json=body)
    told: Json = answer.json()
    return told


def use(name: str, suffix: str = "BK-1") -> Json:
    message = makers.template(name, "BK-1", "IDR 350,000")
    if suffix:
        parameters = [{"type": "text", "text": suffix}]
        button = {"type": "button", "sub_type": "url", "index": "0", "parameters": parameters}
        message["template"]["components"].append(button)
    return message


async def test_a_new_template_waits_for_its_review_and_is_then_sent_outside_the_window(graph: Graph, sari: str) -> None:
    assert (await made(graph, wanted("waits")))["status"] == "PENDING"
    await graph.sim("POST", "/clock", {"move": 25 * 3600})
    refused = await graph.post({"to": sari, **use("waits")})
    assert refused.json()["error"]["code"] == 132001
    await graph.sim("POST", "/templates/review", {})
    passed = await graph.post({"to": sari, **use("waits")})
    assert passed.status_code == 200
    [bubble] = (await graph.sim("GET", f"/customers/{sari}/bubbles"))["items"]
    assert bubble["text"] == "Booking BK-1 waits for IDR 350,000, thank you."
    assert bubble["choices"][0]["url"] == "https://a.example/pay/BK-1"


@pytest.mark.parametrize(("status", "code"), [("PAUSED", 132015), ("DISABLED", 132016), ("REJECTED", 132016)])
async def test_one_that_is_paused_disabled_or_rejected_is_refused(
    graph: Graph, sari: str, status: str, code: int
) -> None:
    name = f"one_{status.lower()}"
    await made(graph, wanted(name))
    await graph.sim("POST", "/templates/review", {"name": name, "status": status})
    assert (await graph.post({"to": sari, **use(name)})).json()["error"]["code"] == code


async def test_a_link_button_without_its_value_is_refused(graph: Graph, sari: str) -> None:
    await made(graph, wanted("bare"))
    await graph.sim("POST", "/templates/review", {})
    assert (await graph.post({"to": sari, **use("bare", suffix="")})).json()["error"]["code"] == 131008


WRONG: dict[str, Json] = {
    "a name with capitals": wanted("Capitals"),
    "an unknown category": wanted("other", category="NEWS"),
    "a variable at the end": wanted("ends", body="You pay {{1}}", examples=1),
    "a variable at the start": wanted("starts", body="{{1}} is due", examples=1),
    "variables that skip a number": wanted("skips", body="Pay {{1}} by {{3}} please"),
    "no examples": wanted("bare", examples=0),
    "a body of 1025": wanted("long", body="x" * 1025, examples=0),
    "a long button": wanted("button") | {"components": [{"type": "BUTTONS", "buttons": [BUTTON | {"text": "x" * 26}]}]},
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
async def test_what_meta_would_not_review_is_refused(graph: Graph, body: Json) -> None:
    assert (await made(graph, body))["error"]["code"] == 100


async def test_the_same_name_and_language_exist_once_and_a_change_is_reviewed_again(graph: Graph) -> None:
    first = await made(graph, wanted("twice"))
    assert (await made(graph, wanted("twice")))["error"]["error_subcode"] == 2388024
    await graph.sim("POST", "/templates/review", {})
    changed = await graph.client.post(
        f"/v26.0/{first['id']}", json={"components": wanted("x", body="Hello", examples=0)["components"]}
    )
    assert changed.json() == {"success": True}
    listed = await graph.client.get(f"/v26.0/{graph.settings.waba_id}/message_templates", params={"limit": "100"})
    (found,) = [one for one in listed.json()["data"] if one["name"] == "twice"]
    assert (found["status"], found["components"][0]["text"]) == ("PENDING", "Hello")


async def test_the_list_comes_by_pages(graph: Graph) -> None:
    for number in range(3):
        await made(graph, wanted(f"page_{number}"))
    path, names, after = f"/v26.0/{graph.settings.waba_id}/message_templates", [], ""
    while True:
        page = (await graph.client.get(path, params={"limit": "2", "after": after})).json()
        names += [one["name"] for one in page["data"]]
        after = page.get("paging", {}).get("cursors", {}).get("after", "")
        if not after:
            break
    assert {"hello_world", "page_0", "page_1", "page_2"} <= set(names)


async def test_only_the_own_account_and_the_right_token(graph: Graph) -> None:
    other = await graph.client.get("/v26.0/999/message_templates")
    assert other.json()["error"]["error_subcode"] == 33
    nobody = await graph.client.get("/v26.0/999/message_templates", headers={"Authorization": "Bearer no"})
    assert nobody.status_code == 401
