"""Leads whose visit failed in our own code: left alone for a while, so that many of them head no page for ever."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bot.domain.ids import LeadId

LONGEST: Final = 600.0
_CAP_EXPONENT: Final = 10
AT_MOST: Final = 10_000


@dataclass(slots=True)
class Resting:
    """Of one process; after a restart each is tried again."""

    monotonic: Callable[[], float] = time.monotonic
    _tries: dict[LeadId, tuple[int, float]] = field(default_factory=dict)

    def add(self, lead: LeadId) -> None:
        """Its visit failed; each time it rests twice as long."""
        tries = self._tries.pop(lead, (0, 0.0))[0] + 1
        self._tries[lead] = (tries, self.monotonic() + min(2.0 ** min(tries, _CAP_EXPONENT), LONGEST))
        while len(self._tries) > AT_MOST:
            del self._tries[next(iter(self._tries))]

    def forget(self, lead: LeadId) -> None:
        """Its visit ended well."""
        self._tries.pop(lead, None)

    def now(self) -> tuple[LeadId, ...]:
        """Who is left alone at the moment."""
        moment = self.monotonic()
        return tuple(lead for lead, (_, until) in self._tries.items() if until > moment)

    def ends_in(self) -> float | None:
        """Seconds until the first of them is to be tried again; none where nobody rests."""
        moment = self.monotonic()
        return min((until - moment for _, until in self._tries.values() if until > moment), default=None)

    def count(self) -> int:
        """How many failed the last time they were visited."""
        return len(self._tries)
