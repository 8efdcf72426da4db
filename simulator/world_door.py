"""`/sim/world`: the whole outside world as one JSON file, WhatsApp's side and Xendit's, and back."""

from typing import Any

from quart import Blueprint, Quart, Response, current_app, jsonify, request

from simulator import xendit
from simulator.file_values import NoWorldFile
from simulator.whatsapp import world_file as whatsapp_file
from simulator.whatsapp.door import misused
from simulator.whatsapp.world import World
from simulator.xendit import world_file as xendit_file

Json = dict[str, Any]

KIND = "offline phone world"
VERSION = 2


def world_file_blueprint(world: World) -> Blueprint:
    """`GET` writes the file; `POST` makes the world the file's, or changes nothing where it cannot be read."""
    doors = Blueprint("sim_world_file", __name__, url_prefix="/sim")

    @doors.get("/world")
    async def export() -> Response:
        """The whole world as one file."""
        return jsonify(saved(world, current_app))

    @doors.post("/world")
    async def bring_back() -> Response:
        """The world becomes the one in the file."""
        found = await request.get_json(force=True, silent=True)
        await restore(world, current_app, found if isinstance(found, dict) else {})
        return jsonify({"ok": True})

    doors.register_error_handler(NoWorldFile, misused)
    return doors


def saved(world: World, app: Quart) -> Json:
    """The world as JSON."""
    engine = xendit.engine_of(app)
    return {
        "kind": KIND,
        "version": VERSION,
        **whatsapp_file.saved(world),
        "xendit": xendit_file.saved(engine),
    }


async def restore(world: World, app: Quart, found: Json) -> None:
    """The world becomes the file's; NoWorldFile, and nothing changed, where it cannot be read."""
    if found.get("kind") != KIND or found.get("version") != VERSION:
        raise NoWorldFile(NoWorldFile.__doc__)
    try:
        phones, money = whatsapp_file.kept_in(found), xendit_file.kept_in(found["xendit"])
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise NoWorldFile(f"{NoWorldFile.__doc__} {type(error).__name__}: {error}") from error
    await whatsapp_file.restore(world, phones)
    await xendit_file.restore(xendit.engine_of(app), money)
