"""When a booking must be paid: one deadline per booking, inside which every link, retry and other method
lives."""

from dataclasses import dataclass
from datetime import datetime, timedelta

CLOSE_OF_WINDOW = timedelta(hours=1)
"""The last hour of the customer's messaging window is kept for telling how it ended (architecture 6)."""


@dataclass(frozen=True, slots=True)
class PaymentPolicy:
    """What a service asks: how long a slot waits for its money, and how long before the start it must be
    there."""

    payment_window: timedelta = timedelta(hours=2)
    pay_notice: timedelta = timedelta(0)
    may_outlast_window: bool = False


def pay_by(now: datetime, start: datetime, window_ends_at: datetime | None, policy: PaymentPolicy) -> datetime:
    """The moment the slot is released unpaid; it may already be past, and then nothing should be opened."""
    limits = [now + policy.payment_window, start - policy.pay_notice]
    if window_ends_at is not None and not policy.may_outlast_window:
        limits.append(window_ends_at - CLOSE_OF_WINDOW)
    return min(limits)
