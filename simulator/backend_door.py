"""What only the backend's inside knows, asked of its own API for the page; a backend without one is told as such."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx
from quart import Blueprint, Response, jsonify, request

from simulator.whatsapp.views import blanked
from simulator.whatsapp.world import World

Json = dict[str, Any]

SECONDS = 5.0
READABLE = frozenset({("leads",), ("lifecycle",), ("bookings",), ("money", "check"), ("conversations",)})
"""The beginnings of what may be read, step by step; below each anything."""
NOT_GIVEN = "the simulator was started without --api-token"


def backend_blueprint(world: World) -> Blueprint:
    """`GET /sim/backend/…` reads the backend's `/api/v1/…`."""
    doors = Blueprint("sim_backend", __name__, url_prefix="/sim/backend")

    @doors.get("/<path:path>")
    async def read(path: str) -> Response:
        if not is_readable(path):
            return jsonify(_unavailable("this page does not ask for that"))
        return jsonify(await asked(world, "GET", path, dict(request.args)))

    return doors


def is_readable(path: str) -> bool:
    """Whether that path of the API is one the page shows; no other can be reached by a clever spelling."""
    steps = tuple(path.split("/"))
    plain = all(step and step not in {".", ".."} and "\\" not in step and "%" not in step for step in steps)
    return plain and any(steps[: len(one)] == one for one in READABLE)


async def asked(world: World, method: str, path: str, query: Mapping[str, str] | None = None, body: Any = None) -> Json:
    """The backend's answer in an envelope that says whether there was one; the page goes on either way."""
    token = world.settings.api_token
    if not token:
        return _unavailable(NOT_GIVEN)
    # each step is quoted: a `?` or `#` in an id is part of the id, and changes no other part of the address
    steps = "/".join(quote(step, safe="") for step in path.split("/"))
    url = f"{world.relay.settings.app_url.rstrip('/')}/api/v1/{steps}"
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
