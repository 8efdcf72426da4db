"""What a person should hear of: kept until it is over, and said once, with nothing personal in what is said."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class AlarmKind(StrEnum):
    """What it is about."""

    BOOKS_DIFFER = "books_differ"
    UNMATCHED_SEEN = "unmatched_seen"
    CHARGEBACK = "chargeback"
    CALLBACK_UNREADABLE = "callback_unreadable"
    """A callback that may tell of money, in a form we cannot read."""
    CALLBACK_NOT_CONFIRMED = "callback_not_confirmed"
    """A callback that the provider, asked, does not confirm."""
    MONEY_UNREADABLE = "money_unreadable"
    """The provider itself names a sum we cannot count: a fraction, or a currency that does not exist."""
    ROW_UNREADABLE = "row_unreadable"
    """A row of the provider's statement that we cannot read."""
    RECORD_UNREADABLE = "record_unreadable"
    """A stored record that this version cannot read."""
    AMOUNT_DIFFERS = "amount_differs"
    """One payment, named with two different sums."""
    SENT_TWICE = "sent_twice"
    """A transfer whose money has left by two sendings."""
    PAYEE_WITHOUT_ACCOUNT = "payee_without_account"
    PAYABLE_SENT_BACK = "payable_sent_back"
    """A payable that banks have sent back too often."""
    PAYEE_BELOW_ZERO = "payee_below_zero"
    """A payee owes us for a month, and earns nothing it could be taken from."""
    REFUND_NEEDS_APPROVAL = "refund_needs_approval"
    """A refund above the limit; nothing of it leaves before a person says yes."""
    PAYOUT_ACCOUNT_PROPOSED = "payout_account_proposed"
    PAYOUT_ACCOUNT_CHANGED = "payout_account_changed"
    PAYEE_NOT_TOLD = "payee_not_told"
    """The former contact of a payee could not be written to about a proposed account: call them before it counts."""
    PAYOUT_DISPUTED = "payout_disputed"
    """Whoever is paid says that the sum is wrong; what they say stands with it."""


IN_THEIR_WORDS = "said"
"""The fact with what somebody wrote: kept for whoever looks, and no line of a log."""


Fact = tuple[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing to look at, with its facts as they are to be shown."""

    kind: AlarmKind
    facts: tuple[Fact, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class OpenAlarm:
    """An alarm about one subject, stored: raised again while it is open it stays one."""

    kind: AlarmKind
    subject: str
    facts: tuple[Fact, ...]
    opened_at: datetime
    closed_at: datetime | None = None
    announced: bool = False
    version: int = 0

    @property
    def id(self) -> str:
        """One per kind and subject."""
        return alarm_id(self.kind, self.subject)

    def raised(self, facts: tuple[Fact, ...], now: datetime) -> "OpenAlarm":
        """Open again after it was over; raised twice it is the same."""
        if self.closed_at is None:
            return self
        # It was over and is back: a person hears of it once more.
        return replace(self, facts=facts, opened_at=now, closed_at=None, announced=False)

    def closed(self, now: datetime) -> "OpenAlarm":
        """It is over."""
        return self if self.closed_at is not None else replace(self, closed_at=now)

    @property
    def alarm(self) -> Alarm:
        """As it is said."""
        facts = (fact for fact in self.facts if fact[0] != IN_THEIR_WORDS)
        return Alarm(self.kind, (("subject", self.subject), *facts))


def alarm_id(kind: AlarmKind, subject: str) -> str:
    """One per kind and subject."""
    return f"{kind}:{subject}"
