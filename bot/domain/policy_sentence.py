"""What a policy says about one booking at one moment, as a key and facts; the words come from the catalogues."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from payments.domain.money import Money


class PolicyClause(StrEnum):
    """Which sentence of a policy applies."""

    REFUND_ALL = "refund_all"
    REFUND_PERCENT = "refund_percent"
    KEEP_AMOUNT = "keep_amount"
    KEEP_NIGHTS = "keep_nights"
    REFUND_NONE = "refund_none"
    NOTHING_PAID = "nothing_paid"
    CHANGE_FREE = "change_free"
    CHANGE_FEE = "change_fee"
    NOT_THEIR_FAULT = "not_their_fault"
    """The cause is not the customer: everything comes back, and nothing is charged."""
    DECIDED_BY_STAFF = "decided_by_staff"
    """A person set the fee or the refund in place of the policy."""


@dataclass(frozen=True, slots=True)
class PolicySentence:
    """One clause with its facts; a fact that the clause does not name is none."""

    clause: PolicyClause
    percent: int | None = None
    nights: int | None = None
    amount: Money | None = None
    until: datetime | None = None
    """The last moment it holds; none where it holds for good."""
