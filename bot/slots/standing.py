"""Who is meant first of several providers who are free at the same time: whom customers rate higher, then the file.

Scores are smoothed: each provider begins as if so many customers had given the usual score, and only a difference of
half a point counts. So one bad score sinks nobody, and a stranger is no worse than somebody of the usual score.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.slots.slot import Slot

USUAL_SCORE: Final = 4
"""What a provider nobody has rated counts as."""
USUAL_COUNT: Final = 12
"""How many scores that is worth: with twelve, one score of 1 stays within the half point."""
STEPS_A_POINT: Final = 2
"""A difference below half a point is none."""


@dataclass(frozen=True, slots=True)
class ScoreSum:
    """The scores of one provider."""

    count: int
    total: int


def standing(scores: ScoreSum | None) -> int:
    """The smoothed mean in half points, to the nearest."""
    known = scores or ScoreSum(0, 0)
    count, total = USUAL_COUNT + known.count, USUAL_SCORE * USUAL_COUNT + known.total
    return (2 * STEPS_A_POINT * total + count) // (2 * count)


def best_first(free: Iterable[Slot], scores: Mapping[str, ScoreSum]) -> tuple[Slot, ...]:
    """The same times, earliest first, and of one moment those of the best provider first; the file's order else."""
    ranks = {provider: standing(known) for provider, known in scores.items()}
    usual = standing(None)
    return tuple(sorted(free, key=lambda slot: (slot.start, -ranks.get(str(slot.provider), usual))))
