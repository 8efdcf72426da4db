"""The files of the console's pages: read once, served under a name that changes with their content.

The hash of all of them is a part of the path, so that a module's own imports have it as well, and a browser may keep
each file for as long as it likes.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final

from quart import Response

TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
FOREVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """Everything under `static/`, by its path there."""

    files: Mapping[str, bytes]
    version: str
    """The hash of all of them."""

    @classmethod
    def read(cls) -> "StaticFiles":
        """The files as they ship."""
        root = resources.files("webhooks.console").joinpath("static")
        files = dict(sorted(_under(root, PurePosixPath())))
        digest = hashlib.sha256()
        for name, content in files.items():
            digest.update(f"{name}\n{len(content)}\n".encode())
            digest.update(content)
        return cls(MappingProxyType(files), digest.hexdigest()[:16])

    def path(self, name: str) -> str:
        """Where a page finds that file; KeyError for a file that does not ship."""
        self.files[name]
        return f"/console/static/{self.version}/{name}"

    def answer(self, version: str, name: str) -> Response:
        """The file; a page of an older release asks for what is gone, and is told so."""
        content = self.files.get(name)
        if content is None or version != self.version:
            return Response("There is no such file.", 404, content_type="text/plain")
        response = Response(content, content_type=TYPES[PurePosixPath(name).suffix])
        response.headers["Cache-Control"] = FOREVER
        return response


def _under(folder: Traversable, path: PurePosixPath) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for each in folder.iterdir():
        here = path / each.name
        if each.is_dir():
            found += _under(each, here)
        elif here.suffix in TYPES:
            found.append((str(here), each.read_bytes()))
    return found
