"""How many leads one process works on at once, and the way out of that number while the outside world is waited for.

A visit that waits for a messenger, a payment provider or a model does no work: it gives its place back and takes one
again afterwards. So however many of them hang, everybody else is served.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar

_place: ContextVar[asyncio.Semaphore | None] = ContextVar("visit_place", default=None)


class Visits:
    """The places of one process."""

    def __init__(self, at_once: int) -> None:
        self._places = asyncio.Semaphore(at_once)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Have a place while this runs."""
        async with self._places:
            token = _place.set(self._places)
            try:
                yield
            finally:
                _place.reset(token)


@asynccontextmanager
async def outside() -> AsyncIterator[None]:
    """Wait for the outside world without the place; no more than a pause where nobody gave one."""
    places = _place.get()
    if places is None:
        yield
        return
    places.release()
    try:
        yield
    finally:
        # A cancelled visit still leaves through `place`, which gives back what it must have: so it is taken for sure.
        cancelled = False
        while True:
            try:
                await places.acquire()
                break
            except asyncio.CancelledError:
                cancelled = True
        if cancelled:
            raise asyncio.CancelledError


def without_place() -> None:
    """Say that this task has no place of its own: it runs beside the visit that began it."""
    _place.set(None)
