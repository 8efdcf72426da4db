"""The whole system with a published booking form: keys on both sides, a Flow id for each language."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from typing import Any, Final

import httpx
from pydantic import SecretStr

from flows.booking import booking_flow
from flows.publish import new_key_pair
from simulator import server
from simulator.customer import Phone
from simulator.flow_client.client import FlowClient
from tests.databases import clean_database
from tests.journeys.world import API_TOKEN, QUICK, World, settings_for, simulated
from webhooks import launch
from webhooks.local.ports import free_port

Json = dict[str, Any]

CALL: Final[Sequence[Json]] = (
    {"service": "planning-call"},
    {"day": "#3"},
    {"time": "#2"},
    {"guests": "2", "name": "Sari", "notes": ""},
    {},
)
"""A free call, so that the form alone confirms it."""


@cache
def keys() -> tuple[str, str]:
    """One key pair for all worlds: private and public PEM."""
    return new_key_pair()


def flow_json(language: str) -> Json:
    """The published Flow as the phone has it."""
    return dict(json.loads(json.dumps(booking_flow(language).as_json())))


@asynccontextmanager
async def opened(uri: str, languages: Sequence[str] = ("en", "id", "vi")) -> AsyncIterator[World]:
    """A world in which the form is published in these languages."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    simulator = simulated(url)
    private, public = keys()
    async with AsyncExitStack() as stack:
        name = await stack.enter_async_context(clean_database(uri))
        simulator_url = await stack.enter_async_context(server.serve(simulator))
        settings = settings_for(simulator, simulator_url, port, name).with_changes(flow_private_key=SecretStr(private))
        process = await stack.enter_async_context(launch.running(settings, uri, terms=QUICK))
        await process.parts.published_flows.set_ids({code: f"flow-{code}" for code in languages})
        bearer = {"Authorization": f"Bearer {API_TOKEN}"}
        api = await stack.enter_async_context(
            httpx.AsyncClient(base_url=f"{url}/api/v1", headers=bearer, trust_env=False, timeout=30)
        )
        control = await stack.enter_async_context(
            httpx.AsyncClient(base_url=f"{simulator_url}/sim", trust_env=False, timeout=30)
        )
        await _publish(simulator_url, settings.graph_api_version, simulator.phone_number_id, simulator.token, public)
        async with AsyncExitStack() as phones:
            yield World(url, simulator_url, settings, simulator, process, api, control, phones)


async def _publish(simulator_url: str, version: str, number: str, token: str, public: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(
            f"{simulator_url}/{version}/{number}/whatsapp_business_encryption",
            headers={"Authorization": f"Bearer {token}"},
            data={"business_public_key": public},
        )
        answer.raise_for_status()


async def offered(phone: Phone) -> Json:
    """The form the newest bubble offers."""
    bubble = (await phone.bubbles())[-1]
    assert bubble.kind == "flow", bubble.text
    return bubble.raw


def client(world: World, http: httpx.AsyncClient, token: str, language: str = "en") -> FlowClient:
    """A phone's own Flow client for that token, against the real door."""

    async def public_key() -> str:
        return keys()[1]

    async def no_pause(_: float) -> None:
        return None

    return FlowClient(
        flow=flow_json(language),
        endpoint_url=f"{world.url}/webhooks/flows",
        token=token,
        app_secret=world.simulator.app_secret,
        public_key=public_key,
        http=http,
        pause=no_pause,
    )
