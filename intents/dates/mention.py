"""A stretch of a message that speaks of one moment."""

from __future__ import annotations

from dataclasses import dataclass

from intents.dates.clock import SpokenTime
from intents.dates.spoken import Day
from intents.dates.values import PartOfDay


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of tokens that speaks of one moment."""

    start: int
    after: int
    day: Day | None = None
    clock: SpokenTime | None = None
    until: SpokenTime | None = None
    part: PartOfDay | None = None
    is_choice: bool = False
    """The second of "3 or 4 pm": it shares the day of the one before it."""
