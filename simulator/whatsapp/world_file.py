"""The whole WhatsApp world as one JSON document, and back: people, chats, files, Flows, templates, the moved clock.

Values are written with the names of their types and read back from a closed list of them: a file can name nothing
else. Xendit's side is written for reading only (its plans are deeds, not values) and is not brought back.
"""

import base64
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from simulator.whatsapp import flow_shelf, media, templates, values
from simulator.whatsapp.world import Thread, World

Json = dict[str, Any]

KIND = "offline phone world"
VERSION = 1

_TYPES: dict[str, Any] = {
    made.__name__: made
    for made in (
        values.Bubble,
        values.ButtonUse,
        values.Choice,
        values.Content,
        values.Customer,
        values.FlowOffer,
        values.Media,
        values.Place,
        values.Said,
        values.TemplateUse,
        templates.Template,
        templates.TemplateButton,
        flow_shelf.Flow,
        media.File,
        Thread,
        values.ChoiceKind,
        values.Kind,
        values.Tick,
        flow_shelf.FlowStatus,
    )
}


class NoWorldFile(ValueError):
    """This file is no world of this version."""


def saved(world: World) -> Json:
    """The world as JSON."""
    return {
        "kind": KIND,
        "version": VERSION,
        "ahead": world.clock.offset.total_seconds(),
        "public_key": world.public_key,
        "last_bubble": world.last_bubble,
        "threads": _written(list(world.threads.values())),
        "flows": _written(list(world.flows.flows.values())),
        "templates": _written(list(world.templates.values())),
        "files": _written(list(world.media.files())),
    }


async def restore(world: World, found: Json) -> None:
    """The world becomes the file's; raises `NoWorldFile` and changes nothing where it cannot be read."""
    if found.get("kind") != KIND or found.get("version") != VERSION:
        raise NoWorldFile(NoWorldFile.__doc__)
    try:
        threads, flows = _of(found, "threads", Thread), _of(found, "flows", flow_shelf.Flow)
        known, files = _of(found, "templates", templates.Template), _of(found, "files", media.File)
        ahead, last = timedelta(seconds=float(found["ahead"])), int(found["last_bubble"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise NoWorldFile(f"{NoWorldFile.__doc__} {type(error).__name__}: {error}") from error
    await world.reset()
    world.clock.move(ahead)
    world.public_key, world.last_bubble = str(found.get("public_key", "")), last
    _shift(world, threads)
    for thread in threads:
        world.adopt(thread)
    for flow in flows:
        world.flows.put(flow)
    for template in known:
        world.add_template(template)
    for file in files:
        world.media.put(file)
    world.events.add("reset", {})


def _of(found: Json, name: str, wanted: type[Any]) -> list[Any]:
    read = _read(found[name])
    if not isinstance(read, list) or not all(isinstance(item, wanted) for item in read):
        raise TypeError(f"{name} are not all {wanted.__name__}")
    return read


def _shift(world: World, threads: list[Thread]) -> None:
    """Another process counts its monotonic seconds from elsewhere: what is old stays before what is new."""
    newest = max((one.monotonic for thread in threads for one in _everything(thread)), default=0.0)
    by = world.clock.monotonic() - newest
    for thread in threads:
        thread.bubbles[:] = [_moved(bubble, by) for bubble in thread.bubbles]
        thread.said[:] = [_moved(said, by) for said in thread.said]


def _everything(thread: Thread) -> list[values.Bubble | values.Said]:
    return [*thread.bubbles, *thread.said]


def _moved(one: Any, by: float) -> Any:
    return type(one)(**{**_parts(one), "monotonic": one.monotonic + by})


def _parts(one: Any) -> Json:
    return {part.name: getattr(one, part.name) for part in fields(one)}


def _written(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return {"$": type(value).__name__, "value": value.value}
    if is_dataclass(value) and not isinstance(value, type):
        return {"$": type(value).__name__, **{name: _written(part) for name, part in _parts(value).items()}}
    if isinstance(value, datetime):
        return {"$": "at", "value": value.isoformat()}
    if isinstance(value, bytes):
        return {"$": "bytes", "value": base64.b64encode(value).decode()}
    if isinstance(value, tuple):
        return {"$": "tuple", "value": [_written(item) for item in value]}
    if isinstance(value, list):
        return [_written(item) for item in value]
    if isinstance(value, dict):
        return {"$": "dict", "value": [[name, _written(item)] for name, item in value.items()]}
    return value


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return [_read(item) for item in value]
    if not isinstance(value, dict):
        return value
    name, inner = value["$"], value.get("value")
    match name:
        case "at":
            return datetime.fromisoformat(str(inner))
        case "bytes":
            return base64.b64decode(str(inner))
        case "tuple":
            return tuple(_read(inner))
        case "dict":
            return {str(key): _read(item) for key, item in inner or []}
    made = _TYPES[str(name)]
    if issubclass(made, StrEnum):
        return made(inner)
    return made(**{key: _read(item) for key, item in value.items() if key != "$"})
