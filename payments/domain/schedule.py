"""When an invoice is next looked at: silence is covered by polling (reference: xendit 3.5)."""

from datetime import datetime, timedelta

from payments.domain.attempt import Attempt, AttemptState
from payments.domain.invoice import Invoice

LOOK_UP_PAUSE = timedelta(seconds=5)
AFTER_EXPIRY = timedelta(minutes=5)
LATE_MONEY = timedelta(hours=24, minutes=5)
"""So long after expiry money may still be booked on a dead link (reference: xendit 2.4)."""
SOONEST = timedelta(minutes=15)
LATEST = timedelta(hours=6)


def next_look(invoice: Invoice, now: datetime) -> datetime | None:
    """The earliest of what its links and its unsettled payments need; none when all is said."""
    looks: list[datetime] = []
    for attempt in invoice.attempts:
        if attempt.state is AttemptState.CREATING:
            looks.append(now + LOOK_UP_PAUSE)
        elif attempt.state is AttemptState.OPEN:
            # Once its callback is overdue, it is asked about until the provider says how it ended.
            poll_at = attempt.expires_at + AFTER_EXPIRY
            looks.append(poll_at if now < poll_at else now + SOONEST)
        elif attempt.state is AttemptState.EXPIRED and attempt.provider_id is not None:
            last_look = attempt.expires_at + LATE_MONEY
            if now < last_look:
                looks.append(last_look)
    for payment in invoice.payments:
        # What a person received is in no books of the provider; a credit is as settled as the money behind it.
        if payment.settled_at is None and payment.receipt is None:
            # No callback tells of a settlement; it may come early, so the look is half-way to when it is expected.
            half_way = (payment.expected_settled_at - now) / 2
            looks.append(now + min(max(half_way, SOONEST), LATEST))
    return min(looks, default=None)


def stale_links(invoice: Invoice) -> tuple[Attempt, ...]:
    """Links that can still be paid and should not be: of a paid or closed invoice, or older than the latest
    one."""
    over = invoice.is_paid or invoice.closed_at is not None
    live = [a for a in invoice.attempts if a.state is AttemptState.OPEN and a.provider_id is not None]
    latest = invoice.attempt
    replaced = latest is not None and latest.state is AttemptState.OPEN
    return tuple(attempt for attempt in live if over or (replaced and attempt != latest))


def is_silent(attempt: Attempt, now: datetime) -> bool:
    """Whether the provider should have told something by now, or might have something late to tell."""
    if attempt.state is AttemptState.OPEN:
        return now >= attempt.expires_at + AFTER_EXPIRY
    return attempt.state is AttemptState.EXPIRED and now >= attempt.expires_at + LATE_MONEY
