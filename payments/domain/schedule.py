"""When an invoice is next looked at: silence is covered by polling (reference: xendit 3.5)."""

from datetime import datetime, timedelta

from payments.domain.attempt import Attempt, AttemptState
from payments.domain.invoice import Invoice
from payments.domain.payment import Payment

LOOK_UP_PAUSE = timedelta(seconds=5)
AFTER_EXPIRY = timedelta(minutes=5)
LATE_MONEY = timedelta(hours=24, minutes=5)
"""So long after expiry money may still be booked on a dead link (reference: xendit 2.4)."""
SOONEST = timedelta(minutes=15)
LATEST = timedelta(hours=6)


def next_look(invoice: Invoice, now: datetime) -> datetime | None:
    """The earliest of what its links and its unsettled payments need; none when all is said."""
    looks = [at for attempt in invoice.attempts if (at := _of_attempt(attempt, now)) is not None]
    looks += [at for payment in invoice.payments if (at := _of_payment(payment, now)) is not None]
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


def _of_attempt(attempt: Attempt, now: datetime) -> datetime | None:
    if attempt.state is AttemptState.CREATING:
        return now + LOOK_UP_PAUSE
    if attempt.state is AttemptState.OPEN:
        poll_at = attempt.expires_at + AFTER_EXPIRY
        return poll_at if now < poll_at else now + SOONEST
    if attempt.state is AttemptState.EXPIRED and attempt.provider_id is not None:
        last_look = attempt.expires_at + LATE_MONEY
        return last_look if now < last_look else None
    return None


def _of_payment(payment: Payment, now: datetime) -> datetime | None:
    if payment.settled_at is not None:
        return None
    half_way = (payment.expected_settled_at - now) / 2
    return now + min(max(half_way, SOONEST), LATEST)
