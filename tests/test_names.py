"""One class name has one meaning in everything that is shipped."""

import ast
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "payments", "webhooks", "flows", "intents")


def classes(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """Where each class of these modules is defined, nested ones too."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for module, source in sources.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(module)
    return dict(found)


def test_a_name_that_is_used_twice_is_seen() -> None:
    twice = classes({"a": "class Reason: ...", "b": "def f():\n    class Reason: ...", "c": "class Other: ..."})
    assert {name: modules for name, modules in twice.items() if len(modules) > 1} == {"Reason": ["a", "b"]}


def test_no_class_name_has_two_meanings() -> None:
    sources = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    }
    assert len(sources) > 100
    twice = {name: modules for name, modules in classes(sources).items() if len(modules) > 1}
    assert twice == {}
