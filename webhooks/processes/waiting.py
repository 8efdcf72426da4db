"""The worker's part in the waiting list: what became free is kept for whoever is first in line.

Woken by each change of a customer or of business time, at most once a second; a poll is the net for what tells nobody:
an offer that ran out, a block that was lifted, other hours.
"""

import asyncio
import contextlib
from datetime import timedelta
from typing import Final

import structlog

from bot.engine.parts import Parts

log = structlog.get_logger(__name__)

GAP: Final = timedelta(seconds=1)
"""However much changes, no more often than that; what a change frees is free a moment after it, so it is looked at once
more."""
NET: Final = timedelta(seconds=15)


class WaitingRounds:
    """One process' part; several may run side by side."""

    def __init__(self, parts: Parts, gap: timedelta = GAP) -> None:
        self._parts = parts
        self._gap = gap
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Something changed that may have made a time free."""
        self._woken.set()

    async def run(self) -> None:
        """Sweep now and then, until cancelled; what fails is tried again the next time."""
        while True:
            # Cleared before the sweep: what comes in meanwhile is not slept through.
            was_woken = self._woken.is_set()
            self._woken.clear()
            try:
                kept = await self._parts.waiting.sweep(await self._parts.clock.business_now())
                if kept:
                    log.info("times_kept", count=kept)
            except Exception as error:
                # whatever it was, the next round looks again
                log.exception("waiting_round_failed", problem=type(error).__name__)
            await asyncio.sleep(self._gap.total_seconds())
            if was_woken:
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout((NET - self._gap).total_seconds()):
                    await self._woken.wait()
