"""Numbered records that can be waited for: what the journal and the event feed are made of."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.clock import Clock

KEPT = 20_000
LONGEST_WAIT = 60.0


class Pulse:
    """Wakes whoever waits for a change, and everybody when the simulator closes."""

    def __init__(self) -> None:
        self._beat = asyncio.Event()
        self.closing = asyncio.Event()

    def beat(self) -> None:
        """Something changed."""
        beat, self._beat = self._beat, asyncio.Event()
        beat.set()

    def close(self) -> None:
        """Ends every wait, now and later."""
        self.closing.set()
        self.beat()

    async def until(self, ready: Callable[[], bool], seconds: float) -> bool:
        """True once `ready` holds, False when the seconds are over or the simulator closes."""
        try:
            async with asyncio.timeout(min(seconds, LONGEST_WAIT)):
                while not ready() and not self.closing.is_set():
                    await self._beat.wait()
        except TimeoutError:
            pass
        return ready()


@dataclass(frozen=True, slots=True)
class Record:
    """One numbered line of a feed."""

    seq: int
    at: datetime
    monotonic: float
    kind: str
    body: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The record as the control door shows it."""
        return {
            "seq": self.seq,
            "at": self.at.isoformat(),
            "monotonic": self.monotonic,
            "kind": self.kind,
            **self.body,
        }


class Feed:
    """An append-only list with numbers from 1, of which the newest are kept."""

    def __init__(self, clock: Clock, pulse: Pulse) -> None:
        self._clock = clock
        self._pulse = pulse
        self._records: deque[Record] = deque(maxlen=KEPT)
        self._last = 0

    @property
    def last(self) -> int:
        """The number of the newest record, 0 when there is none."""
        return self._last

    def add(self, kind: str, body: dict[str, Any]) -> Record:
        """Appends a record and wakes the waiting."""
        self._last += 1
        record = Record(self._last, self._clock.now(), self._clock.monotonic(), kind, body)
        self._records.append(record)
        self._pulse.beat()
        return record

    def after(self, seq: int) -> tuple[Record, ...]:
        """The records numbered above `seq`, oldest first."""
        if seq >= self._last:
            return ()
        return tuple(record for record in self._records if record.seq > seq)

    async def wait_after(self, seq: int, seconds: float) -> tuple[Record, ...]:
        """The records above `seq`, waiting for the first of them if there is none yet."""
        await self._pulse.until(lambda: self._last > seq, seconds)
        return self.after(seq)

    def clear(self) -> None:
        """Forgets the records; the numbers go on, so that no reader misses the next one."""
        self._records.clear()
        self._pulse.beat()
