"""The control door under `/sim/…`: settings of the world, faults, webhooks, journal (docs/simulator.md)."""

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from dataclasses import replace as changed
from datetime import timedelta
from typing import Any

from quart import Blueprint, Response, jsonify, request

from simulator import signing
from simulator.whatsapp import account_news, views
from simulator.whatsapp.acts import CannotDo
from simulator.whatsapp.envelopes import Packing, Stream
from simulator.whatsapp.manners import Call, Fault, FaultKind, Manner, Mode, Order
from simulator.whatsapp.templates import Template, TemplateButton
from simulator.whatsapp.values import ChoiceKind
from simulator.whatsapp.world import World

Json = dict[str, Any]

LONGEST_OUTAGE = 600.0
KEEP_ALIVE = 15.0
"""Seconds between two comments on a silent event stream."""


async def body() -> Json:
    """The request's JSON object, empty when there is none."""
    found = await request.get_json(force=True, silent=True)
    return found if isinstance(found, dict) else {}


def since() -> tuple[int, float]:
    """`after` and `wait` of a long poll."""
    return int(request.args.get("after", 0)), float(request.args.get("wait", 0))


def world_blueprint(world: World) -> Blueprint:
    """The doors that concern the whole world."""
    doors = Blueprint("sim_world", __name__, url_prefix="/sim")
    calls = WorldCalls(world)
    for method, path, call in (
        ("GET", "/health", calls.health),
        ("POST", "/reset", calls.reset),
        ("GET", "/clock", calls.show_clock),
        ("POST", "/clock", calls.move_clock),
        ("GET", "/manners", calls.show_manners),
        ("PATCH", "/manners", calls.change_manners),
        ("GET", "/faults", calls.show_faults),
        ("POST", "/faults", calls.queue_faults),
        ("DELETE", "/faults", calls.clear_faults),
        ("GET", "/templates", calls.show_templates),
        ("POST", "/templates", calls.add_template),
        ("POST", "/templates/review", calls.review_templates),
        ("POST", "/account", calls.account),
        ("POST", "/outage", calls.outage),
        ("GET", "/journal", calls.journal),
        ("GET", "/events", calls.events),
        ("GET", "/webhooks", calls.webhooks),
        ("POST", "/webhooks/release", calls.release),
        ("POST", "/webhooks/raw", calls.raw),
        ("POST", "/webhooks/verify", calls.verify),
    ):
        doors.add_url_rule(path, call.__name__, call, methods=[method])
    doors.register_error_handler(CannotDo, cannot)
    for error in (ValueError, KeyError, TypeError):
        doors.register_error_handler(error, misused)
    return doors


def cannot(error: Exception) -> tuple[Response, int]:
    """409: the phone does not show what is asked for."""
    return jsonify({"error": str(error)}), 409


def misused(error: Exception) -> tuple[Response, int]:
    """400: the control door was called wrongly."""
    return jsonify({"error": f"{type(error).__name__}: {error}"}), 400


class WorldCalls:
    """The calls, against one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def health(self) -> Response:
        """Up, and for which accounts."""
        known = self._world.settings
        return jsonify(
            {
                "ok": True,
                "app_url": self._world.relay.settings.app_url,
                "phone_number_id": known.phone_number_id,
                "waba_id": known.waba_id,
                "display_phone_number": known.display_phone_number,
                "verified_name": known.verified_name,
                "timezone": known.timezone,
            }
        )

    async def reset(self) -> Response:
        """Forgets all customers, messages, faults, manners, moves of the clock.

        `{"keep_account": true}` leaves the business what it has set up once, key, Flows, templates, and the
        phones of those who deliver for it.
        """
        await self._world.reset(keep_account=bool((await body()).get("keep_account")))
        return jsonify({"ok": True})

    async def show_clock(self) -> Response:
        """World time and how far it is ahead."""
        clock = self._world.clock
        return jsonify({"now": clock.now().isoformat(), "ahead": clock.offset.total_seconds()})

    async def move_clock(self) -> Response:
        """`{"move": seconds}` or `{"reset": true}`."""
        wanted = await body()
        if wanted.get("reset"):
            self._world.clock.reset()
        else:
            self._world.clock.move(timedelta(seconds=float(wanted["move"])))
        return await self.show_clock()

    async def show_manners(self) -> Response:
        """How webhooks leave, and whether the pair limit holds."""
        manners = {stream.value: asdict(manner) for stream, manner in self._world.relay.manners.items()}
        relay = self._world.relay.settings
        slow = {"slow_every": self._world.faults.slow_every, "slow_seconds": self._world.faults.slow_seconds}
        return jsonify({**manners, **slow, "pair_rate": self._world.pair_rate, "app_url": relay.app_url})

    async def change_manners(self) -> Response:
        """Changes only what is named."""
        wanted, relay = await body(), self._world.relay
        manners = {
            stream: _manner(relay.manners[stream], wanted[stream.value]) for stream in Stream if stream.value in wanted
        }
        relay.manners.update(manners)
        if "pair_rate" in wanted:
            self._world.pair_rate = bool(wanted["pair_rate"])
        if "slow_every" in wanted:
            self._world.faults.slow_every = int(wanted["slow_every"])
        if "slow_seconds" in wanted:
            self._world.faults.slow_seconds = float(wanted["slow_seconds"])
        if "app_url" in wanted:
            relay.point_at(str(wanted["app_url"]))
        return await self.show_manners()

    async def show_faults(self) -> Response:
        """The faults still waiting for their calls."""
        return jsonify({"items": [asdict(fault) for fault in self._world.faults.waiting]})

    async def queue_faults(self) -> tuple[Response, int]:
        """`{"kind", "times"?, "call"?, "code"?, "status"?, "details"?, "seconds"?}`, and `Fault`'s other fields."""
        wanted = await body()
        times = int(wanted.pop("times", 1))
        wanted["kind"] = FaultKind(wanted["kind"])
        wanted["call"] = Call(wanted.get("call", Call.MESSAGES))
        self._world.faults.queue(Fault(**wanted), times)
        return await self.show_faults(), 201

    async def clear_faults(self) -> Response:
        """No faults any more."""
        self._world.faults.clear()
        return await self.show_faults()

    async def show_templates(self) -> Response:
        """The templates that exist."""
        return jsonify({"items": [asdict(template) for template in self._world.templates.values()]})

    async def add_template(self) -> tuple[Response, int]:
        """A template as if approved (or with another `status`)."""
        wanted = await body()
        buttons = tuple(
            TemplateButton(**{**button, "kind": ChoiceKind(button["kind"])}) for button in wanted.pop("buttons", [])
        )
        self._world.add_template(Template(**wanted, buttons=buttons))
        return await self.show_templates(), 201

    async def review_templates(self) -> Response:
        """Every template that waits, or those of a `name` and `language`, get a `status` (APPROVED), or a `category`;
        `tell` says so."""
        wanted = await body()
        status = str(wanted.get("status", "APPROVED"))
        for template in tuple(self._world.templates.values()):
            named = template.name == wanted.get("name", template.name)
            spoken = template.language == wanted.get("language", template.language)
            if named and spoken and ("name" in wanted or template.status == "PENDING"):
                reviewed = changed(template, status=status, category=str(wanted.get("category", template.category)))
                self._world.add_template(reviewed)
                if wanted.get("tell") and reviewed.category != template.category:
                    account_news.tell_category(self._world, template, reviewed)
                elif wanted.get("tell"):
                    account_news.tell_review(self._world, reviewed)
        return await self.show_templates()

    async def account(self) -> tuple[Response, int]:
        """`{"field", "value"?}`: news of the whole account; the value changes or completes the field's usual one."""
        wanted = await body()
        value = account_news.tell(self._world, str(wanted["field"]), dict(wanted.get("value") or {}))
        return jsonify({"field": wanted["field"], "value": value}), 201

    async def outage(self) -> Response:
        """`{"seconds"}`: for so long nothing listens here: every connection, this one too, is closed or refused."""
        seconds = float((await body())["seconds"])
        if not 0 < seconds <= LONGEST_OUTAGE:
            raise ValueError(f"seconds is more than 0 and at most {LONGEST_OUTAGE:g}")
        if self._world.goes_down is None:
            raise CannotDo("outages need the simulator's own server")
        self._world.goes_down(seconds)
        return jsonify({"ok": True, "seconds": seconds})

    async def journal(self) -> Response:
        """Every call in and webhook out above `after`, waiting `wait` seconds for the first."""
        found = await self._world.journal.wait_after(*since())
        return jsonify({"items": views.records(self._world, found), "last": self._world.journal.last})

    async def events(self) -> Response:
        """What happened on the phones: long poll, or server-sent events when asked for."""
        if "text/event-stream" in request.headers.get("Accept", ""):
            after = int(request.headers.get("Last-Event-ID") or request.args.get("after") or 0)
            response = Response(self._stream(after), content_type="text/event-stream")
            response.timeout = None
            return response
        found = await self._world.events.wait_after(*since())
        return jsonify({"items": views.records(self._world, found), "last": self._world.events.last})

    async def _stream(self, after: int) -> AsyncIterator[bytes]:
        yield b": open\n\n"
        while not self._world.pulse.closing.is_set():
            found = await self._world.events.wait_after(after, KEEP_ALIVE)
            for record in found:
                after = record.seq
                text = json.dumps(record.as_json())
                yield f"id: {record.seq}\nevent: {record.kind}\ndata: {text}\n\n".encode()
            if not found:
                yield b": still here\n\n"

    async def webhooks(self) -> Response:
        """How many are on their way, held, retried; `wait` seconds for none on their way."""
        relay = self._world.relay
        idle = await relay.idle(float(request.args.get("wait", 0)))
        held = [{"stream": update.stream.value, "ids": update.ids} for update in relay.held]
        return jsonify({"idle": idle, "in_flight": relay.in_flight, "retrying": relay.retrying, "held": held})

    async def release(self) -> Response:
        """Lets held webhooks go: `order`, `packing`, `copies`, `count`, `drop`."""
        wanted = await body()
        count = wanted.get("count")
        went = self._world.relay.release(
            Order(wanted.get("order", Order.FIFO)),
            Packing(wanted.get("packing", Packing.ALONE)),
            int(wanted.get("copies", 1)),
            None if count is None else int(count),
            int(wanted.get("drop", 0)),
        )
        return jsonify({"released": went})

    async def raw(self) -> Response:
        """Any bytes to the backend: `body`, `body_base64` or `json`; `signature` right, wrong, missing."""
        wanted = await body()
        sent = _raw_body(wanted)
        headers = {str(key): str(value) for key, value in wanted.get("headers", {}).items()}
        headers |= _signature(str(wanted.get("signature", "right")), self._world.settings.app_secret, sent)
        answer = await self._world.relay.post_raw(sent, headers, str(wanted.get("path", "")))
        self._world.journal.add("raw", {"direction": "out", "bytes": len(sent), "status": answer.status})
        return jsonify({"status": answer.status, "body": answer.body})

    async def verify(self) -> Response:
        """Meta's handshake with the backend; `token` may be a wrong one."""
        wanted = await body()
        challenge = str(wanted.get("challenge") or self._world.chance.digits(10))
        token = str(wanted.get("token", self._world.settings.verify_token))
        answer = await self._world.relay.verify(challenge, token)
        verified = answer.status == 200 and answer.body == challenge
        return jsonify({"verified": verified, "status": answer.status, "body": answer.body})


def _manner(known: Manner, wanted: Json) -> Manner:
    found = dict(wanted)
    if "mode" in found:
        found["mode"] = Mode(found["mode"])
    if "order" in found:
        found["order"] = Order(found["order"])
    return changed(known, **found)


def _raw_body(wanted: Json) -> bytes:
    if "body_base64" in wanted:
        return base64.b64decode(wanted["body_base64"])
    if "json" in wanted:
        return signing.wire(wanted["json"])
    return str(wanted["body"]).encode()


def _signature(which: str, secret: str, sent: bytes) -> dict[str, str]:
    match which:
        case "right":
            return {signing.HEADER: signing.sign(secret, sent)}
        case "wrong":
            return {signing.HEADER: signing.sign(secret + "x", sent)}
        case "missing":
            return {}
        case _:
            return {signing.HEADER: which}
