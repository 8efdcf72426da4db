"""News for open pages: one look at the database for a whole process, told to every page that listens.

An event says only what changed; the page asks for it again by itself, as who it belongs to. Its id is the database's
own place in the stream of changes, the same in every process, and ordered: who was away says what they heard last and
is told what came since, or to look at everything where that is too long ago.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final

import orjson
import structlog

from bot.store.changes import Changed, ChangeFeed, FeedBroken

log = structlog.get_logger(__name__)

KEPT: Final = 2048
"""So many events a page may have missed and still be told each."""
WAITING: Final = 256
"""So many events may wait for one page; one that reads none of them is let go."""
HEARTBEAT: Final = 15.0
"""Seconds of silence after which a line is sent all the same: what stands between would cut the connection."""
OPENED_AGAIN_AFTER: Final = 1.0
LISTENS_ON: Final = 300.0
"""Seconds for which it is heard on when the last page has gone: it may only be reconnecting."""
REFRESH: Final = "refresh"
"""The event that says: look at everything again."""


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """What changed, and its place in the stream."""

    place: str
    topic: str
    about: str = ""
    lead: str | None = None

    def encoded(self) -> bytes:
        """As it goes over the line."""
        data = orjson.dumps({"about": self.about, "lead": self.lead}).decode()
        place = f"id: {self.place}\n" if self.place else ""
        return f"{place}event: {self.topic}\ndata: {data}\n\n".encode()


@dataclass(eq=False, slots=True)
class LivePage:
    """One page that listens."""

    waiting: asyncio.Queue[LiveEvent] = field(default_factory=lambda: asyncio.Queue(WAITING))
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it is let go: it reads nothing, or the process ends."""


class LiveHub:
    """Hears of changes once, and tells every page."""

    def __init__(self, feed: ChangeFeed) -> None:
        self._feed = feed
        self._kept: deque[LiveEvent] = deque(maxlen=KEPT)
        self._since = ""
        """The place from which on everything is in `_kept`; empty while that is not known."""
        self._newest = ""
        self._pages: set[LivePage] = set()
        self._is_closed = False
        self._is_wanted = asyncio.Event()
        self._left_at = 0.0
        """When somebody listened last, on the loop's clock."""

    @property
    def listeners(self) -> int:
        """How many pages listen."""
        return len(self._pages)

    async def run(self) -> None:
        """Hear and tell, until cancelled; a stream that breaks is opened again, and every page told to look."""
        while True:
            # a process that nobody looks at has no stream to pay for
            await self._is_wanted.wait()
            try:
                async with aclosing(self._feed.heard()) as heard:
                    async for changed in heard:
                        self._hear(changed)
                        if self._is_idle():
                            break
                        # what comes in one answer of the database is read without a pause: who listens has one here
                        await asyncio.sleep(0)
            except FeedBroken as error:
                self._forget()
                log.warning("live_stream_broken", problem=str(error))
                await asyncio.sleep(OPENED_AGAIN_AFTER)
            self._forget()

    def _forget(self) -> None:
        """What happens from now on is not known here: who comes back is told to look at everything."""
        self._kept.clear()
        self._since = ""

    def _is_idle(self) -> bool:
        """Whether nobody has listened for long."""
        now = asyncio.get_running_loop().time()
        if self._pages:
            self._left_at = now
        if now - self._left_at < LISTENS_ON:
            return False
        self._is_wanted.clear()
        return True

    def close(self) -> None:
        """Let every page go; they come again by themselves, to whoever serves then."""
        self._is_closed = True
        for page in self._pages:
            page.gone.set()
        self._pages.clear()

    def _hear(self, changed: Changed) -> None:
        if changed.topic is None:
            # the stream is open, and from this place on nothing is missed; what came between is not known
            self._since = self._newest = changed.place
            self._tell(LiveEvent(changed.place, REFRESH))
            return
        event = LiveEvent(changed.place, changed.topic, changed.about, changed.lead)
        if len(self._kept) == KEPT:
            self._since = self._kept[0].place
        self._kept.append(event)
        self._newest = changed.place
        self._tell(event)

    def _tell(self, event: LiveEvent) -> None:
        for page in tuple(self._pages):
            try:
                page.waiting.put_nowait(event)
            except asyncio.QueueFull:
                # whoever reads none of them is let go, and the others hear in time
                self._pages.discard(page)
                page.gone.set()
                log.info("live_page_let_go", waiting=WAITING)

    async def listen(
        self, last: str, still_welcome: Callable[[], Awaitable[bool]], heartbeat: float = HEARTBEAT
    ) -> AsyncIterator[bytes]:
        """The lines for one page that heard `last` before; they end when it is not welcome any more."""
        page = LivePage()
        # nothing is awaited between what was missed and what comes: no event falls between
        missed = self._missed(last)
        if not self._is_closed:
            self._pages.add(page)
            self._left_at = asyncio.get_running_loop().time()
            self._is_wanted.set()
        try:
            yield b": open\n\n"
            for event in missed:
                yield event.encoded()
            while not self._is_closed and not page.gone.is_set():
                heard = await _next(page, heartbeat)
                if page.gone.is_set():
                    break
                is_to_ask = not heard or any(event.topic in _ASKS_AGAIN for event in heard)
                if is_to_ask and not await still_welcome():
                    yield LiveEvent("", "signed_out").encoded()
                    break
                yield b"".join(event.encoded() for event in heard) or b": beat\n\n"
        finally:
            self._pages.discard(page)

    def _missed(self, last: str) -> list[LiveEvent]:
        if not last:
            return [LiveEvent(self._newest, "hello")]
        if not self._since or last < self._since:
            return [LiveEvent(self._newest, REFRESH)]
        return [event for event in self._kept if event.place > last]


_ASKS_AGAIN: Final = frozenset({"person"})
"""After these it is asked at once whether who listens still may."""


async def _next(page: LivePage, within: float) -> list[LiveEvent]:
    """All events that wait, or none when nothing comes for a while or the page is let go."""
    gone = asyncio.ensure_future(page.gone.wait())
    event = asyncio.ensure_future(page.waiting.get())
    try:
        await asyncio.wait((gone, event), timeout=within, return_when=asyncio.FIRST_COMPLETED)
        if not event.done():
            return []
        # all at once: a burst is one piece on the line, and no page falls behind because it is told one by one
        return [event.result(), *(page.waiting.get_nowait() for _ in range(page.waiting.qsize()))]
    finally:
        gone.cancel()
        event.cancel()
