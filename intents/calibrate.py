"""`python -m intents.calibrate`: makes `calibration.txt` from seed lines, each judged by a model that has not seen it.

Needs numpy, as training does (extra `nlu`); some minutes of one core.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import resources
from itertools import pairwise
from pathlib import Path

from intents import model, phrases, train
from intents.calibration import FILE, WAYS
from intents.dates.tokens import fold
from intents.model import CLASSES
from intents.understanding import Intent, Language

_FOLDS = 5
_OPENED = 5
_BINS = 12
_RIGHT = 0.96
"""One in a hundred more than is promised: messages are farther from the seeds than the seeds from each other."""
_HEAD = """# Made by `python -m intents.calibrate`: way, the worth from which `sure` is said, then chance:worth.
"""
Judged = tuple[str, float, bool]
"""The way it was typed, the chance of the best guess, whether that was right."""


def judged() -> Iterator[Judged]:
    """Every seed line, judged by weights of the other folds."""
    lines = [(seeds, intent, phrase) for seeds in train.seeds_of() for intent, phrase in seeds.phrases]
    random = train.randomness(5)
    order = list(range(len(lines)))
    random.shuffle(order)
    places = [_opened(intent, phrase, seeds) for seeds, intent, phrase in lines]
    for fold_number in range(_FOLDS):
        held = set(order[fold_number::_FOLDS])
        seen = [example for number, examples in enumerate(places) if number not in held for example in examples]
        weights = model.unpacked(model.packed(train.fit(seen), 1.0))
        for number in held:
            seeds, intent, phrase = lines[number]
            text = next(iter(phrases.opened(replace(seeds, phrases=((intent, phrase),)), train.randomness(phrase), 1)))[
                1
            ]
            for way, typed in _typed(text, seeds.language):
                chances = model.probabilities(train.seen(typed, seeds.language), weights)
                chances = model.leaning(chances, seeds.language)
                best = max(chances, key=chances.__getitem__)
                yield way, chances[best], best is intent


def _typed(text: str, language: Language) -> list[tuple[str, str]]:
    return [("vi", text), ("vi_plain", fold(text))] if language is Language.VI else [(language.value, text)]


def _opened(intent: Intent, phrase: str, seeds: phrases.Seeds) -> list[train.Example]:
    one = replace(seeds, phrases=((intent, phrase),))
    made: list[train.Example] = []
    for _, text in phrases.opened(one, train.randomness(phrase), _OPENED):
        for _, typed in _typed(text, seeds.language):
            made.append((train.seen(typed, seeds.language), CLASSES.index(intent)))
    return made


def curve_line(way: str, found: Sequence[tuple[float, bool]]) -> str:
    """A line of the file: bins of equal size pooled until they rise, and the worth from which 95 of 100 are right."""
    ordered = sorted(found)
    size = max(1, len(ordered) // _BINS)
    pools: list[tuple[float, float, int]] = []
    for start in range(0, len(ordered), size):
        part = ordered[start : start + size]
        pools.append((sum(c for c, _ in part) / len(part), sum(r for _, r in part) / len(part), len(part)))
        while len(pools) > 1 and pools[-1][1] <= pools[-2][1]:
            (c1, w1, n1), (c2, w2, n2) = pools[-2], pools[-1]
            pools[-2:] = [((c1 * n1 + c2 * n2) / (n1 + n2), (w1 * n1 + w2 * n2) / (n1 + n2), n1 + n2)]
    right = total = 0
    act_chance = 1.0
    for chance, is_right in reversed(ordered):
        total, right = total + 1, right + is_right
        if right / total >= _RIGHT:
            act_chance = chance
    points = [(0.0, 0.0), *((c, w) for c, w, _ in pools), (1.0, max(pools[-1][1], 0.99))]
    act_worth = points[-1][1]
    for (c1, w1), (c2, w2) in pairwise(points):
        if c1 <= act_chance <= c2:
            # Two points may share a chance: no line runs between them.
            act_worth = w1 + (act_chance - c1) / (c2 - c1) * (w2 - w1) if c2 > c1 else w2
            break
    shown = " ".join(f"{c:.4f}:{w:.4f}" for c, w in points)
    return f"{way} {act_worth:.4f} {shown}\n"


def main() -> None:
    """Judge every line, write the file and say how often `sure` is said."""
    found: dict[str, list[tuple[float, bool]]] = {way: [] for way in WAYS}
    for way, chance, is_right in judged():
        found[way].append((chance, is_right))
    text = _HEAD + "".join(curve_line(way, found[way]) for way in WAYS)
    (Path(str(resources.files("intents"))) / FILE).write_text(text, "utf-8")
    for way in WAYS:
        right = sum(is_right for _, is_right in found[way]) / len(found[way])
        sys.stdout.write(f"{way}: {len(found[way])} lines, {right:.1%} right\n")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
