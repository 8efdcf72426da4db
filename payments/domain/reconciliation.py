"""Do our books say of the provider's balances what the provider says? Cash against CASH, pending against HOLDING.

A difference while money is on its way proves nothing: it is looked at again soon. One that has no such excuse
is named: which account, by how much, and since which reconciliation that held.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from payments.domain.ledger import Position
from payments.domain.money import Money

EXCUSED_FOR = timedelta(days=1)
"""So long after it was sent may a transfer explain a difference."""
_AGAIN = {"holds": timedelta(days=1), "moving": timedelta(minutes=15), "differs": timedelta(hours=1)}


class BalanceVerdict(StrEnum):
    """Equal; unequal while money is on its way; unequal."""

    HOLDS = "holds"
    MOVING = "moving"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """One of the provider's balances against ours; minor units."""

    account: str
    ours: int
    theirs: int

    @property
    def difference(self) -> int:
        """What the provider has more than our books say."""
        return self.theirs - self.ours


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """One look at both books of one currency; `moving` are transfers on their way, `unmatched` the provider's
    rows that nobody here ordered, `since` the last look at which both were equal."""

    currency: str
    at: datetime
    lines: tuple[BalanceLine, ...]
    verdict: BalanceVerdict
    since: datetime | None = None
    moving: tuple[str, ...] = ()
    unmatched: Annotated[tuple[str, ...], Field(alias="strays")] = ()
    version: int = 0

    @property
    def holds(self) -> bool:
        """Whether both say the same."""
        return self.verdict is BalanceVerdict.HOLDS

    @property
    def next_at(self) -> datetime:
        """When to look again."""
        return self.at + _AGAIN[self.verdict]

    @property
    def in_words(self) -> tuple[str, ...]:
        """Each difference as a sentence."""
        since = "there has been no reconciliation that held"
        if self.since is not None:
            since = f"it held on {self.since:%Y-%m-%d %H:%M UTC}"
        return tuple(
            f"{self.currency} {line.account}: the provider has {abs(line.difference)} "
            f"{'more' if line.difference > 0 else 'less'} than our books ({line.theirs} against {line.ours}); {since}"
            for line in self.lines
            if line.difference
        )


def compare(
    ours: Position,
    cash: Money,
    pending: Money,
    now: datetime,
    *,
    since: datetime | None,
    moving: tuple[str, ...],
    unmatched: tuple[str, ...],
) -> Reconciliation:
    """Our position laid against the provider's balances."""
    lines = (BalanceLine("CASH", ours.cash, cash.amount), BalanceLine("HOLDING", ours.pending, pending.amount))
    equal = not any(line.difference for line in lines)
    # With money on its way the two cannot agree; only a difference that nothing explains is an alarm.
    verdict = BalanceVerdict.HOLDS if equal else BalanceVerdict.MOVING if moving else BalanceVerdict.DIFFERS
    return Reconciliation(ours.currency, now, lines, verdict, since, moving, unmatched)
