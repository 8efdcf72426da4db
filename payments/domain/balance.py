"""How much may leave: one document per currency, so that two cashiers cannot spend one rupiah twice.

    available = provider's cash - payouts not final - refunds not final - reserve

The cash is read after the guard is loaded and the set-aside is saved under the version that was loaded.
"""

from dataclasses import dataclass, replace

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
    asides: tuple[Reservation, ...] = ()
    version: int = 0

    def holds(self, transfer: str) -> bool:
        """Whether money is set aside for this transfer."""
        return any(aside.transfer == transfer for aside in self.asides)

    def available(self, cash: Money, reserve: int) -> Money:
        """What a further transfer may spend, seen this much cash."""
        return Money(cash.amount - sum(aside.amount for aside in self.asides) - reserve, cash.currency)

    def set_aside(self, transfer: str, amount: int) -> "BalanceGuard":
        """With this much kept for this transfer; once is enough."""
        return self if self.holds(transfer) else replace(self, asides=(*self.asides, Reservation(transfer, amount)))

    def freed(self, transfer: str) -> "BalanceGuard":
        """With nothing kept for this transfer."""
        left = tuple(aside for aside in self.asides if aside.transfer != transfer)
        return self if left == self.asides else replace(self, asides=left)
