"""Word lists kept as data: `wordlists/*.txt`, with `[class]` heads and phrases parted by `|`."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from itertools import product

Lists = dict[str, tuple[str, ...]]


@cache
def read(name: str) -> Lists:
    """The phrases of each class in one file of the package, in the order of the file."""
    return parsed(resources.files("intents").joinpath("wordlists", f"{name}.txt").read_text("utf-8"))


def parsed(text: str) -> Lists:
    """The phrases of each class in a file's text; `#` begins a comment line.

    `{dat/giu} {giup/ho}` is each of its four phrases; an empty one of them (`{/em}`) leaves its word out.
    """
    found: dict[str, list[str]] = {}
    head = ""
    for line in (raw.strip() for raw in text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            head = line[1:-1]
        elif line and not line.startswith("#"):
            found.setdefault(head, []).extend(each for phrase in line.split("|") for each in _written_out(phrase))
    return {head: tuple(dict.fromkeys(phrases)) for head, phrases in found.items()}


def _written_out(phrase: str) -> list[str]:
    """Every phrase that one with choices in braces stands for."""
    parts = [part[1:-1].split("/") if part.startswith("{") else [part] for part in _CHOICE.split(phrase)]
    return [each for chosen in product(*parts) if (each := " ".join("".join(chosen).split()))]


_CHOICE = re.compile(r"(\{[^{}]*\})")


@cache
def pattern(name: str, head: str, *, before: str = r"\b", after: str = r"\b") -> re.Pattern[str]:
    """The lines under one head as a pattern of whole words, each line a regular expression of its own."""
    lines: list[str] = []
    inside = False
    for line in resources.files("intents").joinpath("wordlists", f"{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]") and line[1:-1].replace("_", "").isalpha():
            inside = line == f"[{head}]"
        elif inside and line and not line.startswith("#"):
            lines.append(line)
    if not lines:
        raise KeyError(f"{name}: no lines under [{head}]")
    return re.compile(f"{before}(?:{'|'.join(lines)}){after}", re.IGNORECASE)
