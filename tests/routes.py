"""Routes of applications that are made by the hundred.

For each of an application's 330 routes Werkzeug writes and compiles two functions that make its address, 200 ms for all
of them; nobody here asks for an address. Who does has it written then.
"""

from collections.abc import Callable
from typing import Any, Final

from werkzeug.routing import Rule

Build = Callable[..., tuple[str, str]]
_WRITTEN: Final = Rule._compile_builder


def written_when_called(rule: Rule, append_unknown: bool = True) -> Build:
    """In place of `Rule._compile_builder`."""

    def build(self: Rule, **values: Any) -> tuple[str, str]:
        return _WRITTEN(rule, append_unknown)(self, **values)

    return build
