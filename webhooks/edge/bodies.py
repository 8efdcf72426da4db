"""Reading a request's raw body without trusting it: size first, then bytes."""

from collections.abc import AsyncIterable

from quart import Request

from webhooks.edge.problems import DoorProblem

MAX_BYTES = 4 * 1024 * 1024
"""413 over 4 MiB; Meta's largest body is 3 MB."""
STORED_WITHIN = 2.5
"""Seconds until a door gives up storing and answers 503: senders are promised an answer within three."""


class BodyRefused(Exception):
    """The body is not read; `why` is the answer."""

    def __init__(self, status: int, kind: str, detail: str) -> None:
        super().__init__("body refused")
        self.why = DoorProblem(status, kind, detail)


async def read_body(request: Request, limit: int = MAX_BYTES) -> bytes:
    """The raw bytes of a request that came through the framework."""
    return await join_body(request.body, request.content_length, limit)


async def join_body(chunks: AsyncIterable[bytes | None], declared: int | None, limit: int) -> bytes:
    """The raw bytes, or BodyRefused with 413 as soon as there are too many, or 400 when they stop half way; a chunk
    that is none says that the sender has gone."""
    # Refused before a byte of it is read.
    if declared is not None and declared > limit:
        raise _too_large(limit)
    parts: list[bytes] = []
    size = 0
    gone = False
    async for chunk in chunks:
        if chunk is None:
            gone = True
            break
        size += len(chunk)
        # Counted as well: a chunked body declares no length.
        if size > limit:
            raise _too_large(limit)
        parts.append(chunk)
    # To a framework a connection that breaks looks like the end of the body.
    if gone or (declared is not None and size < declared):
        raise BodyRefused(400, "half-a-body", "The body is shorter than its Content-Length.")
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_large(limit: int) -> BodyRefused:
    return BodyRefused(413, "body-too-large", f"A body may have {limit} bytes.")
