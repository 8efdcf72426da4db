"""The Flows API as a backend meets it (reference: whatsapp 2.5)."""

import json
from dataclasses import replace as changed
from typing import Any

from quart import Blueprint, Response, request

from simulator.whatsapp import flow_wire
from simulator.whatsapp.errors import Refusal
from simulator.whatsapp.flow_shelf import Flow, FlowStatus, problems_of
from simulator.whatsapp.graph import GraphCalls
from simulator.whatsapp.graph_templates import TemplateCalls
from simulator.whatsapp.limits import MEDIA_URL_LIVES
from simulator.whatsapp.world import World

Json = dict[str, Any]


def graph_flows_blueprint(world: World) -> Blueprint:
    """The doors for making, changing, publishing Flows."""
    doors = Blueprint("graph_flows", __name__)
    calls = FlowCalls(world)
    for method, path, call in (
        ("POST", "/flows", calls.create),
        ("GET", "/flows", calls.all_flows),
        ("POST", "", calls.update),
        ("DELETE", "", calls.delete),
        ("POST", "/assets", calls.upload_json),
        ("GET", "/assets", calls.assets),
        ("POST", "/publish", calls.publish),
        ("POST", "/deprecate", calls.deprecate),
    ):
        doors.add_url_rule(f"/<graph:version>/<node>{path}", call.__name__, call, methods=[method])
    return doors


async def _sent() -> Json:
    found = await request.get_json(force=True, silent=True) if request.is_json else dict(await request.form)
    return found if isinstance(found, dict) else {}


class FlowCalls(GraphCalls):
    """The calls, against one world."""

    def _known(self, node: str) -> Flow:
        flow = self._world.flows.flows.get(node)
        if flow is None:
            raise Refusal(100, f"Object with ID '{node}' does not exist", subcode=33)
        return flow

    async def create(self, version: str, node: str) -> Response:
        """POST /{WABA}/flows."""

        async def answer() -> Response:
            self._authorise()
            sent = await _sent()
            if node != self._world.settings.waba_id:
                raise Refusal(100, f"Object with ID '{node}' does not exist", subcode=33)
            if not sent.get("name"):
                raise Refusal(100, "The parameter name is required")
            flow = _changed(self._world.flows.create(str(sent["name"])), sent)
            self._world.flows.put(flow)
            told = {"id": flow.id, "success": True, "validation_errors": problems_of(flow.draft)}
            return await self._after(None, told)

        return await self._answered(answer)

    async def all_flows(self, version: str, node: str) -> Response:
        """GET /{WABA}/flows."""

        async def answer() -> Response:
            self._authorise()
            flows = self._world.flows.flows.values()
            return await self._after(None, {"data": [flow.as_answer() for flow in flows]})

        return await self._answered(answer)

    async def update(self, version: str, node: str) -> Response:
        """POST /{FLOW}: name, categories, endpoint_uri; or a template by its id."""
        if self._world.template_by_id(node) is not None:
            return await TemplateCalls(self._world).change(version, node)

        async def answer() -> Response:
            self._authorise()
            self._world.flows.put(_changed(self._known(node), await _sent()))
            return await self._after(None, {"success": True})

        return await self._answered(answer)

    async def delete(self, version: str, node: str) -> Response:
        """DELETE /{FLOW}: drafts only."""

        async def answer() -> Response:
            self._authorise()
            flow = self._known(node)
            if flow.status is not FlowStatus.DRAFT or flow.published:
                raise Refusal(139004, "only a draft can be deleted")
            del self._world.flows.flows[node]
            return await self._after(None, {"success": True})

        return await self._answered(answer)

    async def upload_json(self, version: str, node: str) -> Response:
        """POST /{FLOW}/assets: 200 and success even with validation errors, as Meta does it."""

        async def answer() -> Response:
            self._authorise()
            flow, files = self._known(node), await request.files
            if "file" not in files:
                raise Refusal(100, "The parameter file is required")
            text = files["file"].read().decode(errors="replace")
            errors = problems_of(text)
            if not errors:
                self._world.flows.put(flow.with_draft(text))
            return await self._after(None, {"success": True, "validation_errors": errors})

        return await self._answered(answer)

    async def assets(self, version: str, node: str) -> Response:
        """GET /{FLOW}/assets."""

        async def answer() -> Response:
            self._authorise()
            flow = self._known(node)
            file = self._world.media.keep("application/json", flow.draft.encode(), MEDIA_URL_LIVES)
            url = f"{self._world.base_url}/sim/media/{file.id}"
            item = {"name": "flow.json", "asset_type": "FLOW_JSON", "download_url": url}
            return await self._after(None, {"data": [item]})

        return await self._answered(answer)

    async def publish(self, version: str, node: str) -> Response:
        """POST /{FLOW}/publish: with an endpoint only where a key is published and a ping is answered (139002)."""

        async def answer() -> Response:
            self._authorise()
            flow = self._known(node)
            if problems := problems_of(flow.draft):
                raise Refusal(139002, str(problems[0]["message"]))
            if "data_api_version" in json.loads(flow.draft):
                await self._check_endpoint(flow)
            self._world.flows.put(changed(flow, published=flow.draft, status=FlowStatus.PUBLISHED))
            return await self._after(None, {"success": True})

        return await self._answered(answer)

    async def _check_endpoint(self, flow: Flow) -> None:
        if not flow.endpoint_uri:
            raise Refusal(139002, "endpoint_uri is not set")
        if not self._world.public_key:
            raise Refusal(139002, "the phone number has no public key")
        if not await flow_wire.ping(self._world, flow.endpoint_uri):
            raise Refusal(139002, "the endpoint does not answer the health check")

    async def deprecate(self, version: str, node: str) -> Response:
        """POST /{FLOW}/deprecate."""

        async def answer() -> Response:
            self._authorise()
            flow = self._known(node)
            if flow.status is not FlowStatus.PUBLISHED:
                raise Refusal(139003, "only a published flow can be deprecated")
            self._world.flows.put(changed(flow, status=FlowStatus.DEPRECATED))
            return await self._after(None, {"success": True})

        return await self._answered(answer)


def _changed(flow: Flow, sent: Json) -> Flow:
    if sent.get("name"):
        flow = changed(flow, name=str(sent["name"]))
    if sent.get("endpoint_uri"):
        flow = changed(flow, endpoint_uri=str(sent["endpoint_uri"]))
    if sent.get("categories"):
        given = sent["categories"]
        found = json.loads(given) if isinstance(given, str) else given
        flow = changed(flow, categories=tuple(str(one) for one in found))
    if sent.get("flow_json"):
        text = str(sent["flow_json"])
        flow = flow if problems_of(text) else flow.with_draft(text)
    return flow
