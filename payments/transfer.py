"""One sending of money outwards, whether payout or refund: its key, how far it came, and how to try again.

A sending is repeated under the same key until its outcome is final; only a final failure earns a new key
(reference: xendit 4.1). What to do after a failure is decided here, as data.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from payments.events import TransferStatus
from payments.ids import IdempotencyKey
from payments.money import Money

FIRST_DELAY = timedelta(seconds=60)
LONGEST_DELAY = timedelta(hours=1)
MOST_TRIES = 5
POLL_AFTER = timedelta(minutes=15)
LONGEST_POLL = timedelta(hours=6)
INSUFFICIENT_BALANCE = "INSUFFICIENT_BALANCE"
RETRYABLE = frozenset({"TEMPORARY_TRANSFER_ERROR", "REJECTED_BY_CHANNEL"})
"""Codes after which the same transfer may yet succeed (reference: xendit 4.3); a code not known here goes
to a person."""

_RANK = {
    TransferStatus.ACCEPTED: 1,
    TransferStatus.FAILED: 2,
    TransferStatus.CANCELLED: 2,
    TransferStatus.SUCCEEDED: 3,
    TransferStatus.REVERSED: 4,
}


@dataclass(frozen=True, slots=True)
class Send:
    """One sending under its own key; `accepted_at` is when the provider took it, `back_at` when the money
    came back."""

    key: IdempotencyKey
    status: TransferStatus | None = None
    provider_id: str | None = None
    failure_code: str | None = None
    asked_at: datetime | None = None
    accepted_at: datetime | None = None
    back_at: datetime | None = None
    fee: Money | None = None

    def moved(self, status: TransferStatus, provider_id: str | None, failure_code: str | None, now: datetime) -> "Send":
        """Forward by rank; backward or repeated news changes nothing."""
        if self.status is not None and _RANK[status] <= _RANK[self.status]:
            return self
        lost = status in {TransferStatus.FAILED, TransferStatus.CANCELLED, TransferStatus.REVERSED}
        return replace(
            self,
            status=status,
            provider_id=self.provider_id or provider_id,
            failure_code=failure_code if lost else None,
            accepted_at=self.accepted_at or now,
            back_at=now if lost else None,
        )

    @property
    def is_out(self) -> bool:
        """Taken by the provider, and neither failed nor reversed."""
        return self.accepted_at is not None and self.back_at is None


@dataclass(frozen=True, slots=True)
class WaitForSettlement:
    """The balance was short: wait for the next settlement; this costs no try."""


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """Send again under a new key after this delay."""

    delay: timedelta


@dataclass(frozen=True, slots=True)
class AskPerson:
    """Trying again would not help."""

    reason: str


Retry = WaitForSettlement | RetryAfter | AskPerson


def after_failure(code: str | None, tries: int) -> Retry:
    """What follows when the `tries`-th try ended with this code: 60 s doubled to an hour, five tries, then
    a person."""
    if code == INSUFFICIENT_BALANCE:
        return WaitForSettlement()
    if code not in RETRYABLE or tries >= MOST_TRIES:
        return AskPerson(code or "no reason given")
    return RetryAfter(delay_after(tries))


def delay_after(tries: int) -> timedelta:
    """60 s after the first try, twice as long after each further one, an hour at most."""
    doublings = min(max(tries - 1, 0), 10)
    return min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)


def next_poll(asked_at: datetime, now: datetime) -> datetime:
    """15 minutes after it was sent, then as long again as it has been out, 6 hours at most."""
    return now + max(POLL_AFTER, min(now - asked_at, LONGEST_POLL))
