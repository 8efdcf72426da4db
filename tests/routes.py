"""Routes of applications that are made by the hundred.

For each of an application's 330 routes Werkzeug writes and compiles two functions that make its address, 200 ms for all
of them; nobody here asks for an address. Who does has it written then. And it takes each route apart, which is the same
every time.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from werkzeug.routing import Rule
from werkzeug.routing.rules import RulePart

Build = Callable[..., tuple[str, str]]
_WRITTEN: Final = Rule._compile_builder


def written_when_called(rule: Rule, append_unknown: bool = True) -> Build:
    """In place of `Rule._compile_builder`."""

    def build(self: Rule, **values: Any) -> tuple[str, str]:
        return _WRITTEN(rule, append_unknown)(self, **values)

    return build


_PARTED: Final = Rule._parse_rule
_KNOWN: Final[dict[Any, tuple[list[RulePart], list[tuple[bool, str]], dict[str, Any]]]] = {}


def parted_once(rule: Rule, text: str) -> Iterable[RulePart]:
    """In place of `Rule._parse_rule`: its parts, and what it notes in the rule on the way."""
    assert rule.map is not None, "Werkzeug binds it first"
    key = (text, frozenset(rule.map.converters.items()))
    if key not in _KNOWN:
        before = len(rule._trace)
        parts = list(_PARTED(rule, text))
        _KNOWN[key] = parts, rule._trace[before:], dict(rule._converters)
        return parts
    parts, trace, converters = _KNOWN[key]
    rule._trace.extend(trace)
    rule._converters.update(converters)
    rule.arguments.update(converters)
    return parts
