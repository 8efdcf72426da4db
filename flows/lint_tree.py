"""A Flow JSON as somebody may have written it, walked without trusting any of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from flows.problem import FlowProblem, shown

FlowJson = Mapping[str, Any]

DEEPEST: Final = 60
"""Levels of nesting; the deepest Flow that makes sense (three Ifs in a Form) has about twenty."""
BRANCHES: Final = ("then", "else")
NESTED: Final = frozenset({"children", "then", "else", "cases"})


def objects(value: object) -> list[tuple[int, FlowJson]]:
    """The objects in a list with their places; nothing for anything else."""
    return [(number, one) for number, one in enumerate(value) if isinstance(one, Mapping)] if is_list(value) else []


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether it is a JSON array."""
    return isinstance(value, list | tuple)


def mapping(value: object) -> FlowJson:
    """The object itself, an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def called(value: object) -> str:
    """What JSON calls this value, for messages."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case Mapping():
            return "an object"
        case _:
            return "a list"


@dataclass(frozen=True, slots=True)
class Placed:
    """A component and where it stands."""

    screen: str
    path: str
    body: FlowJson
    number: int
    ifs: int = 0
    """How many Ifs it stands in."""
    parents: tuple[str, ...] = ()
    """The kinds it stands in, outermost first."""

    @property
    def kind(self) -> str:
        """Its type, empty when it names none."""
        kind = self.body.get("type")
        return kind if isinstance(kind, str) else ""

    @property
    def name(self) -> str:
        """Its name, empty when it has none."""
        name = self.body.get("name")
        return name if isinstance(name, str) else ""

    @property
    def where(self) -> str:
        """As a person would call it."""
        return f"{shown(self.kind) or '?'} {shown(self.name) or self.number}"

    def problem(self, text: str, fix: str = "", at: str = "", *, is_warning: bool = False) -> FlowProblem:
        """A problem of this component, or of a property of it."""
        path = f"{self.path}.{at}" if at else self.path
        return FlowProblem(self.screen, self.where, text, fix, path, is_warning)


def placed(screen: str, path: str, children: object) -> Iterator[Placed]:
    """Every component under these children, each before what stands in it."""
    todo = [Placed(screen, f"{path}[{number}]", body, number) for number, body in reversed(objects(children))]
    while todo:
        here = todo.pop()
        yield here
        todo.extend(reversed(list(inside(here))))


def inside(here: Placed) -> Iterator[Placed]:
    """The components that stand in this one."""
    ifs = here.ifs + (here.kind == "If")
    for path, children in branches(here.body):
        for number, body in objects(children):
            below = f"{here.path}.{path}[{number}]"
            yield Placed(here.screen, below, body, number, ifs, (*here.parents, here.kind))


def branches(body: FlowJson) -> Iterator[tuple[str, object]]:
    """The lists of components a component has, by where they stand."""
    for name in ("children", *BRANCHES):
        if name in body:
            yield name, body[name]
    for case, children in mapping(body.get("cases")).items():
        yield f"cases.{case}", children


def most_at_once(children: object, kind: str) -> int:
    """How many of a kind can be seen at once: of an If one branch, of a Switch one case."""
    count = 0
    for _, body in objects(children):
        own = body.get("type")
        if own == "If":
            count += max(most_at_once(body.get(name), kind) for name in BRANCHES)
        elif own == "Switch":
            count += max((most_at_once(case, kind) for case in mapping(body.get("cases")).values()), default=0)
        else:
            count += (own == kind) + most_at_once(body.get("children"), kind)
    return count


def strings(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value with its place, without recursion: a file nests as deep as it likes."""
    todo = [(path, value)]
    while todo:
        here, one = todo.pop()
        if isinstance(one, str):
            yield here, one
        else:
            todo.extend(reversed(list(_below(here, one))))


def texts_and_keys(value: object) -> Iterator[tuple[str, str, int]]:
    """Every text and every key with its place and its depth."""
    todo = [("", value, 0)]
    while todo:
        path, one, depth = todo.pop()
        yield path, one if isinstance(one, str) else "", depth
        if isinstance(one, Mapping):
            yield from ((path, str(key), depth) for key in one)
        todo.extend((below, inner, depth + 1) for below, inner in _below(path, one))


def _below(path: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield f"{path}.{key}" if path else str(key), inner
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield f"{path}[{number}]", inner
