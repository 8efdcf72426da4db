"""JSON posted to one address over a few kept connections: what a send needs of HTTP, and no more.

A general client spends more processor time on a post than the rest of an answer costs together. Here a request is one
write, and its answer is read by the parser that our own doors use. It says what the caller has to know: whether
anything was handed over.
"""

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httptools
import httpx

CONNECT_WITHIN: Final = 3.0
PLACE_WITHIN: Final = 3.0
"""Seconds to wait for one of the connections."""
ANSWER_WITHIN: Final = 8.0
IDLE_AT_MOST: Final = 5.0
"""Seconds a connection is kept unused: servers end idle ones, and what is written into that moment has no answer."""
BODY_AT_MOST: Final = 1024 * 1024
_INFORMATION: Final = range(100, 200)


class NothingHandedOver(Exception):
    """No byte of the request has left."""


class NoAnswer(Exception):
    """It was handed over, perhaps; no whole answer came."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    content: bytes


class _Connection(asyncio.Protocol):
    """One connection; one request at a time. The parser calls it by the names that it looks for."""

    def __init__(self) -> None:
        self.is_open = False
        self.idle_since = 0.0
        self._transport: Any = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._begin()

    def _begin(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._forget()

    def _forget(self) -> None:
        self._body = bytearray()
        self._is_measured = False
        self._is_unmeasured = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self.is_open = True

    def data_received(self, data: bytes) -> None:
        if self._waiting is None:
            # nobody asked for it: whatever it is, it would be read as the next answer
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(NoAnswer(type(error).__name__))

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        if self._is_unmeasured and error is None:
            # an answer without a length ends with its connection
            self.on_message_complete()
        self._fail(NoAnswer("connection closed" if error is None else type(error).__name__))

    def on_headers_complete(self) -> None:
        self._is_unmeasured = not self._is_measured

    def on_header(self, name: bytes, _: bytes) -> None:
        self._is_measured = self._is_measured or name.lower() in {b"content-length", b"transfer-encoding"}

    def on_body(self, piece: bytes) -> None:
        self._body += piece
        if len(self._body) > BODY_AT_MOST:
            self._fail(NoAnswer("too long an answer"))

    def on_message_complete(self) -> None:
        status, content = self._parser.get_status_code(), bytes(self._body)
        if status in _INFORMATION:
            # the parser goes on to the answer behind it
            self._forget()
            return
        if not self._parser.should_keep_alive():
            self.close()
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(Answer(status, content))

    async def ask(self, request: bytes) -> Answer:
        """Hand it over and wait for the answer, or NoAnswer; without one it is of no further use."""
        self._begin()
        waiting: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting = waiting
        self._transport.write(request)
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return await waiting
        except TimeoutError:
            raise NoAnswer("no answer in time") from None

    def _fail(self, error: NoAnswer) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)
        self.close()

    def close(self) -> None:
        """No more of it."""
        self.is_open = False
        if self._transport is not None:
            self._transport.close()


class Posts:
    """A few connections to one address."""

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str],
        connections: int,
        kept: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        parts = urlsplit(url)
        self._host, self._is_secure = parts.hostname or "", parts.scheme == "https"
        self._port = parts.port or (443 if self._is_secure else 80)
        told = {"Host": parts.netloc.rpartition("@")[2], "User-Agent": "janji", "Accept": "*/*", **headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        self._head = f"POST {parts.path} HTTP/1.1\r\n{lines}Content-Length: ".encode("latin-1")
        self._places = asyncio.Semaphore(connections)
        self._kept = kept
        self._idle: list[_Connection] = []
        self._monotonic = monotonic

    async def post(self, body: bytes) -> Answer:
        """The answer; NothingHandedOver or NoAnswer when there is none."""
        try:
            async with asyncio.timeout(PLACE_WITHIN):
                await self._places.acquire()
        except TimeoutError:
            raise NothingHandedOver("no connection was free") from None
        try:
            connection = self._kept_open() or await self._opened()
            try:
                answer = await connection.ask(b"%b%d\r\n\r\n%b" % (self._head, len(body), body))
            except BaseException:
                # also when the caller is cancelled: an answer that comes later is nobody's
                connection.close()
                raise
            if connection.is_open and len(self._idle) < self._kept:
                connection.idle_since = self._monotonic()
                self._idle.append(connection)
            else:
                connection.close()
            return answer
        finally:
            self._places.release()

    def _kept_open(self) -> _Connection | None:
        """The one that was used last, since it is the surest to be open at the other end."""
        now = self._monotonic()
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open and now - connection.idle_since <= IDLE_AT_MOST:
                return connection
            connection.close()
        return None

    async def _opened(self) -> _Connection:
        try:
            async with asyncio.timeout(CONNECT_WITHIN):
                _, connection = await asyncio.get_running_loop().create_connection(
                    _Connection, self._host, self._port, ssl=_trusted() if self._is_secure else None
                )
        except (OSError, TimeoutError) as error:
            raise NothingHandedOver(type(error).__name__) from error
        return connection

    async def close(self) -> None:
        """Let go of the connections that are kept."""
        while self._idle:
            self._idle.pop().close()


class ProxiedPosts:
    """The same through a proxy that the environment names: how to speak to one is left to httpx."""

    def __init__(self, url: str, headers: Mapping[str, str], connections: int, kept: int) -> None:
        self._url = url
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=kept)
        timeout = httpx.Timeout(ANSWER_WITHIN, connect=CONNECT_WITHIN, pool=PLACE_WITHIN)
        self._http = httpx.AsyncClient(headers=headers, timeout=timeout, limits=limits)

    async def post(self, body: bytes) -> Answer:
        """The answer; NothingHandedOver or NoAnswer when there is none."""
        try:
            answer = await self._http.post(self._url, content=body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            raise NothingHandedOver(type(error).__name__) from error
        except httpx.HTTPError as error:
            raise NoAnswer(type(error).__name__) from error
        return Answer(answer.status_code, answer.content)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()


def posts_to(url: str, headers: Mapping[str, str], connections: int, kept: int) -> Posts | ProxiedPosts:
    """The connections to that address, straight or as the environment wants them."""
    parts = urlsplit(url)
    is_proxied = {parts.scheme, "all"} & getproxies().keys() and not proxy_bypass(parts.hostname or "")
    return (ProxiedPosts if is_proxied else Posts)(url, headers, connections, kept)


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that httpx trusts, and those the environment names."""
    return httpx.create_ssl_context()
