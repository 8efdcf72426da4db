"""Reading a request's raw body without trusting it: size first, then bytes."""

from quart import Request, Response

from webhooks.edge.problems import problem

MAX_BYTES = 4 * 1024 * 1024
"""413 over 4 MiB; Meta's largest body is 3 MB."""
STORED_WITHIN = 2.5
"""Seconds until a door gives up storing and answers 503: senders are promised an answer within three."""


class BodyRefused(Exception):
    """The body is not read; `response` is the answer."""

    def __init__(self, response: Response) -> None:
        super().__init__("body refused")
        self.response = response


async def read_body(request: Request, limit: int = MAX_BYTES) -> bytes:
    """The raw bytes, or BodyRefused with 413 as soon as there are too many, or 400 when they stop half way."""
    declared = request.content_length
    # Refused before a byte of it is read.
    if declared is not None and declared > limit:
        raise BodyRefused(_too_large(limit))
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.body:
        size += len(chunk)
        # Counted as well: a chunked body declares no length.
        if size > limit:
            raise BodyRefused(_too_large(limit))
        chunks.append(chunk)
    # A connection that breaks looks like the end of the body.
    if declared is not None and size < declared:
        raise BodyRefused(problem(400, "half-a-body", "The body is shorter than its Content-Length."))
    return b"".join(chunks)


def _too_large(limit: int) -> Response:
    return problem(413, "body-too-large", f"A body may have {limit} bytes.")
