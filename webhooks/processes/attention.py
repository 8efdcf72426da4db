"""The worker's part in the queue of attention: rows follow their causes, and whoever has to be told is told.

Woken by each change of a customer, a partner or business time, at most once a second; with the next look of a row as
the alarm clock, and a poll as the net for what tells nobody (money, tasks, the account).
"""

import asyncio
import contextlib
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.engine.parts import Parts

log = structlog.get_logger(__name__)

GAP: Final = timedelta(seconds=1)
"""However much changes, no more often than that."""
NET: Final = timedelta(seconds=15)


class AttentionRounds:
    """One process' part; several may run side by side."""

    def __init__(self, parts: Parts, gap: timedelta = GAP) -> None:
        self._parts = parts
        self._gap = gap
        self._woken = asyncio.Event()
        self._next: datetime | None = None
        """The next look of any row, in business time, as known after the last sweep."""

    def wake(self) -> None:
        """Something changed that may be, or end, a cause."""
        self._woken.set()

    async def run(self) -> None:
        """Sweep now and then, until cancelled; what fails is tried again the next time."""
        while True:
            # Cleared before the sweep: what comes in meanwhile is not slept through.
            self._woken.clear()
            try:
                wait = await self.sweep()
            except Exception as error:
                # whatever it was, the next round looks again
                log.exception("attention_round_failed", problem=type(error).__name__)
                wait = NET
            await asyncio.sleep(self._gap.total_seconds())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max((wait - self._gap).total_seconds(), 0)):
                    await self._woken.wait()

    async def sweep(self) -> timedelta:
        """One round; how long nothing more is due by itself."""
        parts = self._parts
        await parts.on_call.sweep()
        now = await parts.clock.business_now()
        await parts.owner_digests.sweep(now)
        await parts.escalations.sweep(now)
        if self._next is None or self._next <= now or self._woken.is_set():
            self._next = await parts.attention.rows.next_look_at(now)
        return NET if self._next is None else min(self._next - now, NET)
