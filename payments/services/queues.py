"""Works through a queue of stored rows: a row that fails at its head does not block those behind it.

A row that fails is looked at again later; one that cannot even be put off, or cannot be read, is passed over by place
and not by state, so that it holds up nobody. One queue that fails or hangs is cut off and leaves the others alone.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from payments.domain.alarm import AlarmKind
from payments.domain.errors import OutcomeUnknown, TemporaryError, UnreadableMoney
from payments.services.alarms import AlarmService
from payments.store.records import R, Records, Unreadable
from payments.store.store import Store

AFTER_TROUBLE: Final = timedelta(minutes=5)
AFTER_REFUSAL: Final = timedelta(hours=1)
BUDGET: Final = 25.0
"""Seconds one queue may take before it is cut off; what is left waits for the next sweep."""


class Queue(StrEnum):
    """What is worked off, each by itself."""

    CALLBACKS = "callbacks"
    POSTINGS = "postings"
    PAYEES = "payees"
    PAYEE_NOTICES = "payee_notices"
    SETTLEMENTS = "settlements"
    CREDITS = "credits"
    INVOICES = "invoices"
    REFUNDS = "refunds"
    PAYABLES = "payables"
    PAYOUTS = "payouts"
    STATEMENT = "statement"
    NEWS = "news"


class Result(StrEnum):
    """What became of a row."""

    DONE = "done"
    LATER = "later"
    FAILED = "failed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A step of ours that failed, by the kind of its error alone; without a record it was the whole queue."""

    queue: Queue
    record: str | None
    problem: str


@dataclass(slots=True)
class Tally:
    """What one sweep met."""

    troubles: list[Trouble] = field(default_factory=list)
    rows: Counter[tuple[Queue, Result]] = field(default_factory=Counter)


class QueueRunner:
    """Runs queues for one cashier."""

    def __init__(self, store: Store, alarms: AlarmService, budget: float = BUDGET) -> None:
        self._store = store
        self._alarms = alarms
        self._budget = budget
        self._known: set[str] = set()
        """Unreadable records an alarm of this process has been raised for."""

    @asynccontextmanager
    async def guarded(self, queue: Queue, tally: Tally) -> AsyncIterator[None]:
        """An error inside ends this queue only, and is written to its heartbeat for the readiness check."""
        problem, done = None, tally.rows[queue, Result.DONE]
        try:
            async with asyncio.timeout(self._budget):
                yield
        except TemporaryError as error:  # the provider is away: no fault of ours, so readiness stays
            tally.troubles.append(Trouble(queue, None, f"TemporaryError {error}"))
        except Exception as error:
            problem = type(error).__name__
            tally.troubles.append(Trouble(queue, None, problem))
            if isinstance(error, TimeoutError) and tally.rows[queue, Result.DONE] > done:
                problem = None  # a long queue that moves is not stuck
        with suppress(Exception):  # the database itself is away: readiness says so by itself
            if problem is None:
                await self._store.heartbeats.succeeded(queue)
            else:
                await self._store.heartbeats.failed(queue, problem)

    async def due(
        self,
        queue: Queue,
        kind: Records[R],
        step: Callable[[R, datetime], Awaitable[object]],
        now: datetime,
        tally: Tally,
    ) -> None:
        """Every record whose next step is due gets it."""
        async with self.guarded(queue, tally):
            after: tuple[datetime, str] | None = None
            more = True
            while more:
                page = await kind.due_page(now, after)
                await self.unreadable(queue, kind, page.unreadable, now, tally)
                for record in page.records:
                    again_at = await self.row(queue, kind, record, step, now, tally)
                    if again_at is None:
                        continue
                    try:
                        await kind.postpone(record, again_at)
                    except Exception as error:  # it stays due, and is passed over by place
                        problem = f"not postponed: {type(error).__name__}"
                        tally.troubles.append(Trouble(queue, kind.id_of(record), problem))
                after, more = page.following, page.following is not None

    async def found(
        self,
        queue: Queue,
        kind: Records[R],
        fact: str,
        step: Callable[[R, datetime], Awaitable[object]],
        now: datetime,
        tally: Tally,
    ) -> None:
        """Every record of which this fact is true gets its step."""
        after: str | None = None
        more = True
        while more:
            page = await kind.page({fact: True}, after)
            await self.unreadable(queue, kind, page.unreadable, now, tally)
            for record in page.records:
                await self.row(queue, kind, record, step, now, tally)
            after, more = page.following, page.following is not None

    async def row(
        self,
        queue: Queue,
        kind: Records[R],
        record: R,
        step: Callable[[R, datetime], Awaitable[object]],
        now: datetime,
        tally: Tally,
    ) -> datetime | None:
        """One record's step; when to try again, where it failed. Nobody else is touched by it."""
        name, again_at = kind.id_of(record), None
        try:
            await step(record, now)
        except TemporaryError as error:
            again_at = now + error.delay
        except OutcomeUnknown:  # the record says so already: its next step is a look-up
            again_at = now + AFTER_TROUBLE
        except UnreadableMoney:
            again_at = now + AFTER_REFUSAL
            with suppress(Exception):  # raised again with the next try
                await self._alarms.open(AlarmKind.MONEY_UNREADABLE, f"{kind.name}:{name}", now)
        except Exception as error:  # our own fault: shown, and tried again, while the others go on
            again_at = now + AFTER_TROUBLE
            tally.troubles.append(Trouble(queue, name, type(error).__name__))
            tally.rows[queue, Result.FAILED] += 1
        tally.rows[queue, Result.DONE if again_at is None else Result.LATER] += 1
        return again_at

    async def unreadable(
        self, queue: Queue, kind: Records[R], rows: Sequence[Unreadable], now: datetime, tally: Tally
    ) -> None:
        """Counted, and a person hears of each once; the document stays as it is, for the version that can read it."""
        for row in rows:
            tally.rows[queue, Result.UNREADABLE] += 1
            subject = f"{kind.name}:{row.id}"
            if subject not in self._known:
                with suppress(Exception):  # an alarm that cannot be stored stops no queue; the next sweep raises it
                    await self._alarms.open(AlarmKind.RECORD_UNREADABLE, subject, now, ("problem", row.problem))
                    self._known.add(subject)
