"""Parts of a payment, and whose they are: nobody's yet, shared out to a party, going back to the guest, or
taken back by the guest's bank."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from payments.domain.events import MovementSeen, RowStatus
from payments.domain.ids import PaymentKey, RefundId
from payments.domain.machine import Machine
from payments.domain.money import Money, zero
from payments.domain.splits import Party


@dataclass(frozen=True, slots=True)
class Allocation:
    """A part of a payment that belongs to a party."""

    payment: PaymentKey
    party: Party
    amount: Money


@dataclass(frozen=True, slots=True)
class RefundMark:
    """Money of a payment set aside to go back."""

    refund: RefundId
    payment: PaymentKey
    amount: Money
    wanted_at: datetime
    ordered_by: tuple[str, ...] = ()
    """The people of the house who ordered it; none of them may approve it."""


class CaseKind(StrEnum):
    """Why the owner of some money is undecided."""

    PARTIAL = "partial"
    SURPLUS = "surplus"
    OTHER_CURRENCY = "other_currency"
    LATE = "late"
    CREDIT = "credit"
    """Set aside for it from a credit: back there, if it is not paid."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Money that came in and belongs to nobody yet."""

    kind: CaseKind
    payment: PaymentKey
    amount: Money


class ChargebackOutcome(StrEnum):
    """How a chargeback stands."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


EVIDENCE_WITHIN: Final = timedelta(days=5)
"""So soon our side of it should be with the provider: its rows name no day, and banks give seven or more."""

CHARGEBACK = Machine(
    "outcome",
    frozenset({ChargebackOutcome.OPEN}),
    {
        ChargebackOutcome.OPEN: frozenset({ChargebackOutcome.WON, ChargebackOutcome.LOST}),
        ChargebackOutcome.WON: frozenset(),
        ChargebackOutcome.LOST: frozenset(),
    },
)
_OUTCOMES = {
    RowStatus.PENDING: ChargebackOutcome.OPEN,
    RowStatus.DONE: ChargebackOutcome.LOST,
    RowStatus.BACK: ChargebackOutcome.WON,
}


@dataclass(frozen=True, slots=True)
class Chargeback:
    """A payment, or a part of it, taken back by the guest's bank: out of our cash from the first moment, for
    good when lost.

    `from_open` is the part of it that was of undecided owner; the rest was shared out already, and the
    platform bears it.
    """

    id: str
    payment: PaymentKey
    amount: Money
    from_open: Money
    opened_at: datetime
    outcome: ChargebackOutcome = ChargebackOutcome.OPEN
    decided_at: datetime | None = None
    fee: Money | None = None

    @property
    def keeps(self) -> Money:
        """What of the payment's open money it keeps from everybody else."""
        return self.from_open if self.outcome is not ChargebackOutcome.WON else zero(self.amount.currency)

    @property
    def evidence_due_at(self) -> datetime | None:
        """Until when our side of it should be sent; none once it is decided."""
        return self.opened_at + EVIDENCE_WITHIN if self.outcome is ChargebackOutcome.OPEN else None

    def with_row(self, row: MovementSeen, now: datetime) -> "Chargeback":
        """With what the provider's row says; a decision is for good."""
        # The fee of a dispute may show in a later row than the dispute itself.
        charged = replace(self, fee=self.fee or row.fee)
        outcome = _OUTCOMES[row.status]
        if self.outcome is not ChargebackOutcome.OPEN or outcome is ChargebackOutcome.OPEN:
            return charged
        return CHARGEBACK.move(charged, outcome, decided_at=now)
