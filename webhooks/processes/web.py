"""`create_app`: the doors of one process, put together from what it is given."""

import asyncio
import contextlib
from typing import Any

import structlog
from pymongo.errors import PyMongoError
from quart import Quart, Response
from werkzeug.exceptions import HTTPException

from bot.engine.performers.chat import DOOR
from bot.engine.takeover import NoSuchLead
from bot.store.heartbeats import Heartbeats
from webhooks.api.bookings.door import BookingsApi
from webhooks.api.clock.door import ClockApi
from webhooks.api.conversations.door import ConversationsApi
from webhooks.api.guard import ApiGuard, RequestRefused
from webhooks.api.insight.door import InsightApi
from webhooks.api.money.door import MoneyApi
from webhooks.api.openapi import openapi_blueprint
from webhooks.clock import ServerClock
from webhooks.doors.flows import FlowsDoor
from webhooks.doors.health import HealthDoor
from webhooks.doors.pay import PayDoor
from webhooks.doors.whatsapp import WhatsAppDoor
from webhooks.doors.xendit import XenditDoor
from webhooks.edge.problems import problem

log = structlog.get_logger(__name__)

BEAT_SECONDS = 1.0


class Doors:
    """What `create_app` needs, made by `wiring`."""

    def __init__(
        self,
        *,
        whatsapp: WhatsAppDoor,
        flows: FlowsDoor,
        xendit: XenditDoor,
        pay: PayDoor,
        conversations: ConversationsApi,
        bookings: BookingsApi,
        insight: InsightApi,
        money: MoneyApi,
        business_clock: ClockApi,
        guard: ApiGuard,
        health: HealthDoor,
        heartbeats: Heartbeats,
        clock: ServerClock,
        process: str,
    ) -> None:
        self.whatsapp = whatsapp
        self.flows = flows
        self.xendit = xendit
        self.pay = pay
        self.conversations = conversations
        self.bookings = bookings
        self.insight = insight
        self.money = money
        self.business_clock = business_clock
        self.guard = guard
        self.health = health
        self.heartbeats = heartbeats
        self.clock = clock
        self.process = process


def create_app(doors: Doors) -> Quart:
    """The web application."""
    app = Quart("janji")
    app.config["MAX_CONTENT_LENGTH"] = None  # each door sets its own, and answers a problem document
    for blueprint in (
        doors.whatsapp.blueprint(),
        doors.flows.blueprint(),
        doors.xendit.blueprint(),
        doors.pay.blueprint(),
        doors.conversations.blueprint(),
        doors.bookings.blueprint(),
        doors.insight.blueprint(),
        doors.money.blueprint(),
        doors.business_clock.blueprint(),
        openapi_blueprint(),
        doors.health.blueprint(),
    ):
        app.register_blueprint(blueprint)
    _register_errors(app)
    _register_life(app, doors)
    return app


def _register_errors(app: Quart) -> None:
    async def refused(error: RequestRefused) -> Response:
        return error.response

    async def no_such_lead(error: NoSuchLead) -> Response:
        return problem(404, "no-such-lead", "There is no such conversation.")

    async def http_error(error: HTTPException) -> Response:
        status = error.code or 500
        return problem(status, error.name.lower().replace(" ", "-"), error.description or error.name)

    async def database_gone(error: PyMongoError) -> Response:
        log.error("database_unavailable", problem=type(error).__name__)
        return problem(503, "database-unavailable", "The database does not answer; please try again.")

    async def unexpected(error: Exception) -> Response:
        log.exception("request_failed", problem=type(error).__name__)
        return problem(500, "unexpected", "Something went wrong on our side.")

    handlers: tuple[tuple[type[Exception], Any], ...] = (
        (RequestRefused, refused),
        (NoSuchLead, no_such_lead),
        (HTTPException, http_error),
        (PyMongoError, database_gone),
        (Exception, unexpected),
    )
    for kind, handler in handlers:
        app.register_error_handler(kind, handler)


def _register_life(app: Quart, doors: Doors) -> None:
    tasks: list[asyncio.Task[None]] = []

    @app.before_serving
    async def begin() -> None:
        await doors.clock.measure()
        tasks.append(asyncio.create_task(doors.clock.keep_measuring()))
        tasks.append(asyncio.create_task(_beat(doors)))

    @app.after_serving
    async def end() -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        doors.flows.close()
        with contextlib.suppress(PyMongoError):
            await doors.heartbeats.stops(DOOR, doors.process)


async def _beat(doors: Doors) -> None:
    """While this beats, silence about an unknown send means something (DESIGN 5.5)."""
    while True:
        with contextlib.suppress(PyMongoError):
            await doors.heartbeats.beat(DOOR, doors.process)
        await asyncio.sleep(BEAT_SECONDS)
