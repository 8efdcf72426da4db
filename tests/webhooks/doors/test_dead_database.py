"""A database that is gone or hangs: every door says so in the time it promises, and the process stays alive."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import orjson
import pytest

from bot.store.delivery import Delivery
from bot.store.received import Received
from tests.journeys.world import settings_for, simulated
from webhooks.doors.flows import BUDGET, DATABASE_BUDGET
from webhooks.doors.health import READY_WITHIN, HealthDoor
from webhooks.doors.whatsapp import WhatsAppDoor
from webhooks.doors.xendit import XenditDoor
from webhooks.doorway import doors_of
from webhooks.edge.bodies import STORED_WITHIN
from webhooks.processes.web import Doors, create_app
from webhooks.wiring import Process, opened

pytestmark = pytest.mark.timeout(60)

Json = dict[str, Any]
SETTINGS = settings_for(simulated(""), "http://127.0.0.1:1", 1, f"gone_{secrets.token_hex(4)}")
NOBODY_THERE = "mongodb://127.0.0.1:1/?replicaSet=janji"
SECRET = SETTINGS.whatsapp_app_secret
TOKEN = SETTINGS.xendit_webhook_token


class Hangs(Received):
    """A store that never answers: the connection stands and nothing comes."""

    async def record(self, deliveries: Any) -> Any:
        await asyncio.Event().wait()

    async def parked(self) -> dict[str, int]:
        await asyncio.Event().wait()
        return {}


async def hangs() -> str | None:
    await asyncio.Event().wait()
    return None


@pytest.fixture
async def process() -> AsyncIterator[Process]:
    async with opened(SETTINGS, NOBODY_THERE) as opened_process:
        yield opened_process


def hanging(process: Process) -> Doors:
    """The doors over a store that hangs, patient for a moment only."""
    received = Hangs(process.database)
    parts = process.parts
    doors = doors_of(process)
    return replace(
        doors,
        whatsapp=WhatsAppDoor(
            received,
            parts.vault,
            doors.clock,
            app_secret="" if SECRET is None else SECRET.get_secret_value(),
            verify_token="",
            number=parts.number,
            within=0.01,
        ),
        xendit=XenditDoor(
            received, parts.vault, doors.clock, token="" if TOKEN is None else TOKEN.get_secret_value(), within=0.01
        ),
        health=HealthDoor(
            process.database,
            parts.heartbeats,
            parts.pause,
            received,
            parts.set_aside,
            None,
            {"hangs": hangs},
            within=0.01,
        ),
    )


def envelope() -> tuple[bytes, Json]:
    """Somebody's hello, signed."""
    message = {"from": "6281200000001", "id": "wamid.X", "timestamp": "1", "type": "text", "text": {"body": "hi"}}
    value = {"metadata": {"phone_number_id": SETTINGS.whatsapp_phone_number_id}, "messages": [message]}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", **value}}
    body = orjson.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]})
    assert SECRET is not None
    signature = hmac.new(SECRET.get_secret_value().encode(), body, hashlib.sha256).hexdigest()
    return body, {"X-Hub-Signature-256": f"sha256={signature}"}


def callback() -> tuple[bytes, Json]:
    assert TOKEN is not None
    return b'{"id": "x"}', {"x-callback-token": TOKEN.get_secret_value()}


@pytest.mark.parametrize(("path", "sent"), [("/webhooks/whatsapp", envelope), ("/webhooks/xendit", callback)])
async def test_a_store_that_hangs_is_503_and_the_sender_repeats(process: Process, path: str, sent: Any) -> None:
    body, headers = sent()
    answer = await create_app(hanging(process)).test_client().post(path, data=body, headers=headers)
    assert answer.status_code == 503
    assert (await answer.get_json())["type"] == "urn:janji:problem:not-stored"


async def test_readiness_names_what_hangs_and_does_not_wait_for_it(process: Process) -> None:
    client = create_app(hanging(process)).test_client()
    answer = await client.get("/readyz")
    body = await answer.get_json()
    assert answer.status_code == 503
    assert body["checks"]["hangs"] == {"ok": False, "problem": "TimeoutError"}
    assert body["set_aside"] is None


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/readyz", 503),
        ("GET", "/livez", 200),
        ("GET", "/metrics", 200),
        ("POST", "/webhooks/whatsapp", 503),
        ("POST", "/webhooks/xendit", 503),
    ],
)
async def test_with_nobody_at_the_databases_address_each_door_answers_as_promised(
    process: Process, method: str, path: str, status: int
) -> None:
    """The real driver at a port where nobody listens: left alone it looks for a server for five seconds, each time."""
    body, headers = {"/webhooks/whatsapp": envelope, "/webhooks/xendit": callback}.get(path, lambda: (b"", {}))()
    client = create_app(doors_of(process)).test_client()
    async with asyncio.timeout(4):
        answer = await (client.get(path) if method == "GET" else client.post(path, data=body, headers=headers))
    assert answer.status_code == status


def test_the_promises_are_kept_by_the_deadlines() -> None:
    assert READY_WITHIN < 1
    assert STORED_WITHIN < 3
    assert DATABASE_BUDGET < BUDGET < 3


@pytest.mark.mongo
async def test_what_is_set_aside_is_counted_in_readiness_and_metrics(mongodb_uri: str) -> None:
    settings = SETTINGS.with_changes(mongodb_database=f"set_aside_{secrets.token_hex(4)}")
    async with opened(settings, mongodb_uri) as process:
        parts = process.parts
        now = await parts.leads.server_now()
        for number in range(3):
            row = Delivery(f"xendit:{number}", "xendit", "callback", b"", "", (), now, now, now)  # type: ignore[arg-type]
            await parts.received.record([row])
            await parts.received.park(row.id, now, "unreadable")
        client = create_app(doors_of(process)).test_client()
        assert (await (await client.get("/readyz")).get_json())["set_aside"] == {"xendit": 3}
        metrics = await (await client.get("/metrics")).get_data(as_text=True)
        assert 'janji_deliveries_parked{source="xendit"} 3.0' in metrics
        await process.client.drop_database(settings.mongodb_database)
