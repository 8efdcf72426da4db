"""Open connections by their addresses, so that a fault can tear one down."""

import asyncio
import socket
import struct
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

Addresses = tuple[object, object]

_open: dict[Addresses, asyncio.Transport] = {}


def _addresses(transport: asyncio.Transport) -> Addresses:
    peer, own = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
    return (tuple(peer[:2]) if peer else None, tuple(own[:2]) if own else None)


class KnownConnection(HttpToolsProtocol):
    """uvicorn's HTTP protocol, whose connections `reset` can find."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn
        super().connection_made(transport)
        _open[_addresses(transport)] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        known = [addresses for addresses, transport in _open.items() if transport is self.transport]
        for addresses in known:
            del _open[addresses]
        super().connection_lost(exc)


def reset(scope: Any) -> bool:
    """Sends a TCP reset on a request's connection; False where the server is not ours."""
    transport = _open.get((tuple(scope["client"] or ()), tuple(scope["server"] or ())))
    if transport is None:
        return False
    sock = transport.get_extra_info("socket")
    # Lingering for nought seconds makes the kernel answer with RST in place of FIN.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    return True
