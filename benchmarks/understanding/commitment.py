"""Adversarial answers to "shall I book it?": what must be heard as a yes, and what never may.

`python -m benchmarks.understanding.commitment [-v]` prints false and missed yeses for each language.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from benchmarks.understanding.score import HERE
from intents.commitment import CommitmentKind, CommitmentVerdict, commitment
from intents.dates.values import Language

FILES = (
    ("en", Language.EN),
    ("id", Language.ID),
    ("vi", Language.VI),
    ("vi_plain", Language.VI),
)
STEMS = (
    "commitment",
    "blind_commitment",
    "stranger_commitment",
    "fresh_commitment",
    "second_commitment",
    "third_commitment",
    "fourth_commitment",
)
_CHOICE = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class CommitmentScore:
    """How often a yes was missed, and each sentence that is none and was taken for one."""

    yeses: int
    others: int
    missed: tuple[str, ...]
    false: tuple[str, ...]

    @property
    def taken(self) -> float:
        """The share of plain yeses that were taken."""
        return 1 - len(self.missed) / self.yeses


def opened(line: str) -> Iterator[str]:
    """Every sentence of a line: `(yes|yep)( please|)` is four."""
    parts = _CHOICE.split(line)
    choices = [part.split("|") if number % 2 else [part] for number, part in enumerate(parts)]
    for chosen in product(*choices):
        yield re.sub(r"\s+", " ", "".join(chosen)).strip().replace(",?", "").replace(" ,", ",")


def sentences(name: str, stem: str = "commitment") -> list[tuple[str, str]]:
    """The class and text of every sentence in a file, each once."""
    found: dict[str, str] = {}
    head = ""
    for line in (HERE / f"{stem}_{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            head = line.strip("[]")
        elif line.strip() and not line.startswith("#"):
            found |= {text: head for text in opened(line.rstrip("\n")) if text}
    return [(head, text) for text, head in found.items()]


def scored(name: str, language: Language, stem: str = "commitment") -> CommitmentScore:
    """A file's sentences by the gate."""
    read = [
        (head == "yes", text, commitment(text, language, CommitmentKind.BOOK)) for head, text in sentences(name, stem)
    ]
    return CommitmentScore(
        yeses=sum(is_yes for is_yes, _, _ in read),
        others=sum(not is_yes for is_yes, _, _ in read),
        missed=tuple(text for is_yes, text, found in read if is_yes and found is not CommitmentVerdict.YES),
        false=tuple(text for is_yes, text, found in read if not is_yes and found is CommitmentVerdict.YES),
    )


def main(arguments: list[str]) -> None:
    """Print a line for each file, and with `-v` every miss."""
    for stem in STEMS:
        for name, language in FILES:
            found = scored(name, language, stem)
            false = f"false {len(found.false)} of {found.others}"
            print(f"{stem:18} {name:9} yes {found.yeses:4} taken {found.taken:6.1%}  {false}")
            if "-v" in arguments:
                print("   missed:", *found.missed, sep="\n      ")
                print("   FALSE:", *found.false, sep="\n      ")


if __name__ == "__main__":
    main(sys.argv[1:])
