"""The limits between a business and a customer: 24 hours, and the pace (reference: whatsapp 3.5)."""

from dataclasses import dataclass
from datetime import datetime

from simulator.whatsapp import limits


def is_open(last_heard_at: datetime | None, now: datetime) -> bool:
    """Whether free-form messages may be sent: 24 hours from the customer's last message."""
    return last_heard_at is not None and now < last_heard_at + limits.WINDOW


@dataclass(frozen=True, slots=True)
class Pace:
    """How much one pair has borrowed: 1 message per 6 s, a burst of 45 in 6 s paid back by waiting."""

    burst_began_at: datetime
    sent_in_burst: int
    paid_back_at: datetime


def paced(pace: Pace | None, now: datetime) -> Pace | None:
    """The pace after one more message, or None when the pair limit refuses it (131056).

    A burst borrows from the future: 20 messages at once mean about two minutes of silence.
    """
    if pace is None or now >= pace.paid_back_at:
        return Pace(now, 1, now + limits.PAIR_EVERY)
    in_burst = now < pace.burst_began_at + limits.PAIR_BURST_WITHIN
    if in_burst and pace.sent_in_burst < limits.PAIR_BURST:
        return Pace(pace.burst_began_at, pace.sent_in_burst + 1, pace.paid_back_at + limits.PAIR_EVERY)
    return None
