"""The HTTP doors: the API with its manners and faults, the checkout page, the control door."""

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any, cast

from quart import Blueprint, Quart, Response, request

from simulator.xendit import api, breakage, requests, wire
from simulator.xendit.api import Answered, Asked, Work
from simulator.xendit.channels import find
from simulator.xendit.checkout_door import add_checkout
from simulator.xendit.clock import Clock
from simulator.xendit.control import add_control
from simulator.xendit.engine import Engine
from simulator.xendit.errors import Refused
from simulator.xendit.faults import BEFORE, CallFault, Fault
from simulator.xendit.journal import Call
from simulator.xendit.limits import Allowance
from simulator.xendit.settings import XenditSettings

_EXTENSION = "simulator.xendit"

_BAD_GATEWAY = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n"
    "<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
)


def blueprint(settings: XenditSettings, clock: Clock | None = None) -> Blueprint:
    """All of Xendit's paths, to be mounted at the root; inject a clock to hold time still."""
    engine = Engine(settings, clock or Clock())
    doors = Blueprint("xendit", __name__)
    for method, path, work in api.ROUTES:
        doors.add_url_rule(
            path,
            endpoint=f"{method.lower()}_{work.__name__}_{len(path)}",
            view_func=_view(engine, work),
            methods=[method],
            strict_slashes=True,
        )
    add_checkout(doors, engine)
    add_control(doors, engine)

    def mount(state: Any) -> None:
        app = cast("Quart", state.app)
        app.extensions[_EXTENSION] = engine
        # Wrapping `asgi_app` is Quart's documented way in; its types see a method, not an application.
        wrapped: Any = breakage.with_breakable_replies(cast("Any", app.asgi_app))
        app.asgi_app = wrapped  # type: ignore[method-assign]

    doors.record_once(mount)
    return doors


async def start(app: Quart) -> None:
    """Begins to send callbacks in the background."""
    await engine_of(app).start()


async def stop(app: Quart) -> None:
    """Ends it, and lets hanging calls go."""
    await engine_of(app).stop()


async def pump(app: Quart) -> int:
    """Sends the callbacks that are due by now; how many tries that took."""
    return await engine_of(app).pump()


def engine_of(app: Quart) -> Engine:
    """The simulated Xendit behind an app."""
    return cast("Engine", app.extensions[_EXTENSION])


def _view(engine: Engine, work: Work) -> Callable[..., Awaitable[Response]]:
    async def view(name: str = "") -> Response:
        body = cast("bytes", await request.get_data())
        return await _Exchange(engine, work, name, engine.tags.uuid()).run(body)

    return view


class _Exchange:
    """One call from its first header to its last byte, with the trouble ordered for it."""

    def __init__(self, engine: Engine, work: Work, name: str, request_id: str) -> None:
        self._engine = engine
        self._work = work
        self._name = name
        self._request_id = request_id
        self._fault: Fault | None = None
        self._body = b""

    async def run(self, body: bytes) -> Response:
        """The reply, or the lack of one."""
        self._body = body
        engine, call = self._engine, self._work.__name__
        now = engine.now()
        allowance = engine.limits.count(call, now, engine.habits.rate_limit)
        self._fault = engine.faults.strike_call(call)
        is_before = self._fault is not None and self._fault.kind in BEFORE
        if is_before:
            return await self._break(b"", 0, allowance)
        status, value, made = self._done(allowance)
        if self._fault is not None and self._fault.kind is CallFault.CALLBACK_FIRST and made is not None:
            await self._tell_first(made)
        engine.relay.wake()
        raw = json.dumps(value).encode()
        if self._fault is not None and self._fault.kind is not CallFault.CALLBACK_FIRST:
            return await self._break(raw, status, allowance)
        return self._reply(raw, status, allowance)

    def _done(self, allowance: Allowance) -> tuple[int, object, str | None]:
        try:
            self._let_in(allowance)
            answered = self._answered()
        except Refused as refused:
            of_statement = "transaction" in self._work.__name__
            render = wire.statement_refusal if of_statement else wire.refusal
            return refused.status, render(refused), None
        return 200, answered.value, answered.made

    def _answered(self) -> Answered:
        asked = Asked(
            name=self._name,
            pairs=tuple(request.args.items(multi=True)),
            body=self._body,
            idempotency_key=request.headers.get("Idempotency-Key"),
            now=self._engine.now(),
        )
        return self._work(self._engine.account, asked)

    def _let_in(self, allowance: Allowance) -> None:
        wanted = base64.b64encode(f"{self._engine.settings.xendit_secret_key}:".encode()).decode()
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic" or not hmac.compare_digest(given.encode(), wanted.encode()):
            raise requests.refuse_unauthorized()
        if allowance.is_exceeded:
            raise Refused(429, "RATE_LIMIT_EXCEEDED", "Request rate limit has been exceeded")

    async def _tell_first(self, made: str) -> None:
        engine, fault = self._engine, self._fault
        now = engine.now()
        if self._work is api.create_invoice and fault is not None:
            invoice = engine.account.payins.find(made)
            channel = find(fault.channel, invoice.order.currency) or invoice.channels[0]
            engine.account.payins.pay(made, channel, invoice.order.amount, now)
        else:
            engine.account.vault.hurry(made, now)
        await engine.relay.send_about(engine.account, made)

    async def _break(self, raw: bytes, status: int, allowance: Allowance) -> Response:
        fault = cast("Fault", self._fault)
        match fault.kind:
            case CallFault.TIMEOUT_BEFORE | CallFault.TIMEOUT_AFTER:
                self._note(0)
                await self._hang(fault)
                return Response(_BAD_GATEWAY.replace("502 Bad Gateway", "504 Gateway Time-out"), 504)
            case CallFault.RESET_BEFORE | CallFault.RESET_AFTER:
                self._note(0)
                breakage.reset(cast("breakage.Scope", request.scope))
                return Response("", 500)
            case CallFault.CUT:
                self._note(0)
                await breakage.cut(cast("breakage.Scope", request.scope), status, raw)
                return Response("", 500)
            case CallFault.SLOW:
                self._note(status)
                return self._headed(Response(_slowly(raw, fault), status), allowance)
            case CallFault.HTML_502_BEFORE | CallFault.HTML_502_AFTER:
                self._note(502)
                return Response(_BAD_GATEWAY, 502, content_type="text/html")
            case CallFault.RATE_LIMIT:
                refused = Refused(429, "RATE_LIMIT_EXCEEDED", "Request rate limit has been exceeded")
                return self._reply(json.dumps(wire.refusal(refused)).encode(), 429, allowance)
            case _:
                refused = Refused(500, "SERVER_ERROR", "An unexpected error occurred")
                return self._reply(json.dumps(wire.refusal(refused)).encode(), 500, allowance)

    async def _hang(self, fault: Fault) -> None:
        seconds = self._engine.settings.hang.total_seconds() if fault.seconds is None else fault.seconds
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._engine.stopping.wait()

    def _reply(self, raw: bytes, status: int, allowance: Allowance) -> Response:
        self._note(status)
        return self._headed(Response(raw, status), allowance)

    def _headed(self, response: Response, allowance: Allowance) -> Response:
        response.headers["Content-Type"] = "application/json; charset=utf-8"
        response.headers["Request-Id"] = self._request_id
        response.headers["Rate-Limit-Limit"] = str(allowance.limit)
        response.headers["Rate-Limit-Remaining"] = str(allowance.remaining)
        response.headers["Rate-Limit-Reset"] = f"{allowance.reset_seconds:.3f}"
        return response

    def _note(self, status: int) -> None:
        self._engine.journal.note(
            Call(
                at=self._engine.clock.now(),
                request_id=self._request_id,
                method=request.method,
                path=request.full_path.rstrip("?"),
                call=self._work.__name__,
                body=self._body.decode(errors="replace"),
                idempotency_key=request.headers.get("Idempotency-Key"),
                status=status,
                fault=None if self._fault is None else str(self._fault.kind),
            )
        )


async def _slowly(raw: bytes, fault: Fault) -> AsyncIterator[bytes]:
    """Ten dribbles over the ordered time."""
    pause = (2.0 if fault.seconds is None else fault.seconds) / 10
    step = max(1, -(-len(raw) // 10))
    for place in range(0, len(raw), step):
        await asyncio.sleep(pause)
        yield raw[place : place + step]
