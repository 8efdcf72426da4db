"""What to do about an invoice that is not being paid: at most three steps, all before the deadline, then
give up.

A payment link never tells of a failed try, so recovery runs on the caller's own timers (reference: xendit
3.3).
"""

from dataclasses import dataclass
from datetime import datetime

from payments.attempt import LIVE
from payments.invoice import Invoice, RecoveryKind

MOST_STEPS = 3
"""Requirements S3-103."""


@dataclass(frozen=True, slots=True)
class NothingToDo:
    """It is paid or closed."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Ask again at this moment."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Nudge:
    """Remind the customer of the link that is still alive."""

    url: str


@dataclass(frozen=True, slots=True)
class NewLink:
    """Open the attempt of this number."""

    attempt_no: int


@dataclass(frozen=True, slots=True)
class OtherMethod:
    """Open the attempt of this number and offer another way to pay."""

    attempt_no: int


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Release the slot and tell the customer."""


Step = NothingToDo | Wait | Nudge | NewLink | OtherMethod | GiveUp


def next_step(invoice: Invoice, now: datetime, pay_by: datetime) -> Step:
    """The next thing to do about this invoice, and nothing but giving up from `pay_by` on."""
    if invoice.is_paid or invoice.closed_at is not None:
        return NothingToDo()
    if now >= pay_by:
        return GiveUp()
    if len(invoice.recoveries) >= MOST_STEPS:
        return Wait(pay_by)
    attempt = invoice.attempt
    if attempt is None:
        return NewLink(1)
    taken = {recovery.kind for recovery in invoice.recoveries}
    if attempt.state in LIVE:
        nudge_at = attempt.created_at + (pay_by - attempt.created_at) / 2
        if RecoveryKind.NUDGE in taken or attempt.url is None:
            return Wait(pay_by)
        return Nudge(attempt.url) if now >= nudge_at else Wait(nudge_at)
    if RecoveryKind.NEW_LINK in taken:
        return OtherMethod(attempt.number + 1)
    return NewLink(attempt.number + 1)
