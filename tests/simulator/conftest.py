"""A served simulator, a tiny recording backend, and a Graph client, on real loopback ports."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from dataclasses import replace as changed
from typing import Any

import httpx
import pytest
import pytest_asyncio
import uvicorn
from quart import Quart, Response, request

from simulator.server import bound, serve
from simulator.settings import Settings

Json = dict[str, Any]

SETTINGS = Settings(
    app_secret="a-secret-of-the-app",
    token="a-token-of-the-app",
    verify_token="a-verify-token",
    retry_scale=0.01,
)


@dataclass(slots=True)
class Delivery:
    """One webhook as the backend received it."""

    headers: dict[str, str]
    raw: bytes
    body: Json

    @property
    def values(self) -> list[Json]:
        """Every change's value."""
        return [change["value"] for entry in self.body["entry"] for change in entry["changes"]]


@dataclass(slots=True)
class Backend:
    """Remembers what it was sent and answers as it is told to."""

    url: str = ""
    deliveries: list[Delivery] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, headers: dict[str, str], raw: bytes, body: Any) -> int:
        """Keeps a delivery; the status to answer."""
        self.deliveries.append(Delivery(headers, raw, body if isinstance(body, dict) else {}))
        self.came.set()
        return self.answers.pop(0) if self.answers else 200

    def forget(self) -> None:
        """As if nothing had come yet."""
        self.deliveries.clear()
        self.answers.clear()
        self.came.clear()

    def all(self, key: str) -> list[Json]:
        """Every message or status received, in order of arrival."""
        return [item for one in self.deliveries for value in one.values for item in value.get(key, [])]


def backend_app(backend: Backend) -> Quart:
    """The doors of the tiny backend."""
    app = Quart(__name__)

    @app.get("/webhooks/whatsapp")
    async def handshake() -> tuple[str, int]:
        right = request.args.get("hub.verify_token") == SETTINGS.verify_token
        return (request.args["hub.challenge"], 200) if right else ("no", 403)

    @app.post("/webhooks/whatsapp")
    async def take() -> Response:
        raw = await request.get_data()
        assert isinstance(raw, bytes), "no text was asked for"
        body = await request.get_json(force=True, silent=True)
        headers = {key.lower(): value for key, value in request.headers.items()}
        return Response("", backend.take(headers, raw, body))

    return app


@contextlib.asynccontextmanager
async def served(app: Quart) -> AsyncIterator[str]:
    """An app on a loopback port within the block."""
    with contextlib.closing(bound("127.0.0.1", 0)) as sock:
        config = uvicorn.Config(
            app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1, timeout_keep_alive=75
        )
        server = uvicorn.Server(config)
        running = asyncio.create_task(server._serve([sock]))
        try:
            yield f"http://127.0.0.1:{sock.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running


class Graph:
    """A backend's view of the Graph API."""

    def __init__(self, url: str, settings: Settings) -> None:
        self.url = url
        self.settings = settings
        self.client = httpx.AsyncClient(
            base_url=url, trust_env=False, timeout=5, headers={"Authorization": f"Bearer {settings.token}"}
        )

    async def post(self, body: Json, **more: Any) -> httpx.Response:
        """POST /messages."""
        path = f"/v26.0/{self.settings.phone_number_id}/messages"
        return await self.client.post(path, json={"messaging_product": "whatsapp", **body}, **more)

    async def text(self, to: str, words: str = "Hello", **more: Any) -> httpx.Response:
        """A text to a phone number."""
        return await self.post({"to": to, "type": "text", "text": {"body": words}, **more})

    async def sim(self, method: str, path: str, body: Json | None = None) -> Json:
        """A call to the control door that must succeed."""
        response = await self.client.request(method, f"/sim{path}", json=body)
        assert response.status_code < 400, response.text
        answer: Json = response.json()
        return answer

    async def calm(self) -> None:
        """Webhooks in order, at once, each once."""
        plain = {"order": "fifo", "delay": 0, "double_every": 0, "copies": 1}
        await self.sim("PATCH", "/manners", {"messages": plain, "statuses": plain})

    async def idle(self) -> None:
        """Waits until no webhook is on its way."""
        assert (await self.sim("GET", "/webhooks?wait=5"))["idle"]


# Servers live for the whole session and are emptied between tests: starting two costs half a second.
@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def served_backend() -> AsyncIterator[Backend]:
    """The recording backend's server."""
    backend = Backend()
    async with served(backend_app(backend)) as url:
        backend.url = url
        yield backend


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def served_simulator(served_backend: Backend) -> AsyncIterator[tuple[str, Settings]]:
    """The simulator's server, in front of the backend."""
    settings = changed(SETTINGS, app_url=served_backend.url)
    async with serve(settings) as url:
        yield url, settings


@pytest.fixture
def backend(served_backend: Backend) -> Backend:
    """A backend that has received nothing and answers 200."""
    served_backend.forget()
    return served_backend


@pytest_asyncio.fixture(loop_scope="session")
async def graph(backend: Backend, served_simulator: tuple[str, Settings]) -> AsyncIterator[Graph]:
    """A calm and empty simulator in front of the backend, seen from the backend's side."""
    graph = Graph(*served_simulator)
    async with graph.client:
        # What an earlier test left on its way must have come before the backend is emptied.
        await graph.sim("GET", "/webhooks?wait=2")
        await graph.sim("POST", "/reset")
        await graph.calm()
        backend.forget()
        yield graph


@pytest_asyncio.fixture(loop_scope="session")
async def sari(graph: Graph) -> str:
    """A customer who has just written, so that her window is open; her number."""
    customer = await graph.sim("POST", "/customers", {"wa_id": "628123456789", "name": "Sari"})
    await graph.sim("POST", f"/customers/{customer['id']}/say", {"text": "Halo"})
    await graph.idle()
    return "628123456789"
