"""A refund that waits for an account of the customer's: what is asked next, and what is known so far.

It is part of the lead, so it is sealed like all that is personal; number and holder are never shown by `repr`.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from payments.domain.money import Money


class Asking(StrEnum):
    """What is asked next."""

    CHANNEL = "channel"
    NUMBER = "number"
    HOLDER = "holder"
    CONFIRMATION = "confirmation"


@dataclass(frozen=True, slots=True)
class AccountQuestion:
    """One refund and the account it may go to."""

    refund: str
    reference: str
    amount: Money
    asking: Asking = Asking.CHANNEL
    channel: str | None = None
    number: str | None = field(default=None, repr=False)
    holder: str | None = field(default=None, repr=False)
    wrong: int = 0
    """Answers nobody could use."""

    def started_over(self) -> "AccountQuestion":
        """The same refund with nothing known of an account."""
        return AccountQuestion(self.refund, self.reference, self.amount, wrong=self.wrong)

    def misread(self) -> "AccountQuestion":
        """One more answer nobody could use."""
        return replace(self, wrong=self.wrong + 1)
