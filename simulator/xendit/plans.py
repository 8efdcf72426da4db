"""What will happen by itself: plans as values, so that a world can be put into a file with all that is to come."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Deed(StrEnum):
    """What a desk does when the time has come."""

    INVOICE_RUNS_OUT = "invoice_runs_out"
    PAYMENT_SETTLES = "payment_settles"
    PAYOUT_IS_REQUESTED = "payout_is_requested"
    PAYOUT_ENDS = "payout_ends"
    PAYOUT_COMES_BACK = "payout_comes_back"
    REFUND_ENDS = "refund_ends"


@dataclass(frozen=True, order=True, slots=True)
class Plan:
    """A deed at a moment; of two at the same moment the one planned first comes first."""

    at: datetime
    number: int
    deed: Deed = field(compare=False)
    subject: str = field(compare=False)
    """The id of the invoice, payment, payout or refund."""
    failure_code: str | None = field(default=None, compare=False)
    comes_back: bool = field(default=False, compare=False)
