"""Reading a call's JSON field by field, refusing as Meta refuses."""

from typing import Any

from simulator.whatsapp.errors import Refusal

Json = dict[str, Any]


def missing(path: str) -> Refusal:
    """131008: a required parameter is not there."""
    return Refusal(131008, f"Required parameter is missing: {path}")


def wrong(path: str, why: str) -> Refusal:
    """131009: a parameter has a value that cannot be."""
    return Refusal(131009, f"{path}: {why}")


def section(body: Json, key: str, path: str) -> Json:
    """The object under `key`, required."""
    value = body.get(key)
    if value is None:
        raise missing(path)
    if not isinstance(value, dict):
        raise wrong(path, "must be an object")
    return value


def optional_section(body: Json, key: str, path: str) -> Json | None:
    """The object under `key`, or nothing."""
    return None if body.get(key) is None else section(body, key, path)


def rows(body: Json, key: str, path: str) -> list[Json]:
    """The array of objects under `key`, required and not empty."""
    value = body.get(key)
    if value is None:
        raise missing(path)
    if not isinstance(value, list) or not value or not all(isinstance(row, dict) for row in value):
        raise wrong(path, "must be a non-empty array of objects")
    return value


def text(body: Json, key: str, path: str, longest: int) -> str:
    """The text under `key`, required, not blank, at most `longest` characters."""
    value = body.get(key)
    if value is None:
        raise missing(path)
    if not isinstance(value, str) or not value.strip():
        raise wrong(path, "must be a non-empty string")
    if len(value) > longest:
        raise wrong(path, f"length invalid. Min length: 1, Max length: {longest}")
    return value


def optional_text(body: Json, key: str, path: str, longest: int) -> str:
    """The text under `key`, or an empty one."""
    return "" if body.get(key) is None else text(body, key, path, longest)


def number(body: Json, key: str, path: str, least: float, most: float) -> float:
    """The number under `key` (a string of digits will do), within bounds."""
    value = body.get(key)
    if value is None:
        raise missing(path)
    try:
        found = float(value)
    except (TypeError, ValueError):
        raise wrong(path, "must be a number") from None
    if not least <= found <= most:
        raise wrong(path, f"must be between {least} and {most}")
    return found
