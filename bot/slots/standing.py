"""Who is meant first of several providers who are free at the same time: whom customers rate higher, then who has less
to do that day, then the file.

Scores are smoothed: each provider begins as if so many customers had given the usual score, and only a difference of
half a point counts. So one bad score sinks nobody, and a stranger is no worse than somebody of the usual score.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from bot.business.catalogue import ProviderId
from bot.slots.claims import NOTHING_TAKEN, PIECE, Taken, provider_resource
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


class DayLoads:
    """How much of a local day is taken of whoever gives a time, in the pieces of their claims."""

    def __init__(self, taken: Taken, zone: tzinfo) -> None:
        self._zone = zone
        self._taken = {name: sorted(pieces) for name, pieces in taken.by_resource.items() if pieces}
        self._known: dict[tuple[ProviderId, date], int] = {}

    def of(self, slot: Slot) -> int:
        """That of the time's own day; nothing where nobody gives it."""
        if slot.provider is None:
            return 0
        day = slot.start.astimezone(self._zone).date()
        if (slot.provider, day) not in self._known:
            pieces = self._taken.get(provider_resource(slot.provider), [])
            first, last = (datetime.combine(each, time(), self._zone) for each in (day, day + timedelta(days=1)))
            begin, end = (bisect_left(pieces, at.astimezone(UTC).strftime(PIECE)) for at in (first, last))
            self._known[(slot.provider, day)] = end - begin
        return self._known[(slot.provider, day)]


def best_first(
    free: Iterable[Slot],
    scores: Mapping[str, ScoreSum],
    taken: Taken = NOTHING_TAKEN,
    zone: tzinfo = UTC,
    rather: str | None = None,
) -> tuple[Slot, ...]:
    """The same times, earliest first, and of one moment those of `rather` first, whom their customer liked before, then
    of the best provider; of two alike who has less to do that day; the file's order else."""
    ranks = {provider: standing(known) for provider, known in scores.items()}
    usual, loads = standing(None), DayLoads(taken, zone)

    def place(slot: Slot) -> tuple[datetime, bool, int, int]:
        is_other = rather is not None and slot.provider != rather
        return slot.start, is_other, -ranks.get(str(slot.provider), usual), loads.of(slot)

    return tuple(sorted(free, key=place))
