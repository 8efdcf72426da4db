"""What a score is worth: how often a best guess of that chance was right on seed lines held out whole, by language.

`calibration.txt` is made by `python -m intents.calibrate`; Vietnamese without marks has a row of its own. `sure` is
said from the score on from which such guesses were right 95 times in a hundred.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from importlib import resources

from intents.commitment import has_vietnamese_marks
from intents.understanding import Language

FILE = "calibration.txt"
WAYS = ("en", "id", "vi", "vi_plain")


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of chance and worth, both rising, and from which worth on a guess is acted upon."""

    chances: tuple[float, ...]
    worths: tuple[float, ...]
    act_from: float

    def worth(self, chance: float) -> float:
        """How often a guess of that chance is right, between the points by a straight line."""
        at = bisect_right(self.chances, chance)
        if at == 0:
            return self.worths[0]
        if at == len(self.chances):
            return self.worths[-1]
        low, high = self.chances[at - 1], self.chances[at]
        share = (chance - low) / (high - low)
        return self.worths[at - 1] + share * (self.worths[at] - self.worths[at - 1])


def way_of(text: str, language: Language) -> str:
    """The curve a message is read by."""
    return "vi_plain" if language is Language.VI and not has_vietnamese_marks(text) else language.value


def curve(way: str) -> Curve:
    """The curve of a way of typing."""
    return _curves()[way]


@cache
def _curves() -> dict[str, Curve]:
    return parsed(resources.files("intents").joinpath(FILE).read_text("utf-8"))


def parsed(text: str) -> dict[str, Curve]:
    """The curves in a file: `way act_from chance:worth chance:worth …` a line."""
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            way, act_from, *points = line.split()
            pairs = [tuple(map(float, point.split(":"))) for point in points]
            found[way] = Curve(tuple(a for a, _ in pairs), tuple(b for _, b in pairs), float(act_from))
    return found
