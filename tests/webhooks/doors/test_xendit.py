"""`POST /webhooks/xendit`: who may tell us of money, what is stored, and what is answered."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.journeys.world import World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(90)]

PAID = {
    "id": "692beb520000000000000001",
    "external_id": "BK-NOBODYS.1",
    "status": "PAID",
    "amount": 350000,
    "paid_amount": 350000,
    "currency": "IDR",
    "payment_channel": "QRIS",
    "payment_id": "qrpy_1",
}


@pytest.fixture
async def world(mongodb_uri: str) -> AsyncIterator[World]:
    async with opened(mongodb_uri) as running:
        yield running


async def sent(world: World, body: Any, **headers: str | bytes) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [(name.encode(), one if isinstance(one, bytes) else one.encode()) for name, one in headers.items()]
    async with httpx.AsyncClient(base_url=world.url, trust_env=False, timeout=30) as client:
        return await client.post("/webhooks/xendit", content=content, headers=lines)


def token(world: World) -> dict[str, str]:
    return {"x-callback-token": world.simulator.xendit_webhook_token}


async def stored(world: World) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await world.process.database["received"].find({"source": "xendit"}).to_list(None)
    return rows


@pytest.mark.parametrize("headers", [{}, {"x-callback-token": ""}, {"x-callback-token": "forged"}])
async def test_a_forged_or_missing_token_is_401_and_nothing_is_stored(world: World, headers: dict[str, str]) -> None:
    answer = await sent(world, PAID, **headers)
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert await stored(world) == []


async def test_the_token_is_asked_before_anything_is_read(world: World) -> None:
    assert (await sent(world, b"not json", **{"x-callback-token": "forged"})).status_code == 401


@pytest.mark.parametrize("body", [b"", b"<html>502</html>", b'{"id": ', b"[" * 100_000])
async def test_what_is_not_json_is_400(world: World, body: bytes) -> None:
    assert (await sent(world, body, **token(world))).status_code == 400
    assert await stored(world) == []


async def test_a_body_over_the_limit_is_413(world: World) -> None:
    answer = await sent(world, b" " * (4 * 1024 * 1024 + 1), **token(world))
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        {"event": "payment_method.activated", "data": {}},
        {"event": "payout.succeeded", "data": {"reference_id": "po-nobody", "id": "disb-1", "status": "SUCCEEDED"}},
        [],
        "text",
        None,
        PAID,
    ],
)
async def test_unknown_kinds_and_unknown_invoices_are_200_stored_and_set_aside(world: World, body: Any) -> None:
    answer = await sent(world, body, **token(world), **{"webhook-id": "one"})
    assert answer.status_code == 200

    async def parked() -> bool:
        return [row["state"] for row in await stored(world)] == ["parked"]

    await until(parked, what="the callback set aside")
    assert (await stored(world))[0]["reason"]


async def test_the_same_webhook_id_is_stored_once(world: World) -> None:
    for _ in range(3):
        assert (await sent(world, PAID, **token(world), **{"webhook-id": "one"})).status_code == 200
    assert [row["_id"] for row in await stored(world)] == ["xendit:one"]


async def test_without_a_webhook_id_the_content_is_the_id(world: World) -> None:
    for _ in range(2):
        assert (await sent(world, PAID, **token(world))).status_code == 200
    assert len(await stored(world)) == 1


async def test_the_same_webhook_id_with_other_content_is_not_lost(world: World) -> None:
    await sent(world, PAID, **token(world), **{"webhook-id": "one"})
    answer = await sent(world, PAID | {"paid_amount": 1}, **token(world), **{"webhook-id": "one"})
    assert answer.status_code == 200
    assert len(await stored(world)) == 2


@pytest.mark.parametrize("name", ["\x9b31m red", "o\xadne", "two words", "x" * 121])
async def test_a_webhook_id_that_is_none_of_theirs_becomes_no_id_of_ours(world: World, name: str) -> None:
    """Ids are shown in lists and lines: what could draw over a terminal does not stand in one."""
    answer = await sent(world, PAID, **token(world), **{"webhook-id": name.encode("latin-1")})
    assert answer.status_code == 200
    assert re.fullmatch(r"xendit:[0-9a-f]{64}", (await stored(world))[0]["_id"])


async def test_no_body_is_stored_in_the_clear(world: World) -> None:
    await sent(world, PAID | {"payer_email": "emma@example.com"}, **token(world))
    (row,) = await stored(world)
    assert b"emma@example.com" not in bytes(row["body"])
