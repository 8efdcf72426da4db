"""Values as JSON with the names of their types, and back from a closed list of types: a file can name nothing else."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

Json = dict[str, Any]
Value = TypeVar("Value")
Types = Mapping[str, Any]


class NoWorldFile(ValueError):
    """This file is no world of this version."""


def known_types(*made: type[Any]) -> Types:
    """The types a file may name."""
    return {one.__name__: one for one in made}


def written(value: Any) -> Any:
    """A value as JSON takes it."""
    if isinstance(value, StrEnum):
        return {"$": type(value).__name__, "value": value.value}
    if is_dataclass(value) and not isinstance(value, type):
        return {"$": type(value).__name__, **{name: written(part) for name, part in parts_of(value).items()}}
    if isinstance(value, datetime):
        return {"$": "at", "value": value.isoformat()}
    if isinstance(value, timedelta):
        return {"$": "span", "value": value.total_seconds()}
    if isinstance(value, bytes):
        return {"$": "bytes", "value": base64.b64encode(value).decode()}
    if isinstance(value, tuple):
        return {"$": "tuple", "value": [written(item) for item in value]}
    if isinstance(value, list):
        return [written(item) for item in value]
    if isinstance(value, dict):
        return {"$": "dict", "value": [[name, written(item)] for name, item in value.items()]}
    return value


def parts_of(one: Any) -> Json:
    """The fields of a value by their names."""
    return {part.name: getattr(one, part.name) for part in fields(one)}


def read(value: Any, types: Types) -> Any:
    """The value that was written; TypeError, KeyError or ValueError where that is none."""
    if isinstance(value, list):
        return [read(item, types) for item in value]
    if not isinstance(value, dict):
        return value
    name, inner = value["$"], value.get("value")
    match name:
        case "at":
            return datetime.fromisoformat(str(inner))
        case "span":
            return timedelta(seconds=float(str(inner)))
        case "bytes":
            return base64.b64decode(str(inner))
        case "tuple":
            return tuple(read(inner, types))
        case "dict":
            return {str(key): read(item, types) for key, item in inner or []}
        case _:
            pass
    made = types[str(name)]
    if issubclass(made, StrEnum):
        return made(inner)
    return made(**{key: read(item, types) for key, item in value.items() if key != "$"})


def read_list(found: Json, name: str, wanted: type[Value], types: Types) -> list[Value]:
    """The list of that name, every item of that type."""
    items = read(found[name], types)
    if not isinstance(items, list) or not all(isinstance(item, wanted) for item in items):
        raise TypeError(f"{name} are not all {wanted.__name__}")
    return items


def by_id(items: Iterable[Any]) -> dict[str, Any]:
    """The items under their own ids, in their order."""
    return {item.id: item for item in items}
