"""The smallest Graph API there can be: takes messages, notes when each came, answers when told to."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Handed:
    """One message that reached Meta."""

    to: str
    at: float
    """Monotonic seconds."""
    callback_data: str


@dataclass(slots=True)
class Graph:
    """What came in, and how long each answer takes."""

    delay: Callable[[], float] = lambda: 0.0
    handed: list[Handed] = field(default_factory=list)
    url: str = ""
    came: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def wait_for(self, callback_data: str) -> None:
        """Until that very message came."""
        async with self.came:
            await self.came.wait_for(lambda: any(one.callback_data == callback_data for one in self.handed[-200:]))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                at = time.monotonic()
                body = await reader.readexactly(_length(head))
                if not body:
                    # whoever sent this was cut off, or asks without a body: no message
                    return
                await self._answer(orjson.loads(body), at, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            return
        finally:
            writer.close()

    async def _answer(self, sent: dict[str, Any], at: float, writer: asyncio.StreamWriter) -> None:
        if sent.get("status") != "read":
            self.handed.append(Handed(sent["to"], at, sent["biz_opaque_callback_data"]))
            async with self.came:
                self.came.notify_all()
            await asyncio.sleep(self.delay())
        answer = orjson.dumps({"success": True, "messages": [{"id": f"wamid.{len(self.handed)}.{at}"}]})
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}\r\n\r\n"
        writer.write(head.encode() + answer)
        await writer.drain()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0


@asynccontextmanager
async def listening(delay: Callable[[], float]) -> AsyncIterator[Graph]:
    """A Graph API on a free port of loopback."""
    graph = Graph(delay)
    server = await asyncio.start_server(graph._serve, "127.0.0.1", 0)
    graph.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield graph
    finally:
        server.close()
