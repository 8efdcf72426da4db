"""A running simulator and a small app that hears its callbacks, for tests over real HTTP."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import httpx
import uvicorn
from quart import Quart, Response, request

from simulator import xendit
from simulator.xendit import Clock, XenditSettings

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
"""A Monday, ten in the morning in Jakarta."""

KEY = "xnd_development_test"
TOKEN = "callback-token-of-the-test"


@dataclass
class Ear:
    """The app's end: what it heard, and what it answers."""

    url: str = ""
    heard: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    """Statuses to answer with, one each; 200 when used up."""

    def events(self) -> list[str]:
        """The events heard, by name or by an invoice's status."""
        return [body.get("event") or body["status"] for _, body in self.heard]


@dataclass
class House:
    """Both servers, and a client for each side of the simulator."""

    url: str
    ear: Ear
    api: httpx.Client
    sim: httpx.Client

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        """A control call that must go well."""
        answer = self.sim.post(f"/sim/xendit{path}", json=body if body is not None else {}, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def get(self, path: str) -> Any:
        """A control view."""
        answer = self.sim.get(f"/sim/xendit{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def advance(self, **span: float) -> Any:
        """Moves the clock; everything due has happened and been sent when it returns."""
        return self.post("/clock", {"advance_seconds": timedelta(**span).total_seconds()})

    def invoice(self, external_id: str = "att-1", amount: float = 350_000, **more: object) -> Any:
        """A new invoice by the API."""
        answer = self.api.post(
            "/v2/invoices", json={"external_id": external_id, "amount": amount, "currency": "IDR", **more}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def payout(self, key: str = "po-1", account: str = "1234567890", amount: int = 100_000) -> httpx.Response:
        """A payout by the API."""
        body = {
            "reference_id": key,
            "channel_code": "ID_BCA",
            "channel_properties": {"account_number": account, "account_holder_name": "Wayan"},
            "amount": amount,
            "currency": "IDR",
        }
        return self.api.post("/v2/payouts", json=body, headers={"Idempotency-key": key})


def _listening() -> socket.socket:
    # Named TCP, or asyncio leaves Nagle on and every call takes 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    return listener


def _address(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def _ear_app(ear: Ear) -> Quart:
    app = Quart("ear")

    @app.post("/webhooks/xendit")
    async def hear() -> Response:
        body = cast("bytes", await request.get_data())
        ear.bodies.append(body)
        ear.heard.append((dict(request.headers), json.loads(body)))
        return Response("", ear.answers.pop(0) if ear.answers else 200)

    return app


def _simulator_app(settings: XenditSettings, clock: Clock) -> Quart:
    app = Quart("simulator")
    app.register_blueprint(xendit.blueprint(settings, clock))

    @app.before_serving
    async def begin() -> None:
        await xendit.start(app)

    @app.after_serving
    async def end() -> None:
        await xendit.stop(app)

    return app


def _server(app: Quart) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app, log_level="critical", ws="none", lifespan="on", timeout_graceful_shutdown=1, timeout_keep_alive=75
        )
    )


@contextmanager
def running() -> Iterator[House]:
    """The simulator and the ear, in a thread of their own, with time standing still at START."""
    ears, doors = _listening(), _listening()
    ear = Ear(url=_address(ears))
    settings = XenditSettings(
        app_url=ear.url,
        public_url=_address(doors),
        xendit_secret_key=KEY,
        xendit_callback_token=TOKEN,
        seed=7,
        callback_timeout=timedelta(seconds=5),
        hang=timedelta(seconds=20),
    )
    servers = [_server(_simulator_app(settings, Clock(lambda: START))), _server(_ear_app(ear))]

    async def serve() -> None:
        await asyncio.gather(servers[0].serve([doors]), servers[1].serve([ears]))

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    ready = threading.Event()
    while not all(server.started for server in servers):
        ready.wait(0.005)
    with (
        httpx.Client(base_url=_address(doors), auth=(KEY, ""), trust_env=False, timeout=10) as api,
        httpx.Client(base_url=_address(doors), trust_env=False, timeout=10) as sim,
    ):
        yield House(_address(doors), ear, api, sim)
    for server in servers:
        server.should_exit = True
    thread.join(10)
