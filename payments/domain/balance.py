"""How much may leave: one document per currency, so that two cashiers cannot spend one rupiah twice.

    available = provider's cash - payouts not final - refunds not final - reserve

The cash is read after the guard is loaded and the reservation is saved under the version that was loaded.
"""

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from payments.domain.money import Money


@dataclass(frozen=True, slots=True)
class Reservation:
    """Money set aside for one transfer that is not final."""

    transfer: str
    amount: int


@dataclass(frozen=True, slots=True)
class BalanceGuard:
    """What is set aside in one currency; minor units."""

    currency: str
    reservations: Annotated[tuple[Reservation, ...], Field(alias="asides")] = ()
    version: int = 0

    def holds(self, transfer: str) -> bool:
        """Whether money is set aside for this transfer."""
        return any(kept.transfer == transfer for kept in self.reservations)

    def available(self, cash: Money, reserve: int) -> Money:
        """What a further transfer may spend, seen this much cash."""
        return Money(cash.amount - sum(kept.amount for kept in self.reservations) - reserve, cash.currency)

    def reserve(self, transfer: str, amount: int) -> "BalanceGuard":
        """With this much kept for this transfer; once is enough."""
        return (
            self
            # A transfer that is tried again keeps what it has; reserved twice, its money would be free for nobody.
            if self.holds(transfer)
            else replace(self, reservations=(*self.reservations, Reservation(transfer, amount)))
        )

    def release(self, transfer: str) -> "BalanceGuard":
        """With nothing kept for this transfer."""
        left = tuple(kept for kept in self.reservations if kept.transfer != transfer)
        return self if left == self.reservations else replace(self, reservations=left)
