"""How much one caller may ask for: a bucket each for the machine token, a user and an address.

Kept in this process alone: with n processes that serve, a caller gets n times as much. What guards passwords is stored
(`bot.store.sign_in_tries`); this keeps a script that runs wild from taking the doors from everybody else.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from quart import Response

from webhooks.edge.problems import RequestRefused, problem

MOST_CALLERS: Final = 10_000
"""So many are remembered; the one that asked longest ago is forgotten first, and has a full bucket then."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What a bucket holds, and how fast it fills."""

    burst: int
    per_second: float


MACHINE: Final = Rate(6000, 300.0)
PERSON: Final = Rate(240, 20.0)
UNKNOWN_ADDRESS: Final = Rate(120, 2.0)
"""Who has neither token nor session: sign-in pages, links, and calls that are refused."""


class RateLimits:
    """Counts, and refuses with 429 and the time to wait."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str, rate: Rate) -> None:
        """One request of that caller; RequestRefused."""
        now = self._monotonic()
        left, at = self._buckets.pop(caller, (float(rate.burst), now))
        left = min(float(rate.burst), left + (now - at) * rate.per_second)
        # what is refused costs nothing: who waits as long as told is let in
        is_refused = left < 1
        self._buckets[caller] = (left if is_refused else left - 1, now)
        if len(self._buckets) > MOST_CALLERS:
            self._buckets.popitem(last=False)
        if is_refused:
            raise RequestRefused(too_many(math.ceil((1 - left) / rate.per_second)))


def too_many(seconds: int) -> Response:
    """The answer to who asks too often."""
    response = problem(429, "too-many-requests", f"Too many requests; please try again in {seconds} s.")
    response.headers["Retry-After"] = str(seconds)
    return response
