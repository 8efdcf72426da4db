"""The door of the phone page: its files, and the media its phones show (docs/phone.md)."""

from importlib import resources
from pathlib import PurePosixPath

from quart import Blueprint, Response, jsonify, redirect
from werkzeug.wrappers import Response as Redirected

from simulator.whatsapp.errors import Refusal
from simulator.whatsapp.world import World

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

# Nothing from elsewhere can run; a bubble may show an image by link and the checkout stands in a frame.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob: http: https:; media-src 'self' blob: http: https:; "
    "frame-src http: https:; object-src 'none'; base-uri 'none'; form-action 'self'"
)

SHOWN_INLINE = ("image/png", "image/jpeg", "image/webp", "image/gif", "audio/", "video/", "application/pdf")


def page_blueprint(world: World) -> Blueprint:
    """`/phone/…` and `/sim/media/…`; the bare address leads to the page."""
    doors = Blueprint("phone_page", __name__)
    files = resources.files("simulator").joinpath("page")

    @doors.get("/")
    async def start() -> Redirected:
        return redirect("/phone/")

    @doors.get("/phone/")
    async def index() -> Response:
        return _file("index.html")

    @doors.get("/phone/<path:name>")
    async def asset(name: str) -> Response:
        return _file(name)

    @doors.get("/sim/media/<media_id>")
    async def media(media_id: str) -> Response:
        """A file as the phone keeps it: no token, no five minutes."""
        try:
            file = world.media.find(media_id)
        except Refusal as refusal:
            return _refused(refusal)
        inline = file.mime_type.startswith(SHOWN_INLINE)
        return Response(
            file.content,
            content_type=file.mime_type,
            headers={
                "Content-Disposition": "inline" if inline else "attachment",
                "X-Content-Type-Options": "nosniff",
            },
        )

    def _file(name: str) -> Response:
        path = PurePosixPath(name)
        content_type = TYPES.get(path.suffix)
        found = files.joinpath(*path.parts)
        if content_type is None or ".." in path.parts or not found.is_file():
            return _gone()
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        return Response(found.read_bytes(), content_type=content_type, headers=headers)

    return doors


def _gone() -> Response:
    response = jsonify({"error": "there is no such file"})
    response.status_code = 404
    return response


def _refused(refusal: Refusal) -> Response:
    response = jsonify({"error": refusal.details})
    response.status_code = 404
    return response
