"""`python -m intents.train_head`: makes the head over the embedded model's vectors from the seeds (extra `nlu`)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from random import Random

from intents import head, phrases
from intents.head import CLASSES
from intents.understanding import Intent, Language

_OPENED = 2
_SCALE = 8.0
_STEPS = 500
_RATE = 0.05
_DECAY = 1e-4


def examples() -> list[tuple[Intent, str]]:
    """Each line of the seeds, opened a few times, as written: Vietnamese without marks is not read by it."""
    found: list[tuple[Intent, str]] = []
    root = Path(str(resources.files("intents"))) / "seeds"
    for language in Language:
        for file in sorted(root.glob(f"{language}*.txt")):
            seeds = phrases.read(language, file.read_text("utf-8"))
            for intent, phrase in seeds.phrases:
                one = replace(seeds, phrases=((intent, phrase),))
                found.extend(phrases.opened(one, Random(phrase), _OPENED))
    return found


def fit(vectors: Sequence[Sequence[float]], targets: list[int]) -> list[list[float]]:
    """Multinomial logistic regression by Adam over all examples at once; rare classes weigh more."""
    import numpy as np  # late: comes with the extra

    seen = np.array(vectors)
    mean = seen.mean(axis=0)
    inputs = np.hstack([(seen - mean) * _SCALE, np.ones((len(seen), 1))])
    wanted = np.eye(len(CLASSES))[targets]
    sizes = np.maximum(wanted.sum(axis=0), 1)
    weigh = np.minimum(3, np.sqrt(len(seen) / len(CLASSES) / sizes))[targets][:, None]
    weights = np.zeros((inputs.shape[1], len(CLASSES)))
    slow, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        sums = inputs @ weights
        raised = np.exp(sums - sums.max(axis=1, keepdims=True))
        slope = inputs.T @ ((raised / raised.sum(axis=1, keepdims=True) - wanted) * weigh) / len(seen)
        slope += _DECAY * weights
        slow, square = 0.9 * slow + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        weights -= _RATE * (slow / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    rows = weights[:-1] * _SCALE
    bias = weights[-1] - mean @ rows
    return [*rows.tolist(), bias.tolist()]


def main() -> None:
    """Embed the seeds, fit the head and write `intents/head.bin`."""
    from intents.embedded import vector

    data = examples()
    rows = fit([vector(text) for _, text in data], [CLASSES.index(intent) for intent, _ in data])
    made = head.packed(rows)
    (Path(str(resources.files("intents"))) / head.FILE).write_bytes(made)
    sys.stdout.write(f"{len(data)} examples, {len(made)} bytes\n")


if __name__ == "__main__":
    main()
