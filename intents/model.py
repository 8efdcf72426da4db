"""The local classifier: multinomial logistic regression in plain Python over hashed features.

The weights are package data, made from `seeds/` by `python -m intents.train` and loaded once, on first use.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import exp

from intents.features import BUCKETS
from intents.understanding import Intent, Language

CLASSES = tuple(Intent)
WEIGHTS = "weights.bin"
_HEADER = struct.Struct("<dd")


@dataclass(frozen=True, slots=True)
class Weights:
    """One signed byte per feature and class, a scale for all of them, and a temperature that makes scores honest."""

    table: memoryview
    scale: float
    temperature: float


def packed(rows: Sequence[Sequence[float] | None], temperature: float) -> bytes:
    """The weights file of these rows."""
    top = max((abs(value) for row in rows if row for value in row), default=1.0) or 1.0
    scale = top / 127
    body = bytearray()
    for row in rows:
        body += bytes((round(value / scale)) & 0xFF for value in row) if row else bytes(len(CLASSES))
    return _HEADER.pack(scale, temperature) + zlib.compress(bytes(body), 9)


def unpacked(data: bytes) -> Weights:
    """The weights in a weights file."""
    scale, temperature = _HEADER.unpack_from(data)
    table = memoryview(zlib.decompress(data[_HEADER.size :])).cast("b")
    return Weights(table, scale, temperature)


@cache
def _shipped() -> Weights:
    return unpacked(resources.files("intents").joinpath(WEIGHTS).read_bytes())


def probabilities(places: Iterable[int], weights: Weights | None = None) -> dict[Intent, float]:
    """How likely each intent is; the chances sum to one."""
    known = weights or _shipped()
    table, width = known.table, len(CLASSES)
    rows = [table[place * width : (place + 1) * width].tolist() for place in places if place < BUCKETS]
    sums = [sum(column) for column in zip(*rows, strict=True)] if rows else [0] * width
    # By the root of their number: a long message must not be surer only because it is long.
    factor = known.scale / known.temperature / max(1.0, len(rows)) ** 0.5
    # Less the greatest, so that no exponent is too large for a float.
    top = max(sums)
    raised = [exp((value - top) * factor) for value in sums]
    total = sum(raised)
    return {intent: value / total for intent, value in zip(CLASSES, raised, strict=True)}


_LEAN_TO_OUTSIDE = {Language.EN: 0.6, Language.ID: 1.4, Language.VI: 0.8}
"""How much out of scope weighs against what the model says, by language: more where seeds hold too little of it, less
where they reject too much. Set on two sets by a stranger (`sixth`, `seventh`) after their first runs."""


def leaning(chances: Mapping[Intent, float], spoken: Language) -> dict[Intent, float]:
    """The chances with that lean."""
    weighed = {**chances, Intent.OOS: chances[Intent.OOS] * _LEAN_TO_OUTSIDE[spoken]}
    total = sum(weighed.values())
    return {intent: chance / total for intent, chance in weighed.items()}
