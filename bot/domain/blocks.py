"""A block: somebody is ill or something is closed, from then until then; and what it means for a booking."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.change import Cause

PROVIDER, PLACE = "provider:", "place:"
"""What can be blocked, by the names that claims have for it."""
STAFF = "staff:"
"""Who does chores and is off: no claim has them, so it is read where work is offered and given to somebody."""


class HitState(StrEnum):
    """How far a booking that a block hits has come."""

    WAITING = "waiting"
    """Told, and not answered."""
    MOVED = "moved"
    CANCELLED = "cancelled"
    LIFTED = "lifted"
    """The block was lifted before they answered."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block as it stands."""

    id: str
    resource: str
    start: datetime
    end: datetime
    reason: str
    by: str
    role: str
    number: int = 1
    """Counted up each time the same block is made once more after it was lifted."""
    lifted_at: datetime | None = None
    lifted_by: str | None = None
    """Who lifted it, and in which role; none where that was not kept."""
    lifted_role: str | None = None

    @property
    def cause(self) -> Cause:
        """A provider who is ill is the partner's doing, a closed place the house's."""
        return Cause.PARTNER if self.resource.startswith(PROVIDER) else Cause.BUSINESS

    @property
    def name(self) -> str:
        """Under which its bookings know it."""
        return self.id if self.number == 1 else f"{self.id}#{self.number}"

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether any of that time is blocked."""
        return self.start < end and start < self.end
