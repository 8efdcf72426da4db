"""Mistakes of the business file as an owner can read them: line, path, what is wrong, how to fix it."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """Where something stands in the file; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class BusinessProblem:
    """One mistake."""

    mark: Mark
    path: str
    what: str
    fix: str
    source: str = ""
    """The file it is in, where that is not the business file itself."""

    def __str__(self) -> str:
        """One line without the file's name: `12: services[0].name: ...`."""
        return f"{self.mark.line}: {self.path}: {self.what}; {self.fix}"


@dataclass(frozen=True, slots=True)
class Problems:
    """Every mistake of one file at once, in the file's order."""

    source: str
    items: tuple[BusinessProblem, ...]

    def __str__(self) -> str:
        """One mistake a line, each beginning with file and line, as editors understand it."""
        return "\n".join(f"{item.source or self.source}:{item}" for item in self.items)


@dataclass(frozen=True, slots=True)
class SourceMarks:
    """Where each value and each key of the file stands."""

    values: Mapping[Path, Mark]
    keys: Mapping[Path, Mark]

    def of(self, path: Path) -> Mark:
        """The place of `path`, its key when it has one, else of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            found = self.keys.get(path[:length]) or self.values.get(path[:length])
            if found:
                return found
        return Mark(1, 1)

    def problem(self, path: Path, what: str, fix: str) -> BusinessProblem:
        """A mistake at `path`."""
        return BusinessProblem(self.of(path), path_text(path), what, fix)


def path_text(path: Path) -> str:
    """`services[3].name.en`; "(the file)" for the whole."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(parts).removeprefix(".") or "(the file)"


def nearest(word: str, known: tuple[str, ...], otherwise: str) -> str:
    """How to fix a word nobody knows: the likely one, else every known one."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"known are: {', '.join(known)}" if known else otherwise


def of_shape(error: ValidationError, marks: SourceMarks, schema: Mapping[str, Any]) -> tuple[BusinessProblem, ...]:
    """The mistakes of shape (missing, unknown, wrong type, out of range) that validation found."""
    return tuple(_told(detail, marks, schema) for detail in error.errors(include_url=False))


def _told(detail: ErrorDetails, marks: SourceMarks, schema: Mapping[str, Any]) -> BusinessProblem:
    path: Path = detail["loc"]
    context = detail.get("ctx", {})
    part = schema_at(schema, path)
    match detail["type"]:
        case "janji":
            return marks.problem(path, context["what"], context["fix"])
        case "missing":
            return marks.problem(path, "is missing", f"add `{path[-1]}: ...`{_about(part)}")
        case "unexpected_keyword_argument":
            if path in _MOVED:
                return marks.problem(path, "nobody knows this key any more", _MOVED[path])
            known = tuple(schema_at(schema, path[:-1]).get("properties", {}))
            return marks.problem(path, "nobody knows this key", nearest(str(path[-1]), known, "take it out"))
        case "enum":
            return marks.problem(path, f"`{detail['input']}` is not possible here", f"write {context['expected']}")
        case "string_pattern_mismatch":
            return marks.problem(path, f"`{detail['input']}` does not fit", f"write it{_about(part)}")
        case "dataclass_type" | "tuple_type":
            return marks.problem(path, "has the wrong shape", _SHAPES[detail["type"]] + _about(part))
        case _:
            message = detail["msg"]
            message = message.replace("Input should", "should").replace("String should", "should")
            return marks.problem(
                path,
                message.replace("a valid integer", "a whole number").replace("a valid string", "text (in quotes)"),
                f"correct the value{_about(part)}",
            )


_IN_TIMERS = "say it in `timers: [{id: %s, at: {before: start, hours: %s}}]`, which holds every reminder there is"
_MOVED: Mapping[Path, str] = {
    ("sop", "reminder", "day_before_hours"): _IN_TIMERS % ("day-before", 24),
    ("sop", "reminder", "hours_before"): _IN_TIMERS % ("hours-before", 2),
}
"""Keys of earlier versions, and where what they said is said now."""
_SHAPES = {
    "dataclass_type": "write `key: value` lines below it",
    "tuple_type": "write a list: one `- item` a line, or [a, b]",
}


def _about(part: Mapping[str, Any]) -> str:
    """What the published schema says of a value, for the end of a sentence."""
    says = [str(part["description"])] if "description" in part else []
    says += [f"one of {', '.join(map(str, part['enum']))}"] if "enum" in part else []
    says += [f'for example "{part["examples"][0]}"'] if "examples" in part else []
    return f" ({'; '.join(says)})" if says else ""


def schema_at(schema: Mapping[str, Any], path: Path, start: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    """The part of the JSON Schema that describes `path` (below `start`), as far as it can be followed."""
    part: Mapping[str, Any] = schema if start is None else start
    for step in path:
        part = _resolved(schema, part)
        part = part.get("items", {}) if isinstance(step, int) else part.get("properties", {}).get(step, {})
    return _resolved(schema, part)


def _resolved(schema: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    for _ in range(4):
        options = [option for option in part.get("anyOf", []) if option.get("type") != "null"]
        if options:
            part = {**{key: value for key, value in part.items() if key != "anyOf"}, **options[0]}
        if "$ref" in part:
            target = schema["$defs"][str(part["$ref"]).rsplit("/", 1)[-1]]
            part = {**target, **{key: value for key, value in part.items() if key != "$ref"}}
    return part
