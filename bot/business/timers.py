"""The timers of a booking by name, and what the business file says of their hours."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.business.sop import Sop


class BookingTimer(StrEnum):
    """What is due, by its own name in the lead's timers: `<bell>:<booking reference>`."""

    DAY_BEFORE = "day_before"
    HOURS_BEFORE = "hours_before"
    SHOW_UP = "show_up"
    """Nobody said whether the customer came: the customer is asked."""
    NO_SHOW = "no_show"
    """Nobody answered either."""
    OVER = "over"
    """What is over when its time is over, whoever came."""


NEXT_TICK: Final = timedelta(minutes=1)
"""The question comes before its consequence, even where both are due in the same minute (C-04)."""


def absent_after(sop: Sop) -> timedelta:
    """How long after the start somebody of whom nobody heard counts as absent."""
    rules = sop.no_show
    check, auto = timedelta(minutes=rules.check_after_minutes), timedelta(minutes=rules.auto_after_minutes)
    return max(auto, check + NEXT_TICK)
