"""`create_app`: the doors of one process, put together from what it is given."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any

import structlog
from pymongo.errors import PyMongoError
from quart import Quart, Response, g, request
from werkzeug.exceptions import HTTPException

from bot.engine.performers.chat import DOOR
from bot.engine.takeover import NoSuchLead
from bot.store.driver import ended
from bot.store.heartbeats import BEAT_SECONDS, Heartbeats
from bot.store.paging import BadCursor
from webhooks.api.alarms.door import AlarmsDoor
from webhooks.api.attention.door import AttentionDoor
from webhooks.api.blocks.door import BlocksDoor
from webhooks.api.bookings.door import BookingsDoor
from webhooks.api.calendar.door import CalendarDoor
from webhooks.api.callers.door import CallersDoor
from webhooks.api.clock.door import ClockDoor
from webhooks.api.complaints.door import ComplaintsDoor
from webhooks.api.conversations.door import ConversationsDoor
from webhooks.api.inbox.door import InboxDoor
from webhooks.api.insight.door import InsightDoor
from webhooks.api.money.door import MoneyDoor
from webhooks.api.money.ledger_door import LedgerDoor
from webhooks.api.openapi import openapi_blueprint
from webhooks.api.reports.door import ReportsDoor
from webhooks.api.tasks.door import TasksDoor
from webhooks.api.waiting.door import WaitingDoor
from webhooks.clock import ServerClock
from webhooks.console.door import ConsoleDoor, run_hub
from webhooks.console.guard import ConsoleGuard
from webhooks.doors.flows import FlowsDoor
from webhooks.doors.health import HealthDoor
from webhooks.doors.pay import PayDoor
from webhooks.doors.task_system import TaskSystemDoor
from webhooks.doors.whatsapp import WhatsAppDoor
from webhooks.doors.xendit import XenditDoor
from webhooks.edge.failures import SECURITY_HEADERS, failure_of
from webhooks.edge.fields import BAD_CURSOR
from webhooks.edge.problems import RequestRefused, problem
from webhooks.edge.raw import RawDoors, RawRoutes

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """What `create_app` needs, made by `wiring`."""

    whatsapp: WhatsAppDoor
    flows: FlowsDoor
    xendit: XenditDoor
    pay: PayDoor
    task_system: TaskSystemDoor
    conversations: ConversationsDoor
    bookings: BookingsDoor
    alarms: AlarmsDoor
    inbox: InboxDoor
    attention: AttentionDoor
    blocks: BlocksDoor
    waiting: WaitingDoor
    tasks: TasksDoor
    complaints: ComplaintsDoor
    insight: InsightDoor
    money: MoneyDoor
    ledger: LedgerDoor
    reports: ReportsDoor
    calendar: CalendarDoor
    callers: CallersDoor
    business_clock: ClockDoor
    console: ConsoleDoor
    console_guard: ConsoleGuard
    health: HealthDoor
    heartbeats: Heartbeats
    clock: ServerClock
    process: str


class WebApp(Quart):
    """Quart, with the doors that are asked most in front of it (ADR 17)."""

    def __init__(self, routes: RawRoutes) -> None:
        super().__init__("janji")
        self.raw = RawDoors(routes, super().asgi_app)

    async def asgi_app(self, scope: Any, receive: Any, send: Any) -> None:
        """What the server calls."""
        await self.raw(scope, receive, send)


def create_app(doors: Doors) -> WebApp:
    """The web application."""
    raw = (doors.whatsapp, doors.flows, doors.xendit, doors.task_system)
    app = WebApp({path: methods for door in raw for path, methods in door.routes().items()})
    app.config["MAX_CONTENT_LENGTH"] = None  # each door sets its own, and answers a problem document
    # a doubled slash would be answered by a redirect in HTML; it is another path, which nobody has
    app.url_map.merge_slashes = False
    for blueprint in (
        doors.pay.blueprint(),
        doors.conversations.blueprint(),
        doors.bookings.blueprint(),
        doors.alarms.blueprint(),
        doors.inbox.blueprint(),
        doors.attention.blueprint(),
        doors.blocks.blueprint(),
        doors.waiting.blueprint(),
        doors.tasks.blueprint(),
        doors.complaints.blueprint(),
        doors.insight.blueprint(),
        doors.money.blueprint(),
        doors.ledger.blueprint(),
        doors.reports.blueprint(),
        doors.calendar.blueprint(),
        doors.callers.blueprint(),
        doors.business_clock.blueprint(),
        doors.console.blueprint(),
        openapi_blueprint(),
        doors.health.blueprint(),
    ):
        app.register_blueprint(blueprint)
    doors.console_guard.watch(app)
    app.after_request(_secured)
    _register_errors(app)
    _register_life(app, doors)
    return app


async def _secured(response: Response) -> Response:
    """What a browser may do with an answer: show it, as what it says it is, and nothing else. A page that needs more
    says so itself."""
    for name, value in SECURITY_HEADERS.items():
        # A page of ours that needs more than nothing has set its own policy before.
        response.headers.setdefault(name, value)
    return response


def _register_errors(app: Quart) -> None:
    async def refused(error: RequestRefused) -> Response:
        who = g.get("signed_in")
        log.info(
            "request_refused",
            status=error.response.status_code,
            problem=getattr(error.response, "problem_kind", ""),
            # the pattern of the route: an address may hold what somebody searched for
            route=None if request.url_rule is None else f"{request.method} {request.url_rule.rule}",
            by=None if who is None else who.id,
        )
        return error.response

    async def no_such_lead(error: NoSuchLead) -> Response:
        return problem(404, "no-such-lead", "There is no such conversation.")

    async def bad_cursor(error: BadCursor) -> Response:
        return problem(BAD_CURSOR.status, BAD_CURSOR.kind, BAD_CURSOR.detail)

    async def http_error(error: HTTPException) -> Response:
        status = error.code or 500
        return problem(status, error.name.lower().replace(" ", "-"), error.description or error.name)

    async def failed(error: Exception) -> Response:
        return failure_of(error).as_response()

    # The most special class wins, whatever the order; the last one lets no stack trace out of the house.
    handlers: tuple[tuple[type[Exception], Any], ...] = (
        (RequestRefused, refused),
        (NoSuchLead, no_such_lead),
        (BadCursor, bad_cursor),
        (HTTPException, http_error),
        (Exception, failed),
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
        tasks.append(asyncio.create_task(run_hub(doors.console.hub)))

    @app.after_serving
    async def end() -> None:
        # The heartbeat is taken back after its task has ended, or it would be written once more.
        await ended(*tasks)
        doors.flows.close()
        with contextlib.suppress(PyMongoError):
            await doors.heartbeats.stops(DOOR, doors.process)


async def _beat(doors: Doors) -> None:
    """While this beats, silence about an unknown send means something (architecture 5.5)."""
    while True:
        with contextlib.suppress(PyMongoError):
            await doors.heartbeats.beat(DOOR, doors.process)
        await asyncio.sleep(BEAT_SECONDS)
