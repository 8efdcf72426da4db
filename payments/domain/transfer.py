"""One sending of money outwards, whether payout or refund: its key, how far it came, and how to try again.

A sending is repeated under the same key until its outcome is final; only a final failure earns a new key
(reference: xendit 4.1). What to do after a failure is decided here, as data.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Self, assert_never

from pydantic import Field

from payments.domain.events import PayoutChanged, RefundChanged, TransferStatus
from payments.domain.ids import IdempotencyKey, send_key
from payments.domain.machine import Machine, MoneyTransitionDenied
from payments.domain.money import Money

FIRST_DELAY = timedelta(seconds=60)
LONGEST_DELAY = timedelta(hours=1)
MOST_TRIES = 5
POLL_AFTER = timedelta(minutes=15)
LONGEST_POLL = timedelta(hours=6)
FUNDS_AGAIN = timedelta(hours=24)
"""A transfer short of funds is woken by the next settlement; this is the net under that."""
FUNDS_PAUSE = timedelta(hours=1)
COST_PAUSE = timedelta(hours=6)
COST_GIVEN_UP = timedelta(days=3)
INSUFFICIENT_BALANCE = "INSUFFICIENT_BALANCE"
RETRYABLE = frozenset({"TEMPORARY_TRANSFER_ERROR", "REJECTED_BY_CHANNEL"})
"""Codes after which the same transfer may yet succeed (reference: xendit 4.3); a code not known here goes
to a person."""

_ARRIVES_ALL_THE_SAME = frozenset({TransferStatus.SUCCEEDED, TransferStatus.REVERSED})
SENDING = Machine(
    "status",
    frozenset(TransferStatus),
    {
        TransferStatus.ACCEPTED: frozenset(TransferStatus) - {TransferStatus.ACCEPTED},
        # Reported as failed, and then as arrived: what is reported last happened last.
        TransferStatus.FAILED: _ARRIVES_ALL_THE_SAME,
        TransferStatus.CANCELLED: _ARRIVES_ALL_THE_SAME,
        TransferStatus.SUCCEEDED: frozenset({TransferStatus.REVERSED}),
        TransferStatus.REVERSED: frozenset(),
    },
)
_LOST = frozenset({TransferStatus.FAILED, TransferStatus.CANCELLED, TransferStatus.REVERSED})


@dataclass(frozen=True, slots=True)
class Send:
    """One sending under its own key; `accepted_at` is when the provider took it, `back_at` when the money came back,
    and `again` when after that it went out again, came back again, in turn."""

    key: IdempotencyKey
    status: TransferStatus | None = None
    provider_id: str | None = None
    failure_code: str | None = None
    asked_at: datetime | None = None
    accepted_at: datetime | None = None
    back_at: datetime | None = None
    fee: Money | None = None
    again: tuple[datetime, ...] = ()

    def moved(self, status: TransferStatus, provider_id: str | None, failure_code: str | None, now: datetime) -> "Send":
        """Forward by the table; backward or repeated news changes nothing."""
        if not SENDING.allows(self.status, status):
            return self
        # REVERSED counts as lost: the money is back with us, days later (reference: xendit 4.3).
        lost = status in _LOST
        out = replace(self, accepted_at=now) if self.accepted_at is None else self
        # Its postings are written already, so what happened is kept and what happens now is added.
        if out.is_out and lost:
            out = replace(out, back_at=now) if out.back_at is None else replace(out, again=(*out.again, now))
        elif not out.is_out and not lost:
            out = replace(out, again=(*out.again, now))
        return SENDING.move(
            out, status, provider_id=self.provider_id or provider_id, failure_code=failure_code if lost else None
        )

    @property
    def is_out(self) -> bool:
        """Taken by the provider, and neither failed nor reversed."""
        # Each moment turns it over: out, back, out again.
        return ((self.accepted_at is not None) + (self.back_at is not None) + len(self.again)) % 2 == 1

    @property
    def is_under_way(self) -> bool:
        """Asked for, and not known to have failed."""
        return self.asked_at is not None and self.failure_code is None and self.status not in _LOST


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
    # Codes are added without notice: an unknown one is a person's (reference: xendit 4.3).
    if code not in RETRYABLE or tries >= MOST_TRIES:
        return AskPerson(code or "no reason given")
    return RetryAfter(delay_after(tries))


def delay_after(tries: int) -> timedelta:
    """60 s after the first try, twice as long after each further one, an hour at most."""
    # Capped before the shift, so that no number of tries overflows a timedelta.
    doublings = min(max(tries - 1, 0), 10)
    return min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)


def next_poll(asked_at: datetime, now: datetime) -> datetime:
    """15 minutes after it was sent, then as long again as it has been out, 6 hours at most."""
    return now + max(POLL_AFTER, min(now - asked_at, LONGEST_POLL))


def ask_again_at(asked_at: datetime | None, now: datetime) -> datetime:
    """After a call without an answer: as long again as it has been out, a minute at least, an hour at most."""
    return now + min(max(now - (asked_at or now), FIRST_DELAY), LONGEST_DELAY)


class TransferPause(StrEnum):
    """Why a transfer that failed does not go on at once."""

    RETRY = "waiting_retry"
    FUNDS = "waiting_funds"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(ABC):
    """What a payout and a refund have in common: their sendings, how often they were tried, and how much of it
    the caller knows."""

    sends: tuple[Send, ...] = ()
    tries: int = 0
    reason: str | None = None
    revision: Annotated[int, Field(alias="changes")] = 0
    acknowledged: Annotated[int, Field(alias="told")] = 0
    next_at: datetime | None = None
    dirty: bool = False
    version: int = 0

    @property
    def send(self) -> Send | None:
        """The latest sending."""
        return self.sends[-1] if self.sends else None

    @property
    def is_out(self) -> bool:
        """Whether money is out by any of its sendings."""
        return any(send.is_out for send in self.sends)

    def apply(self, event: PayoutChanged | RefundChanged, now: datetime) -> Self:
        """Where it stands after this news; late, repeated and backward news changes nothing."""
        known = next((s for s in self.sends if s.key == event.key), None)
        if known is None:
            return self
        moved = known.moved(event.status, event.provider_id, event.failure_code, now)
        if moved == known:
            return self
        grown = self._with(moved)
        is_latest = known == self.send
        if not is_latest and moved.is_out and not (self.send and self.send.is_under_way):
            # It arrived by an earlier sending: the one that was only planned is dropped, or it would arrive twice.
            grown = replace(grown, sends=tuple(s for s in grown.sends if s.asked_at is not None))
            is_latest = True
        try:
            return (grown._after(moved, now) if is_latest else grown._contradicted(moved))._revised()
        except MoneyTransitionDenied:
            return grown._contradicted(moved)._revised()

    def _contradicted(self, send: Send) -> Self:
        """The provider says of an ended sending what cannot be: its money is booked, and a person must look."""
        return replace(self, reason=f"{send.key} {send.status}")

    @abstractmethod
    def _after(self, send: Send, now: datetime) -> Self:
        """Where it stands when its latest sending has come this far."""

    def charged(self, key: str, fee: Money) -> Self:
        """With what the provider took for this sending, once."""
        send = next((s for s in self.sends if s.key == key), None)
        # Its posting is written with the first fee, and a posting never changes.
        if send is None or send.fee is not None:
            return self
        return replace(self._with(replace(send, fee=fee)), dirty=True)

    def acknowledge(self, revision: int) -> Self:
        """The caller knows everything up to this revision."""
        known = min(revision, self.revision)
        return self if known <= self.acknowledged else replace(self, acknowledged=known)

    def _asking(self, base: str, now: datetime) -> Self:
        """With a sending that is being asked for: the one nobody has answered, or a new one."""
        last = self.send
        # Unanswered, the same key: the provider may have taken it, and answers the same transfer again.
        fresh = self if last and last.status is None and last.failure_code is None else self._with_new_send(base)
        assert fresh.send is not None
        return fresh._with(replace(fresh.send, asked_at=fresh.send.asked_at or now))

    def _stopped(self, code: str, now: datetime) -> tuple[TransferPause, Self]:
        """What follows this failure."""
        retry = after_failure(code, self.tries + 1)
        match retry:
            case WaitForSettlement():
                # Costs no try: nothing is wrong with the transfer, only with the balance.
                return TransferPause.FUNDS, replace(self, reason=code, next_at=now + FUNDS_AGAIN)
            case RetryAfter():
                return TransferPause.RETRY, replace(self, reason=code, tries=self.tries + 1, next_at=now + retry.delay)
            case AskPerson():
                return TransferPause.PERSON, replace(self, reason=retry.reason, tries=self.tries + 1, next_at=None)
            case _:
                assert_never(retry)

    def _looked_at(self, since: datetime, now: datetime) -> Self:
        """Looked at without news: look again later."""
        asked_at = self.send.asked_at if self.send else None
        return replace(self, next_at=next_poll(asked_at or since, now))

    def _with_new_send(self, base: str) -> Self:
        return replace(self, sends=(*self.sends, Send(send_key(base, len(self.sends) + 1))))

    def _with(self, send: Send) -> Self:
        return replace(self, sends=tuple(send if s.key == send.key else s for s in self.sends))

    def _revised(self) -> Self:
        return replace(self, revision=self.revision + 1, dirty=True)
