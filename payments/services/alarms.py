"""Alarms that are kept: raised once however often they are met, announced once, closed when they are over."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from payments.domain.alarm import AlarmKind, Fact, OpenAlarm, alarm_id
from payments.store.store import Store

AT_ONCE: Final = 50
"""So many are announced by one sweep: a flood fills no log, and none is lost."""


class AlarmService:
    """Everything that changes an alarm."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def open(self, kind: AlarmKind, subject: str, now: datetime, *facts: Fact) -> None:
        """Raise it; while it is open, nothing more happens."""
        fresh = OpenAlarm(kind, subject, facts, now)
        # The id follows from kind and subject: whoever raises it second finds it open, and nobody hears of it twice.
        if not await self._store.alarms.insert(fresh):
            await self._store.alarms.change(fresh.id, lambda known: known.raised(facts, now))

    async def close(self, kind: AlarmKind, subject: str, now: datetime) -> None:
        """It is over; where there was none, nothing happens."""
        await self._store.alarms.change(alarm_id(kind, subject), lambda known: known.closed(now))

    async def unannounced(self) -> tuple[OpenAlarm, ...]:
        """Those nobody has heard of yet."""
        return await self._store.alarms.find({"announced": False}, most=AT_ONCE)

    async def announced(self, alarm: OpenAlarm) -> None:
        """It has been said."""
        await self._store.alarms.change(alarm.id, lambda known: replace(known, announced=True))

    async def listed(self, most: int = 200) -> tuple[OpenAlarm, ...]:
        """Those that are open."""
        return await self._store.alarms.find({"open": True}, most=most)
