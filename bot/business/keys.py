"""Every key of the business file as tables for people, made from its schema: which are needed, what the others default
to. The page docs/business-file.md holds what this says."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

Schema = Mapping[str, Any]

_REFERENCE: Final = "#/$defs/"


def as_markdown(schema: Schema) -> str:
    """A table for the file itself and one for each table inside it, in the order they are met."""
    parts = [_table("The file", schema, schema)]
    parts += [_table(_heading(name, places), found, schema) for name, places, found in _inside(schema)]
    return "\n\n".join(parts) + "\n"


def _heading(name: str, places: list[str]) -> str:
    return f"{name} ({', '.join(f'`{place}`' for place in places)})"


def _inside(schema: Schema) -> Iterator[tuple[str, list[str], Schema]]:
    """Every table that keys of the file may hold, once, with all the places it stands at."""
    places: dict[str, list[str]] = {}
    waiting: list[tuple[str, Schema]] = [("", schema)]
    while waiting:
        place, found = waiting.pop(0)
        for key, known in found.get("properties", {}).items():
            for name, is_list in _references(known):
                at = f"{place}{key}{'[]' if is_list else ''}"
                is_new = name not in places
                places.setdefault(name, []).append(at)
                if is_new:
                    waiting.append((f"{at}.", schema["$defs"][name]))
    for name, known_at in places.items():
        if schema["$defs"][name].get("properties"):
            yield name, known_at, schema["$defs"][name]


def _references(known: Schema) -> Iterator[tuple[str, bool]]:
    if "$ref" in known:
        yield known["$ref"].removeprefix(_REFERENCE), False
    for choice in known.get("anyOf", ()):
        yield from _references(choice)
    held = known.get("items") or known.get("additionalProperties")
    if isinstance(held, Mapping):
        yield from ((name, True) for name, _ in _references(held))


def _table(heading: str, found: Schema, schema: Schema) -> str:
    needed = found.get("required", ())
    rows = [
        f"| `{key}` | {_default(key in needed, known, schema)} | {_kind(known, schema)} | {_words(known)} |"
        for key, known in found["properties"].items()
    ]
    words = f"\n\n{found['description']}" if found.get("description") and "$defs" not in found else ""
    return "\n".join([f"### {heading}{words}", "", "| key | default | value | |", "|---|---|---|---|", *rows])


def _default(is_needed: bool, known: Schema, schema: Schema) -> str:
    if is_needed:
        return "**needed**"
    table = schema["$defs"].get(known.get("$ref", "").removeprefix(_REFERENCE), {})
    if table.get("properties") and not table.get("required"):
        return "its own"
    given = known.get("default")
    return "none" if given in (None, [], {}, "", ()) else f"`{json.dumps(given, ensure_ascii=False)}`"


def _kind(known: Schema, schema: Schema) -> str:
    if "$ref" in known:
        name = known["$ref"].removeprefix(_REFERENCE)
        found = schema["$defs"][name]
        return f"table {name}" if found.get("properties") else _kind(found, schema)
    if "enum" in known:
        return ", ".join(f"`{value}`" for value in known["enum"])
    if "const" in known:
        return f"`{known['const']}`"
    if "anyOf" in known:
        choices = dict.fromkeys(_kind(choice, schema) for choice in known["anyOf"] if choice.get("type") != "null")
        return " or ".join(choices)
    if known.get("type") == "array":
        held = known.get("items") or {}
        return f"list of {_kind(held, schema)}" if held else "list"
    if known.get("type") == "object":
        held = known.get("additionalProperties")
        return f"table of {_kind(held, schema)}" if isinstance(held, Mapping) and held else "table"
    kind = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}.get(
        str(known.get("type")), "value"
    )
    least = known.get("minimum", known.get("exclusiveMinimum"))
    most = known.get("maximum")
    if least is not None and most is not None:
        return f"{kind}, {least} to {most}"
    if least is not None:
        return f"{kind}, {least} or more"
    longest = known.get("maxLength")
    return kind if longest is None else f"{kind}, at most {longest} characters"


def _words(known: Schema) -> str:
    return str(known.get("description", "")).replace("|", "\\|").replace("\n", " ")
