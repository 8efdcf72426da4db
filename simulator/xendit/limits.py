"""A sliding minute per endpoint, told in every reply's headers (reference: xendit 8)."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

_WINDOW = timedelta(minutes=1)
TEST_MODE_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the headers say after a call."""

    limit: int
    remaining: int
    reset_seconds: float
    is_exceeded: bool


class Limits:
    """Counts calls by endpoint."""

    def __init__(self) -> None:
        self._calls: dict[str, deque[datetime]] = {}

    def count(self, call: str, now: datetime, limit: int | None) -> Allowance:
        """Counts one call; exceeded only where a limit is switched on."""
        calls = self._calls.setdefault(call, deque())
        while calls and calls[0] <= now - _WINDOW:
            calls.popleft()
        is_exceeded = limit is not None and len(calls) >= limit
        if not is_exceeded:
            calls.append(now)
        told = TEST_MODE_LIMIT if limit is None else limit
        reset = (calls[0] + _WINDOW - now).total_seconds() if calls else _WINDOW.total_seconds()
        return Allowance(told, max(0, told - len(calls)), round(reset, 3), is_exceeded)
