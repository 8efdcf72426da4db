"""Requests and answers without a framework, for the doors that are asked most: plain ASGI before the rest (ADR 17).

What a door of ours answers is the same on either way: problem documents, the headers of every answer, and no failure
that leaves the house as a stack trace.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from webhooks.edge.bodies import MAX_BYTES, join_body
from webhooks.edge.failures import SECURITY_HEADERS, failure_of
from webhooks.edge.problems import DoorProblem

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Any, Any, Any], Awaitable[None]]
"""What it hands on to has types of its own for the same messages."""

_SECURED: Final = tuple((name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items())
_TEXT: Final = "text/plain"
_PROBLEM: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """A status, a body and what it is."""

    status: int
    body: bytes = b""
    content_type: str = _TEXT


class RawRequest:
    """One request as the server hands it over; its body is read once."""

    __slots__ = ("_headers", "_query", "_receive")

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._headers: list[tuple[bytes, bytes]] = scope["headers"]
        self._query: bytes = scope["query_string"]
        self._receive = receive

    def header(self, name: bytes) -> str | None:
        """The first header of that name, which is given in small letters as every server hands them over."""
        for key, value in self._headers:
            if key == name:
                return value.decode("latin-1")
        return None

    def query(self) -> dict[str, str]:
        """What the query string asks; of a name given twice the first counts."""
        pairs = parse_qsl(self._query.decode("latin-1"), keep_blank_values=True, errors="replace")
        return dict(reversed(pairs))

    async def body(self, limit: int = MAX_BYTES) -> bytes:
        """All of it; BodyRefused as soon as it is too large, or when it ends half way."""
        given = self.header(b"content-length")
        declared = int(given) if given and given.isdecimal() else None
        if declared is None or declared > limit:
            return await join_body(self._chunks(None), declared, limit)
        message = await self._receive()
        body: bytes = message.get("body", b"")
        if len(body) == declared and not message.get("more_body", False):
            # nearly every body comes in one piece
            return body
        return await join_body(self._chunks(message), declared, limit)

    async def _chunks(self, first: Message | None) -> AsyncIterator[bytes | None]:
        message = first or await self._receive()
        more = True
        while more:
            if message["type"] == "http.disconnect":
                yield None
                return
            yield message.get("body", b"")
            more = message.get("more_body", False)
            if more:
                message = await self._receive()


RawHandler = Callable[[RawRequest], Awaitable[RawAnswer]]
RawRoutes = Mapping[str, Mapping[str, RawHandler]]
"""By path and method."""


def refused(why: DoorProblem) -> RawAnswer:
    """Why not, as a problem document."""
    return RawAnswer(why.status, why.document(), _PROBLEM)


class RawDoors:
    """The ASGI application that answers these paths itself and hands everything else on."""

    def __init__(self, routes: RawRoutes, beyond: AsgiApp) -> None:
        self.routes: Final = routes
        self._beyond = beyond

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or whatever else the server has to say."""
        handlers = self.routes.get(scope["path"]) if scope["type"] == "http" else None
        if handlers is None:
            await self._beyond(scope, receive, send)
            return
        answer = await self._answered(handlers, scope, receive)
        headers = [
            (b"content-type", answer.content_type.encode()),
            (b"content-length", str(len(answer.body)).encode()),
            *_SECURED,
        ]
        if answer.status == 405:
            headers.append((b"allow", ", ".join(handlers).encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answered(self, handlers: Mapping[str, RawHandler], scope: Scope, receive: Receive) -> RawAnswer:
        method = scope["method"]
        # the server itself leaves out the body of an answer to HEAD
        handler = handlers.get("GET" if method == "HEAD" else method)
        if handler is None:
            return refused(DoorProblem(405, "method-not-allowed", "The method is not allowed for the requested URL."))
        try:
            return await handler(RawRequest(scope, receive))
        except Exception as error:
            return refused(failure_of(error))
