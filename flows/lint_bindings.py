"""The rules of references: `${data.x}`, `${form.x}`, `${screen.ID.data.x}`, alone or in backticks (reference:
whatsapp 2.2)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from flows.components import Version
from flows.lint_tree import NESTED, Placed, strings
from flows.problem import FlowProblem, shown

_REFERENCE: Final = re.compile(r"\$\{([^{}]*)\}")
_ANYWHERE: Final = frozenset({"condition", "value"})
"""Properties that hold an expression without backticks."""


@dataclass(frozen=True, slots=True)
class Names:
    """What can be referred to, by screen."""

    data: Mapping[str, frozenset[str]]
    form: Mapping[str, frozenset[str]]


def binding_problems(part: Placed, screen: str, names: Names, version: Version) -> Iterator[FlowProblem]:
    """Every reference of a component that leads nowhere."""
    own = {key: value for key, value in part.body.items() if key not in NESTED}
    for place, text in strings(own):
        found = _REFERENCE.findall(text)
        is_expression = text.startswith("`") and text.endswith("`") and len(text) > 1
        if is_expression and version < (6, 0):
            yield part.problem("has an expression in backticks, which needs Flow JSON 6.0", "raise the version", place)
        elif found and not is_expression and text != f"${{{found[0]}}}" and place.split(".")[0] not in _ANYWHERE:
            said = f"mixes words and a reference in {shown(text)}"
            fix = "write it in backticks: `'Hello ' ${form.name}`"
            yield part.problem(said, fix, place, is_warning=True)
        for reference in found:
            yield from _reference_problems(part, place, reference, screen, names, version)


def _reference_problems(
    part: Placed, place: str, reference: str, screen: str, names: Names, version: Version
) -> Iterator[FlowProblem]:
    steps = reference.strip().split(".")
    if steps[0] == "screen":
        if version < (4, 0):
            yield part.problem("refers to another screen, which needs Flow JSON 4.0", "raise the version", place)
        if len(steps) < 4 or steps[2] not in {"data", "form"}:
            yield part.problem(f"has a reference nobody can read: {shown(reference)}", "${screen.ID.form.name}", place)
            return
        screen, scope, name = steps[1], steps[2], steps[3]
        if screen not in names.data:
            yield part.problem(f"refers to screen {shown(screen)}, which does not exist", "name a screen", place)
            return
        whose = f"{shown(screen)}.{scope}"
    elif steps[0] in {"data", "form"} and len(steps) > 1:
        scope, name, whose = steps[0], steps[1], steps[0]
    else:
        yield part.problem(f"has a reference nobody can read: {shown(reference)}", "${data.x} or ${form.x}", place)
        return
    known = (names.data if scope == "data" else names.form).get(screen, frozenset())
    if name not in known:
        if scope == "data":
            yield part.problem(
                f"reads {whose}.{shown(name)}, which the screen does not declare", "declare it in data", place
            )
        else:
            fix = "give an input of the screen that name"
            yield part.problem(f"reads {whose}.{shown(name)}, which no component is named", fix, place)
