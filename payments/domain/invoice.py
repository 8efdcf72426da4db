"""What a booking has to pay and how it is coming in: one invoice, its attempts (links), the payments on them.

`apply` takes everything the provider ever says, in any order and any number of times. Late, repeated or
backward news returns the invoice itself, unchanged: PAID beats EXPIRED, a payment is known by its key, and
only money moves it on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, assert_never

from pydantic import Field

from payments.domain.allocations import Allocation, CaseKind, Chargeback, ChargebackOutcome, OpenCase, RefundMark
from payments.domain.attempt import ATTEMPT, LIVE, Attempt, AttemptState
from payments.domain.corrections import Correction, CreditWanted, HoldBack, SettleOrder
from payments.domain.events import (
    InvoiceEvent,
    InvoiceExpired,
    InvoiceFailed,
    InvoicePaid,
    InvoicePending,
    MovementSeen,
    TransactionSeen,
)
from payments.domain.fees import Tariffs
from payments.domain.ids import InvoiceId, PaymentKey, external_id, refund_id
from payments.domain.matching import as_news, matched, taken_back
from payments.domain.money import Money, total, zero
from payments.domain.payment import Payment, key_of, payment_of
from payments.domain.splits import allot
from payments.domain.terms import ReleaseRule, Terms


class InvoiceStatus(StrEnum):
    """What the invoice is, as the caller sees it."""

    PENDING = "pending"
    PARTIALLY_PAID = "partially_paid"
    FAILED = "failed"
    EXPIRED = "expired"
    PAID = "paid"
    CLOSED = "closed"


_UNPAID = frozenset({InvoiceStatus.PENDING, InvoiceStatus.PARTIALLY_PAID, InvoiceStatus.FAILED, InvoiceStatus.EXPIRED})
OBSERVABLE: Mapping[InvoiceStatus, frozenset[InvoiceStatus]] = {
    **{status: frozenset(InvoiceStatus) - {status} for status in _UNPAID},
    # What was paid late and sent back, or taken back by a bank before it was shared out, is owed again.
    InvoiceStatus.PAID: frozenset(InvoiceStatus) - {InvoiceStatus.PAID},
    # Given up for good; only money that pays all of it changes that.
    InvoiceStatus.CLOSED: frozenset({InvoiceStatus.PAID}),
}
"""Nobody writes an invoice's status: it is a projection of its links and payments, and this is what may be seen after
what."""


class NotOpen(ValueError):
    """The invoice is paid or closed and takes no further attempt."""


TO_BE_ASKED = timedelta(seconds=5)
"""A link just wanted is asked for by whoever wanted it; a sweep takes it up only when nobody did."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """One booking's demand for `due`, until `pay_by`; `acknowledged` is the last
    revision the caller has for good."""

    reference: str
    due: Money
    pay_by: datetime
    terms: Terms
    description: str = ""
    locale: str | None = None
    return_url: str | None = None
    attempts: tuple[Attempt, ...] = ()
    payments: tuple[Payment, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    refunds: tuple[RefundMark, ...] = ()
    chargebacks: tuple[Chargeback, ...] = ()
    corrections: tuple[Correction, ...] = ()
    holds: tuple[HoldBack, ...] = ()
    credits: tuple[CreditWanted, ...] = ()
    settled_by: str | None = None
    settled_version: int = 0
    closed_at: datetime | None = None
    late_accepted_at: datetime | None = None
    allocated_at: datetime | None = None
    released_at: datetime | None = None
    revision: Annotated[int, Field(alias="changes")] = 0
    acknowledged: Annotated[int, Field(alias="told")] = 0
    next_at: datetime | None = None
    dirty: bool = False
    version: int = 0

    @property
    def paid(self) -> Money:
        """What came in for it in its currency and is not going back; what was shared out stays paid, also
        when a bank takes it back."""
        gone = [mark.amount for mark in self.refunds] + [one.keeps for one in self.chargebacks]
        back = total((sum_ for sum_ in gone if sum_.currency == self.due.currency), self.due.currency)
        return self.captured - back

    @property
    def captured(self) -> Money:
        """All that ever came in for it in its currency."""
        came = (p.amount for p in self.payments if p.amount.currency == self.due.currency)
        return total(came, self.due.currency)

    @property
    def rest(self) -> Money:
        """What is still to be paid."""
        return max(self.due - self.paid, zero(self.due.currency))

    @property
    def is_paid(self) -> bool:
        """All of it came in, late or not."""
        return not self.rest or bool(self.allocations)

    @property
    def is_late(self) -> bool:
        """It was paid only by money after the deadline, and the caller has not accepted that."""
        late = any(p.late and p.amount.currency == self.due.currency for p in self.payments)
        return late and not self.allocations and self.late_accepted_at is None

    @property
    def attempt(self) -> Attempt | None:
        """The latest link."""
        return self.attempts[-1] if self.attempts else None

    @property
    def status(self) -> InvoiceStatus:
        """What it now is, from its payments first and its latest link second."""
        # Money beats everything that links say: what is paid stays paid when its link has expired.
        if self.is_paid:
            return InvoiceStatus.PAID
        if self.closed_at is not None:
            return InvoiceStatus.CLOSED
        latest = self.attempt
        if latest and latest.state in {AttemptState.FAILED, AttemptState.REFUSED}:
            return InvoiceStatus.FAILED
        if latest and latest.state is AttemptState.EXPIRED:
            return InvoiceStatus.EXPIRED
        return InvoiceStatus.PARTIALLY_PAID if self.paid else InvoiceStatus.PENDING

    @property
    def open_cases(self) -> tuple[OpenCase, ...]:
        """Money of undecided owner, payment by payment."""
        cases: list[OpenCase] = []
        for payment in self.payments:
            # From what cannot be shared at all to what only waits: the first that fits is the reason.
            if payment.amount.currency != self.due.currency:
                kind = CaseKind.OTHER_CURRENCY
            elif self.allocations:
                kind = CaseKind.SURPLUS
            elif payment.credit is not None:
                kind = CaseKind.CREDIT
            else:
                kind = CaseKind.LATE if payment.late else CaseKind.PARTIAL
            amount = self.open_of(payment)
            if amount:
                cases.append(OpenCase(kind, payment.key, amount))
        return tuple(cases)

    def open_of(self, payment: Payment) -> Money:
        """The part of a payment neither shared out nor going back nor taken back."""
        gone = [a.amount for a in self.allocations if a.payment == payment.key]
        gone += [m.amount for m in self.refunds if m.payment == payment.key]
        gone += [c.keeps for c in self.chargebacks if c.payment == payment.key]
        gone += [line.amount for c in self.corrections for line in c.lines if line.payment == payment.key]
        return payment.amount - total(gone, payment.amount.currency)

    def attempt_by(self, wanted: str) -> Attempt | None:
        """The attempt of this external id."""
        return next((a for a in self.attempts if a.external_id == wanted), None)

    def payment_by(self, key: PaymentKey) -> Payment | None:
        """The payment of this key."""
        return next((p for p in self.payments if p.key == key), None)

    def is_disputed(self, key: PaymentKey) -> bool:
        """Whether a bank has taken back of this payment and it is not decided."""
        return any(one.payment == key and one.outcome is ChargebackOutcome.OPEN for one in self.chargebacks)

    @property
    def dispute(self) -> ChargebackOutcome | None:
        """How what banks took back of it stands: open as long as one of them is."""
        outcomes = [one.outcome for one in self.chargebacks]
        return ChargebackOutcome.OPEN if ChargebackOutcome.OPEN in outcomes else outcomes[-1] if outcomes else None

    # What we do ourselves.

    def with_attempt(self, number: int, methods: tuple[str, ...], now: datetime) -> "Invoice":
        """With a link of this number wanted for the rest; wanted again, nothing changes."""
        wanted = external_id(self.reference, number)
        if self.attempt_by(wanted):
            return self
        # A link past its time would bring money that is late from the start.
        if self.is_paid or self.closed_at or now >= self.pay_by:
            raise NotOpen(self.status)
        attempt = Attempt(wanted, number, self.rest, now, self.pay_by, methods)
        return replace(self, attempts=(*self.attempts, attempt), next_at=now + TO_BE_ASKED)

    def refused(self, wanted: str, reason: str) -> "Invoice":
        """The provider will not open this link."""
        grown = self._while_creating(wanted, lambda a: ATTEMPT.move(a, AttemptState.REFUSED, reason=reason))
        return self if grown == self else grown.revised()

    def looked_up_in_vain(self, wanted: str) -> "Invoice":
        """The provider does not know this link yet."""
        return self._while_creating(wanted, lambda a: replace(a, empty_lookups=a.empty_lookups + 1))

    def asking(self, wanted: str, now: datetime, look_at: datetime) -> "Invoice":
        """Stored before the call: from now on the link may exist, and is looked up at `look_at`."""
        return self._while_creating(wanted, lambda a: replace(a, asked_at=now, empty_lookups=0), look_at)

    def not_asked(self, wanted: str, next_at: datetime) -> "Invoice":
        """The call did nothing: the link does not exist, and may be asked for at `next_at`."""
        return self._while_creating(wanted, lambda a: replace(a, asked_at=None, empty_lookups=0), next_at)

    def _while_creating(
        self, wanted: str, step: Callable[[Attempt], Attempt], next_at: datetime | None = None
    ) -> "Invoice":
        attempt = self.attempt_by(wanted)
        if attempt is None or attempt.state is not AttemptState.CREATING:
            return self
        # Only while it is being created: an answer that came in between knows more than whoever waits for one.
        return replace(self._with(step(attempt)), next_at=next_at or self.next_at)

    def closed(self, now: datetime) -> "Invoice":
        """Given up by the caller, its slot released; money from now on is late. A paid invoice is not
        closed."""
        if self.is_paid or self.closed_at:
            return self
        return replace(self, closed_at=now).revised()

    def late_accepted(self, now: datetime) -> "Invoice":
        """The slot was still free: late money is taken like any other."""
        if self.late_accepted_at:
            return self
        return replace(self, late_accepted_at=now).allocated(now)

    def released(self, at: datetime) -> "Invoice":
        """The parties' shares may leave from this moment on; an earlier word stays."""
        if self.released_at and self.released_at <= at:
            return self
        return replace(self, released_at=at, dirty=True)

    def held(self, hold: HoldBack) -> "Invoice":
        """The parties' shares may not leave, for one more reason."""
        return self if hold in self.holds else replace(self, holds=(*self.holds, hold), dirty=True)

    def let_go(self, reason: str) -> "Invoice":
        """That reason is over; the shares leave when none is left."""
        left = tuple(hold for hold in self.holds if hold.reason != reason)
        return self if left == self.holds else replace(self, holds=left, dirty=True)

    def under_order(self, order: SettleOrder) -> "Invoice":
        """From now on what an order says of it counts."""
        return self if self.settled_by == order.id else replace(self, settled_by=order.id, dirty=True)

    def refunding_open(self, now: datetime) -> "Invoice":
        """With every open sum set aside to go back; asked again, there is nothing left to set aside."""
        marks = list(self.refunds)
        for case in self.open_cases:
            # Counted per payment, so that a refund asked for twice gets the same id and is made once.
            number = 1 + sum(mark.payment == case.payment for mark in marks)
            marks.append(RefundMark(refund_id(case.payment, number), case.payment, case.amount, now))
        return self if len(marks) == len(self.refunds) else replace(self, refunds=tuple(marks)).revised()

    def acknowledge(self, revision: int) -> "Invoice":
        """The caller knows everything up to this revision."""
        known = min(revision, self.revision)
        return self if known <= self.acknowledged else replace(self, acknowledged=known)

    # What the provider tells us.

    def apply(self, event: InvoiceEvent, now: datetime, tariffs: Tariffs | None = None) -> "Invoice":
        """What the invoice is after this news; itself where the news is late, repeated, backward or of
        another invoice."""
        attempt = self.attempt_by(event.external_id)
        if attempt is None:
            return self
        match event:
            case InvoicePaid():
                return self._paid(attempt, event, now, tariffs or Tariffs())
            case InvoicePending():
                if attempt.state is not AttemptState.CREATING and attempt.url:
                    return self
                opened = replace(attempt, provider_id=attempt.provider_id or event.provider_id, url=event.url)
                # Its end may have come first; then only the address is new, and it is not opened again.
                if attempt.state is AttemptState.CREATING:
                    opened = ATTEMPT.move(opened, AttemptState.OPEN)
                return self if opened == attempt else self._with(opened).revised()
            case InvoiceExpired():
                return self._ended(attempt, event.provider_id, AttemptState.EXPIRED, None)
            case InvoiceFailed():
                return self._ended(attempt, event.provider_id, AttemptState.FAILED, event.reason)
            case _:
                assert_never(event)

    def _ended(self, attempt: Attempt, provider: InvoiceId, state: AttemptState, reason: str | None) -> "Invoice":
        # What ended once stays ended; only money moves it on.
        if attempt.state not in LIVE or (attempt.provider_id or provider) != provider:
            return self  # a twin of our link (reference: xendit 2.7) may die without ours
        ended = ATTEMPT.move(attempt, state, provider_id=provider, reason=reason)
        return self._with(ended).revised()

    def _paid(self, attempt: Attempt, event: InvoicePaid, now: datetime, tariffs: Tariffs) -> "Invoice":
        known = next((p for p in self.payments if p.is_same_as(event)), None)
        if known is not None:
            fuller = known.enriched(event)
            return self if fuller == known else self._with_payment(fuller)
        # A second sum under a known name is a contradiction, not more money.
        named = any(p.is_named_by(event.payment_id) or p.key == key_of(event) for p in self.payments)
        if named or event.paid.amount <= 0:
            return self  # one payment is one sum: what was booked first stays, and the contradiction is a person's
        # By the moment it was paid, where the provider says that: a callback can be hours late (reference: xendit 3.3).
        is_over = not self.is_paid and (self.closed_at is not None or (event.paid_at or now) >= self.pay_by)
        payment = payment_of(event, now, tariffs.of(event.channel), is_late=is_over)
        paid = ATTEMPT.move(attempt, AttemptState.PAID, provider_id=attempt.provider_id or event.provider_id)
        grown = replace(self._with(paid), payments=(*self.payments, payment))
        return grown.allocated(now).revised()

    def settle(self, rows: tuple[TransactionSeen, ...], now: datetime, tariffs: Tariffs | None = None) -> "Invoice":
        """With the provider's own rows of these payments: settled, and with fees, once and for good; and with
        the money on our links that no callback ever named."""
        booked = self
        known = matched(self.payments, rows).values()
        unseen = [(self.attempt_by(row.external_id or ""), row) for row in rows if row not in known]
        # Money that no callback has told of: its row is the news of it.
        for attempt, row in unseen:
            if attempt is not None:
                booked = booked.apply(as_news(attempt, row), now, tariffs)
        # Matched once more: the payments that were just added have rows too.
        for key, row in matched(booked.payments, rows).items():
            payment = booked.payment_by(key)
            assert payment is not None
            booked = booked._with_payment(payment.booked(row, now))
        return self if booked == self else replace(booked, dirty=True)

    def charged_back(self, row: MovementSeen, now: datetime) -> "Invoice":
        """A bank takes back of a payment, or has decided; itself where it is of none of ours or says nothing
        new."""
        known = next((one for one in self.chargebacks if one.id == row.transaction_id), None)
        payment = taken_back(self.payments, row)
        if known is not None:
            others = tuple(known.with_row(row, now) if one is known else one for one in self.chargebacks)
        elif payment is not None:
            # What has no owner yet is taken first; only the rest of it is anybody's loss.
            from_open = min(-row.amount, self.open_of(payment))
            opened = Chargeback(row.transaction_id, payment.key, -row.amount, from_open, now)
            others = (*self.chargebacks, opened.with_row(row, now))
        else:
            return self
        if others == self.chargebacks:
            return self
        grown = replace(self, chargebacks=others, dirty=True)
        is_turn = [one.outcome for one in others] != [one.outcome for one in self.chargebacks]
        # A dispute that is won makes its money whole again: only then may all of it be there to be shared.
        return grown.allocated(now).revised() if is_turn else grown

    def allocated(self, now: datetime) -> "Invoice":
        """Shared out as soon as all of it is there and no late money waits for a word."""
        if self.allocations or self.rest or self.is_late or self.settled_by is not None:
            return self  # what an order settles is shared by its corrections alone
        left, used = self.due, dict[PaymentKey, Money]()
        for payment in self.payments:
            if payment.amount.currency != self.due.currency:
                continue
            taken = min(left, self.open_of(payment))
            used[payment.key] = taken
            left -= taken
        # Earliest first: money beyond what was due stays open with the payment that brought it.
        shares = allot(self.terms.shares_of(self.due), used)
        return replace(
            self,
            allocations=tuple(Allocation(key, share.party, share.amount) for key, share in shares),
            allocated_at=now,
            released_at=self.released_at or (now if self.terms.release is ReleaseRule.ON_PAID else None),
        ).revised()

    def _with(self, attempt: Attempt) -> "Invoice":
        others = tuple(attempt if a.external_id == attempt.external_id else a for a in self.attempts)
        return replace(self, attempts=others)

    def _with_payment(self, payment: Payment) -> "Invoice":
        return replace(self, payments=tuple(payment if p.key == payment.key else p for p in self.payments))

    def revised(self) -> "Invoice":
        """With news for the caller, and postings to be written."""
        return replace(self, revision=self.revision + 1, dirty=True)
