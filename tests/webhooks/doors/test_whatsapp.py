"""Meta's door and bad input: the status, nothing changed that should not be, and logs without personal data."""

import asyncio
import json
from collections.abc import Iterator, MutableMapping
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
from structlog.testing import capture_logs

from simulator.signing import sign
from tests.faults.envelopes import envelope, text_message
from tests.journeys.world import World

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(60)]

NUMBER, USER, NAME, WORDS = "6281234567890", "ID.13491208655302741918", "Dewi", "a very private sentence"
PERSONAL = (NUMBER, USER, NAME, WORDS)
YESTERDAY_AND_MORE = 26 * 3600

Logs = list[MutableMapping[str, Any]]


@pytest.fixture
def logs(world: World) -> Iterator[Logs]:
    """What is logged, before anything could blank it; nothing personal may be in it."""
    with capture_logs() as captured:
        yield captured
    told = json.dumps([dict(one) for one in captured], default=str)
    assert [one for one in PERSONAL if one in told] == []


async def post(world: World, body: bytes, signature: str | None = None) -> httpx.Response:
    """That body, signed right unless told otherwise."""
    async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
        headers = {"Content-Type": "application/json"}
        given = sign(world.simulator.app_secret, body) if signature is None else signature
        if given:
            headers["X-Hub-Signature-256"] = given
        return await client.post(f"{world.url}/webhooks/whatsapp", content=body, headers=headers)


async def rows(world: World) -> dict[str, int]:
    """How much is stored where; empty collections left out."""
    database = world.process.database
    names = ("received", "leads", "aliases", "messages", "audit")
    counts = {name: await database[name].count_documents({}) for name in names}
    return {name: count for name, count in counts.items() if count}


def ours(world: World) -> str:
    """Our number's id."""
    return world.simulator.phone_number_id


def hello(world: World, **more: Any) -> bytes:
    """A signed-to-be text."""
    return orjson.dumps(text_message(ours(world), "wamid.hello", WORDS, wa_id=NUMBER, user_id=USER, **more))


def events(logs: Logs) -> set[str]:
    """The names of what was logged."""
    return {str(one["event"]) for one in logs}


@pytest.mark.parametrize("signature", ["", "sha256=" + "0" * 64, "sha1=abc"])
async def test_a_wrong_or_missing_signature_is_401_and_stores_nothing(world: World, logs: Logs, signature: str) -> None:
    answer = await post(world, hello(world), signature)
    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:janji:problem:wrong-signature"
    assert await rows(world) == {}
    assert "whatsapp_signature_wrong" in events(logs)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"{",
        b"[]",
        b"null",
        b"7",
        b'{"object":"page","entry":[]}',
        b'{"entry":{}}',
        b"\xff\xfe",
        b"[" * 5000,
    ],
)
async def test_what_is_no_envelope_is_400_and_stores_nothing(world: World, logs: Logs, body: bytes) -> None:
    answer = await post(world, body)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert await rows(world) == {}
    assert "whatsapp_not_an_envelope" in events(logs)


async def test_half_a_body_stores_nothing_and_the_door_stays_open(world: World, logs: Logs) -> None:
    body = hello(world)
    reader, writer = await asyncio.open_connection("127.0.0.1", world.settings.port)
    head = f"POST /webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
    head += f"X-Hub-Signature-256: {sign(world.simulator.app_secret, body)}\r\n\r\n"
    writer.write(head.encode() + body[: len(body) // 2])
    writer.write_eof()
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    assert answer == b"" or answer.split(b" ")[1] == b"400"
    assert await rows(world) == {}
    assert (await post(world, body)).status_code == 200


@pytest.mark.parametrize("declared", [True, False])
async def test_five_megabytes_are_413_and_store_nothing(world: World, logs: Logs, declared: bool) -> None:
    body = b"x" * (5 * 1024 * 1024)

    async def dripped() -> Any:
        for at in range(0, len(body), 65536):
            yield body[at : at + 65536]

    async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
        answer = await client.post(f"{world.url}/webhooks/whatsapp", content=body if declared else dripped())
    assert answer.status_code == 413
    assert await rows(world) == {}


@pytest.mark.parametrize(
    "empty",
    [
        {"entry": []},
        {"entry": [{}]},
        {"entry": [{"changes": []}]},
        {"entry": [{"changes": [{"field": "messages", "value": {}}]}]},
        {"entry": [{"changes": [{"field": "messages", "value": {"messages": [], "statuses": []}}]}]},
        {"entry": ["x", None, 7]},
    ],
)
async def test_an_envelope_with_nothing_in_it_is_200_and_stores_nothing(
    world: World, logs: Logs, empty: dict[str, Any]
) -> None:
    answer = await post(world, orjson.dumps({"object": "whatsapp_business_account", **empty}))
    assert answer.status_code == 200
    assert await rows(world) == {}
    assert "whatsapp_envelope_empty" in events(logs)


async def test_an_unknown_message_type_is_told_that_it_cannot_be_read(world: World, logs: Logs) -> None:
    sent = {"id": "wamid.x", "timestamp": "1795000000", "type": "hologram", "from": NUMBER, "hologram": {"a": [WORDS]}}
    answer = await post(world, orjson.dumps(envelope(ours(world), messages=[sent], contacts=[])))
    assert answer.status_code == 200
    await world.quiet()
    (lead,) = await world.leads()
    texts = [line.text for line in await world.transcript(lead["id"])]
    assert texts[0] == "(hologram)"
    assert "cannot read this kind" in texts[1]


@pytest.mark.parametrize(
    "broken", [{}, {"type": 7}, {"type": "text"}, {"type": "text", "text": "x"}, {"type": "interactive"}]
)
async def test_a_malformed_message_does_not_stop_its_neighbours(
    world: World, logs: Logs, broken: dict[str, Any]
) -> None:
    good = text_message(ours(world), "wamid.good", "Hello", wa_id=NUMBER)
    bad = {"id": "wamid.bad", "from": "6281299999999", "timestamp": "soon", **broken}
    good["entry"][0]["changes"][0]["value"]["messages"].insert(0, bad)
    assert (await post(world, orjson.dumps(good))).status_code == 200
    await world.quiet()
    assert await world.process.database["messages"].count_documents({"_id": "whatsapp:wamid.good"}) == 1
    assert await world.process.database["received"].count_documents({"state": {"$ne": "done"}}) == 0


async def test_an_unknown_change_is_stored_and_changes_nothing(world: World, logs: Logs) -> None:
    answer = await post(world, orjson.dumps(envelope(ours(world), messages=[{"x": WORDS}], field="holograms")))
    assert answer.status_code == 200
    await world.quiet()
    assert await rows(world) == {"received": 1}
    assert "operator_notice" in events(logs)


async def test_another_numbers_delivery_is_stored_not_answered_and_alarmed(world: World, logs: Logs) -> None:
    body = orjson.dumps(text_message("999999999999999", "wamid.other", WORDS, wa_id=NUMBER))
    assert (await post(world, body)).status_code == 200
    await world.quiet()
    row = await world.process.database["received"].find_one({})
    assert (row["state"], row["reason"]) == ("parked", "another_number")
    assert await rows(world) == {"received": 1}
    assert "delivery_for_another_number" in events(logs)


async def test_a_message_without_any_sender_is_parked_and_alarmed(world: World, logs: Logs) -> None:
    assert (await post(world, orjson.dumps(text_message(ours(world), "wamid.nobody", WORDS)))).status_code == 200
    await world.quiet()
    row = await world.process.database["received"].find_one({})
    assert (row["state"], row["reason"]) == ("parked", "no_sender")
    assert "delivery_parked" in events(logs)


async def test_a_message_with_a_user_id_and_no_number_is_a_customer(world: World, logs: Logs) -> None:
    body = orjson.dumps(text_message(ours(world), "wamid.hidden", "Hello", user_id=USER))
    assert (await post(world, body)).status_code == 200
    await world.quiet()
    (lead,) = await world.leads()
    assert (lead["wa_id"], lead["user_id"]) == (None, USER)


async def test_a_timestamp_past_the_window_is_heard_and_not_answered(world: World, logs: Logs) -> None:
    now = await world.process.parts.leads.server_now()
    body = hello(world, timestamp=int(now.timestamp()) - YESTERDAY_AND_MORE)
    assert (await post(world, body)).status_code == 200
    await world.quiet()
    (lead,) = await world.leads()
    assert lead["waits_for_person"]
    ticks = [line.tick for line in await world.transcript(lead["id"]) if line.author == "bot"]
    assert ticks == ["failed"]


async def test_a_timestamp_of_the_future_opens_no_longer_window(world: World, logs: Logs) -> None:
    now = await world.process.parts.leads.server_now()
    assert (await post(world, hello(world, timestamp=int(now.timestamp()) + 10**7))).status_code == 200
    await world.quiet()
    stored = await world.stored((await world.leads())[0]["id"])
    last = stored.lead.conversation.last_inbound_at
    assert last is not None
    # business time is measured against the server's now and then, so that some milliseconds may lie between them
    assert last <= await world.process.parts.leads.server_now() + timedelta(seconds=5)


async def test_the_same_id_with_another_text_changes_nothing_and_is_noticed(world: World, logs: Logs) -> None:
    assert (await post(world, hello(world))).status_code == 200
    await world.quiet()
    before = await rows(world)
    other = orjson.dumps(text_message(ours(world), "wamid.hello", "another text", wa_id=NUMBER, user_id=USER))
    assert (await post(world, other)).status_code == 200
    await world.quiet()
    assert await rows(world) == before
    assert "same_id_other_content" in events(logs)
    lead = (await world.leads())[0]["id"]
    assert [line.text for line in await world.transcript(lead) if line.author == "customer"] == [WORDS]


async def test_every_entry_change_and_message_of_a_batch_is_taken(world: World, logs: Logs) -> None:
    batch = text_message(ours(world), "wamid.0", "Hello", wa_id="6281200000000")
    for index in range(1, 6):
        one = text_message(ours(world), f"wamid.{index}", "Hello", wa_id=f"628120000000{index}")
        if index % 2:
            batch["entry"].append(one["entry"][0])
        else:
            batch["entry"][0]["changes"].append(one["entry"][0]["changes"][0])
    assert (await post(world, orjson.dumps(batch))).status_code == 200
    await world.quiet()
    assert len(await world.leads()) == 6


async def test_the_handshake_gives_the_bare_challenge_back_for_the_right_token_only(world: World) -> None:
    right = {"hub.mode": "subscribe", "hub.verify_token": world.simulator.verify_token, "hub.challenge": "1158201444"}
    async with httpx.AsyncClient(base_url=world.url, trust_env=False) as client:
        answer = await client.get("/webhooks/whatsapp", params=right)
        assert (answer.status_code, answer.text) == (200, "1158201444")
        for wrong in ({"hub.verify_token": "x"}, {"hub.mode": "unsubscribe"}, {"hub.verify_token": "é\ud7ff"}):
            refused = await client.get("/webhooks/whatsapp", params={**right, **wrong})
            assert refused.status_code == 403
            assert "1158201444" not in refused.text
        assert (await client.get("/webhooks/whatsapp")).status_code == 403
        assert (await client.put("/webhooks/whatsapp")).status_code == 405


async def test_what_is_not_known_to_be_safe_is_503_also_for_a_duplicate_and_200_when_it_is(world: World) -> None:
    """The server stores it but cannot confirm the majority: Meta has to send again, and nothing is answered twice."""
    admin = world.process.client.admin
    failing = {
        "failCommands": ["insert"],
        "writeConcernError": {"code": 64, "errmsg": "waiting for replication timed out"},
    }
    body = hello(world)
    await admin.command({"configureFailPoint": "failCommand", "mode": "alwaysOn", "data": failing})
    try:
        answers = [(await post(world, body)).status_code for _ in range(2)]
    finally:
        await admin.command({"configureFailPoint": "failCommand", "mode": "off"})
    assert answers == [503, 503]
    assert (await post(world, body)).status_code == 200
    await world.quiet()
    assert (await rows(world))["received"] >= 1
    assert await world.process.database["messages"].count_documents({"author": "customer"}) == 1
