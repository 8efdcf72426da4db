"""Who may call: the backend, scripts on this machine, and the simulator's own page; no page from anywhere else.

Any web page can send a browser to 127.0.0.1. A foreign page gives itself away by its Origin; one whose name was bent
to this address (DNS rebinding) by its Host; and a `text/plain` POST is what a browser sends without asking first.
"""

import ipaddress
from urllib.parse import urlsplit

from quart import Quart, Response, jsonify, request

from simulator.settings import Settings

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
CONTROL = "/sim/"


def guard(app: Quart, settings: Settings) -> None:
    """Asks every request who sent it, before any door does."""
    names = {settings.host, host_of(urlsplit(settings.public_url).netloc), *settings.allowed_hosts} - {""}
    known = frozenset(name.casefold() for name in names)

    @app.before_request
    async def check() -> Response | None:
        if not may_be_called(host_of(request.host), known):
            return _refused(403, f"Host {request.host[:100]!r} is not the simulator's; --allow-host adds a name")
        origin = request.headers.get("Origin")
        if origin is not None and not is_own(origin, request.host):
            return _refused(403, f"Origin {origin[:100]!r} is another page")
        if request.method in CHANGING and request.path.startswith(CONTROL) and not _is_json():
            return _refused(415, "Content-Type must be application/json")
        return None


def may_be_called(host: str, known: frozenset[str]) -> bool:
    """Whether this name is ours: a bare address cannot be bent to us, and `localhost` stays on this machine."""
    if host in known or host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def host_of(netloc: str) -> str:
    """The name or address without its port; empty for what is none."""
    try:
        return (urlsplit(f"//{netloc}").hostname or "").casefold()
    except ValueError:
        return ""


def is_own(origin: str, host: str) -> bool:
    """Whether a page of that origin came from the address the call goes to."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.netloc.casefold() == host.casefold()


def _is_json() -> bool:
    kind = request.content_type
    if kind is None:
        # nothing was sent: a DELETE, or a POST that needs no words
        return not request.content_length and "Transfer-Encoding" not in request.headers
    return kind.partition(";")[0].strip().casefold() == "application/json"


def _refused(status: int, why: str) -> Response:
    response = jsonify({"error": why})
    response.status_code = status
    return response
