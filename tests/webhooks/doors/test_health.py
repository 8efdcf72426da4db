"""Health: the process, the whole, and each condition by name."""

import secrets
from typing import Any

import httpx
import pytest

from bot.store.migrations import migrate
from tests.journeys.world import World, settings_for, simulated, until
from webhooks.doorway import doors_of
from webhooks.processes.web import create_app
from webhooks.wiring import opened

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(60)]


async def test_ready_names_every_condition_and_is_an_alias_of_healthz(world: World) -> None:
    async def ready() -> Any:
        both = [await world.api.get(f"{world.url}/{path}") for path in ("readyz", "healthz")]
        return [one.json() for one in both] if all(one.status_code == 200 for one in both) else None

    body, alias = await until(ready, what="readiness")
    assert set(body["checks"]) >= {"mongodb_primary", "migrations", "worker", "outbox", "cashier"}
    assert all(one["ok"] for one in body["checks"].values())
    assert alias.keys() == body.keys()
    assert alias["checks"] == body["checks"]


async def test_without_a_worker_it_is_not_ready_but_alive(mongodb_uri: str) -> None:
    settings = settings_for(simulated(""), "http://127.0.0.1:1", 1, f"health_{secrets.token_hex(6)}")
    async with opened(settings, mongodb_uri) as process:
        client = create_app(doors_of(process)).test_client()
        unmigrated = await (await client.get("/readyz")).get_json()
        await migrate(process.database)
        answer = await client.get("/readyz")
        checks = (await answer.get_json())["checks"]
        assert answer.status_code == 503
        assert [name for name, one in checks.items() if not one["ok"]] == ["worker"]
        assert not unmigrated["checks"]["migrations"]["ok"]
        assert (await client.get("/livez")).status_code == 200
        await process.client.drop_database(settings.mongodb_database)


async def test_metrics_count_deliveries_without_saying_whose(world: World) -> None:
    phone = await world.phone(wa_id="6281234567890")
    await phone.say("Hello")
    await world.quiet()
    async with httpx.AsyncClient(base_url=world.url, trust_env=False) as client:
        text = (await client.get("/metrics")).text
    assert 'kind="message"' in text
    assert "6281234567890" not in text
