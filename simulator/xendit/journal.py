"""What was called and what was answered, newest last, for whoever checks."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Call:
    """One API call: `status` 0 means no answer was given; `fault` names the trouble ordered for it."""

    at: datetime
    request_id: str
    method: str
    path: str
    call: str
    body: str
    idempotency_key: str | None
    status: int
    fault: str | None


class Journal:
    """The last calls."""

    def __init__(self) -> None:
        self.calls: deque[Call] = deque(maxlen=_KEPT)

    def note(self, call: Call) -> None:
        """Writes one call down."""
        self.calls.append(call)
