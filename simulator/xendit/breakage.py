"""Breaking a connection under a reply: what an ASGI application cannot ask for in words."""

import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

_KEY = "simulator.xendit.send"


def with_breakable_replies(application: Asgi) -> Asgi:
    """The same application, whose handlers can find the server's own `send` in the scope."""

    async def breakable(scope: Scope, receive: Receive, send: Send) -> None:
        scope[_KEY] = send
        await application(scope, receive, send)

    return breakable


def reset(scope: Scope) -> bool:
    """Tears the connection down with a TCP reset; False where the server hides its transport."""
    cycle = getattr(scope.get(_KEY), "__self__", None)
    transport = getattr(cycle, "transport", None)
    if transport is None:
        return False
    raw = cast("socket.socket | None", transport.get_extra_info("socket"))
    if raw is not None:
        # Zero linger turns the close into a reset, as a dying gateway does it.
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    return True


async def cut(scope: Scope, status: int, body: bytes) -> None:
    """Sends the head and half of the body, then tears the connection down."""
    send = cast("Send", scope[_KEY])
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    cycle = getattr(send, "__self__", None)
    transport = getattr(cycle, "transport", None)
    if transport is not None:
        transport.close()
