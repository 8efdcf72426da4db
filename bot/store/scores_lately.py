"""The scores of providers as they were a minute ago at most: for who is meant by a time that a form shows.

An exchange of a form has a budget of commands, and one score more moves nobody by more than a step: so a process reads
the scores of those who give one service once a minute, for all forms together.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from bot.slots.standing import ScoreSum
from bot.store.ratings import Ratings

SCORES_GOOD_FOR: Final = 60.0
"""Seconds of real time."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A look at the scores, over or under way."""

    task: "asyncio.Task[Mapping[str, ScoreSum]]"
    at: float

    def is_good(self, at: float) -> bool:
        if self.task.done() and (self.task.cancelled() or self.task.exception() is not None):
            return False
        return at - self.at < SCORES_GOOD_FOR


class ScoresLately:
    """What one process knows of scores."""

    def __init__(self, ratings: Ratings, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._ratings = ratings
        self._monotonic = monotonic
        self._reads: dict[tuple[str, ...], _Read] = {}

    async def of(self, providers: Collection[str]) -> Mapping[str, ScoreSum]:
        """The scores of these providers, or what they were less than a minute ago; of one nothing is compared."""
        if len(providers) < 2:
            return {}
        asked, at = tuple(sorted(providers)), self._monotonic()
        read = self._reads.get(asked)
        if read is None or not read.is_good(at):
            self._reads = {other: kept for other, kept in self._reads.items() if kept.is_good(at)}
            # a task of its own: whoever asked first may be cancelled, the others still want to know
            read = self._reads[asked] = _Read(asyncio.create_task(self._ratings.sums(asked)), at)
        return await asyncio.shield(read.task)
