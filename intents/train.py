"""`python -m intents.train`: makes the classifier's weights from the seeds; the same seeds make the same file.

The arithmetic of training is numpy's, which comes with the extra `nlu`; reading messages needs neither.
"""

from __future__ import annotations

import sys
from datetime import datetime
from importlib import resources
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from intents import model, phrases
from intents.dates.tokens import fold
from intents.dates.values import DateKind
from intents.features import BUCKETS, features
from intents.model import CLASSES
from intents.reading import facts_of
from intents.understanding import Intent, Language

Example = tuple[tuple[int, ...], int]
_NOW = datetime(2026, 3, 16, 10, tzinfo=ZoneInfo("Asia/Jakarta"))
_OPENED = 10
_ROUNDS = 16
_RATE = 0.8
_BATCH = 32
_DROPPED = 0.25
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


def randomness(seed: int | str) -> Random:
    """Chance that is the same on every run."""
    return Random(seed)


def seeds_of(folder: Path | None = None) -> list[phrases.Seeds]:
    """The seeds of every language, file by file."""
    root = folder or Path(str(resources.files("intents"))) / "seeds"
    files = [(language, file) for language in Language for file in sorted(root.glob(f"{language}*.txt"))]
    return [phrases.read(language, file.read_text("utf-8")) for language, file in files]


def examples(folder: Path | None = None) -> list[tuple[Language, Intent, str]]:
    """Every example message the seeds open into, some with a slip of the finger or a polite word."""
    random = Random(7)
    found: list[tuple[Language, Intent, str]] = []
    for read in seeds_of(folder):
        language = read.language
        for intent, text in phrases.opened(read, random, _OPENED):
            found.append((language, intent, text))
            roll = random.random()
            if roll < 0.12:
                varied = _typo(text, random)
            elif roll < 0.24 and intent not in _GREETS_ALONE:
                varied = random.choice(_PREFIXES[language]) + text
            elif roll < 0.36 and intent not in _GREETS_ALONE:
                varied = text + random.choice(_SUFFIXES[language])
            else:
                varied = text
            found.append((language, intent, varied))
            if language is Language.VI:
                found.append((language, intent, fold(text)))
    return found


def seen(text: str, language: Language) -> tuple[int, ...]:
    """The places of a message's features, as reading sees them."""
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
    """Weights by gradient over small batches, a rate per feature (AdaGrad); classes weigh by the root of their size."""
    import numpy as np  # late: comes with the extra `nlu`

    random = np.random.default_rng(11)
    places = [np.array(found) for found, _ in data]
    targets = np.array([target for _, target in data])
    sizes = np.bincount(targets, minlength=len(CLASSES))
    weigh = np.minimum(3.0, np.sqrt(len(data) / len(CLASSES) / np.maximum(sizes, 1)))
    table = np.zeros((BUCKETS, len(CLASSES)))
    squares = np.full((BUCKETS, 1), 1e-3)
    order = np.arange(len(data))
    mean, kept_rounds = np.zeros_like(table), 0
    for number in range(_ROUNDS):
        random.shuffle(order)
        for at in range(0, len(order), _BATCH):
            chosen = order[at : at + _BATCH]
            kept = []
            for each in chosen:
                # Some features of a message are dropped, so that none is leaned on alone; never all of them.
                some = places[each][random.random(len(places[each])) > _DROPPED]
                kept.append(some if len(some) else places[each])
            used, slopes = _slopes(table, kept, targets[chosen], weigh)
            squares[used] += (slopes**2).sum(axis=1, keepdims=True)
            table[used] -= _RATE * slopes / np.sqrt(squares[used])
        if number >= _ROUNDS // 2:
            # The mean of the later rounds is steadier than the last one, which leans to the batches it saw last.
            mean, kept_rounds = mean + table, kept_rounds + 1
    return [row.tolist() if row.any() else None for row in mean / kept_rounds]


def _slopes(table: Any, kept: list[Any], targets: Any, weigh: Any) -> tuple[Any, Any]:
    """The features of a batch, each once, and the slope of the loss at each."""
    import numpy as np  # late: comes with the extra `nlu`

    lengths = np.array([len(each) for each in kept])
    owners: Any = np.repeat(np.arange(len(kept)), lengths)
    share = 1 / np.sqrt(lengths)
    flat = np.concatenate(kept)
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    sums = np.add.reduceat(table[flat], starts, axis=0) * share[:, None]
    raised = np.exp(sums - sums.max(axis=1, keepdims=True))
    errors = raised / raised.sum(axis=1, keepdims=True)
    errors[np.arange(len(kept)), targets] -= 1
    errors *= (weigh[targets] * share)[:, None]
    sorting = np.argsort(flat, kind="stable")
    used, firsts = np.unique(flat[sorting], return_index=True)
    return used, np.add.reduceat(errors[owners[sorting]], firsts, axis=0)


def main() -> None:
    """Train on the seeds and write `intents/weights.bin`."""
    data = [(seen(text, language), CLASSES.index(intent)) for language, intent, text in examples()]
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
