"""YAML text to plain values, with the place of every key and value and without YAML's surprises.

Plain words follow YAML 1.2: `no`, `on` and `10:30` are words, only `true`, `false`, `null`, whole numbers and
decimals are anything else, and a number that begins with 0 stays the text it looks like.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from bot.business.problems import BusinessProblem, Mark, Path, SourceMarks

Plain = str | int | bool | Decimal | None | list["Plain"] | dict[str, "Plain"]

DEEPEST = 20
MOST_VALUES = 100_000
_BOTTOM = 10 * DEEPEST
"""Levels that are still built, to say where it is too deep; building goes by recursion, which further down ends the
process."""
_TOO_DEEP = ("is too deep or too large", "write it out without `*` references")
_WHOLE = re.compile(r"^[-+]?(?:0|[1-9][0-9_]*)$")
_DECIMAL = re.compile(r"^[-+]?[0-9]+\.[0-9]+$")
# libyaml's where this PyYAML was built with it: a third of a second less for each process that starts
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Source:
    """What a text says, where it says it, and what is wrong with its YAML."""

    plain: Plain
    marks: SourceMarks
    problems: tuple[BusinessProblem, ...]


@dataclass(slots=True)
class _Reader:
    values: dict[Path, Mark] = field(default_factory=dict)
    keys: dict[Path, Mark] = field(default_factory=dict)
    problems: list[BusinessProblem] = field(default_factory=list)

    @property
    def marks(self) -> SourceMarks:
        return SourceMarks(self.values, self.keys)

    def read(self, node: yaml.Node, path: Path) -> Plain:
        self.values[path] = _mark(node.start_mark)
        if len(path) > DEEPEST or len(self.values) > MOST_VALUES:
            if len(self.problems) < 20:
                self.problems.append(self.marks.problem(path, *_TOO_DEEP))
            return None
        if isinstance(node, yaml.MappingNode):
            table: dict[str, Plain] = {}
            for key, value in node.value:
                name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
                here = (*path, name)
                if name in table:
                    self.problems.append(
                        BusinessProblem(
                            _mark(key.start_mark),
                            SourceMarks({}, {}).problem(here, "", "").path,
                            "stands twice",
                            "take one out",
                        )
                    )
                    continue
                self.keys[here] = _mark(key.start_mark)
                table[name] = self.read(value, here)
            return table
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        return _scalar(str(node.value)) if isinstance(node, yaml.ScalarNode) and not node.style else str(node.value)


def read(text: str) -> Source:
    """Everything `text` says; text that is no YAML yields the one problem that stops the reading."""
    reader = _Reader()
    try:
        _stop_at_bottomless(text)
        node = yaml.compose(text, Loader=_LOADER)
        plain = reader.read(node, ()) if node else None
    except _Bottomless as error:
        return Source(None, reader.marks, (BusinessProblem(error.mark, "(the file)", *_TOO_DEEP),))
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        where = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        what = getattr(error, "problem", None) or "this character cannot stand in YAML"
        fix = "check indentation, colons and quotes on this line and the one before"
        mark = _mark(where) if where else Mark(1, 1)
        return Source(None, reader.marks, (BusinessProblem(mark, "(the file)", f"is not readable YAML: {what}", fix),))
    return Source(plain, reader.marks, tuple(reader.problems))


class _Bottomless(Exception):
    """More levels than can be built; `mark` is where they begin."""

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark


def _stop_at_bottomless(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _BOTTOM:
            raise _Bottomless(Mark(1, 1) if event.start_mark is None else _mark(event.start_mark))


def _mark(mark: Any) -> Mark:
    return Mark(mark.line + 1, mark.column + 1)


def _scalar(text: str) -> Plain:
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.match(text):
        return int(text.replace("_", ""))
    return Decimal(text) if _DECIMAL.match(text) else text
