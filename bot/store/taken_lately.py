"""What is taken as it was a second ago at most: for times that are shown, never for a claim.

Everybody who looks at one service at the same moment shares one look. What a form of this process claims is seen at
once, a change of claims or blocks by anybody else after `LATELY` at the latest; until then a time may be shown that is
gone, or be missing that came back. Nothing is sold twice by it: a pick is claimed in the database, which knows better.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from bot.slots.claims import Resource, Taken
from bot.store.claims import Claims, HoldId
from flows.view import Days

LATELY: Final = timedelta(seconds=1)
"""Of real time and of business time."""

Result = TypeVar("Result")
_Asked = tuple[tuple[Resource, ...], date, date]


@dataclass(frozen=True, slots=True)
class TakenThen:
    """What was taken at that moment of some resources, by anybody."""

    taken: Taken
    by_hold: Mapping[str, tuple[str, ...]]
    blocked: frozenset[str]
    free_days: dict[tuple[str, str | None, str | None], Days | None] = field(default_factory=dict)
    """What has been worked out from `taken`: the free days of a service at a place, of one provider or of all of them;
    good for as long as this is."""

    def without(self, holds: Iterable[HoldId | None]) -> Taken:
        """The same, where these holds take nothing; what is blocked stays blocked for them."""
        own = {key for hold in holds if hold for key in self.by_hold.get(hold, ())} - self.blocked
        return self.taken.without(own) if own else self.taken


@dataclass(frozen=True, slots=True)
class _Look:
    """A look at the database, over or under way."""

    task: "asyncio.Task[TakenThen]"
    at: float
    business_now: datetime

    def is_good(self, at: float, business_now: datetime) -> bool:
        if self.task.done() and (self.task.cancelled() or self.task.exception() is not None):
            return False
        return at - self.at < LATELY.total_seconds() and abs(business_now - self.business_now) < LATELY


class TakenLately:
    """The looks of one process."""

    def __init__(self, claims: Claims, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._claims = claims
        self._monotonic = monotonic
        self._looks: dict[_Asked, _Look] = {}

    async def of(self, resources: Sequence[Resource], first: date, last: date, *, now: datetime) -> TakenThen:
        """What is taken of them around these local days, or was less than a second ago."""
        asked, at = (tuple(resources), first, last), self._monotonic()
        look = self._looks.get(asked)
        if look is None or not look.is_good(at, now):
            # what nobody asks for any more is not kept
            self._looks = {other: kept for other, kept in self._looks.items() if kept.is_good(at, now)}
            # a task of its own: whoever asked first may be cancelled, the others still want to know
            look = _Look(asyncio.create_task(self._read(*asked, now)), at, now)
            self._looks[asked] = look
        return await asyncio.shield(look.task)

    async def changed_by(self, claiming: Awaitable[Result]) -> Result:
        """What it yields; who looks after it sees what it did, also when nobody knows whether it did it."""
        try:
            return await claiming
        finally:
            self._looks = {}

    async def _read(self, resources: tuple[Resource, ...], first: date, last: date, now: datetime) -> TakenThen:
        rows, blocked = await self._claims.taken_by_hold(resources, first, last, now=now)
        by_hold: dict[str, list[str]] = {}
        for key, hold in rows:
            by_hold.setdefault(hold, []).append(key)
        taken = Taken.of([*(key for key, _ in rows), *blocked])
        return TakenThen(taken, {hold: tuple(keys) for hold, keys in by_hold.items()}, frozenset(blocked))
