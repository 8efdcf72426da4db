"""Meta's side of the wire: signed webhooks made beforehand, and a Graph API that counts what the bot says.

The Graph API here is a few lines on raw sockets, so that its cost is not taken for the product's. Like Meta it tells
what became of each message: sent, delivered and read, each a webhook of its own.
"""

import asyncio
import contextlib
import hashlib
import hmac
import itertools
import json
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, cast

from benchmarks.load.wire import HEADERS_END, LENGTH, Broken, Pool, post

Json = dict[str, Any]

NUMBER: Final = "106540352242922"
WABA: Final = "102290129340398"
SHOWN_NUMBER: Final = "628110000001"
APP_SECRET: Final = "bench-app-secret"
VERIFY_TOKEN: Final = "bench-verify-token"
TOKEN: Final = "bench-token"
WEBHOOK: Final = "/webhooks/whatsapp"
TICKS: Final = ("sent", "delivered", "read")
STATUS_CONNECTIONS: Final = 8
POOL_IDLE_SECONDS: Final = 1.0

_numbers = itertools.count(1)
_phones = itertools.count(1)
_run = secrets.token_hex(4).upper()


def new_phone() -> str:
    """A customer nobody has met."""
    return f"6281{next(_phones):09d}"


def signed_post(path: str, body: bytes, secret: str = APP_SECRET) -> bytes:
    """A POST as Meta signs it."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return post(path, body, (("X-Hub-Signature-256", f"sha256={digest}"),))


def message(phone: str, text: str) -> bytes:
    """A customer's text as a signed webhook; its id is used once."""
    told = {
        "id": f"wamid.BENCH{_run}{next(_numbers):012d}",
        "from": phone,
        "from_user_id": f"ID.{phone}",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": text},
    }
    contact = {"profile": {"name": "Sari"}, "wa_id": phone, "user_id": f"ID.{phone}"}
    return _webhook({"contacts": [contact], "messages": [told]})


def _status(wamid: str, phone: str, tick: str, callback_data: str) -> bytes:
    told: Json = {"id": wamid, "status": tick, "timestamp": str(int(time.time())), "recipient_id": phone}
    if callback_data:
        told["biz_opaque_callback_data"] = callback_data
    if tick != "read":
        told["pricing"] = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"}
    return _webhook({"statuses": [told]})


def _webhook(news: Json) -> bytes:
    metadata = {"display_phone_number": SHOWN_NUMBER, "phone_number_id": NUMBER}
    value = {"messaging_product": "whatsapp", "metadata": metadata} | news
    entry = {"id": WABA, "changes": [{"field": "messages", "value": value}]}
    envelope = {"object": "whatsapp_business_account", "entry": [entry]}
    return signed_post(WEBHOOK, json.dumps(envelope, separators=(",", ":")).encode())


@dataclass(frozen=True, slots=True)
class Said:
    """A message the bot handed to Meta."""

    to: str
    at: float
    """On the monotonic clock."""
    payload: Json


@dataclass(slots=True)
class Graph:
    """The Graph API of one number: takes every message, remembers it, tells its ticks to the door."""

    door: int
    """The port that hears the ticks."""
    said: list[Said] = field(default_factory=list)
    marks: int = 0
    _ticks: deque[tuple[float, str, str, str, str]] = field(default_factory=deque)
    _untold: int = 0
    _all_told: asyncio.Event = field(default_factory=asyncio.Event)
    _waiting: list[tuple[int, asyncio.Event]] = field(default_factory=list)

    def take(self, payload: Json) -> Json:
        """One call of `/messages`."""
        if payload.get("status") == "read":
            self.marks += 1
            return {"success": True}
        to = str(payload.get("to") or str(payload.get("recipient", "")).removeprefix("ID."))
        wamid = f"wamid.BENCHOUT{_run}{next(_numbers):012d}"
        now = time.monotonic()
        self.said.append(Said(to, now, payload))
        for place, tick in enumerate(TICKS):
            self._ticks.append((now + 0.05 + 0.1 * place, wamid, to, tick, payload.get("biz_opaque_callback_data", "")))
            self._untold += 1
        self._all_told.clear()
        for count, event in self._waiting:
            if len(self.said) >= count:
                event.set()
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": to, "wa_id": to}],
            "messages": [{"id": wamid}],
        }

    async def until_said(self, count: int, seconds: float) -> None:
        """Wait until the bot has said so many messages in all; Broken when it does not."""
        if len(self.said) >= count:
            return
        event = asyncio.Event()
        self._waiting.append((count, event))
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            raise Broken(f"{len(self.said)} of {count} messages were said in {seconds:.0f} s") from None
        finally:
            self._waiting.remove((count, event))

    async def until_told(self) -> None:
        """Wait until every tick was taken by the door."""
        if self._untold:
            await self._all_told.wait()

    async def tell(self) -> None:
        """Bring the ticks to the door, each when it is due, until cancelled; what is refused comes again."""
        while True:
            await asyncio.sleep(0.02)
            if self._count_due():
                with contextlib.suppress(OSError, Broken):
                    # a pool for a while only: a door may close what was idle for some seconds
                    async with Pool(self.door, STATUS_CONNECTIONS) as pool:
                        await self._tell_through(pool)

    async def _tell_through(self, pool: Pool) -> None:
        idle_since = time.monotonic()
        while time.monotonic() - idle_since < POOL_IDLE_SECONDS:
            due = [self._ticks.popleft() for _ in range(self._count_due())]
            if not due:
                await asyncio.sleep(0.02)
                continue
            try:
                (await pool.closed_loop([_status(*one[1:]) for one in due])).must_be(200)
            except BaseException:
                self._ticks.extendleft(reversed(due))
                raise
            self._untold -= len(due)
            if not self._untold:
                self._all_told.set()
            idle_since = time.monotonic()

    def _count_due(self) -> int:
        now, count = time.monotonic(), 0
        for one in self._ticks:
            if one[0] > now:
                break
            count += 1
        return count


class _GraphConnection(asyncio.Protocol):
    def __init__(self, take: Callable[[Json], Json]) -> None:
        self._take = take
        self._buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's classes
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(HEADERS_END)) >= 0:
            head = bytes(self._buffer[:end]).lower()
            place = head.find(LENGTH)
            length = int(head[place + len(LENGTH) :].split(b"\r\n", 1)[0]) if place >= 0 else 0
            whole = end + len(HEADERS_END) + length
            if len(self._buffer) < whole:
                return
            body = bytes(self._buffer[end + len(HEADERS_END) : whole])
            del self._buffer[:whole]
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"post ") and b"/messages http" in head.partition(b"\r\n")[0]:
            status, told = "200 OK", self._take(json.loads(body))
        else:
            status, told = "404 Not Found", {"error": {"message": "not here", "code": 100}}
        content = json.dumps(told).encode()
        self._transport.write(
            f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n".encode()
            + content
        )


async def serve_graph(graph: Graph) -> tuple[asyncio.Server, str]:
    """Serve it on loopback; its address."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _GraphConnection(graph.take), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    return server, f"http://127.0.0.1:{port}"
