"""Reads the product's source and counts: function lengths, private functions called once, comments, private words."""

import ast
import io
import re
import statistics
import tokenize
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "flows", "intents", "payments", "webhooks")
PRIVATE_WORDS = ("shall", "anew", "beside", "mend")
"""Archaisms of the first stage: a reader from the trade does not use them."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One line a measure; ratios in percent with one decimal."""

    files: int
    lines: int
    longest_module: tuple[str, int]
    functions: int
    function_median: float
    function_p90: float
    function_longest: tuple[str, int]
    private_called_once: float
    """By their call alone: what stands in a table of handlers, in a decorator's register, or is given as a value needs
    its name and is not counted."""
    comment_lines: float
    noted_lines: float
    """Lines of notes under a constant, a field or a value of an enumeration: the why at the line, as tools read it."""
    archaisms: int
    repeated_class_names: tuple[str, ...]
    type_ignores: int
    word_calls_in_code: int
    """Sentences in three languages that stand in code instead of a catalogue."""


def sources() -> Iterator[Path]:
    """Every module of the product, in a fixed order."""
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def measured() -> Figures:
    """The figures of the tree as it stands on disk."""
    lengths: list[tuple[int, str]] = []
    private: Counter[str] = Counter()
    used: Counter[str] = Counter()
    called: Counter[str] = Counter()
    classes: Counter[str] = Counter()
    modules: list[tuple[int, str]] = []
    code = comments = notes = archaisms = ignores = words = 0
    for path in sources():
        text = path.read_text("utf-8")
        name = path.relative_to(ROOT).as_posix()
        tree = ast.parse(text)
        modules.append((text.count("\n"), name))
        code += sum(1 for line in text.splitlines() if line.strip())
        comments += _comment_lines(text)
        notes += sum(_note_lines(node) for node in ast.walk(tree))
        archaisms += sum(len(re.findall(rf"\b{word}\b", text)) for word in PRIVATE_WORDS)
        ignores += text.count("type: ignore")
        words += sum(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "t"
            and len(node.args) == 3
            for node in ast.walk(tree)
        )
        callees = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                lengths.append((length, f"{name}:{node.name}"))
                if node.name.startswith("_") and not node.name.startswith("__"):
                    private[f"{name}:{node.name}"] += 1
            elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                classes[node.name] += 1
            elif isinstance(node, ast.Name) and node.id.startswith("_"):
                used[f"{name}:{node.id}"] += 1
                called[f"{name}:{node.id}"] += id(node) in callees
            elif isinstance(node, ast.Attribute) and node.attr.startswith("_"):
                used[f"{name}:{node.attr}"] += 1
                called[f"{name}:{node.attr}"] += id(node) in callees
    once = sum(used[function] == called[function] == 1 for function in private)
    sizes = sorted(length for length, _ in lengths)
    longest, where = max(lengths)
    return Figures(
        files=len(modules),
        lines=sum(size for size, _ in modules),
        longest_module=(max(modules)[1], max(modules)[0]),
        functions=len(lengths),
        function_median=statistics.median(sizes),
        function_p90=sizes[int(len(sizes) * 0.9)],
        function_longest=(where, longest),
        private_called_once=_percent(once, len(lengths)),
        comment_lines=_percent(comments, code),
        noted_lines=_percent(notes, code),
        archaisms=archaisms,
        repeated_class_names=tuple(sorted(name for name, count in classes.items() if count > 1)),
        type_ignores=ignores,
        word_calls_in_code=words,
    )


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _note_lines(node: ast.AST) -> int:
    """Lines of the plain strings that stand right under an assignment in this body."""
    body = getattr(node, "body", None)
    pairs = pairwise(body) if isinstance(body, list) else ()
    return sum(
        (note.end_lineno or note.lineno) - note.lineno + 1
        for named, note in pairs
        if isinstance(named, ast.Assign | ast.AnnAssign)
        and isinstance(note, ast.Expr)
        and isinstance(note.value, ast.Constant)
        and isinstance(note.value.value, str)
    )


def _comment_lines(text: str) -> int:
    """Lines that carry a comment of a person: not `noqa`, not `type: ignore`, not a ruler."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    marks = ("# noqa", "# type:", "# pragma")
    return sum(
        token.type == tokenize.COMMENT
        and not token.string.startswith(marks)
        and not re.fullmatch(r"# .*-{5,}", token.string)
        for token in tokens
    )
