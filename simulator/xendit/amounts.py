"""Money on Xendit's wire and inside the simulator: minor units inside, numbers outside."""

from decimal import ROUND_HALF_UP, Decimal

EXPONENTS = {"IDR": 0, "VND": 0, "PHP": 2, "THB": 2, "MYR": 2, "USD": 2}
"""Decimals of each currency an invoice may have (reference: xendit 2.2, 2.5)."""

CUTS_DECIMALS = frozenset({"IDR"})
"""Where an invoice's decimals are cut off in silence: 4550.50 becomes 4550 (reference: xendit 2.5)."""


def from_units(units: int | Decimal, currency: str) -> int:
    """Whole currency units as minor units; further decimals are cut off."""
    return int(Decimal(units).scaleb(EXPONENTS[currency]))


def is_exact(units: Decimal, currency: str) -> bool:
    """Whether the currency can say this sum without rounding."""
    return units.scaleb(EXPONENTS[currency]) % 1 == 0


def to_wire(minor: int, currency: str) -> int | float:
    """The JSON number of a sum: an integer where it is whole, as in recorded bodies."""
    units = Decimal(minor).scaleb(-EXPONENTS[currency])
    return int(units) if units == units.to_integral_value() else float(units)


def share(minor: int, basis_points: int) -> int:
    """That many hundredths of a percent of the sum, half up to the minor unit."""
    part = Decimal(minor) * basis_points / 10_000
    return int(part.to_integral_value(rounding=ROUND_HALF_UP))
