"""Which leads a worker visits first where several work on one database.

No more than a habit: two may visit the same lead at any time, and what only one of them may do is decided by the
lead's version and its lease. But who hears words that another has heard already has worked for nothing.
"""

import time
import zlib
from collections.abc import Callable, Sequence
from typing import Final

from bot.domain.ids import LeadId

PATIENCE: Final = 2.0
"""Seconds for which another worker's leads are left to it; then it has died, or has too much to do."""


class Shares:
    """The share of one process."""

    def __init__(self, process: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._process = process
        self._monotonic = monotonic
        self._workers: tuple[str, ...] = ()
        self._left_since: dict[LeadId, float] = {}

    def told(self, workers: Sequence[str]) -> None:
        """These are alive, this one perhaps with them."""
        self._workers = tuple(sorted({*workers, self._process}))

    def mine(self, due: Sequence[LeadId]) -> list[LeadId]:
        """Those of the leads that are due which this process visits now."""
        now, left, mine = self._monotonic(), dict[LeadId, float](), list[LeadId]()
        for lead in due:
            if self._is_mine(lead) or now - self._left_since.get(lead, now) >= PATIENCE:
                mine.append(lead)
            else:
                left[lead] = self._left_since.get(lead, now)
        self._left_since = left
        return mine

    def leaves_some(self) -> bool:
        """Whether leads that are due were left to others the last time."""
        return bool(self._left_since)

    def _is_mine(self, lead: LeadId) -> bool:
        if len(self._workers) < 2:
            return True
        # the same in every process, which `hash` is not
        return self._workers[zlib.crc32(lead.encode()) % len(self._workers)] == self._process
