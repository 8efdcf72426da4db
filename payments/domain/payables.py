"""What we owe each party for each payment, and when it may leave: released, settled, and its fee known."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from payments.domain.ids import PayableId, PayeeId, PaymentKey, PayoutId, payable_id
from payments.domain.invoice import Invoice
from payments.domain.machine import Machine
from payments.domain.money import Money, total
from payments.domain.payment import Payment
from payments.domain.splits import FeeBearer, Party
from payments.domain.terms import Payee

MAX_REVERSALS = 3
"""So often may a bank send a payable back before a person has to look at the account."""


class PayableState(StrEnum):
    """Open, in a payout that has not failed, or paid by one that succeeded."""

    OPEN = "open"
    TAKEN = "taken"
    PAID = "paid"


PAYABLE = Machine(
    "state",
    frozenset({PayableState.OPEN}),
    {
        PayableState.OPEN: frozenset({PayableState.TAKEN}),
        PayableState.TAKEN: frozenset({PayableState.OPEN, PayableState.PAID}),
        # A bank may send back what had arrived.
        PayableState.PAID: frozenset({PayableState.OPEN}),
    },
)


@dataclass(frozen=True, slots=True)
class Payable:
    """One party's part of one payment; `fee_share` is what it bears of the fee (known only with the fee)."""

    id: PayableId
    reference: str
    payment: PaymentKey
    party: Party
    payee: PayeeId
    share: Money
    fee_share: Money
    fee_known: bool
    settled_at: datetime | None
    expected_settled_at: datetime | None
    release_at: datetime | None
    state: PayableState = PayableState.OPEN
    payout: PayoutId | None = None
    reversals: int = 0
    version: int = 0
    held: bool = False

    @property
    def net(self) -> Money:
        """What the party gets; negative for a party that owes us."""
        return self.share - self.fee_share

    @property
    def due_at(self) -> datetime | None:
        """The earliest moment it may leave: when a transaction of the provider covers it, its fee is known and it is
        released. The date by which the channel usually settles moves nothing."""
        if self.held or self.settled_at is None or self.release_at is None or not self.fee_known:
            return None
        # A fee that is not known yet would be borne by nobody once the share has left.
        return max(self.settled_at, self.release_at)

    @property
    def is_blocked(self) -> bool:
        """Sent back so often that a person has to look at the account."""
        return self.reversals >= MAX_REVERSALS

    def is_due(self, now: datetime) -> bool:
        """Whether it may leave now."""
        due_at = self.due_at
        free = self.state is PayableState.OPEN and not self.is_blocked
        return free and due_at is not None and due_at <= now

    def taken_by(self, payout: PayoutId) -> "Payable":
        """In this payout; in another one already, it stays there."""
        if self.state is not PayableState.OPEN:
            return self
        return PAYABLE.move(self, PayableState.TAKEN, payout=payout)

    def paid_by(self, payout: PayoutId) -> "Payable":
        """Paid by the payout it is in."""
        if self.payout != payout or self.state is not PayableState.TAKEN:
            return self
        return PAYABLE.move(self, PayableState.PAID)

    def reopened_from(self, payout: PayoutId, after_reversal: bool) -> "Payable":
        """Owed again because the payout it is in came back or never left."""
        # An older payout that ends late says nothing of what another one has taken since.
        if self.payout != payout or self.state is PayableState.OPEN:
            return self
        return PAYABLE.move(self, PayableState.OPEN, payout=None, reversals=self.reversals + after_reversal)

    def laid_over(self, stored: "Payable") -> "Payable":
        """The stored one with what the invoice now says; where it stands with payouts is not the invoice's
        to say."""
        # What was sent and came back is owed whatever became of its booking since.
        held = self.held and not stored.reversals
        if stored.state is not PayableState.OPEN:
            return replace(stored, held=held)
        # Both are OPEN: only what the stored one went through is kept.
        return replace(self, payout=stored.payout, reversals=stored.reversals, version=stored.version, held=held)


def payables_of(invoice: Invoice) -> tuple[Payable, ...]:
    """One payable per payment and party of a shared-out invoice, also for a party that only bears its fee.

    The platform's own share is no payable.
    """
    shared = {allocation.payment for allocation in invoice.allocations}
    base = (
        payable
        for payment in invoice.payments
        if payment.key in shared
        for payee in invoice.terms.payees
        if (payable := _payable(invoice, payment, payee)) is not None
    )
    corrected: list[Payable] = []
    for correction in invoice.corrections:
        for line in correction.lines:
            if line.payee is None:
                continue
            payment = invoice.payment_by(line.payment)
            # More is owed when its money has settled and is released; less at once: a debt waits for nobody.
            is_debt = line.amount.amount < 0
            released = None if invoice.is_disputed(line.payment) else invoice.released_at
            corrected.append(
                Payable(
                    id=PayableId(f"{line.payment}|{line.party}|{line.payee}|{correction.number}"),
                    reference=invoice.reference,
                    payment=line.payment,
                    party=line.party,
                    payee=line.payee,
                    share=line.amount,
                    fee_share=Money(0, line.amount.currency),
                    fee_known=True,
                    settled_at=correction.at if is_debt else payment.settled_at if payment else None,
                    expected_settled_at=None,
                    release_at=correction.at if is_debt else released,
                    held=bool(invoice.holds) and not is_debt,
                )
            )
    return (*base, *corrected)


def _payable(invoice: Invoice, payment: Payment, payee: Payee) -> Payable | None:
    parts = [a for a in invoice.allocations if a.payment == payment.key and a.party is payee.party]
    share = total((part.amount for part in parts), payment.amount.currency)
    fee_share = fee_share_of(invoice, payment.key, payee.party)
    # The platform is paid by what stays in its account.
    if payee.party is Party.PLATFORM or not (share or fee_share):
        return None
    platform_bears = invoice.terms.fee_bearer is FeeBearer.PLATFORM
    return Payable(
        id=payable_id(payment.key, payee.party),
        reference=invoice.reference,
        payment=payment.key,
        party=payee.party,
        payee=payee.payee,
        share=share,
        fee_share=fee_share,
        fee_known=platform_bears or payment.fee is not None,
        settled_at=payment.settled_at,
        expected_settled_at=None if payment.transaction_id else payment.expected_settled_at,
        # Nobody is paid from money that may have to go back.
        release_at=None if invoice.is_disputed(payment.key) else invoice.released_at,
        held=bool(invoice.holds),
    )


def fee_share_of(invoice: Invoice, key: PaymentKey, party: Party) -> Money:
    """What this party bears of this payment's fee; nothing while the fee is unknown."""
    payment = invoice.payment_by(key)
    currency = payment.amount.currency if payment else invoice.due.currency
    if payment is None or payment.fee is None:
        return Money(0, currency)
    shares = invoice.terms.fee_shares_of(payment.fee)
    return total((share.amount for share in shares if share.party is party), currency)
