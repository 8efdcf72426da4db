"""What the embedded model adds: a linear head over its vector, joined to the local classifier's chances.

The weights are package data, made by `python -m intents.train_head`; the vector itself is made by `intents.embedded`
and comes in as a value, so that this stays pure.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import exp, log

from intents import language
from intents.dates.tokens import fold
from intents.understanding import Intent, Language

CLASSES = tuple(Intent)
Embeds = Callable[[str], Sequence[float]]
"""A text in, its vector out."""
WIDTH = 384
"""Numbers in a vector of multilingual-e5-small."""
FILE = "head.bin"
LOCAL_SHARE, HEAD_SHARE = 0.8, 0.65
"""How much each says, as powers of their chances; set on seed lines held out whole (docs/understanding.md)."""
_HEADER = struct.Struct("<d")
_FLOOR = 1e-6


@dataclass(frozen=True, slots=True)
class Head:
    """One row of whole numbers for each number of the vector and one for the bias, and a scale for all."""

    rows: tuple[tuple[int, ...], ...]
    scale: float


def packed(rows: Sequence[Sequence[float]]) -> bytes:
    """The head file of these rows, the bias last."""
    scale = max(abs(value) for row in rows for value in row) / 32767 or 1.0
    whole = [round(value / scale) for row in rows for value in row]
    return _HEADER.pack(scale) + zlib.compress(struct.pack(f"<{len(whole)}h", *whole), 9)


def unpacked(data: bytes) -> Head:
    """The head in a head file."""
    (scale,) = _HEADER.unpack_from(data)
    body = zlib.decompress(data[_HEADER.size :])
    table = struct.unpack(f"<{len(body) // 2}h", body)
    width = len(CLASSES)
    return Head(tuple(table[at : at + width] for at in range(0, len(table), width)), scale)


@cache
def _shipped() -> Head:
    return unpacked(resources.files("intents").joinpath(FILE).read_bytes())


def probabilities(vector: Sequence[float], head: Head | None = None) -> dict[Intent, float]:
    """How likely each intent is by the vector alone; the chances sum to one."""
    known = head or _shipped()
    sums = [0.0] * len(CLASSES)
    for value, row in zip((*vector, 1.0), known.rows, strict=True):
        sums = [total + value * weight for total, weight in zip(sums, row, strict=True)]
    return _softmax([value * known.scale for value in sums])


def joined(
    text: str, spoken: Language | None, local: Mapping[Intent, float], vector: Sequence[float]
) -> dict[Intent, float]:
    """The chances by both together; by the local ones alone where the model cannot read the text."""
    if not is_readable(text, spoken):
        return dict(local)
    by_vector = probabilities(vector)
    return _softmax(
        [
            LOCAL_SHARE * log(max(local[intent], _FLOOR)) + HEAD_SHARE * log(max(by_vector[intent], _FLOOR))
            for intent in CLASSES
        ]
    )


def is_readable(text: str, spoken: Language | None) -> bool:
    """Whether the model has met such text in a conversation of that language.

    Vietnamese without its marks it has not (a third of it would be right).
    """
    return fold(text) != text.lower() or (language.detect(text) or spoken) is not Language.VI


def _softmax(sums: Sequence[float]) -> dict[Intent, float]:
    # Less the greatest, so that no exponent is too large for a float.
    top = max(sums)
    raised = [exp(value - top) for value in sums]
    total = sum(raised)
    return {intent: value / total for intent, value in zip(CLASSES, raised, strict=True)}
