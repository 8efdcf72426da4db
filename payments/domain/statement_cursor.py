"""How far the provider's statement has been read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

THE_ONE = "statement"
EVERY = timedelta(minutes=15)
OVERLAP = timedelta(hours=1)
"""Rows may show up a little late; reading one again changes nothing."""
LONG_OVERLAP = timedelta(days=1)
"""Before the books are compared (reference: xendit 9.3)."""
SKEW = timedelta(minutes=5)
"""The provider's clock may be ahead of ours."""
LONGEST_SPAN = timedelta(days=1)
FIRST_LOOK_BACK = timedelta(days=30)
"""Where there were invoices before the first reading."""


@dataclass(frozen=True, slots=True)
class StatementCursor:
    """Everything up to `read_until` is in our books; nothing before `opened_at` ever will be, it is in the
    opening balance, which is booked once `has_opening` says so."""

    read_until: datetime
    next_at: datetime
    opened_at: datetime | None = None
    has_opening: bool = False
    id: str = THE_ONE
    version: int = 0

    def spans(self, now: datetime, overlap: timedelta) -> tuple[tuple[datetime, datetime], ...]:
        """What is to be read now, in spans of a day at most, oldest first."""
        begin = self.read_until - overlap
        start = begin if self.opened_at is None else max(begin, self.opened_at)
        found = []
        while start < now:
            end = min(start + LONGEST_SPAN, now)
            found.append((start, end))
            start = end
        return tuple(found)
