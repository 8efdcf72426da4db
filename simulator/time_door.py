"""One clock for everything: `/sim/time` moves WhatsApp's world, Xendit's and the backend's business time at once."""

from datetime import datetime, timedelta
from typing import Any

from quart import Blueprint, Response, current_app, jsonify, request

from simulator import xendit
from simulator.backend_door import asked
from simulator.whatsapp.door import misused
from simulator.whatsapp.world import World

Json = dict[str, Any]


def time_blueprint(world: World) -> Blueprint:
    """`GET` shows all three, `POST {"move": seconds}`, `{"to": moment}` or `{"reset": true}` moves them."""
    doors = Blueprint("sim_time", __name__, url_prefix="/sim")

    @doors.get("/time")
    async def show() -> Response:
        """The world's time, and the backend's where it tells."""
        return jsonify({**_told(world), "backend": await asked(world, "GET", "clock")})

    @doors.post("/time")
    async def move() -> Response:
        """The outside world first, then the backend, then what has fallen due at the provider is told."""
        wanted = await request.get_json(force=True, silent=True)
        order = _moved(world, wanted if isinstance(wanted, dict) else {})
        backend = await asked(world, "POST", "clock", body=order)
        sent = await xendit.pump(current_app)
        return jsonify({**_told(world), "backend": backend, "callbacks_sent": sent})

    for error in (ValueError, KeyError, TypeError, OverflowError):
        doors.register_error_handler(error, misused)
    return doors


def _moved(world: World, wanted: Json) -> Json:
    """Moves the world; what the backend is asked to do."""
    if wanted.get("reset"):
        world.clock.reset()
        return {"reset": True}
    if "to" in wanted:
        moment = datetime.fromisoformat(str(wanted["to"]))
        world.clock.move(moment - world.clock.now())
        return {"to": moment.isoformat()}
    seconds = float(wanted["move"])
    world.clock.move(timedelta(seconds=seconds))
    return {"move": seconds}


def _told(world: World) -> Json:
    return {"now": world.clock.now().isoformat(), "ahead": world.clock.offset.total_seconds()}
