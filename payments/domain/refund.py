"""Money going back to the guest: by the channel it came through where that can, else to an account the
guest names.

The minimum that is always right: the open part of one payment goes back whole. Channel rules: reference:
xendit 6, 2.5.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from payments.domain.events import TransferStatus
from payments.domain.ids import ExternalId, InvoiceId, PaymentKey, RefundId
from payments.domain.machine import Machine
from payments.domain.money import Money
from payments.domain.payees import Destination
from payments.domain.payment import Payment
from payments.domain.transfer import Send, Transfer, delay_after, next_poll


class RefundState(StrEnum):
    """Where a refund stands; NEEDS_ACCOUNT waits for the guest, PERSON for somebody of ours."""

    NEEDS_ACCOUNT = "needs_account"
    READY = "ready"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    WAITING_RETRY = "waiting_retry"
    WAITING_FUNDS = "waiting_funds"
    PERSON = "person"
    SUCCEEDED = "succeeded"


_FAILED = frozenset(
    {RefundState.NEEDS_ACCOUNT, RefundState.WAITING_RETRY, RefundState.WAITING_FUNDS, RefundState.PERSON}
)
_ANSWERED = _FAILED | {RefundState.ACCEPTED, RefundState.SUCCEEDED}
REFUND = Machine(
    "state",
    frozenset({RefundState.READY, RefundState.NEEDS_ACCOUNT}),
    {
        RefundState.NEEDS_ACCOUNT: frozenset({RefundState.READY}) | _ANSWERED,
        # An earlier sending that had failed may be reported as arrived before the next one is asked for.
        RefundState.READY: frozenset({RefundState.UNKNOWN, RefundState.SUCCEEDED}),
        RefundState.UNKNOWN: _ANSWERED | {RefundState.UNKNOWN},
        RefundState.ACCEPTED: _FAILED | {RefundState.SUCCEEDED},
        RefundState.WAITING_RETRY: frozenset({RefundState.UNKNOWN}) | _ANSWERED,
        RefundState.WAITING_FUNDS: frozenset({RefundState.UNKNOWN}) | _ANSWERED,
        # A refused sending may be reported after the refusal: what the provider says last counts.
        RefundState.PERSON: frozenset({RefundState.READY}) | _ANSWERED,
        # A refund that went as a payout can be sent back by the guest's bank.
        RefundState.SUCCEEDED: _FAILED,
    },
)
SENDABLE = frozenset({RefundState.READY, RefundState.UNKNOWN, RefundState.WAITING_RETRY, RefundState.WAITING_FUNDS})

_DAYS_FULL_OR_PART = {
    "IDR": {"CREDIT_CARD": 365, "CARDS": 365, "OVO": 14, "DANA": 30, "GOPAY": 45, "SHOPEEPAY": 365},
    "PHP": {"CREDIT_CARD": 365, "CARDS": 365, "GCASH": 180, "GRABPAY": 365, "PAYMAYA": 365, "SHOPEEPAY": 90},
    "VND": {"ZALOPAY": 180},
    "THB": {"CREDIT_CARD": 365, "CARDS": 365},
    "MYR": {"CREDIT_CARD": 365, "CARDS": 365, "TOUCHNGO": 30},
}
_DAYS_FULL_ONLY = {"IDR": {"QRIS": 30, "LINKAJA": 30, "DD_BRI": 120}}
_CHANNEL_CANNOT = frozenset(
    {
        "REFUND_NOT_SUPPORTED",
        "PARTIAL_REFUND_NOT_SUPPORTED",
        "INELIGIBLE_TRANSACTION_STATUS",
        "PARTIAL_REFUND_COUNTS_EXCEEDED",
        "REFUND_FAILED",
        "ACCOUNT_ACCESS_BLOCKED",
        "ACCOUNT_NOT_FOUND",
    }
)
ACCOUNT_REFUSED = frozenset(
    {
        "INVALID_DESTINATION",
        "ACCOUNT_NAME_MISMATCH",
        "DESTINATION_MAXIMUM_LIMIT",
        "RECIPIENT_ACCOUNT_NUMBER_ERROR",
        "CHANNEL_CODE_NOT_SUPPORTED",
    }
)
"""The account the guest named does not take it: another one is asked for (reference: xendit 4.2, 4.3)."""
_LATER = frozenset({"REFUND_IN_PROGRESS"})
"""One refund at a time per payment (reference: xendit 6)."""


def can_go_back(payment: Payment, amount: Money, now: datetime) -> bool:
    """Whether the provider can return this much of the payment to the instrument it came from."""
    paid_at, whole = payment.paid_at or payment.seen_at, amount == payment.amount
    return channel_takes_back(payment.amount.currency, payment.channel or "", paid_at, now, whole=whole)


def channel_takes_back(currency: str, channel: str, paid_at: datetime | None, now: datetime, *, whole: bool) -> bool:
    """Whether a payment of that channel can go back where it came from, in part or as a whole; not known when it
    was paid: no."""
    days = _DAYS_FULL_OR_PART.get(currency, {}).get(channel)
    if days is None and whole:
        days = _DAYS_FULL_ONLY.get(currency, {}).get(channel)
    return days is not None and paid_at is not None and now < paid_at + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Approval:
    """A refund above the limit leaves when a person has said yes; until then `by` is empty."""

    by: str | None = None
    at: datetime | None = None


class NoApproval(StrEnum):
    """Why there is nothing to approve; the words are shown as they are."""

    UNKNOWN = "there is no such refund"
    NOT_NEEDED = "it waits for nobody's approval"
    OWN = "whoever ordered a refund cannot approve it"


@dataclass(frozen=True, slots=True)
class Refund(Transfer):
    """One amount of one payment going back; with a destination it goes as a payout, else by the refund
    call."""

    id: RefundId
    reference: str
    payment: PaymentKey
    external_id: ExternalId
    invoice: InvoiceId | None
    amount: Money
    made_at: datetime
    state: RefundState
    destination: Destination | None = None
    approval: Approval | None = None
    """Next to the state and not one of its own: an older version, which knows no such state, leaves it alone."""
    ordered_by: tuple[str, ...] = ()
    """The people of the house who ordered it."""

    @property
    def awaits_approval(self) -> bool:
        """Whether a person has to say yes before any of it leaves."""
        return self.approval is not None and self.approval.by is None

    def may_be_approved_by(self, person: str) -> bool:
        """Whether that is another person than whoever ordered it, however the name is written."""
        return person.strip().casefold() not in {name.strip().casefold() for name in self.ordered_by}

    def approved(self, by: str, now: datetime) -> "Refund":
        """A person's yes, once: it goes its way, and its sum stays what was promised."""
        if not self.awaits_approval or not self.may_be_approved_by(by):
            return self
        next_at = now if self.state in SENDABLE else self.next_at
        return replace(self, approval=Approval(by, now), next_at=next_at)._revised()

    def sent_to(self, destination: Destination, now: datetime) -> "Refund":
        """The guest has named an account."""
        if self.state not in {RefundState.NEEDS_ACCOUNT, RefundState.PERSON}:
            return self
        ready = REFUND.move(self, RefundState.READY, destination=destination, tries=0, reason=None, next_at=now)
        # The account may be named before the yes; nothing is due until then.
        return replace(ready, next_at=None if self.awaits_approval else now)._revised()

    def asked(self, now: datetime, look_at: datetime) -> "Refund":
        """Stored before the call; the outcome is unknown until somebody says it."""
        if self.state not in SENDABLE or self.awaits_approval:
            return self
        return REFUND.move(self._asking(self.id, now), RefundState.UNKNOWN, next_at=look_at)

    def refused(self, code: str, now: datetime) -> "Refund":
        """The provider would not take it: the next way, a later try, or a person."""
        if self.state is not RefundState.UNKNOWN or self.send is None:
            return self
        # A refusal ends this sending: the next one gets a key of its own.
        ended = self._with(replace(self.send, failure_code=code))
        return ended._next_way(code, now)._revised()

    def _after(self, send: Send, now: datetime) -> "Refund":
        match send.status:
            case TransferStatus.ACCEPTED:
                return REFUND.move(self, RefundState.ACCEPTED, next_at=next_poll(send.asked_at or now, now))
            case TransferStatus.SUCCEEDED:
                return REFUND.move(self, RefundState.SUCCEEDED, reason=None, next_at=None)
            case TransferStatus.FAILED | TransferStatus.CANCELLED | TransferStatus.REVERSED:
                return self._next_way(send.failure_code or send.status, now)
            case None:
                return self
            case _:
                assert_never(send.status)

    def _next_way(self, code: str, now: datetime) -> "Refund":
        if self.destination is None and code in _CHANNEL_CANNOT:
            return REFUND.move(self, RefundState.NEEDS_ACCOUNT, reason=code, next_at=None)
        if self.destination is not None and code in ACCOUNT_REFUSED:
            return REFUND.move(self, RefundState.NEEDS_ACCOUNT, reason=code, next_at=None)
        if code in _LATER:
            # Waits for the refund before it, which ends by itself; so no limit of tries.
            at = now + delay_after(self.tries + 1)
            return REFUND.move(self, RefundState.WAITING_RETRY, tries=self.tries + 1, reason=code, next_at=at)
        pause, stopped = self._stopped(code, now)
        return REFUND.move(stopped, RefundState(pause.value))

    def polled(self, now: datetime) -> "Refund":
        """Looked at without news: look again later."""
        return self._looked_at(self.made_at, now)


def plan_refund(
    id_: RefundId,
    reference: str,
    payment: Payment,
    *,
    invoice: InvoiceId | None,
    amount: Money,
    now: datetime,
    approve_above: Money | None = None,
    ordered_by: tuple[str, ...] = (),
) -> Refund:
    """The refund of this much of a payment, by the way that is open today. Above the limit it waits for a person, and
    so does one in another currency than the limit's, of which nobody said what is much."""
    is_small = approve_above is None or (amount.currency == approve_above.currency and amount <= approve_above)
    # A call that the channel must refuse would only delay the question for an account.
    can = invoice is not None and can_go_back(payment, amount, now)
    return Refund(
        id=id_,
        reference=reference,
        payment=payment.key,
        external_id=payment.external_id,
        invoice=invoice,
        amount=amount,
        made_at=now,
        state=RefundState.READY if can else RefundState.NEEDS_ACCOUNT,
        next_at=now if can and is_small else None,
        approval=None if is_small else Approval(),
        ordered_by=ordered_by,
        revision=1,
        dirty=True,
    )
