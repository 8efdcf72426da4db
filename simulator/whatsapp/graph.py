"""The Graph API as a backend meets it: messages, marks, media, the Flow key (reference: whatsapp 1.8, 3)."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from quart import Blueprint, Response, jsonify, request
from werkzeug.routing import BaseConverter

from simulator import connections
from simulator.whatsapp import engine, limits
from simulator.whatsapp import media as shelf
from simulator.whatsapp.errors import Refusal
from simulator.whatsapp.manners import Call, Fault, FaultKind
from simulator.whatsapp.parse import read_call
from simulator.whatsapp.values import Mark, Outgoing
from simulator.whatsapp.world import World

Json = dict[str, Any]


class GraphVersion(BaseConverter):
    """`v26.0` and its like, so that no other path is taken for the Graph API."""

    regex = r"v\d+\.\d+"


def graph_blueprint(world: World) -> Blueprint:
    """The doors under `/v26.0/…` and the media addresses under `/media/…`."""
    doors = Blueprint("graph", __name__)
    calls = GraphCalls(world)
    doors.add_url_rule("/<graph:version>/<node>/messages", view_func=calls.messages, methods=["POST"])
    doors.add_url_rule("/<graph:version>/<node>/media", view_func=calls.upload, methods=["POST"])
    key_path = "/<graph:version>/<node>/whatsapp_business_encryption"
    doors.add_url_rule(key_path, "store_key", calls.store_key, methods=["POST"])
    doors.add_url_rule(key_path, "show_key", calls.show_key, methods=["GET"])
    doors.add_url_rule("/<graph:version>/<node>", view_func=calls.show_media, methods=["GET"])
    doors.add_url_rule("/media/<token>", view_func=calls.download, methods=["GET"])
    everything = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    doors.add_url_rule("/<graph:version>/<path:rest>", view_func=calls.unknown, methods=everything)
    return doors


class GraphCalls:
    """The calls, against one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def messages(self, version: str, node: str) -> Response:
        """POST /{phone number id}/messages."""

        async def answer() -> Response:
            self._authorise()
            self._own_number(node)
            wanted = read_call(await request.get_json(force=True, silent=True))
            if isinstance(wanted, Mark):
                return await self._marked(wanted)
            return await self._sent(wanted)

        return await self._answered(answer)

    async def _marked(self, wanted: Mark) -> Response:
        fault = self._world.faults.take(Call.MARKS)
        await self._before(fault)
        engine.mark(self._world, wanted)
        return await self._after(fault, {"success": True})

    async def _sent(self, wanted: Outgoing) -> Response:
        fault = self._world.faults.take(Call.MESSAGES, self._names_of(wanted))
        await self._before(fault)
        content = engine.check(self._world, wanted)
        failure = Refusal(fault.code, fault.details) if fault and fault.kind is FaultKind.ACCEPT_FAIL else None
        accepted = engine.accept(self._world, wanted, content, failure)
        contact = {"input": wanted.address.to or wanted.address.recipient}
        if wanted.address.phone and not accepted.dropped:
            contact["wa_id"] = wanted.address.phone
        if accepted.thread is not None:
            contact["user_id"] = accepted.thread.customer.user_id
        body: Json = {
            "messaging_product": "whatsapp",
            "contacts": [contact],
            "messages": [{"id": accepted.wamid}],
        }
        outcome = "dropped" if accepted.dropped else "accepted"
        return await self._after(fault, body, outcome=outcome, wamid=accepted.wamid)

    def _names_of(self, wanted: Outgoing) -> tuple[str, ...]:
        """Whom a message is for, by every name a fault may have."""
        thread = self._world.addressed(wanted.address)
        known = () if thread is None else (thread.customer.id, thread.customer.wa_id, thread.customer.user_id)
        return tuple(name for name in (wanted.address.phone, wanted.address.recipient, *known) if name)

    async def upload(self, version: str, node: str) -> Response:
        """POST /{phone number id}/media, multipart (reference: whatsapp 3.3)."""

        async def answer() -> Response:
            self._authorise()
            self._own_number(node)
            fault = self._world.faults.take(Call.MEDIA)
            await self._before(fault)
            form, files = await request.form, await request.files
            if form.get("messaging_product") != "whatsapp":
                raise Refusal(100, "The parameter messaging_product is required")
            if "file" not in files:
                raise Refusal(100, "The parameter file is required")
            content = files["file"].read()
            mime_type = form.get("type") or files["file"].mimetype
            shelf.check_upload(mime_type, len(content))
            file = self._world.media.keep(mime_type, content, limits.UPLOADED_MEDIA_LIVES)
            return await self._after(fault, {"id": file.id})

        return await self._answered(answer)

    async def show_media(self, version: str, node: str) -> Response:
        """GET /{media id}: an address good for five minutes (reference: whatsapp 3.3); or a Flow's, or our number."""

        async def answer() -> Response:
            self._authorise()
            known = self._world.settings
            if node == known.phone_number_id:
                shown = {"verified_name": known.verified_name, "display_phone_number": known.display_phone_number}
                return await self._after(None, shown | {"id": node})
            if flow := self._world.flows.flows.get(node):
                return await self._after(None, flow.as_answer())
            fault = self._world.faults.take(Call.MEDIA)
            await self._before(fault)
            file = self._world.media.find(node)
            return await self._after(
                fault,
                {
                    "messaging_product": "whatsapp",
                    "url": f"{self._world.base_url}/media/{self._world.media.address(file.id)}",
                    "mime_type": file.mime_type,
                    "sha256": file.sha256,
                    "file_size": str(len(file.content)),
                    "id": file.id,
                },
            )

        return await self._answered(answer)

    async def download(self, token: str) -> Response:
        """The bytes, for the bearer token only."""

        async def answer() -> Response:
            self._authorise()
            file = self._world.media.fetch(token)
            if file is None:
                raise Refusal(100, "The media address has expired or never was", status=404)
            await self._journal("answered", 200)
            return Response(file.content, 200, content_type=file.mime_type)

        return await self._answered(answer)

    async def store_key(self, version: str, node: str) -> Response:
        """POST /{phone number id}/whatsapp_business_encryption (reference: whatsapp 1.8)."""

        async def answer() -> Response:
            self._authorise()
            self._own_number(node)
            sent = await request.get_json(silent=True) or await request.form
            pem = sent.get("business_public_key") if hasattr(sent, "get") else None
            if not isinstance(pem, str) or not _is_flow_key(pem):
                raise Refusal(100, "business_public_key must be a valid 2048 bit RSA public key in PEM")
            self._world.public_key = pem
            return await self._after(None, {"success": True})

        return await self._answered(answer)

    async def show_key(self, version: str, node: str) -> Response:
        """GET of the same: the key and whether Meta signed it."""

        async def answer() -> Response:
            self._authorise()
            self._own_number(node)
            key = self._world.public_key
            known = {"business_public_key": key, "business_public_key_signature_status": "VALID"}
            return await self._after(None, {"data": [known] if key else []})

        return await self._answered(answer)

    async def unknown(self, version: str, rest: str) -> Response:
        """Every other Graph path."""

        async def answer() -> Response:
            self._authorise()
            raise Refusal(2500, f"Unknown path components: /{rest}")

        return await self._answered(answer)

    async def _answered(self, answer: Callable[[], Awaitable[Response]]) -> Response:
        """The answer, or Meta's refusal in Meta's shape; either way in the journal."""
        if not self._world.base_url:
            self._world.base_url = request.host_url.rstrip("/")
        try:
            return await answer()
        except Refusal as refusal:
            await self._journal("refused", refusal.status, code=refusal.code, details=refusal.details)
            response = jsonify(refusal.as_answer(self._world.chance.trace_id()))
            response.status_code = refusal.status
            if refusal.retry_after is not None:
                response.headers["Retry-After"] = str(refusal.retry_after)
            return response

    def _authorise(self) -> None:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self._world.settings.token}".encode()):
            raise Refusal(190, "Invalid OAuth access token - Cannot parse access token")

    def _own_number(self, node: str) -> None:
        if node != self._world.settings.phone_number_id:
            raise Refusal(100, f"Object with ID '{node}' does not exist", subcode=33)

    async def _before(self, fault: Fault | None) -> None:
        """Faults that strike before anything is accepted."""
        if fault is None:
            return
        if fault.kind is FaultKind.ERROR:
            raise Refusal(fault.code, fault.details, status=fault.status, retry_after=fault.retry_after)
        if fault.kind is FaultKind.RESET_BEFORE:
            await self._journal("reset_before", 0)
            await self._tear()
        if fault.kind is FaultKind.HANG_BEFORE:
            await self._journal("hang_before", 0)
            await self._world.pulse.closing.wait()
        if fault.kind is FaultKind.SLOW:
            await self._world.pulse.until(lambda: False, fault.seconds)

    async def _after(self, fault: Fault | None, body: Json, *, outcome: str = "answered", wamid: str = "") -> Response:
        """The answer to an accepted call, unless a fault keeps it from the caller."""
        kind = fault.kind if fault else None
        if kind is FaultKind.ACCEPT_RESET:
            await self._journal("accepted_reset", 0, wamid=wamid)
            await self._tear()
        if kind is FaultKind.ACCEPT_HANG:
            await self._journal("accepted_hang", 0, wamid=wamid)
            await self._world.pulse.closing.wait()
        if kind is FaultKind.ACCEPT_500:
            await self._journal("accepted_500", 500, wamid=wamid)
            response = jsonify(Refusal(131000, "simulated").as_answer(self._world.chance.trace_id()))
            response.status_code = 500
            return response
        await self._journal(outcome, 200, **({"wamid": wamid} if wamid else {}))
        return jsonify(body)

    async def _tear(self) -> None:
        """Resets the connection; the request ends with it."""
        if not connections.reset(request.scope):
            raise RuntimeError("resets need the simulator's own server")
        await self._world.pulse.closing.wait()

    async def _journal(self, outcome: str, status: int, **more: Any) -> None:
        is_json = (request.content_type or "").startswith("application/json")
        body = await request.get_json(force=True, silent=True) if is_json else None
        self._world.journal.add(
            "call",
            {
                "direction": "in",
                "method": request.method,
                "path": request.path,
                "body": body,
                "outcome": outcome,
                "status": status,
                **more,
            },
        )


def _is_flow_key(pem: str) -> bool:
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        return False
    return isinstance(key, RSAPublicKey) and key.key_size == 2048
