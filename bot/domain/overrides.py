"""What somebody of the house decides against its rules: for which time, which of them, and why."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LONGEST_REASON: Final = 300
"""In characters."""


class TimeRule(StrEnum):
    """What a house decides about its times, as records name it."""

    NOTICE = "notice"
    ADVANCE = "advance"
    GUESTS = "guests"
    HOURS = "opening_hours"
    """Hours, breaks and the minutes at which one may begin."""
    NIGHTS = "nights"
    """The least and the most nights of a stay."""


@dataclass(frozen=True, slots=True)
class RulesOverridden:
    """What somebody of the house has overridden for one booking, and why; whose doing it was is in its history."""

    slot_id: str
    """For which time; another one is judged by the rules."""
    reason: str
    of_time: tuple[str, ...] = ()
    """Each a `TimeRule`."""
    of_house: tuple[str, ...] = ()
    """Ids of rules of the business file."""
