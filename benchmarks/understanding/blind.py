"""Whole sentences with the values they name, at several moments and in several zones.

`python -m benchmarks.understanding.blind [-v]` prints how each set is read today, and with `-v` every miss.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from benchmarks.understanding.score import HERE, NOW, WAYS, DateScore, shown
from intents.dates.values import Language
from intents.understand import understand
from intents.understanding import ExpectedAnswer

NOTHING = "-"
STEMS = (
    "blind_dates",
    "fresh_dates",
    "third_dates",
    "fourth_dates",
    "fifth_dates",
    "sixth_dates",
    "seventh_dates",
    "eighth_dates",
    "ninth_dates",
    "tenth_dates",
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, when it was typed, and every answer that is right (`2026-03-16 + 2026-03-18` is two values)."""

    text: str
    now: datetime
    right: tuple[str, ...]


def sentences(language: Language, stem: str) -> Iterator[Sentence]:
    """The sentences of a file: `[moment zone]` or `[nothing]` heads, then `sentence = answer | answer` lines."""
    now = NOW
    for line in (HERE / f"{stem}_{language}.txt").read_text("utf-8").splitlines():
        if line.startswith("[20"):
            moment, zone = line.strip("[]").split()
            now = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
        elif " = " in line:
            text, answers = line.rsplit(" = ", 1)
            yield Sentence(text, now, tuple(answers.split(" | ")))


def score_sentences(language: Language, stem: str, change: Callable[[str], str] = str) -> DateScore:
    """Dates of a set's sentences, each typed through `change`: every value and nothing beside them."""
    misses, right, near, total = [], 0, 0, 0
    for sentence in sentences(language, stem):
        total += 1
        typed = change(sentence.text)
        found, offered = _answers(typed, sentence.now, language)
        right += found in sentence.right
        near += found in sentence.right or offered in sentence.right
        if found not in sentence.right:
            misses.append((typed, " | ".join(sentence.right), found))
    return DateScore(total, right / total, near / total, tuple(misses))


def _answers(text: str, now: datetime, language: Language) -> tuple[str, str]:
    dates = understand(text, ExpectedAnswer.NOTHING, now.date(), now, language).entities.dates
    found = " + ".join(shown(value) for value in dates) or NOTHING
    offered = [shown(other) for value in dates[:1] for other in value.alternatives]
    return found, offered[0] if len(dates) == 1 and offered else found


def main(arguments: list[str]) -> None:
    """Print a line for each set and way of typing, and with `-v` what was missed."""
    for stem in STEMS:
        for name, language, change in WAYS:
            found = score_sentences(language, stem, change)
            print(f"{stem:12} {name:30} {found.phrases:4} {found.exact:6.1%}")
            for text, wanted, got in found.misses if "-v" in arguments else ():
                print(f"    {text} | {wanted} | {got}")


if __name__ == "__main__":
    main(sys.argv[1:])
