"""Reads any Flow JSON and says what Meta or the phone would refuse, before either does.

Readable problems with screen and component; the rules are those of reference: whatsapp 2.2 to 2.4.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flows import limits
from flows.lint_routing import routing_problems
from flows.problem import FlowProblem

FlowJson = Mapping[str, Any]
_SCREEN_ID: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")
_NAMED: Final = frozenset(limits.OPTION_COUNT) | {"TextInput", "TextArea", "CalendarPicker", "DatePicker", "OptIn"}


@dataclass(frozen=True, slots=True)
class _Placed:
    """A component and where it stands."""

    screen: str
    where: str
    body: FlowJson
    ifs: int
    """How many Ifs it stands in."""

    @property
    def kind(self) -> str:
        """Its type."""
        return str(self.body.get("type", ""))

    def problem(self, text: str) -> FlowProblem:
        """A problem of this component."""
        return FlowProblem(self.screen, self.where, text)


def lint(flow: FlowJson) -> tuple[FlowProblem, ...]:
    """Every problem of a Flow JSON; an empty tuple when there is none."""
    return tuple(_problems(flow))


def _problems(flow: FlowJson) -> Iterator[FlowProblem]:
    screens = flow.get("screens")
    if len(json.dumps(flow, ensure_ascii=False).encode()) > limits.FLOW_JSON_BYTES:
        yield FlowProblem("", "the file", f"is larger than {limits.FLOW_JSON_BYTES} bytes")
    if not isinstance(flow.get("version"), str):
        yield FlowProblem("", "version", "is missing")
    if not isinstance(screens, list) or not screens:
        yield FlowProblem("", "screens", "is missing or empty")
        return
    if "data_api_version" in flow or "routing_model" in flow:
        yield from routing_problems(flow)
    ids = [str(screen.get("id", "")) for screen in screens]
    for screen_id in sorted({one for one in ids if ids.count(one) > 1}):
        yield FlowProblem(screen_id, "id", "is used twice")
    for screen in screens:
        yield from _screen_problems(screen)


def _screen_problems(screen: FlowJson) -> Iterator[FlowProblem]:
    screen_id = str(screen.get("id", ""))
    if not screen_id or not set(screen_id) <= _SCREEN_ID:
        yield FlowProblem(screen_id, "id", "must be letters and underscores")
    if screen_id == "SUCCESS":
        yield FlowProblem(screen_id, "id", "is reserved")
    if not str(screen.get("title", "")).strip():
        yield FlowProblem(screen_id, "title", "is missing")
    data = screen.get("data", {})
    for name, schema in data.items():
        yield from _field_problems(screen_id, name, schema)
    placed = list(_placed(screen_id, screen.get("layout", {}).get("children", [])))
    yield from _count_problems(screen_id, bool(screen.get("terminal")), placed)
    names = [str(one.body["name"]) for one in placed if "name" in one.body and one.kind != "Form"]
    for name in sorted({one for one in names if names.count(one) > 1}):
        yield FlowProblem(screen_id, name, "is the name of two components")
    for component in placed:
        if component.kind == "If" and component.ifs == limits.IF_DEPTH:
            yield component.problem(f"stands in {limits.IF_DEPTH} others; Ifs nest to {limits.IF_DEPTH}")
        yield from _component_problems(component, data, frozenset(names))


def _field_problems(screen_id: str, name: str, schema: FlowJson) -> Iterator[FlowProblem]:
    where = f"data.{name}"
    if "type" not in schema:
        yield FlowProblem(screen_id, where, "has no type")
    if "__example__" not in schema:
        yield FlowProblem(screen_id, where, "has no __example__")
    elif _has_null(schema["__example__"]):
        yield FlowProblem(screen_id, where, "has a null in its __example__")
    if schema.get("type") == "array" and "items" not in schema:
        yield FlowProblem(screen_id, where, "is an array without items")


def _has_null(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_has_null(inner) for inner in value.values())
    if isinstance(value, list | tuple):
        return any(_has_null(inner) for inner in value)
    return value is None


def _placed(screen_id: str, children: list[FlowJson], ifs: int = 0) -> Iterator[_Placed]:
    for number, child in enumerate(children):
        kind = str(child.get("type", "?"))
        where = f"{kind} {child.get('name', number)}"
        yield _Placed(screen_id, where, child, ifs)
        inner = [*child.get("children", []), *child.get("then", []), *child.get("else", [])]
        for case in child.get("cases", {}).values():
            inner.extend(case)
        yield from _placed(screen_id, inner, ifs + (kind == "If"))


def _count_problems(screen_id: str, is_terminal: bool, placed: list[_Placed]) -> Iterator[FlowProblem]:
    kinds = [component.kind for component in placed]
    if len(kinds) > limits.COMPONENTS_PER_SCREEN:
        yield FlowProblem(screen_id, "layout", f"has {len(kinds)} components, {limits.COMPONENTS_PER_SCREEN} fit")
    if is_terminal and "Footer" not in kinds:
        yield FlowProblem(screen_id, "layout", "is terminal and has no Footer")
    branches = 2 if "If" in kinds else 1  # a Footer stands in both branches of an If
    for kind, most in limits.PER_SCREEN.items():
        allowed = most * (branches if kind == "Footer" else 1)
        if "Switch" not in kinds and kinds.count(kind) > allowed:
            yield FlowProblem(screen_id, kind, f"stands {kinds.count(kind)} times, {allowed} fit")
    for component in placed:
        action = component.body.get("on-click-action", {})
        name = action.get("name") if isinstance(action, Mapping) else None
        if name == "complete" and not is_terminal:
            yield component.problem("completes, but the screen is not terminal")
        if name == "navigate" and is_terminal and component.kind == "Footer":
            yield component.problem("navigates from a terminal screen's Footer")


def _component_problems(component: _Placed, data: FlowJson, names: frozenset[str]) -> Iterator[FlowProblem]:
    if component.kind in _NAMED and not component.body.get("name"):
        yield component.problem("has no name")
    for name, limit in limits.TEXT.get(component.kind, {}).items():
        text = component.body.get(name)
        if isinstance(text, str) and not _is_bound(text):
            yield from _text_problems(component, name, text, limit)
    if component.kind in limits.OPTION_COUNT:
        yield from _option_problems(component)
    for value in _strings({k: v for k, v in component.body.items() if k not in {"children", "then", "else", "cases"}}):
        yield from _binding_problems(component, value, data, names)


def _text_problems(component: _Placed, name: str, text: str, limit: int) -> Iterator[FlowProblem]:
    if not text.strip():
        yield component.problem(f"{name} is blank")
    if len(text) > limit:
        yield component.problem(f"{name} has {len(text)} characters, {limit} fit")


def _option_problems(component: _Placed) -> Iterator[FlowProblem]:
    source = component.body.get("data-source")
    if source is None:
        yield component.problem("has no data-source")
    if not isinstance(source, list):
        return
    fewest, most = limits.OPTION_COUNT[component.kind]
    if not fewest <= len(source) <= most:
        yield component.problem(f"has {len(source)} options, {fewest} to {most} fit")
    for option in source:
        for name, limit in limits.OPTION_TEXT.items():
            text = option.get(name, "")
            if isinstance(text, str) and len(text) > limit:
                yield component.problem(f"option {name} has {len(text)} characters, {limit} fit")


def _binding_problems(component: _Placed, value: str, data: FlowJson, names: frozenset[str]) -> Iterator[FlowProblem]:
    if not _is_bound(value):
        return
    scope, _, name = value[2:-1].partition(".")
    first = name.split(".")[0]
    if scope == "data" and first not in data:
        yield component.problem(f"reads data.{first}, which the screen does not declare")
    if scope == "form" and first not in names:
        yield component.problem(f"reads form.{first}, which no component is named")


def _is_bound(text: str) -> bool:
    return text.startswith("${") and text.endswith("}") and text.count("${") == 1


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)
