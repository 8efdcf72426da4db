"""`/livez`, `/readyz`, `/healthz`, `/metrics`: is this process alive, and can the whole do its work."""

from collections.abc import Awaitable, Callable
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pymongo.errors import PyMongoError
from quart import Blueprint, Response

from bot.store.driver import Database
from bot.store.heartbeats import Heartbeats
from bot.store.migrations import is_migrated
from bot.store.outbox_pause import OutboxPause
from webhooks.edge.problems import answer

Check = Callable[[], Awaitable[str | None]]


class HealthDoor:
    """Every condition named, each with what is wrong when it is."""

    def __init__(
        self, database: Database, heartbeats: Heartbeats, pause: OutboxPause, embedded_notice: str | None = None
    ) -> None:
        self._database = database
        self._heartbeats = heartbeats
        self._pause = pause
        self._embedded_notice = embedded_notice

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
        """200 when the primary answers, migrations are done and a worker is alive; else 503 with each named."""
        checks: dict[str, Any] = {}
        for name, check in (
            ("mongodb_primary", self._primary),
            ("migrations", self._migrations),
            ("worker", self._worker),
            ("outbox", self._outbox),
        ):
            wrong = await _asked(check)
            checks[name] = {"ok": wrong is None} | ({} if wrong is None else {"problem": wrong})
        ready = all(one["ok"] for one in checks.values())
        body = {"ready": ready, "checks": checks}
        if self._embedded_notice:
            body["notice"] = self._embedded_notice
        return answer(body, 200 if ready else 503)

    async def get_metrics(self) -> Response:
        """Prometheus text."""
        return Response(generate_latest(), 200, content_type=CONTENT_TYPE_LATEST)

    async def _primary(self) -> str | None:
        reply = await self._database.command("hello")
        return None if reply.get("isWritablePrimary") else "no primary"

    async def _migrations(self) -> str | None:
        return None if await is_migrated(self._database) else "run `janji migrate`"

    async def _worker(self) -> str | None:
        return None if await self._heartbeats.up_for("worker") is not None else "no worker has been alive for 5 s"

    async def _outbox(self) -> str | None:
        paused = await self._pause.current()
        return None if paused is None else f"paused: {paused.reason} (code {paused.code})"


async def _asked(check: Check) -> str | None:
    try:
        return await check()
    except PyMongoError as error:
        return type(error).__name__
