"""The accounts a booking's money is kept under, and what of it is still there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from payments.domain.money import Money

BASE: Final = "base"
"""The purpose of the account its price is paid into."""


@dataclass(frozen=True, slots=True)
class MoneyAccount:
    """One account of one booking."""

    name: str
    purpose: str = BASE
    """`base`, or the id of the change whose difference is paid into it."""
    captured: Money | None = None
    """All that came in and is the booking's; none while nothing did."""
    channel: str | None = None
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptMoney:
    """Money that an ended booking keeps, and on whose word."""

    amount: Money
    policy: str
    """The clause of the policy, as its word."""
    by: str
    """The person who decided it, or `policy`."""
