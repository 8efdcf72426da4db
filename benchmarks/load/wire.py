"""A load generator on raw sockets: requests are bytes made beforehand, answers are looked at as little as possible.

Closed loop: so many connections, each sends its next request when its last one is answered. Open loop: requests leave
at a fixed rate whether or not earlier ones are answered, and the wait of a late one counts.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

HEADERS_END = b"\r\n\r\n"
LENGTH = b"content-length:"
CHUNKED = b"transfer-encoding: chunked"
LAST_CHUNK = b"0\r\n\r\n"


class Broken(Exception):
    """The server closed a connection in the middle, or sent what is no answer."""


@dataclass(slots=True)
class Outcome:
    """What a load met."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    """In the order of the answers."""
    statuses: dict[int, int] = field(default_factory=dict)
    bodies: dict[int, bytes] = field(default_factory=dict)
    """By the place of the request, where they were wanted."""

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """That share of the answers came within so many seconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    def must_be(self, status: int) -> "Outcome":
        """Itself; Broken when any answer had another status: a refusal is fast and proves nothing."""
        if set(self.statuses) - {status}:
            raise Broken(f"statuses {self.statuses}, wanted {status} only")
        return self


def post(path: str, body: bytes, headers: Iterable[tuple[str, str]] = ()) -> bytes:
    """A whole POST as bytes, for a connection that stays open."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def _joined(chunks: bytes) -> bytes:
    """A chunked body in one piece."""
    body = b""
    while chunks:
        size, _, rest = chunks.partition(b"\r\n")
        length = int(size, 16)
        if not length:
            break
        body, chunks = body + rest[:length], rest[length + 2 :]
    return body


class _Connection(asyncio.Protocol):
    """One keep-alive connection with at most one request under way."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._waiting: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's classes
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(Broken(f"connection lost: {exc}"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(HEADERS_END)
        if end < 0 or self._waiting is None:
            return
        head, start = bytes(self._buffer[:end]).lower(), end + len(HEADERS_END)
        if CHUNKED in head:
            # one request at a time: nothing stands behind the last chunk
            if not self._buffer[start:].endswith(LAST_CHUNK):
                return
            body = _joined(bytes(self._buffer[start:]))
        else:
            place = head.find(LENGTH)
            length = int(head[place + len(LENGTH) :].split(b"\r\n", 1)[0]) if place >= 0 else 0
            if len(self._buffer) < start + length:
                return
            body = bytes(self._buffer[start : start + length])
        self._buffer.clear()
        waiting, self._waiting = self._waiting, None
        if not waiting.done():
            waiting.set_result((int(head[9:12]), body))

    def ask(self, request: bytes) -> "asyncio.Future[tuple[int, bytes]]":
        """Send it; what comes of it."""
        assert self._transport is not None
        assert self._waiting is None, "one request at a time"
        self._waiting = asyncio.get_running_loop().create_future()
        if self._transport.is_closing():
            self._waiting.set_exception(Broken("the connection is closed"))
        else:
            self._transport.write(request)
        return self._waiting

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class Pool:
    """Connections that stay open to one server."""

    def __init__(self, port: int, size: int) -> None:
        self._port, self._size = port, size
        self._connections: list[_Connection] = []

    async def __aenter__(self) -> "Pool":
        loop = asyncio.get_running_loop()
        for _ in range(self._size):
            _, connection = await loop.create_connection(_Connection, "127.0.0.1", self._port)
            self._connections.append(connection)
        return self

    async def __aexit__(self, *_: object) -> None:
        for connection in self._connections:
            connection.close()

    async def closed_loop(self, requests: Sequence[bytes], *, seconds: float = 0.0, keep: bool = False) -> Outcome:
        """All of them, or as many as are answered in that time."""
        outcome, numbered = Outcome(), iter(enumerate(requests))
        began = time.perf_counter()
        ends = began + seconds if seconds else float("inf")
        await asyncio.gather(*(self._go_on(one, numbered, outcome, ends, keep) for one in self._connections))
        outcome.seconds = time.perf_counter() - began
        return outcome

    @staticmethod
    async def _go_on(
        connection: _Connection, numbered: Iterator[tuple[int, bytes]], outcome: Outcome, ends: float, keep: bool
    ) -> None:
        now = time.perf_counter()
        while now < ends:
            place, request = next(numbered, (-1, b""))
            if place < 0:
                return
            status, body = await connection.ask(request)
            asked, now = now, time.perf_counter()
            outcome.latencies.append(now - asked)
            outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
            if keep:
                outcome.bodies[place] = body

    async def open_loop(self, requests: Sequence[bytes], per_second: float, *, keep: bool = False) -> Outcome:
        """All of them at that rate; a latency counts from the moment at which the request should have left."""
        outcome, free = Outcome(), deque(self._connections)
        began, tasks = time.perf_counter(), []
        freed = asyncio.Event()

        async def one(place: int, request: bytes, due: float) -> None:
            while not free:
                freed.clear()
                await freed.wait()
            connection = free.popleft()
            status, body = await connection.ask(request)
            free.append(connection)
            freed.set()
            outcome.latencies.append(time.perf_counter() - due)
            outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
            if keep:
                outcome.bodies[place] = body

        for place, request in enumerate(requests):
            due = began + place / per_second
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.append(asyncio.create_task(one(place, request, due)))
        await asyncio.gather(*tasks)
        outcome.seconds = time.perf_counter() - began
        return outcome
