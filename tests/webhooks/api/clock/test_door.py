"""Business time over the API, and the simulator's one clock that moves everything with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from tests.journeys.world import API_TOKEN, World, opened, settings_for, simulated
from webhooks.doorway import doors_of
from webhooks.local.embedded import TRIAL_ONLY
from webhooks.processes.web import create_app
from webhooks.settings import Settings
from webhooks.wiring import opened as wired

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(90)]

Json = dict[str, Any]
HOUR = timedelta(hours=1)


async def moved(world: World, order: Any, status: int = 200) -> Json:
    answer = await world.api.post("/clock", json=order)
    assert answer.status_code == status, answer.text
    told: Json = answer.json()
    return told


def of(told: Json) -> datetime:
    return datetime.fromisoformat(told["now"])


async def test_the_clock_is_moved_to_a_moment_and_reset_for_all_processes(world: World) -> None:
    before = (await world.api.get("/clock")).json()
    assert (before["offset_seconds"], before["may_move"]) == (0, True)
    assert timedelta(0) <= of(await moved(world, {"move": 3600})) - of(before) - HOUR < HOUR
    wanted = of(before) + timedelta(days=3)
    assert timedelta(0) <= of(await moved(world, {"to": wanted.isoformat()})) - wanted < HOUR
    assert await world.process.parts.clock.business_now() >= wanted
    assert (await moved(world, {"reset": True}))["offset_seconds"] == 0


NO_SENSE: list[tuple[Any, int]] = [
    ({}, 400),
    ([], 400),
    ({"move": "1h"}, 400),
    ({"move": True}, 400),
    ({"move": 60, "reset": True}, 400),
    ({"reset": False}, 400),
    ({"to": "tomorrow"}, 400),
    ({"to": "2026-12-01T10:00:00"}, 400),
    ({"move": 1e300}, 422),
    ({"to": "9999-12-31T23:59:59+00:00"}, 422),
]


async def test_a_move_that_makes_no_sense_moves_nothing(world: World) -> None:
    for order, status in NO_SENSE:
        await moved(world, order, status)
        assert (await world.api.get("/clock")).json()["offset_seconds"] == 0, order


async def test_a_call_made_twice_under_one_key_moves_once(world: World) -> None:
    for _ in range(2):
        answer = await world.api.post("/clock", json={"move": 60}, headers={"Idempotency-Key": "once"})
        assert answer.status_code == 200
    assert (await world.api.get("/clock")).json()["offset_seconds"] == 60


async def test_nobody_moves_it_without_the_token(world: World) -> None:
    async with httpx.AsyncClient(base_url=world.url, trust_env=False) as stranger:
        assert (await stranger.post("/api/v1/clock", json={"move": 60})).status_code == 401
        assert (await stranger.get("/api/v1/clock")).status_code == 401


@asynccontextmanager
async def api_of(settings: Settings, uri: str, notice: str | None) -> AsyncIterator[Any]:
    """The doors alone, asked without a network."""
    async with wired(settings, uri, embedded_notice=notice) as process:
        yield create_app(doors_of(process)).test_client()
        await process.client.drop_database(settings.mongodb_database)


@pytest.mark.parametrize(
    ("changes", "notice", "status", "kind"),
    [
        ({"clock_may_move": False}, None, 403, "clock-is-fixed"),
        ({"clock_may_move": False}, TRIAL_ONLY, 200, None),
        ({"clock_may_move": True}, None, 200, None),
        ({"xendit_secret_key": SecretStr("xnd_production_x")}, TRIAL_ONLY, 403, "live-key"),
    ],
)
async def test_it_moves_only_in_a_trial_and_never_with_a_live_key(
    mongodb_uri: str, changes: Json, notice: str | None, status: int, kind: str | None
) -> None:
    settings = settings_for(simulated("http://127.0.0.1:1"), "http://127.0.0.1:1", 1, "world_of_fixed_clocks")
    headers = {"Authorization": f"Bearer {API_TOKEN}"}
    async with api_of(settings.with_changes(**changes), mongodb_uri, notice) as client:
        told = await (await client.get("/api/v1/clock", headers=headers)).get_json()
        assert told["may_move"] is (status == 200)
        answer = await client.post("/api/v1/clock", json={"move": 60}, headers=headers)
        assert answer.status_code == status
        if kind is not None:
            assert (await answer.get_json())["type"] == f"urn:janji:problem:{kind}"


async def test_one_call_moves_whatsapp_xendit_and_business_time(mongodb_uri: str) -> None:
    async with opened(mongodb_uri) as world:
        before = await world.told("GET", "/time")
        assert before["backend"]["available"]
        told = await world.told("POST", "/time", {"move": 7200})
        assert told["backend"]["body"]["offset_seconds"] == 7200
        assert told["ahead"] == 7200
        ours = (await world.api.get("/clock")).json()["now"]
        theirs = (await world.told("GET", "/xendit/clock"))["now"]
        for moment in (ours, theirs, told["now"]):
            assert abs(datetime.fromisoformat(moment) - datetime.fromisoformat(before["now"]) - 2 * HOUR) < HOUR
        then = (datetime.fromisoformat(before["now"]) + timedelta(days=2)).isoformat()
        told = await world.told("POST", "/time", {"to": then})
        assert datetime.fromisoformat(told["backend"]["body"]["now"]) >= datetime.fromisoformat(then)
        told = await world.told("POST", "/time", {"reset": True})
        assert (told["ahead"], told["backend"]["body"]["offset_seconds"]) == (0, 0)
