"""A small backend that is not ours: it records what it is sent and answers in WhatsApp payloads as it is told."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from quart import Quart, Response, request

from simulator.server import bound, serve
from simulator.settings import Settings

Json = dict[str, Any]
FlowAnswer = tuple[bytes | str, int]

SETTINGS = Settings(retry_scale=0.01, pair_rate=False, flow_timeout=6)


@dataclass(slots=True)
class Shop:
    """What customers said to it, and what it answers to which text, button or file."""

    url: str = ""
    messages: list[Json] = field(default_factory=list)
    statuses: list[Json] = field(default_factory=list)
    answers: dict[str, list[Json]] = field(default_factory=dict)
    status: int = 200
    marks: bool = True
    flow_door: Callable[[bytes], Awaitable[FlowAnswer]] | None = None
    graph: httpx.AsyncClient | None = None
    came: asyncio.Event = field(default_factory=asyncio.Event)
    seen: set[str] = field(default_factory=set)

    def forget(self) -> None:
        """As if just opened."""
        for kept in (self.messages, self.statuses, self.answers, self.seen):
            kept.clear()
        self.status, self.marks, self.flow_door = 200, True, None
        self.came.clear()

    def says(self, cue: str, *bodies: Json) -> None:
        """To this text, title, or kind of message it answers so; `*` is for everything else."""
        self.answers[cue] = list(bodies)

    async def heard(self, kind: str, count: int = 1) -> list[Json]:
        """The messages of a kind, once there are that many."""
        async with asyncio.timeout(30):
            while True:
                found = [message for message in self.messages if message["type"] == kind]
                if len(found) >= count:
                    return found
                self.came.clear()
                await self.came.wait()

    async def send(self, to: str, body: Json) -> str:
        """One message to a customer; its id."""
        assert self.graph is not None, "opened by shop()"
        answer = await self.graph.post(f"/v26.0/{SETTINGS.phone_number_id}/messages", json=_addressed(to, body))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["messages"][0]["id"])

    async def take(self, body: Json) -> None:
        """Keeps what came and answers each new message."""
        for value in (change["value"] for entry in body["entry"] for change in entry["changes"]):
            self.statuses += value.get("statuses", [])
            for message in value.get("messages", []):
                if message["id"] in self.seen:
                    continue
                self.seen.add(message["id"])
                self.messages.append(message)
                await self._answer(message)
        self.came.set()

    async def _answer(self, message: Json) -> None:
        to = message.get("from") or message["from_user_id"]
        if self.marks:
            mark = {"status": "read", "message_id": message["id"], "typing_indicator": {"type": "text"}}
            assert self.graph is not None, "opened by shop()"
            await self.graph.post(
                f"/v26.0/{SETTINGS.phone_number_id}/messages", json={"messaging_product": "whatsapp", **mark}
            )
        for body in self.answers.get(cue_of(message), self.answers.get("*", [])):
            await self.send(to, body)


def cue_of(message: Json) -> str:
    """What an answer is chosen by: the words, the title tapped, or the kind."""
    kind = message["type"]
    if kind == "text":
        return str(message["text"]["body"])
    if kind == "interactive":
        reply = message["interactive"][message["interactive"]["type"]]
        return str(reply.get("title") or reply.get("name"))
    return str(message["button"]["text"]) if kind == "button" else str(kind)


def _addressed(to: str, body: Json) -> Json:
    key = "to" if to.isdigit() else "recipient"
    return {"messaging_product": "whatsapp", key: to, **body}


def shop_app(shop: Shop) -> Quart:
    """The shop's doors."""
    app = Quart(__name__)

    @app.post("/webhooks/whatsapp")
    async def messages() -> Response:
        if shop.status == 200:
            await shop.take(await request.get_json(force=True))
        return Response("", shop.status)

    @app.post("/webhooks/flows")
    async def flows() -> Response:
        assert shop.flow_door is not None, "this test has no forms"
        raw = await request.get_data()
        assert isinstance(raw, bytes), "no text was asked for"
        body, status = await shop.flow_door(raw)
        return Response(body, status, content_type="text/plain")

    @app.post("/webhooks/xendit")
    async def money() -> Response:
        return Response("", 200)

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


@dataclass(slots=True)
class Place:
    """The shop and the simulated world around it."""

    shop: Shop
    sim_url: str
    settings: Settings


@contextlib.asynccontextmanager
async def opened() -> AsyncIterator[Place]:
    """A shop with a simulated world in front of it."""
    shop = Shop()
    async with served(shop_app(shop)) as shop.url:
        settings = Settings(
            **{name: getattr(SETTINGS, name) for name in ("retry_scale", "pair_rate", "flow_timeout")}, app_url=shop.url
        )
        async with serve(settings) as sim_url:
            headers = {"Authorization": f"Bearer {settings.token}"}
            async with httpx.AsyncClient(base_url=sim_url, trust_env=False, headers=headers, timeout=20) as graph:
                shop.graph = graph
                yield Place(shop, sim_url, settings)
