"""The simulator as one Quart app: WhatsApp's side and Xendit's, under one clock."""

from quart import Quart, Response, jsonify

from simulator import xendit
from simulator.backend_door import backend_blueprint
from simulator.escalations.door import escalations_blueprint
from simulator.own_page import guard
from simulator.page_door import page_blueprint
from simulator.settings import Settings
from simulator.task_system.door import task_system_blueprint
from simulator.time_door import time_blueprint
from simulator.whatsapp.door import world_blueprint
from simulator.whatsapp.flow_door import flow_blueprint
from simulator.whatsapp.graph import GraphVersion, graph_blueprint
from simulator.whatsapp.graph_flows import graph_flows_blueprint
from simulator.whatsapp.graph_templates import graph_templates_blueprint
from simulator.whatsapp.phones import phones_blueprint
from simulator.whatsapp.world import World
from simulator.world_door import world_file_blueprint

# An upload of 100 MB and its multipart frame (reference: whatsapp 3.3).
LARGEST_BODY = 101 * 1024 * 1024


def create_app(settings: Settings) -> Quart:
    """An outside world of its own, with nobody in it yet."""
    app = Quart(__name__)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, RESPONSE_TIMEOUT=None)
    app.url_map.converters["graph"] = GraphVersion
    guard(app, settings)
    world = World(settings)
    app.extensions["world"] = world
    app.register_blueprint(graph_blueprint(world))
    app.register_blueprint(world_blueprint(world))
    app.register_blueprint(phones_blueprint(world))
    app.register_blueprint(graph_flows_blueprint(world))
    app.register_blueprint(graph_templates_blueprint(world))
    app.register_blueprint(flow_blueprint(world))
    app.register_blueprint(backend_blueprint(world))
    app.register_blueprint(time_blueprint(world))
    app.register_blueprint(world_file_blueprint(world))
    app.register_blueprint(page_blueprint(world))
    app.register_blueprint(task_system_blueprint(settings))
    app.register_blueprint(escalations_blueprint(settings))
    app.register_error_handler(404, _not_found)
    # Moving world time moves Xendit's too; its own control door can only run further ahead.
    clock = xendit.Clock(world.clock.now)
    app.register_blueprint(xendit.blueprint(_xendit_settings(settings), clock))

    @app.before_serving
    async def _open() -> None:
        world.relay.start()
        await xendit.start(app)

    @app.after_serving
    async def _close() -> None:
        world.pulse.close()
        await xendit.stop(app)
        await world.relay.stop()

    return app


def _xendit_settings(settings: Settings) -> xendit.XenditSettings:
    return xendit.XenditSettings(
        app_url=settings.app_url,
        public_url=settings.public_url,
        xendit_secret_key=settings.xendit_secret_key,
        xendit_callback_token=settings.xendit_webhook_token,
        seed=settings.seed,
    )


async def _not_found(error: Exception) -> tuple[Response, int]:
    return jsonify({"error": "there is no such door"}), 404


def world_of(app: Quart) -> World:
    """The world behind an app, for whoever serves it in the same process."""
    world = app.extensions["world"]
    assert isinstance(world, World), "made by create_app"
    return world
