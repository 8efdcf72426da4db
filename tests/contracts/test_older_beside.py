"""No start beside a live process of an older version: it would drop what this one writes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.store import driver, migrations
from bot.store.heartbeats import ALIVE_SECONDS, READS, WRITES, Heartbeats, ToldBy
from tests.webhooks.test_launch import settings_at
from webhooks import launch
from webhooks.cli import admin
from webhooks.local.ports import free_port
from webhooks.processes.older_versions import OlderIsAlive, none_older
from webhooks.settings import Settings

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(60)]

Row = dict[str, Any]


@asynccontextmanager
async def database_of(settings: Settings, uri: str) -> AsyncIterator[driver.Database]:
    """The database of a process that is to start."""
    client = driver.open_client(uri)
    try:
        yield driver.database(client, settings.mongodb_database)
    finally:
        await client.drop_database(settings.mongodb_database)
        await driver.close(client)


async def beats_as_before(db: driver.Database, role: str, process: str, ago_ms: int = 0) -> None:
    """The heartbeat as 0.2 wrote it: no word of what it reads."""
    seen = {"$subtract": ["$$NOW", ago_ms]}
    change = [{"$set": {"role": role, "since": seen, "seen_at": seen}}]
    await db["house"].update_one({"_id": f"{role}:{process}"}, change, upsert=True)


@asynccontextmanager
async def alive(*beats: Callable[[], Any]) -> AsyncIterator[None]:
    """While inside these beat, as a running process does."""
    begun = asyncio.Event()

    async def go_on() -> None:
        while True:
            await asyncio.gather(*(beat() for beat in beats))
            begun.set()
            await asyncio.sleep(0.05)

    task = asyncio.create_task(go_on())
    try:
        await begun.wait()
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("start", ["serve", "work", "up"])
async def test_a_release_does_not_start_beside_a_live_process_of_before_and_says_which(
    mongodb_uri: str, start: str
) -> None:
    settings = settings_at(free_port())
    begin: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
        "serve": lambda: launch.serve(settings, mongodb_uri),
        "work": lambda: launch.work(settings, mongodb_uri),
        "up": lambda: launch.up(settings, mongodb_uri, None),
    }
    async with database_of(settings, mongodb_uri) as db, alive(lambda: beats_as_before(db, "worker", "ab12cd34")):
        with pytest.raises(OlderIsAlive) as refused:
            await asyncio.wait_for(begin[start](), 30)
        assert await migrations.version(db) == 0, "nothing was changed"
    told = str(refused.value)
    assert '`janji work` (janji 0.2 or before, "ab12cd34" in its log)' in told
    assert "Stop it there, then start this again" in told
    assert "\n" not in told


async def test_nor_does_migrate_and_its_dry_run_may(mongodb_uri: str) -> None:
    settings = settings_at(free_port())
    async with database_of(settings, mongodb_uri) as db, alive(lambda: beats_as_before(db, "door", "ab12cd34")):
        with pytest.raises(OlderIsAlive, match="`janji serve`"):
            await admin.migrate(settings, mongodb_uri, dry_run=False)
        assert (await admin.migrate(settings, mongodb_uri, dry_run=True))[0] == 0


async def test_a_process_that_told_where_it_runs_is_named_by_it_and_once_for_both_its_roles(
    db: driver.Database,
) -> None:
    older = Heartbeats(db, ToldBy("0.3.0", "vps-1", 812), reads=READS)
    async with alive(lambda: older.beat("door", "ab12cd34"), lambda: older.beat("worker", "ab12cd34")):
        with pytest.raises(OlderIsAlive) as refused:
            await asyncio.wait_for(none_older(Heartbeats(db), writes=READS + 1), 30)
    assert str(refused.value).count("janji 0.3.0") == 1
    assert "`janji up` (janji 0.3.0, process 812 on vps-1)" in str(refused.value)


async def test_the_row_of_a_process_that_is_dead_stops_nobody(db: driver.Database) -> None:
    await beats_as_before(db, "worker", "long-dead", ago_ms=60_000)
    assert await Heartbeats(db).alive_before(WRITES) == ()
    # killed a moment ago: it looks alive for the rest of its seconds, and is waited for
    await beats_as_before(db, "worker", "just-dead", ago_ms=ALIVE_SECONDS * 1000 - 300)
    await asyncio.wait_for(none_older(Heartbeats(db)), 30)
    assert await Heartbeats(db).alive_before(WRITES) == ()


async def test_one_of_before_that_ends_cleanly_is_waited_for(db: driver.Database) -> None:
    await beats_as_before(db, "worker", "ending")
    starting = asyncio.create_task(none_older(Heartbeats(db)))
    await Heartbeats(db).stops("worker", "ending")
    await asyncio.wait_for(starting, 30)


async def test_beside_its_own_and_later_versions_it_starts(db: driver.Database) -> None:
    own, later = Heartbeats(db), Heartbeats(db, reads=READS + 1)
    async with alive(lambda: own.beat("worker", "own"), lambda: later.beat("worker", "later")):
        await asyncio.wait_for(none_older(Heartbeats(db)), 30)


@pytest.mark.parametrize("reads", [None, "1", {"$odd": 1}, -1])
async def test_a_heartbeat_that_says_nothing_sensible_is_of_before(db: driver.Database, reads: object) -> None:
    await Heartbeats(db).beat("worker", "odd")
    await db["house"].update_one({"_id": "worker:odd"}, [{"$set": {"reads": {"$literal": reads}}}])
    assert [one.process for one in await Heartbeats(db).alive_before(WRITES)] == ["odd"]


async def test_what_is_no_heartbeat_stops_nobody(db: driver.Database) -> None:
    await migrations.migrate(db)
    await db["house"].insert_many([{"_id": "odd", "role": "worker", "seen_at": "today"}, {"_id": "budget", "used": 3}])
    assert await Heartbeats(db).alive_before(WRITES) == ()
