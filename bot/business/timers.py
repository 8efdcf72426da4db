"""What the business file says of the hours of a booking's timers."""

from datetime import timedelta
from typing import Final

from bot.business.sop import Sop

NEXT_TICK: Final = timedelta(minutes=1)
"""The question comes before its consequence, even where both are due in the same minute."""


def absent_after(sop: Sop) -> timedelta:
    """How long after the start somebody of whom nobody heard counts as absent."""
    rules = sop.no_show
    check, auto = timedelta(minutes=rules.check_after_minutes), timedelta(minutes=rules.auto_after_minutes)
    return max(auto, check + NEXT_TICK)
