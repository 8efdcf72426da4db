"""A badly formed file made readable with stand-ins, so that its other mistakes are told in the same breath."""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from bot.business.problems import Path, schema_at
from bot.business.source import Plain


def readable(plain: Plain, broken: Iterable[tuple[Path, str]], schema: Mapping[str, Any]) -> Plain:
    """A copy in which every broken path holds something of the right shape, and unknown keys are gone."""
    whole = copy.deepcopy(plain)
    for path, kind in broken:
        holder = _holder(whole, path)
        key = path[-1] if path else None
        if isinstance(holder, list) and isinstance(key, int) and key < len(holder):
            holder[key] = stand_in(schema, schema_at(schema, path))
        elif isinstance(holder, dict) and isinstance(key, str):
            if kind == "unexpected_keyword_argument":
                holder.pop(key, None)
            else:
                holder[key] = stand_in(schema, schema_at(schema, path))
    return whole


def is_touched(path: Path, broken: Iterable[tuple[Path, str]]) -> bool:
    """Whether a mistake at `path` may only be the stand-in's."""
    return any(path[: len(at)] == at or at[: len(path)] == path for at, _ in broken)


def _holder(whole: Plain, path: Path) -> Plain:
    found = whole
    for step in path[:-1]:
        if isinstance(found, dict) and isinstance(step, str):
            found = found.get(step)
        elif isinstance(found, list) and isinstance(step, int) and step < len(found):
            found = found[step]
        else:
            return None
    return found


def stand_in(schema: Mapping[str, Any], part: Mapping[str, Any]) -> Any:
    """The least value the schema allows there."""
    if "default" in part:
        return copy.deepcopy(part["default"])
    for key in ("enum", "examples"):
        if key in part:
            return part[key][0]
    match part.get("type"):
        case "object":
            fields = part.get("required", ())
            return {name: stand_in(schema, schema_at(schema, (name,), part)) for name in fields}
        case "array":
            item = schema_at(schema, (0,), part)
            return [stand_in(schema, item) for _ in range(part.get("minItems", 0))]
        case "integer" | "number":
            return part.get("minimum", 1)
        case _:
            return "?" * max(part.get("minLength", 1), 1)
