"""The control door's half for forms: what a phone does with one, and Flows without Meta's API (docs/phone.md)."""

import base64
import json
from dataclasses import asdict
from dataclasses import replace as changed
from typing import Any

from quart import Blueprint, Response, jsonify

from simulator.whatsapp import flow_media, flow_wire, limits
from simulator.whatsapp.acts import CannotDo
from simulator.whatsapp.door import body, cannot, misused
from simulator.whatsapp.errors import Refusal
from simulator.whatsapp.flow_shelf import Flow, FlowStatus, problems_of
from simulator.whatsapp.values import Bubble, FlowOffer
from simulator.whatsapp.world import Thread, World

Json = dict[str, Any]


def flow_blueprint(world: World) -> Blueprint:
    """`/sim/flows` and `/sim/customers/{who}/flow…`."""
    doors = Blueprint("sim_flows", __name__, url_prefix="/sim")
    calls = FlowDoor(world)
    for method, path, call in (
        ("GET", "/flows", calls.show_flows),
        ("POST", "/flows", calls.put_flow),
        ("POST", "/customers/<who>/flow", calls.open),
        ("POST", "/customers/<who>/flow/exchange", calls.exchange),
        ("POST", "/customers/<who>/flow/file", calls.file),
    ):
        doors.add_url_rule(path, call.__name__, call, methods=[method])
    doors.register_error_handler(CannotDo, cannot)
    doors.register_error_handler(Refusal, _refused)
    for error in (ValueError, KeyError, TypeError):
        doors.register_error_handler(error, misused)
    return doors


def _refused(error: Exception) -> tuple[Response, int]:
    assert isinstance(error, Refusal), "registered for nothing else"
    return jsonify({"error": error.details}), 409


class FlowDoor:
    """The calls, against one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def show_flows(self) -> Response:
        """Every Flow of the account, with its JSON."""
        flows = self._world.flows.flows.values()
        items = [{**flow.as_answer(), "draft": flow.draft, "published": flow.published} for flow in flows]
        return jsonify({"items": items})

    async def put_flow(self) -> tuple[Response, int]:
        """`{"flow_json", "id"?, "name"?, "endpoint_uri"?}`: a Flow as if published, whatever Meta would say."""
        wanted = await body()
        text, flow_id = json.dumps(dict(wanted["flow_json"])), str(wanted.get("id") or "")
        name = str(wanted.get("name") or flow_id or f"flow-{len(self._world.flows.flows) + 1}")
        made = self._world.flows.create(name, flow_id)
        flow = changed(made, draft=text, published=text, status=FlowStatus.PUBLISHED)
        flow = changed(flow, endpoint_uri=str(wanted.get("endpoint_uri") or ""))
        self._world.flows.put(flow)
        return jsonify({"id": flow.id, "validation_errors": problems_of(text)}), 201

    def _found(self, who: str, wanted: Json) -> tuple[Thread, Bubble, FlowOffer]:
        thread = self._world.thread(who)
        if thread is None:
            raise CannotDo(f"no customer {who}")
        bubble = thread.bubble(str(wanted["bubble"]))
        if bubble is None or bubble.content.flow is None:
            raise CannotDo("this bubble offers no form")
        if bubble.id in thread.disabled:
            raise CannotDo(thread.disabled[bubble.id])
        return thread, bubble, bubble.content.flow

    def _flow(self, offer: FlowOffer) -> Flow:
        flow = self._world.flows.find(offer.id or offer.name)
        if flow is None:
            raise CannotDo(f"the account has no flow {offer.id or offer.name}")
        return flow

    async def open(self, who: str) -> Response:
        """`{"bubble"}`: the JSON behind a form's button, and how the message opens it."""
        _, _, offer = self._found(who, await body())
        flow = self._flow(offer)
        return jsonify({**asdict(offer), "id": flow.id, "name": flow.name, "json": flow.opened(offer.mode)})

    async def exchange(self, who: str) -> Response:
        """`{"bubble", "action", "screen", "data"}`: to the endpoint and back, encrypted; see `Exchanged`."""
        wanted = await body()
        thread, bubble, offer = self._found(who, wanted)
        flow = self._flow(offer).opened(offer.mode)
        request = {
            "version": str(flow.get("data_api_version", "3.0")),
            "action": str(wanted["action"]),
            "screen": str(wanted.get("screen") or ""),
            "data": flow_media.for_endpoint(self._world, dict(wanted.get("data") or {})),
            "flow_token": offer.token,
        }
        done = await flow_wire.exchange(self._world, thread, offer, request)
        if done.status == 427:
            thread.disabled[bubble.id] = done.message
            self._world.events.add("form", {"customer": thread.customer.id, "id": bubble.id, "disabled": done.message})
        return jsonify(asdict(done))

    async def file(self, who: str) -> tuple[Response, int]:
        """`{"file_name", "mime_type", "content_base64"}`: a file chosen in a form."""
        wanted = await body()
        content = base64.b64decode(wanted["content_base64"])
        file = self._world.media.keep(str(wanted["mime_type"]), content, limits.INBOUND_MEDIA_LIVES)
        return jsonify({flow_media.MARK: file.id, "file_name": str(wanted["file_name"])}), 201
