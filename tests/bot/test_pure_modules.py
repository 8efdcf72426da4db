"""Pure modules do no IO: told from their text, so that a file name says whether it does any."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot

ROOT = Path(bot.__file__).parents[1]
SHELL = frozenset(
    [
        *("app", "cli", "clock", "client", "store", "engine", "relay", "cashier", "worker", "wiring", "settings"),
        *("publish", "embedded"),
    ]
)
FORBIDDEN = frozenset(
    [
        *("motor", "pymongo", "httpx", "quart", "asyncio", "time", "random", "secrets", "os", "socket"),
        *("subprocess", "threading"),
    ]
)
SEEDED_RANDOM = frozenset({"intents/phrases.py", "intents/train.py", "intents/train_head.py"})
"""Made at build time from a fixed seed: the same words and the same model each time."""
PURE = sorted(
    path
    for package in ("bot", "intents", "flows", "payments")
    for path in (ROOT / package).rglob("*.py")
    if not {*path.relative_to(ROOT).parts[:-1], path.stem} & SHELL
)


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def promised(tree: ast.AST) -> set[ast.AST]:
    """The methods of protocols: a promise about a shell module, no IO of its own."""
    protocols = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any("Protocol" in ast.unparse(base) for base in node.bases)
    )
    return {method for protocol in protocols for method in protocol.body}


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_pure_module_reaches_for_nothing_outside(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    allowed = {"random"} if path.relative_to(ROOT).as_posix() in SEEDED_RANDOM else set()
    assert [name for name in imported(tree) if name.split(".")[0] in FORBIDDEN - allowed] == []
    waits = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    excused = promised(tree)
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, waits) and node not in excused] == []
