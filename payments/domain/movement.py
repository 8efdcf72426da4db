"""Money that moved at the provider outside our payments, payouts and refunds: top-ups, withdrawals,
adjustments, what was there before us, and rows that nobody here ordered.

An unmatched row is kept and shown, and enters the books only when a person has accepted it: until then the balances
differ by it, which is the point.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from payments.domain.events import MovementKind, MovementSeen, RowStatus
from payments.domain.money import Money


@dataclass(frozen=True, slots=True)
class Movement:
    """One row of the provider's books; `amount` and `pending` are what it did to our cash and to what is not
    yet settled, before its fee."""

    id: str
    kind: MovementKind
    word: str
    amount: Money
    seen_at: datetime
    pending: Money | None = None
    reference: str | None = None
    moved_at: datetime | None = None
    back_at: datetime | None = None
    fee: Money | None = None
    accepted_at: datetime | None = None
    accepted_by: str | None = None
    """Who knew what it was; none where an earlier version wrote it down."""
    dirty: bool = True
    version: int = 0

    def with_row(self, row: MovementSeen, now: datetime) -> "Movement":
        """With what the row says now; money moves once and comes back once."""
        grown = self
        # While it is pending, money on its way out has left and money on its way in is not there yet.
        is_leaving = row.status is RowStatus.PENDING and row.amount.amount < 0
        if grown.moved_at is None and (is_leaving or row.status is RowStatus.DONE):
            grown = replace(grown, moved_at=now)
        if grown.moved_at is not None and grown.back_at is None and row.status is RowStatus.BACK:
            grown = replace(grown, back_at=now)
        if grown.fee is None and row.fee:
            grown = replace(grown, fee=row.fee)
        return self if grown == self else replace(grown, dirty=True)

    def accepted(self, now: datetime, by: str | None = None) -> "Movement":
        """A person knows what it was."""
        if self.kind is not MovementKind.UNMATCHED or self.accepted_at is not None:
            return self
        return replace(self, accepted_at=now, accepted_by=by, dirty=True)

    @property
    def is_unmatched(self) -> bool:
        """Whether it moved money and nobody has said why."""
        unexplained = self.kind is MovementKind.UNMATCHED and self.accepted_at is None
        return unexplained and self.moved_at is not None and self.back_at is None


def movement_of(row: MovementSeen, now: datetime) -> Movement:
    """The movement this row tells of for the first time."""
    seen = Movement(row.transaction_id, row.kind, row.word, row.amount, now, reference=row.reference)
    return seen.with_row(row, now)


def opening(cash: Money, pending: Money, at: datetime) -> Movement:
    """What lay with the provider before our first posting."""
    return Movement(f"opening:{cash.currency}", MovementKind.OPENING, "OPENING", cash, at, pending=pending, moved_at=at)
