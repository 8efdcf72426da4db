"""The rules of a screen: its own properties, its data, and what stands on it together.

reference: whatsapp 2.2, 2.4.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from flows import components, limits
from flows.components import Version
from flows.lint_actions import FlowAction, action_problems, actions_of
from flows.lint_bindings import Names, binding_problems
from flows.lint_components import component_problems, unknown_properties
from flows.lint_routing import Step
from flows.lint_tree import BRANCHES, FlowJson, Placed, called, is_list, mapping, most_at_once, objects, placed
from flows.problem import FlowProblem, shown

_SCREEN_ID: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")
_PICKERS: Final = ("PhotoPicker", "DocumentPicker")
_JSON_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "object": (Mapping,),
    "array": (list, tuple),
}


@dataclass(frozen=True, slots=True)
class Read:
    """A screen as far as it can be read."""

    id: str
    path: str
    body: FlowJson
    children: object
    parts: tuple[Placed, ...]
    all_actions: tuple[FlowAction, ...]

    @property
    def is_terminal(self) -> bool:
        """Whether the Flow may end here."""
        return self.body.get("terminal") is True

    @property
    def data(self) -> FlowJson:
        """What it is given to show."""
        return mapping(self.body.get("data"))

    @property
    def actions(self) -> tuple[tuple[Placed, FlowJson], ...]:
        """What its components do."""
        return tuple((one.component, one.body) for one in self.all_actions)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Where its components go."""
        return tuple(
            Step(self.id, one.target, one.component, one.path) for one in self.all_actions if one.target is not None
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its inputs, as often as they are given."""
        return tuple(one.name for one in self.parts if one.name and one.kind != "Form")


def read_screen(number: int, body: FlowJson) -> Read:
    """What can be read of a screen."""
    path = f"screens[{number}]"
    name = body.get("id")
    name = name if isinstance(name, str) else ""
    children = mapping(body.get("layout")).get("children")
    parts = tuple(placed(shown(name) or path, f"{path}.layout.children", children))
    return Read(name, path, body, children, parts, tuple(one for part in parts for one in actions_of(part)))


@dataclass(frozen=True, slots=True)
class Others:
    """What a screen may refer to, of itself and of the others."""

    names: Names
    data: Mapping[str, FlowJson]

    @classmethod
    def of(cls, screens: Iterable[Read]) -> "Others":
        """Of these screens; of two with one id the first."""
        by_id = {one.id: one for one in reversed(list(screens))}
        names = Names(
            data={name: frozenset(map(str, one.data)) for name, one in by_id.items()},
            form={name: frozenset(one.names) for name, one in by_id.items()},
        )
        return cls(names, {name: one.data for name, one in by_id.items()})


def screen_problems(screen: Read, version: Version, others: Others) -> Iterator[FlowProblem]:
    """Everything wrong with one screen."""
    yield from _own_problems(screen, version)
    for name, schema in screen.data.items():
        yield from _field_problems(screen, str(name), schema)
    yield from _count_problems(screen)
    yield from _together_problems(screen, version)
    for name in sorted(one for one, count in Counter(screen.names).items() if count > 1):
        yield _of(screen, shown(name), "is the name of two components", "give each a name of its own")
    for part in screen.parts:
        yield from component_problems(part, version)
        yield from binding_problems(part, screen.id, others.names, version)
    pickers = frozenset(one.name for one in screen.parts if one.kind in _PICKERS)
    for action in screen.all_actions:
        yield from action_problems(action, version, others.data, pickers, is_terminal=screen.is_terminal)


def _of(screen: Read, where: str, text: str, fix: str = "", at: str = "", *, is_warning: bool = False) -> FlowProblem:
    path = f"{screen.path}.{at}" if at else screen.path
    return FlowProblem(shown(screen.id) or screen.path, where, text, fix, path, is_warning)


def _own_problems(screen: Read, version: Version) -> Iterator[FlowProblem]:
    body, name = screen.body, shown(screen.id) or screen.path
    yield from unknown_properties(body, components.SCREEN, name, "screen", screen.path)
    if not screen.id or not set(screen.id) <= _SCREEN_ID:
        yield _of(screen, "id", "must be letters and underscores", "write it like BOOKING_DETAILS", "id")
    if screen.id == "SUCCESS":
        yield _of(screen, "id", "is reserved", "choose another: SUCCESS ends a Flow", "id")
    title = body.get("title")
    if title is None or (isinstance(title, str) and not title.strip()):
        yield _of(screen, "title", "is missing", "the bar above the screen stays empty", "title", is_warning=True)
    elif not isinstance(title, str):
        yield _of(screen, "title", f"is {called(title)}, not text", at="title")
    for flag in ("terminal", "success", "refresh_on_back"):
        if flag in body and not isinstance(body[flag], bool):
            yield _of(screen, flag, f"is {called(body[flag])}, not true or false", at=flag)
    if "data" in body and not isinstance(body["data"], Mapping):
        fix = 'write {"field": {"type": "string", "__example__": "…"}}'
        yield _of(screen, "data", f"is {called(body['data'])}, not an object", fix, "data")
    yield from _sensitive_problems(screen, version)
    layout = body.get("layout")
    if not isinstance(layout, Mapping):
        said = "is missing" if layout is None else f"is {called(layout)}, not an object"
        yield _of(screen, "layout", said, 'write {"type": "SingleColumnLayout", "children": []}', "layout")
        return
    yield from unknown_properties(layout, components.LAYOUT, name, "layout", f"{screen.path}.layout")
    if layout.get("type") != "SingleColumnLayout":
        yield _of(screen, "layout", "has an unknown type", 'write "type": "SingleColumnLayout"', "layout.type")
    if not is_list(screen.children) or not screen.children:
        yield _of(screen, "layout", "has no components", "children is a list of components", "layout.children")


def _sensitive_problems(screen: Read, version: Version) -> Iterator[FlowProblem]:
    hidden = screen.body.get("sensitive")
    if hidden is None:
        return
    if version < (5, 1):
        yield _of(screen, "sensitive", "needs Flow JSON 5.1", "raise the version or take it out", "sensitive")
    if not is_list(hidden) or not all(isinstance(one, str) for one in hidden):
        yield _of(screen, "sensitive", "is no list of names", 'write ["card_number"]', "sensitive")
        return
    for name in hidden:
        if name not in screen.names:
            yield _of(screen, "sensitive", f"names {shown(name)}, which no component is called", at="sensitive")


def _field_problems(screen: Read, name: str, schema: object) -> Iterator[FlowProblem]:
    where, at = f"data.{shown(name)}", f"data.{shown(name)}"
    if not isinstance(schema, Mapping):
        fix = 'write {"type": "string", "__example__": "…"}'
        yield _of(screen, where, f"is {called(schema)}, not an object with a type", fix, at)
        return
    kind = schema.get("type")
    if kind is None:
        yield _of(screen, where, "has no type", f"one of {', '.join(sorted(components.DATA_TYPES))}", at)
    elif not isinstance(kind, str) or kind not in components.DATA_TYPES:
        yield _of(
            screen,
            where,
            f"has an unknown type {shown(kind)}",
            f"one of {', '.join(sorted(components.DATA_TYPES))}",
            at,
        )
    if "__example__" not in schema:
        yield _of(screen, where, "has no __example__", "add one: Meta demands it", at)
    elif _has_null(schema["__example__"]):
        yield _of(screen, where, "has a null in its __example__", "leave the key out, or write an empty text", at)
    elif isinstance(kind, str) and kind in _JSON_TYPES:
        example = schema["__example__"]
        # In Python True is an int, in JSON it is no number.
        is_flag = isinstance(example, bool) and kind != "boolean"
        if is_flag or not isinstance(example, _JSON_TYPES[kind]):
            said = f"is {kind}, and its __example__ is {called(example)}"
            yield _of(screen, where, said, "make them agree", at, is_warning=True)
    if kind == "array" and not isinstance(schema.get("items"), Mapping):
        yield _of(screen, where, "is an array without items", 'add "items": {"type": "…"}', at)


def _has_null(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_has_null(inner) for inner in value.values())
    if is_list(value):
        return any(_has_null(inner) for inner in value)
    return value is None


def _count_problems(screen: Read) -> Iterator[FlowProblem]:
    if len(screen.parts) > limits.COMPONENTS_PER_SCREEN:
        said = f"has {len(screen.parts)} components, {limits.COMPONENTS_PER_SCREEN} fit"
        yield _of(screen, "layout", said, "spread them over more screens", "layout.children")
    for kind, most in limits.PER_SCREEN.items():
        # Of an If or a Switch one branch is seen at once, and the limit is for what is seen.
        count = most_at_once(screen.children, kind)
        if count > most:
            yield _of(screen, kind, f"stands {count} times, {most} fit", at="layout.children")
    if screen.is_terminal and not most_at_once(screen.children, "Footer"):
        fix = "a Flow ends with the button of its Footer"
        yield _of(screen, "layout", "is terminal and has no Footer", fix, "layout.children")
    if all(most_at_once(screen.children, one) for one in _PICKERS):
        yield _of(screen, "PhotoPicker", "stands beside a DocumentPicker", "one of them fits", "layout.children")
    for part in screen.parts:
        if part.kind == "If" and part.ifs == limits.IF_DEPTH:
            yield part.problem(f"stands in {limits.IF_DEPTH} others; Ifs nest to {limits.IF_DEPTH}")
        if part.kind == "If":
            yield from _footer_problems(part)


def _footer_problems(part: Placed) -> Iterator[FlowProblem]:
    """A Footer in an If stands in both of its branches, and not in an If inside."""
    counts = [most_at_once(part.body.get(name), "Footer") for name in BRANCHES]
    if any(counts) and not all(counts):
        missing = BRANCHES[counts.index(0)]
        yield part.problem(f"has a Footer in one branch and none in {missing}", "give both branches a Footer", missing)
    if any(counts) and part.ifs:
        yield part.problem("has a Footer and stands in another If", "put the Footer into the outermost If")


def _together_problems(screen: Read, version: Version) -> Iterator[FlowProblem]:
    others = [one for one in screen.parts if one.kind not in {"NavigationList", "Form"}]
    for part in screen.parts:
        if part.kind == "NavigationList":
            if screen.is_terminal:
                yield part.problem("stands on a terminal screen", "let it lead to one")
            if others:
                said = f"stands beside {others[0].where}"
                yield part.problem(said, "a NavigationList has its screen to itself, beside one other list")
        if part.kind == "RichText":
            around = [one for one in screen.parts if one.kind not in {"RichText", "Form", "Footer", "If", "Switch"}]
            if version < (6, 3) and len(screen.parts) > 1:
                # Meta's pages differ: one says that it stands alone until 6.2, a newer one says nothing of it
                fix = "raise the version to 6.3 for a Footer, or use TextBody"
                yield part.problem("does not stand alone", fix, is_warning=True)
            elif around:
                said = f"stands beside {around[0].where}"
                yield part.problem(said, "text beside other components is a TextBody", is_warning=True)
    yield from _form_problems(screen, version)


def _form_problems(screen: Read, version: Version) -> Iterator[FlowProblem]:
    for part in screen.parts:
        kind = components.KINDS.get(part.kind)
        if kind is None or not kind.is_input:
            continue
        if version < (4, 0) and "Form" not in part.parents:
            yield part.problem("stands outside a Form", "put it into one, or raise the version to 4.0")
        if "Form" in part.parents:
            for name in ("init-value", "error-message"):
                if name in part.body and part.kind not in _PICKERS:
                    fix = f"use {name}s of the Form"
                    yield part.problem(f"has {name} inside a Form", fix, name, is_warning=True)
    for form in screen.parts:
        if form.kind == "Form":
            yield from _value_problems(form, screen)


def _value_problems(form: Placed, screen: Read) -> Iterator[FlowProblem]:
    for where in ("init-values", "error-messages"):
        said_of = mapping(form.body.get(where))
        inside = {one.name: one for one in screen.parts if said_of and one.path.startswith(f"{form.path}.")}
        for name in said_of:
            owner = inside.get(str(name))
            if owner is None:
                said = f"{where} names {shown(name)}, which no component in it is called"
                yield form.problem(said, at=where, is_warning=True)
            elif where == "init-values" and owner.kind in _PICKERS:
                yield form.problem(f"init-values has a value for {owner.where}", "take it out", where)
    if not objects(form.body.get("children")):
        yield form.problem("has no components", "children is a list of components", "children")
