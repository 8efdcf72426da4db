"""The acceptance pages tell the truth: every line names a test that exists and runs, or says openly what is missing."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs" / "acceptance").glob("*.md"))
TEST_ID = re.compile(r"`(tests/[\w/.]+\.py)(?:::(\w+))?`")
LINE = re.compile(r"^- ")


def lines_of(page: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(page.read_text("utf-8").splitlines(), 1):
        if LINE.match(line):
            yield number, line


@cache
def functions_of(path: Path) -> dict[str, ast.AST]:
    tree = ast.parse(path.read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name: node for node in ast.walk(tree) if isinstance(node, kinds)}


def is_set_aside(node: ast.AST) -> bool:
    """Whether a test is marked as skipped or expected to fail."""
    marks = [ast.unparse(one) for one in getattr(node, "decorator_list", [])]
    return any(".skip" in mark or ".xfail" in mark for mark in marks)


def test_there_are_acceptance_pages() -> None:
    assert PAGES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_line_names_a_test_or_says_what_is_open(page: Path) -> None:
    bare = [
        f"{page.name}:{number}" for number, line in lines_of(page) if not TEST_ID.search(line) and "open:" not in line
    ]
    assert not bare


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_named_test_exists_and_runs(page: Path) -> None:
    missing = []
    for number, line in lines_of(page):
        for file, name in TEST_ID.findall(line):
            path = ROOT / file
            if not path.exists():
                missing.append(f"{page.name}:{number} {file}")
            elif name and (name not in functions_of(path) or is_set_aside(functions_of(path)[name])):
                missing.append(f"{page.name}:{number} {file}::{name}")
    assert not missing
