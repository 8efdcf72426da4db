"""When a message is tried again. A try that never left is no refusal: each has its own count and its own pace."""

from dataclasses import dataclass
from typing import Final, assert_never

from bot.engine.channel import Remedy

MAX_REFUSALS: Final = 5
UNSENT_CAP_SECONDS: Final = 60.0
_UNSENT_CAP_EXPONENT: Final = 6
_PAIR_CAP_SECONDS: Final = 900.0
_PAIR_CAP_EXPONENT: Final = 5
_SLOW_CAP_SECONDS: Final = 300.0
_SLOW_CAP_EXPONENT: Final = 6


FETCHED_AGAIN_AFTER: Final = (1.0, 4.0)
"""Seconds until what a partner sent is fetched again, after each time that it did not come."""


class TryLater(Exception):
    """It cannot be done just now, and nobody has to be told yet: looked at again after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:g} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class TryAgain:
    """The delay before the next try, in seconds."""

    seconds: float
    is_refusal: bool = True
    """Whether it counts against the message; waiting for a busy customer does not."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """No further try; `reason` is a stable word."""

    reason: str


def after_unsent(unsent: int) -> float:
    """Seconds until a message is tried again that could not leave, after it failed to do so that often before."""
    # the exponent is capped, not the power alone: 2.0**1024 overflows after a night without a connection
    return min(2.0 ** min(max(0, unsent), _UNSENT_CAP_EXPONENT), UNSENT_CAP_SECONDS)


def next_try(remedy: Remedy, refusals: int, waits: int = 0) -> TryAgain | GiveUp:
    """When to try again after that refusal, or why not; `refusals` counts it, `waits` the earlier pair limits."""
    match remedy:
        case Remedy.WAIT_FOR_RECIPIENT:
            # 4^n seconds, n = 0, 1, 2 … (reference: whatsapp 3.4); it ends by itself, so it costs no try
            return TryAgain(min(4.0 ** min(max(0, waits), _PAIR_CAP_EXPONENT), _PAIR_CAP_SECONDS), is_refusal=False)
        case Remedy.RETRY:
            return TryAgain(2.0 ** max(0, refusals)) if refusals < MAX_REFUSALS else GiveUp("too_many_tries")
        case Remedy.SLOW_DOWN if refusals < 2 * MAX_REFUSALS:
            return TryAgain(min(5.0 * 2 ** min(max(0, refusals), _SLOW_CAP_EXPONENT), _SLOW_CAP_SECONDS))
        case Remedy.RETRY_LATER if refusals < 2 * MAX_REFUSALS:
            return TryAgain(60.0)
        case Remedy.SLOW_DOWN | Remedy.RETRY_LATER:
            return GiveUp("too_many_tries")
        case (
            Remedy.WINDOW_CLOSED
            | Remedy.UNREACHABLE
            | Remedy.MARKETING_REFUSED
            | Remedy.PAUSE
            | Remedy.REFUSED
            | Remedy.FLOW_UNAVAILABLE
            | Remedy.TEMPLATE_REFUSED
        ):
            return GiveUp(remedy.value)
        case _:
            assert_never(remedy)
