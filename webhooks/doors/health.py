"""`/livez`, `/readyz`, `/healthz`, `/metrics`: is this process alive, and can the whole do its work."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pymongo.errors import PyMongoError
from quart import Blueprint, Response

from bot.store.driver import Database, within
from bot.store.heartbeats import ALIVE_SECONDS, Heartbeats
from bot.store.migrations import is_migrated
from bot.store.outbox_pause import OutboxPause
from bot.store.received import Received
from bot.store.set_aside import SetAsideCounts
from webhooks.doors.metrics import PARKED, SET_ASIDE
from webhooks.edge.problems import answer

Check = Callable[[], Awaitable[str | None]]
"""None, or what is wrong."""

READY_WITHIN: Final = 0.8
"""Seconds for all checks together: who asks takes silence for worse than a no."""


class HealthDoor:
    """Every condition named, each with what is wrong when it is."""

    def __init__(
        self,
        database: Database,
        heartbeats: Heartbeats,
        pause: OutboxPause,
        received: Received,
        kept: SetAsideCounts,
        embedded_notice: str | None = None,
        others: Mapping[str, Check] | None = None,
        within: float = READY_WITHIN,
    ) -> None:
        self._database = database
        self._heartbeats = heartbeats
        self._pause = pause
        self._received = received
        self._kept = kept
        self._embedded_notice = embedded_notice
        self._within = within
        self._checks: Mapping[str, Check] = {
            "mongodb_primary": self._primary,
            "migrations": self._migrations,
            "worker": self._worker,
            "outbox": self._outbox,
            **(others or {}),
        }

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes = Blueprint("health", __name__)
        routes.add_url_rule("/livez", view_func=self.get_livez)
        routes.add_url_rule("/readyz", view_func=self.get_readyz)
        routes.add_url_rule("/healthz", "get_healthz", self.get_readyz)
        routes.add_url_rule("/metrics", view_func=self.get_metrics)
        return routes

    async def get_livez(self) -> Response:
        """This process answers."""
        return answer({"alive": True})

    async def get_readyz(self) -> Response:
        """200 when the primary answers, migrations are done and a worker is alive; else 503 with each named.

        What was set aside is shown too: it waits for a person and keeps nobody from work.
        """
        # all at once, and each with its own end: with a dead database every one of them would wait for it
        found, set_aside, kept = await asyncio.gather(
            asyncio.gather(*(_asked(check, self._within) for check in self._checks.values())),
            self._set_aside(),
            self._counted(),
        )
        checks = {
            name: {"ok": wrong is None} | ({} if wrong is None else {"problem": wrong})
            for name, wrong in zip(self._checks, found, strict=True)
        }
        # What was set aside is no check: a row that waits for a person must not take the house off the air.
        ready = all(check["ok"] for check in checks.values())
        body: dict[str, Any] = {"ready": ready, "checks": checks, "set_aside": set_aside, "kept": kept}
        if self._embedded_notice:
            body["notice"] = self._embedded_notice
        return answer(body, 200 if ready else 503)

    async def get_metrics(self) -> Response:
        """Prometheus text."""
        set_aside, kept = await asyncio.gather(self._set_aside(), self._counted())
        # A source that has none parked any more is not in the answer, and would keep its last figure.
        PARKED.clear()
        for source, count in (set_aside or {}).items():
            PARKED.labels(source=source).set(count)
        for kind, count in (kept or {}).items():
            SET_ASIDE.labels(kind=kind).set(count)
        return Response(generate_latest(), 200, content_type=CONTENT_TYPE_LATEST)

    async def _set_aside(self) -> dict[str, int] | None:
        """How many deliveries of each source wait for a person; none when nobody can say now."""
        try:
            async with within(self._within):
                return await self._received.parked()
        except (PyMongoError, TimeoutError):
            return None

    async def _counted(self) -> dict[str, int] | None:
        """What else is kept for a person or another version, as the worker counted it last."""
        try:
            async with within(self._within):
                last = await self._kept.last()
        except (PyMongoError, TimeoutError):
            return None
        return {} if last is None else dict(last.counts)

    async def _primary(self) -> str | None:
        reply = await self._database.command("hello")
        # `hello` is answered by a secondary as well; only a primary takes writes.
        return None if reply.get("isWritablePrimary") else "no primary"

    async def _migrations(self) -> str | None:
        return None if await is_migrated(self._database) else "run `janji migrate`"

    async def _worker(self) -> str | None:
        if await self._heartbeats.up_for("worker") is not None:
            return None
        return f"no worker has been alive for {ALIVE_SECONDS} s"

    async def _outbox(self) -> str | None:
        paused = await self._pause.current()
        return None if paused is None else f"paused: {paused.reason} (code {paused.code})"


async def _asked(check: Check, seconds: float) -> str | None:
    try:
        async with within(seconds):
            return await check()
    except (PyMongoError, TimeoutError) as error:
        return type(error).__name__
