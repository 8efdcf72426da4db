"""Serving the simulator on a port: its own uvicorn, whose connections faults can reset."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import uvicorn
from quart import Quart

from simulator.app import create_app, world_of
from simulator.connections import KnownConnection
from simulator.settings import Settings

CLOSING_SECONDS = 2


class SimulatorServer(uvicorn.Server):
    """uvicorn that leaves signals to its owner and ends hanging requests when it closes."""

    def __init__(self, app: Quart) -> None:
        self._world = world_of(app)
        config = uvicorn.Config(
            app,
            http=KnownConnection,
            ws="none",
            lifespan="on",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=CLOSING_SECONDS,
        )
        super().__init__(config)
        self.listening = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to whoever started the server."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts, and says so."""
        await super().startup(sockets)
        self.listening.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends long polls and hung calls first."""
        self._world.pulse.close()
        await super().shutdown(sockets)


def bound(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one."""
    # The protocol is named because asyncio sets TCP_NODELAY on TCP sockets it can tell for such only;
    # without it every answer waits 40 ms for a delayed acknowledgement.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((host, port))
    sock.listen(512)
    sock.setblocking(False)
    return sock


@contextlib.asynccontextmanager
async def serve(settings: Settings) -> AsyncIterator[str]:
    """Serves a new world within the block; gives its address."""
    with contextlib.closing(bound(settings.host, settings.port)) as sock:
        url = f"http://{settings.host}:{sock.getsockname()[1]}"
        app = create_app(replace(settings, public_url=settings.public_url or url))
        server = SimulatorServer(app)
        running = asyncio.create_task(server.serve(sockets=[sock]))
        listening = asyncio.create_task(server.listening.wait())
        try:
            await asyncio.wait([running, listening], return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
                raise RuntimeError("the simulator could not start")
            yield url
        finally:
            listening.cancel()
            server.should_exit = True
            await running
