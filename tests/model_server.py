"""A server that speaks OpenAI's protocol on loopback, well or badly, as it is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

GOOD: Json = {
    "intents": ["book"],
    "confidence": 0.92,
    "language": "en",
    "guests": None,
    "ordinal": None,
    "service": None,
    "topic": None,
    "when": [],
}


@dataclass
class Server:
    """Answers every question with `content`, or with what `answers` makes of the customer's message."""

    content: str = json.dumps(GOOD)
    answers: Callable[[str], str] | None = None
    replies: Callable[[Json], str] | None = None
    """What it makes of a whole request, whoever asks."""
    transcript: str = "hello"
    status: int = 200
    raw: bytes | None = None
    half: bool = False
    """Promises more bytes than it sends."""
    hangs: bool = False
    dies: bool = False
    asked: list[Json] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    """Bodies of the voice notes."""
    _served: set[asyncio.Task[None]] = field(default_factory=set)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, one answer, if any."""
        task = asyncio.current_task()
        assert task is not None
        self._served.add(task)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(_length(head))
            if self.hangs:
                await reader.read()
            elif not self.dies:
                await self._answer(writer, head.split(b" ")[1].decode(), body)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            self._served.discard(task)

    async def _answer(self, writer: asyncio.StreamWriter, path: str, body: bytes) -> None:
        sent = self._spoken(body) if path.endswith("/audio/transcriptions") else self._completion(json.loads(body))
        payload = self.raw if self.raw is not None else sent
        promised = len(payload) * 2 if self.half else len(payload)
        writer.write(
            f"HTTP/1.1 {self.status} X\r\ncontent-type: application/json\r\ncontent-length: {promised}\r\n"
            "connection: close\r\n\r\n".encode()
            + payload
        )
        await writer.drain()

    def _spoken(self, body: bytes) -> bytes:
        self.heard.append(body)
        return json.dumps({"text": self.transcript}).encode()

    def _completion(self, asked: Json) -> bytes:
        self.asked.append(asked)
        if self.replies is not None:
            content = self.replies(asked)
        elif self.answers is not None:
            content = self.answers(json.loads(asked["messages"][-1]["content"])["message"])
        else:
            content = self.content
        message = {"role": "assistant", "content": content, "refusal": None}
        choice = {"index": 0, "finish_reason": "stop", "message": message, "logprobs": None}
        told = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
        return json.dumps(told).encode()

    def texts(self) -> list[str]:
        """The customers' messages it was asked about."""
        return [json.loads(one["messages"][-1]["content"])["message"] for one in self.asked]

    async def finish(self) -> None:
        """Hang up on whoever still waits."""
        for task in tuple(self._served):
            task.cancel()
        await asyncio.gather(*self._served, return_exceptions=True)


def _length(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    return next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length")), 0)


@asynccontextmanager
async def running(server: Server) -> AsyncIterator[Server]:
    """The server, listening at `server.url`."""
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/v1"
    try:
        yield server
    finally:
        listener.close()
        await server.finish()
        await listener.wait_closed()
