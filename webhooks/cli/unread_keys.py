"""Keys of the business file that nothing in this product reads: a setting without effect is a defect of ours."""

from collections.abc import Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from bot.business import readers

ROOMS: Final = ("bot", "flows", "payments", "webhooks")


def product_sources() -> Mapping[str, str]:
    """The text of each module of the product, by its path from the root."""
    return {path: text for room in ROOMS for path, text in _modules(resources.files(room), room)}


def problems(sources: Mapping[str, str] | None = None) -> list[str]:
    """Each of them, for `janji check`."""
    found = readers.unread(product_sources() if sources is None else sources)
    return [f"business file: nothing reads `{key}`; give it a reader, or take it out of the model" for key in found]


def _modules(folder: Traversable, path: str) -> Iterator[tuple[str, str]]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from _modules(each, f"{path}/{each.name}")
        elif each.name.endswith(".py"):
            yield f"{path}/{each.name}", each.read_text("utf-8")
