"""The conversations API: who may call, what is answered twice, what is refused and how."""

from typing import Any

import httpx
import pytest

from bot.domain.ids import LeadId
from bot.domain.lead import Lead
from simulator.customer import Phone
from tests.journeys.world import API_TOKEN, World

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(60)]


async def customer(world: World, wa_id: str = "6281200000001", text: str = "Hello") -> tuple[Phone, str]:
    """Somebody who wrote and was answered."""
    phone = await world.phone(wa_id=wa_id)
    await phone.say(text)
    await world.quiet()
    return phone, (await world.lead_of(phone))["id"]


def is_problem(answer: httpx.Response, status: int, kind: str) -> bool:
    """Whether it is that problem document (RFC 9457)."""
    body = answer.json()
    return (
        answer.status_code == status
        and answer.headers["Content-Type"] == "application/problem+json"
        and body["type"] == f"urn:janji:problem:{kind}"
        and body["status"] == status
        and bool(body["title"] and body["detail"])
    )


async def test_nobody_gets_in_without_the_token(world: World) -> None:
    calls = [("GET", path) for path in ("/leads", "/leads/x", "/conversations", "/conversations/x/messages")]
    calls += [("POST", f"/conversations/x/{act}") for act in ("takeover", "release", "messages")]
    for header in (None, "Bearer wrong", "Bearer", f"Basic {API_TOKEN}", API_TOKEN):
        headers = {} if header is None else {"Authorization": header}
        async with httpx.AsyncClient(base_url=f"{world.url}/api/v1", headers=headers, trust_env=False) as stranger:
            for method, path in calls:
                answer = await stranger.request(method, path)
                assert is_problem(answer, 401, "not-authorised"), (header, path)
                assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_what_does_not_exist_is_a_problem_document(world: World) -> None:
    for method, path in (
        ("GET", "/leads/nobody"),
        ("GET", "/conversations/nobody/messages"),
        ("POST", "/conversations/nobody/takeover"),
        ("POST", "/conversations/nobody/release"),
    ):
        assert is_problem(await world.api.request(method, path), 404, "no-such-lead"), path
    message = await world.api.post("/conversations/nobody/messages", json={"text": "hello"})
    assert is_problem(message, 404, "no-such-lead")
    assert is_problem(await world.api.get("/holograms"), 404, "not-found")
    assert is_problem(await world.api.delete("/leads"), 405, "method-not-allowed")


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ({"tab": "x"}, "unknown-tab"),
        ({"limit": "0"}, "bad-limit"),
        ({"limit": "²"}, "bad-limit"),
        ({"limit": "-1"}, "bad-limit"),
    ],
)
async def test_a_wrong_question_is_told_what_is_wrong(world: World, query: dict[str, str], kind: str) -> None:
    assert is_problem(await world.api.get("/conversations", params=query), 400, kind)


@pytest.mark.parametrize("cursor", ["x", "²", "-1", "9" * 40])
async def test_a_cursor_that_is_not_ours_is_refused(world: World, cursor: str) -> None:
    assert is_problem(await world.api.get("/conversations", params={"cursor": cursor}), 400, "bad-cursor")


NO_MESSAGES = [
    (b"{", "not-json"),
    (b"[]", "not-an-object"),
    (b"{}", "missing-field"),
    (b'{"text": 7}', "missing-field"),
    (b'{"text": "  "}', "missing-field"),
]


async def test_a_message_that_is_none_is_refused(world: World) -> None:
    _, lead = await customer(world)
    for body, kind in NO_MESSAGES:
        assert is_problem(await world.api.post(f"/conversations/{lead}/messages", content=body), 400, kind), body


async def test_a_message_waits_for_the_take_over_and_for_its_size(world: World) -> None:
    _, lead = await customer(world)
    path = f"/conversations/{lead}/messages"
    assert is_problem(await world.api.post(path, json={"text": "hello"}), 409, "not-taken-over")
    await world.api.post(f"/conversations/{lead}/takeover")
    assert is_problem(await world.api.post(path, json={"text": "x" * 4097}), 422, "text-too-long")
    assert (await world.api.post(path, json={"text": "x" * 4096})).status_code == 202


async def test_the_same_key_and_body_get_the_stored_answer_and_one_bubble(world: World) -> None:
    phone, lead = await customer(world)
    await world.api.post(f"/conversations/{lead}/takeover")
    headers = {"Idempotency-Key": "key-1"}
    path = f"/conversations/{lead}/messages"
    answers = [await world.api.post(path, json={"text": "Wayan here"}, headers=headers) for _ in range(3)]
    assert {(one.status_code, one.content) for one in answers} == {(202, answers[0].content)}
    await world.quiet()
    assert len([bubble for bubble in await phone.bubbles() if bubble.says("Wayan")]) == 1


async def test_the_same_key_with_another_body_is_422(world: World) -> None:
    _, lead = await customer(world)
    await world.api.post(f"/conversations/{lead}/takeover")
    headers = {"Idempotency-Key": "key-1"}
    path = f"/conversations/{lead}/messages"
    await world.api.post(path, json={"text": "Wayan here"}, headers=headers)
    other = await world.api.post(path, json={"text": "Made here"}, headers=headers)
    assert is_problem(other, 422, "idempotency-key-reused")


async def test_a_take_over_with_a_key_happens_once(world: World) -> None:
    _, lead = await customer(world)
    headers = {"Idempotency-Key": "key-2"}
    answers = [(await world.api.post(f"/conversations/{lead}/takeover", headers=headers)).json() for _ in range(2)]
    assert answers == [{"epoch": 1, "on_its_way": []}] * 2
    assert (await world.api.get(f"/leads/{lead}")).json()["epoch"] == 1


@pytest.mark.parametrize("key", ["", "x" * 201])
async def test_a_key_has_one_to_two_hundred_characters(world: World, key: str) -> None:
    _, lead = await customer(world)
    answer = await world.api.post(f"/conversations/{lead}/takeover", headers={"Idempotency-Key": key})
    assert is_problem(answer, 400, "idempotency-key")


async def test_the_tabs_of_the_inbox_and_its_cursor(world: World) -> None:
    leads = {}
    for index, text in enumerate(("Hello", "I want to talk to a person", "Hello")):
        _, leads[index] = await customer(world, f"628120000000{index}", text)
    await world.api.post(f"/conversations/{leads[2]}/takeover")

    async def ids(**query: Any) -> list[str]:
        items = (await world.api.get("/conversations", params=query)).raise_for_status().json()["items"]
        return [one["id"] for one in items]

    assert sorted(await ids()) == sorted(leads.values())
    assert await ids(tab="unassigned") == [leads[1]]
    assert await ids(tab="mine") == [leads[2]]
    walked: list[str] = []
    cursor: str | None = None
    while True:
        query = {"limit": "1"} | ({} if cursor is None else {"cursor": cursor})
        page = (await world.api.get("/conversations", params=query)).raise_for_status().json()
        walked += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert walked == await ids()


async def test_a_lead_is_found_by_number_and_shown_in_full(world: World) -> None:
    _, lead = await customer(world)
    found = (await world.api.get("/leads", params={"phone": "+6281200000001"})).json()["items"]
    assert found == [(await world.api.get(f"/leads/{lead}")).json()]
    assert found[0]["window_expires_at"] > found[0]["last_inbound_at"]
    assert found[0]["timezone"]
    assert (await world.api.get("/leads", params={"phone": "620000000000"})).json()["items"] == []
    assert (await world.api.get("/leads")).json()["items"] == []


async def test_a_long_transcript_is_read_page_by_page(world: World) -> None:
    phone, lead = await customer(world)
    for text in ("help", "thanks", "help"):
        await phone.say(text)
        await world.quiet()
    path = f"/conversations/{lead}/messages"
    whole = (await world.api.get(path)).json()
    assert whole["next_cursor"] is None
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await world.api.get(path, params={"limit": "2", **cursor})).json()
        assert len(page["items"]) <= 2
        seen = [*(one["id"] for one in page["items"]), *seen]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == [one["id"] for one in whole["items"]]
    assert len(seen) >= 5
    assert is_problem(await world.api.get(path, params={"cursor": "?"}), 400, "bad-cursor")


async def test_while_a_lead_is_being_made_nobody_is_found_by_its_number(world: World) -> None:
    parts = world.process.parts
    alias = parts.vault.alias("wa_id", "6281200000077")
    await parts.aliases.resolve([alias], LeadId("0198a1b2c3d-being-made"))
    for asked in ("6281200000077", "+6281200000077"):
        answer = await world.api.get("/leads", params={"phone": asked})
        assert (answer.status_code, answer.json()["items"]) == (200, [])
    await parts.leads.create(Lead(id=LeadId("0198a1b2c3d-being-made")))
    found = (await world.api.get("/leads", params={"phone": "6281200000077"})).json()["items"]
    assert [one["id"] for one in found] == ["0198a1b2c3d-being-made"]
