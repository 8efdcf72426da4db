"""What only the backend's inside knows, asked of its own API for the page; a backend without one is told as such."""

from collections.abc import Mapping
from typing import Any

import httpx
from quart import Blueprint, Response, jsonify, request

from simulator.whatsapp.views import blanked
from simulator.whatsapp.world import World

Json = dict[str, Any]

SECONDS = 5.0
READABLE = ("leads", "lifecycle", "bookings", "money/check", "conversations")
NOT_GIVEN = "the simulator was started without --api-token"


def backend_blueprint(world: World) -> Blueprint:
    """`GET /sim/backend/…` reads the backend's `/api/v1/…`."""
    doors = Blueprint("sim_backend", __name__, url_prefix="/sim/backend")

    @doors.get("/<path:path>")
    async def read(path: str) -> Response:
        if not path.startswith(READABLE):
            return jsonify(_unavailable("this page does not ask for that"))
        return jsonify(await asked(world, "GET", path, dict(request.args)))

    return doors


async def asked(world: World, method: str, path: str, query: Mapping[str, str] | None = None, body: Any = None) -> Json:
    """The backend's answer in an envelope that says whether there was one; the page goes on either way."""
    token = world.settings.api_token
    if not token:
        return _unavailable(NOT_GIVEN)
    url = f"{world.relay.settings.app_url.rstrip('/')}/api/v1/{path}"
    headers = {"Authorization": f"Bearer {token}"}
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=SECONDS) as client:
            answer = await client.request(method, url, params=query, json=body, headers=headers)
        found = None if answer.is_error else answer.json()
    except (httpx.HTTPError, ValueError) as error:
        return _unavailable(f"{method} /api/v1/{path}: {type(error).__name__}")
    if answer.is_error:
        return _unavailable(f"{method} /api/v1/{path} answered {answer.status_code}")
    return {"available": True, "body": blanked(found, (token,))}


def _unavailable(reason: str) -> Json:
    return {"available": False, "reason": reason}
