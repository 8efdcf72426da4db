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
KEEP_ALIVE = 75
"""Seconds an idle connection stays open: longer than any client of ours keeps one, else a request may meet its end."""
ANSWERED_WITHIN = 0.05
"""Seconds for the answer that an outage begins to be on its way, before its connection is closed too."""


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
            timeout_keep_alive=KEEP_ALIVE,
        )
        super().__init__(config)
        self.listening = asyncio.Event()
        self._outage: asyncio.Task[None] | None = None
        self._world.goes_down = self._go_down

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to whoever started the server."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts, and says so."""
        await super().startup(sockets)
        self.listening.set()

    def _go_down(self, seconds: float) -> None:
        if self._outage is None or self._outage.done():
            self._outage = asyncio.get_running_loop().create_task(self._is_down(seconds))

    async def _is_down(self, seconds: float) -> None:
        """The listening socket is closed, so that the kernel itself refuses; then the same port is taken again."""
        await asyncio.sleep(ANSWERED_WITHIN)
        (listening,) = self.servers
        host, port = listening.sockets[0].getsockname()[:2]
        listening.close()
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(seconds)
        loop = asyncio.get_running_loop()
        self.servers = [await loop.create_server(self._connection, sock=bound(host, port), backlog=self.config.backlog)]

    def _connection(self) -> KnownConnection:
        return KnownConnection(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends an outage, long polls and hung calls first."""
        if self._outage is not None:
            self._outage.cancel()
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
