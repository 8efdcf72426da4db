"""Which keys of the business file anything reads: found in the product's own source, as attribute reads.

A key belongs to a table (`RatingRules.days`). A module reads it where it reads an attribute of that name and knows the
table: by its class, or by the key or the method that it is reached by (`sop.rating`). What only checks a key does not
read it: a setting without effect is a defect, however well it was checked.
"""

import ast
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from typing import Any, Final, get_args, get_type_hints

from bot.business.definition import Business, Definition
from bot.business.words import LocalizedText

ONLY_CHECK: Final = (
    *("bot/business/checks.py", "bot/business/attention_checks.py", "bot/business/money_checks.py"),
    *("bot/business/policy_checks.py", "bot/business/rule_checks.py", "bot/business/service_checks.py"),
    *("bot/business/task_checks.py", "bot/business/timer_checks.py", "bot/business/word_checks.py"),
    "bot/business/file.py",
)
"""Modules that look at the whole file to find its mistakes."""
AS_IT_IS_WRITTEN: Final = frozenset({("Definition", "price_book")})
"""Keys that are read out of the text before there are any tables: a price book becomes `prices`."""
_EVERYWHERE: Final = frozenset({"Definition", "Business", "business", "file"})


@dataclass(frozen=True, slots=True)
class SourceReads:
    """What a module reads and knows."""

    attributes: frozenset[str]
    """Attributes that are read of anything but `self`."""
    own: frozenset[tuple[str, str]]
    """Class and attribute, read of `self` inside that class."""
    names: frozenset[str]
    """Every name that stands in its code."""


@dataclass(frozen=True, slots=True)
class FileKey:
    """A key of the business file: the class of its table, and its name in it."""

    table: str
    name: str
    reached_by: frozenset[str]
    """The names under which code reaches the table."""

    def __str__(self) -> str:
        """`RatingRules.days`."""
        return f"{self.table}.{self.name}"

    def is_read_in(self, text: str) -> bool:
        """Whether the module of that text reads it."""
        # taking a text apart takes fifty times as long as looking whether the words are there
        is_named = f".{self.name}" in text or f"{self.name}=" in text
        if not is_named or not any(name in text for name in self.reached_by):
            return False
        source = reads_of(text)
        if (self.table, self.name) in source.own:
            return True
        return self.name in source.attributes and not self.reached_by.isdisjoint(source.names)


@lru_cache(maxsize=1024)
def reads_of(text: str) -> SourceReads:
    """What the source of a module reads and knows."""
    attributes: set[str] = set()
    own: set[tuple[str, str]] = set()
    names: set[str] = set()

    def visit(node: ast.AST, inside: str) -> None:
        if isinstance(node, ast.ClassDef):
            inside = node.name
        elif isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.MatchClass):
            attributes.update(node.kwd_attrs)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
            is_own = isinstance(node.value, ast.Name) and node.value.id == "self"
            if isinstance(node.ctx, ast.Load):
                own.update([(inside, node.attr)] if is_own else ())
                attributes.update(() if is_own else [node.attr])
        for child in ast.iter_child_nodes(node):
            visit(child, inside)

    visit(ast.parse(text), "")
    return SourceReads(frozenset(attributes), frozenset(own), frozenset(names))


def file_keys() -> tuple[FileKey, ...]:
    """Every key of the business file, table by table."""
    reached: dict[Any, set[str]] = {Definition: set(_EVERYWHERE)}
    waiting: list[Any] = [Definition]
    while waiting:
        table = waiting.pop()
        for name, hint in get_type_hints(table).items():
            for held in _tables_in(hint):
                if held not in reached:
                    reached[held] = {held.__name__}
                    waiting.append(held)
                reached[held].add(name)
    for name, member in inspect.getmembers(Business):
        function = member.fget if isinstance(member, property) else member
        if inspect.isfunction(function):
            for held in _tables_in(get_type_hints(function).get("return")):
                reached.get(held, set()).add(name)
    # A text is read by saying it, in whatever language.
    reached.pop(LocalizedText)
    return tuple(
        FileKey(table.__name__, field.name, frozenset(by)) for table, by in reached.items() for field in fields(table)
    )


def unread(sources: Mapping[str, str]) -> tuple[FileKey, ...]:
    """The keys that no module of these reads; the text of each by its path from the root."""
    reading = [text for path, text in sorted(sources.items(), key=lambda one: len(one[1])) if path not in ONLY_CHECK]
    return tuple(
        key
        for key in file_keys()
        if (key.table, key.name) not in AS_IT_IS_WRITTEN and not any(key.is_read_in(text) for text in reading)
    )


def _tables_in(hint: Any) -> Iterator[Any]:
    if inspect.isclass(hint) and is_dataclass(hint):
        yield hint
    for part in get_args(hint):
        yield from _tables_in(part)
