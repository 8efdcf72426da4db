"""Seed phrases: reading `seeds/*.txt` and opening their templates into example messages.

A file holds `[intent]` heads and one phrase a line. `(a|b|)` is a choice, `{day}` a filler from the head `[=day]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from intents.understanding import Intent, Language

_HEAD = re.compile(r"\[(=?)([a-z_]+)\]")
_SLOT = re.compile(r"\{([a-z_]+)\}")
_CHOICE = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Seeds:
    """The phrases of one language."""

    language: Language
    phrases: tuple[tuple[Intent, str], ...]
    fillers: dict[str, tuple[str, ...]]


def read(language: Language, text: str) -> Seeds:
    """The seeds in one file's text."""
    phrases: list[tuple[Intent, str]] = []
    fillers: dict[str, list[str]] = {}
    filler, head = "", ""
    for line in (raw.strip() for raw in text.splitlines()):
        match = _HEAD.fullmatch(line)
        if match:
            filler, head = match[1], match[2]
        elif line and not line.startswith("#"):
            parts = line.split(" ; ") if filler or "{" not in line else [line]
            for part in parts:
                if filler:
                    fillers.setdefault(head, []).append(part.strip())
                else:
                    phrases.append((Intent(head), part.strip()))
    return Seeds(language, tuple(phrases), {name: tuple(words) for name, words in fillers.items()})


def opened(seeds: Seeds, random: Random, most: int) -> Iterator[tuple[Intent, str]]:
    """Example messages: each plain phrase once, each template up to `most` times."""
    for intent, phrase in seeds.phrases:
        is_template = "{" in phrase or "(" in phrase
        made = {_filled(phrase, seeds, random) for _ in range(most if is_template else 1)}
        for message in sorted(made):
            yield intent, message


def _filled(phrase: str, seeds: Seeds, random: Random) -> str:
    while True:
        changed = _CHOICE.sub(lambda match: random.choice(match[1].split("|")), phrase)
        changed = _SLOT.sub(lambda match: random.choice(seeds.fillers[match[1]]), changed)
        if changed == phrase:
            return " ".join(phrase.split())
        phrase = changed
