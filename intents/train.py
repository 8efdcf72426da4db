"""`python -m intents.train`: makes the classifier's weights from the seeds; the same seeds make the same file."""

from __future__ import annotations

import sys
from datetime import datetime
from importlib import resources
from math import exp
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from intents import model, phrases
from intents.dates.values import DateKind
from intents.features import BUCKETS, features
from intents.model import CLASSES
from intents.reading import facts_of
from intents.understanding import Intent, Language

Example = tuple[tuple[int, ...], int]
_NOW = datetime(2026, 3, 16, 10, tzinfo=ZoneInfo("Asia/Jakarta"))
_OPENED = 14
_ROUNDS = 7
_RATE = 0.5
_TEMPERATURE = 1.0
_PREFIXES = {
    Language.EN: ("hi, ", "hello ", "hey ", "please ", "ok so ", "um ", "sorry, ", "hi there, "),
    Language.ID: ("kak ", "halo kak, ", "min ", "permisi ", "maaf ", "mas ", "eh ", "siang kak "),
    Language.VI: ("shop ơi ", "ad ơi ", "em ơi ", "chào shop, ", "dạ ", "bạn ơi ", "cho mình hỏi ", "à "),
}
_SUFFIXES = {
    Language.EN: (" please", " thanks", " pls", "?", "!", " for me", " ok"),
    Language.ID: (" ya", " ya kak", " dong", " min", "?", " nih", " deh", " kak"),
    Language.VI: (" nhé", " ạ", " nha", " shop", "?", " với", " nhe", " em nhé"),
}
_GREETS_ALONE = frozenset({Intent.GREETING, Intent.THANKS, Intent.GOODBYE, Intent.REPEAT, Intent.OPT_IN})


def _typo(text: str, random: Random) -> str:
    if len(text) < 6:
        return text
    at = random.randrange(1, len(text) - 2)
    match random.randrange(3):
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        case _:
            return text[:at] + text[at] + text[at:]


def _varied(intent: Intent, text: str, language: Language, random: Random) -> str:
    roll = random.random()
    if roll < 0.12:
        return _typo(text, random)
    if roll < 0.24 and intent not in _GREETS_ALONE:
        return random.choice(_PREFIXES[language]) + text
    if roll < 0.36 and intent not in _GREETS_ALONE:
        return text + random.choice(_SUFFIXES[language])
    return text


def examples(folder: Path | None = None) -> list[tuple[Language, Intent, str]]:
    """Every example message the seeds open into, some with a slip of the finger or a polite word."""
    random = Random(7)
    found: list[tuple[Language, Intent, str]] = []
    for language in Language:
        root = folder or Path(str(resources.files("intents"))) / "seeds"
        read = phrases.read(language, (root / f"{language}.txt").read_text("utf-8"))
        for intent, text in phrases.opened(read, random, _OPENED):
            found.append((language, intent, text))
            found.append((language, intent, _varied(intent, text, language, random)))
    return found


def _seen(text: str, language: Language) -> tuple[int, ...]:
    read = facts_of(text, language, _NOW.date(), _NOW)
    kinds = {value.kind for value in read.dates}
    return tuple(
        features(
            text,
            has_day=bool(kinds - {DateKind.TIME}),
            has_time=bool(kinds & {DateKind.TIME, DateKind.DATETIME}),
            has_money=bool(read.money),
        )
    )


def fit(data: list[Example]) -> list[list[float] | None]:
    """Weights by stochastic gradient, a rate per feature (AdaGrad); classes weigh by the root of their size."""
    random = Random(11)
    width = len(CLASSES)
    sizes = [0] * width
    for _, target in data:
        sizes[target] += 1
    mean = len(data) / width
    weigh = [min(3.0, (mean / size) ** 0.5) if size else 0.0 for size in sizes]
    rows: list[list[float] | None] = [None] * BUCKETS
    squares = [1e-3] * BUCKETS
    for _ in range(_ROUNDS):
        random.shuffle(data)
        for places, target in data:
            kept = [place for place in places if random.random() > 0.15] or list(places)
            _step(rows, squares, kept, target, weigh[target])
    return rows


def _step(rows: list[list[float] | None], squares: list[float], places: list[int], target: int, weight: float) -> None:
    width = len(CLASSES)
    root = len(places) ** 0.5
    known = [row for place in places if (row := rows[place]) is not None]
    sums = [sum(column) / root for column in zip(*known, strict=True)] if known else [0.0] * width
    top = max(sums)
    raised = [exp(value - top) for value in sums]
    total = sum(raised)
    slopes = [value / total * weight / root for value in raised]
    slopes[target] -= weight / root
    steepness = sum(slope * slope for slope in slopes)
    if steepness < 1e-6:
        return
    for place in places:
        squares[place] += steepness
        rate = _RATE / squares[place] ** 0.5
        row = rows[place]
        if row is None:
            rows[place] = [-rate * slope for slope in slopes]
        else:
            rows[place] = [value - rate * slope for value, slope in zip(row, slopes, strict=True)]


def main() -> None:
    """Train on the seeds and write `intents/weights.bin`."""
    data = [(_seen(text, language), CLASSES.index(intent)) for language, intent, text in examples()]
    rows = fit(data)
    made = model.packed(rows, _TEMPERATURE)
    target = Path(str(resources.files("intents"))) / model.WEIGHTS
    target.write_bytes(made)
    weights = model.unpacked(made)
    right = sum(
        max(chances := model.probabilities(places, weights), key=chances.__getitem__) is CLASSES[target_class]
        for places, target_class in data[:4000]
    )
    sys.stdout.write(f"{len(data)} examples, {len(made)} bytes, {right / min(len(data), 4000):.1%} on its own seeds\n")


if __name__ == "__main__":
    main()
