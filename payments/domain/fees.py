"""What the provider keeps: an estimate by tariff until its own transaction says, never a computed truth
(reference: xendit 9.1)."""

from dataclasses import dataclass, field
from typing import Self

from payments.domain.money import Money, part


@dataclass(frozen=True, slots=True)
class Tariff:
    """A flat sum in minor units and hundredths of a percent of the amount, with tax on both in hundredths
    of a percent."""

    flat: int = 0
    rate: int = 0
    tax: int = 0

    def estimate(self, paid: Money) -> Money:
        """The fee to accrue for this payment, halves up, never more than the payment."""
        before_tax = self.flat + part(paid.amount, self.rate, 10_000)
        # A flat fee can be more than a tiny payment; nobody's share becomes less than nothing by it.
        return Money(min(paid.amount, before_tax + part(before_tax, self.tax, 10_000)), paid.currency)

    def expected(self, paid: Money) -> Money:
        """The fee as a price sheet counts it: all of it, tax included, rounded once."""
        before_tax = self.flat * 10_000 + paid.amount * self.rate
        return Money(part(before_tax, 10_000 + self.tax, 100_000_000), paid.currency)


@dataclass(frozen=True, slots=True)
class Tariffs:
    """The tariff of each channel; an unlisted channel accrues by `otherwise`."""

    by_channel: tuple[tuple[str, Tariff], ...] = ()
    otherwise: Tariff = field(default_factory=Tariff)

    @classmethod
    def nothing(cls) -> Self:
        """Accrue nothing: fees appear when the provider names them."""
        return cls()

    def of(self, channel: str | None) -> Tariff:
        """The channel's tariff."""
        return dict(self.by_channel).get(channel or "", self.otherwise)
