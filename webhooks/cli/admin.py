"""What the command line reads and repairs, each with its own short-lived connection."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from bot.domain.ids import DeliveryId, LeadId
from bot.store import migrations
from bot.store.clock import BusinessClock
from bot.store.delivery import DeliveryState
from bot.store.driver import Database, close, database, open_client
from bot.store.operator_notices import OperatorNotices
from bot.store.received import Received
from webhooks.processes.older_versions import none_older
from webhooks.settings import Settings
from webhooks.upgrade import open_alarms
from webhooks.wiring import opened

Json = dict[str, Any]

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@asynccontextmanager
async def _database(settings: Settings, uri: str) -> AsyncIterator[Database]:
    client = open_client(uri)
    try:
        yield database(client, settings.mongodb_database)
    finally:
        await close(client)


async def migrate(settings: Settings, uri: str, *, dry_run: bool) -> tuple[int, int, int]:
    """The version the schema had, the one it has now (or would have), and how many alarms were opened for what an
    earlier version left for a person."""
    if dry_run:
        async with _database(settings, uri) as db:
            return await migrations.version(db), migrations.VERSION, 0
    async with opened(settings, uri) as process:
        # one that is alive would save its leads without the alarms they get here
        await none_older(process.parts.heartbeats)
        had = await migrations.migrate(process.database)
        return had, migrations.VERSION, await open_alarms(process)


async def deliveries(settings: Settings, uri: str, state: DeliveryState) -> list[Json]:
    """Deliveries in a state, without their contents."""
    async with _database(settings, uri) as db:
        found = await Received(db).listed(state)
    return [
        {
            "id": delivery.id,
            "source": delivery.source,
            "kind": delivery.kind,
            "state": delivery.state.value,
            "received_at": delivery.received_at.isoformat(),
            "attempts": delivery.attempts,
            "reason": delivery.reason,
            "lead": delivery.lead,
        }
        for delivery in found
    ]


async def notices(settings: Settings, uri: str, *, mark_seen: bool) -> list[Json]:
    """What the operator should know, newest first; marked as looked at once it is told."""
    async with _database(settings, uri) as db:
        store = OperatorNotices(db)
        found = await store.listed()
        # After the reading: a notice that comes in between would be marked and never shown.
        if mark_seen:
            await store.mark_seen()
    return [
        {
            "id": notice.id,
            "at": notice.at.isoformat(),
            "kind": notice.kind,
            "gravity": notice.gravity,
            "facts": dict(notice.facts),
            "is_seen": notice.is_seen,
        }
        for notice in found
    ]


async def replay(settings: Settings, uri: str, delivery: str, *, dry_run: bool) -> bool:
    """Bring a parked delivery back; false when there is none such."""
    async with opened(settings, uri) as process:
        received = process.parts.received
        if dry_run:
            found = await received.find(DeliveryId(delivery))
            return found is not None and found.state is DeliveryState.PARKED
        return await received.replay(DeliveryId(delivery), await process.parts.leads.server_now())


async def lead(settings: Settings, uri: str, lead_id: str) -> Json | None:
    """A lead with its outbox, transcript and history; for the operator's eyes only."""
    async with opened(settings, uri) as process:
        stored = await process.parts.leads.load(LeadId(lead_id))
        if stored is None:
            return None
        lines = await process.parts.messages.of(stored.lead.id)
        history = await process.parts.audit.of(stored.lead.id)
    waiting = [
        {
            "id": order.effect.id,
            "kind": order.effect.command.kind,
            "status": order.status.value,
            "attempts": order.attempts,
        }
        for order in stored.outbox
    ]
    shown = {
        "id": stored.lead.id,
        "version": stored.version,
        "merged_into": stored.merged_into,
        "conversation": asdict(stored.lead.conversation),
        "alarms": [asdict(alarm) for alarm in stored.lead.alarms],
        "timers": dict(stored.lead.timers),
        "outbox": waiting,
        "transcript": [asdict(line) for line in lines],
        "history": [asdict(entry) for entry in history],
    }
    told: Json = plain(shown)
    return told


class StillBooked(Exception):
    """The customer has a booking that stands: cancel or complete it first, nobody could afterwards."""


async def erase(settings: Settings, uri: str, lead_id: str, *, dry_run: bool) -> bool:
    """Destroy a customer's key and what the doors kept of them; false when there is none, StillBooked when booked."""
    async with opened(settings, uri) as process:
        parts = process.parts
        stored = await parts.leads.load(LeadId(lead_id))
        if stored is None:
            return False
        # A place would stay taken by somebody whom nobody can reach or cancel for.
        if any(booking.booked_hold is not None for booking in stored.lead.bookings):
            raise StillBooked(lead_id)
        if not dry_run:
            # The key last: cut off before it, the command finds the lead again and can be run once more.
            await parts.received.forget(LeadId(lead_id))
            await parts.aliases.forget(LeadId(lead_id))
            await parts.photos.photos.erase(LeadId(lead_id))
            await parts.messages.forget_words(LeadId(lead_id))
            await parts.leads.erase(LeadId(lead_id))
        return True


async def business_time(settings: Settings, uri: str) -> tuple[str, float]:
    """Business time, and its distance from real time in seconds."""
    async with _database(settings, uri) as db:
        business = BusinessClock(db)
        offset = await business.offset()
        return (await business.business_now()).isoformat(), offset.total_seconds()


async def move_clock(settings: Settings, uri: str, by: timedelta, *, dry_run: bool) -> str:
    """Move business time; the time it is then."""
    async with _database(settings, uri) as db:
        business = BusinessClock(db)
        if dry_run:
            return (await business.business_now() + by).isoformat()
        return (await business.move(by, live_key=settings.has_live_key)).isoformat()


async def reset_clock(settings: Settings, uri: str, *, dry_run: bool) -> str:
    """Business time is real time again; the time it is then."""
    async with _database(settings, uri) as db:
        business = BusinessClock(db)
        if not dry_run:
            await business.reset(live_key=settings.has_live_key)
        return (await business.business_now()).isoformat()


def duration(text: str) -> timedelta | None:
    """`30m`, `2h`, `1d`, also negative; none when it is no duration."""
    number, unit = text[:-1], text[-1:]
    if unit not in _UNITS or not number.lstrip("-").isdigit():
        return None
    return timedelta(seconds=int(number) * _UNITS[unit])


def plain(value: Any) -> Any:
    """The value as JSON takes it."""
    if isinstance(value, dict):
        return {str(key): plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [plain(held) for held in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
