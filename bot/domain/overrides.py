"""What somebody of the house decides against its rules: for which time, which of them, and why."""

from dataclasses import dataclass, replace
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

    def with_earlier(self, earlier: "RulesOverridden | None") -> "RulesOverridden":
        """With what was overridden before for the very same time."""
        if earlier is None or earlier.slot_id != self.slot_id:
            return self
        of_time, of_house = (*earlier.of_time, *self.of_time), (*earlier.of_house, *self.of_house)
        return replace(self, of_time=tuple(dict.fromkeys(of_time)), of_house=tuple(dict.fromkeys(of_house)))
